"""The progress of a revision, in words: one fragment for the first page and for every poll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from milestones.models import Project
from milestones.rights import Right
from milestones.views.access import may, with_project
from reviews.models import Revision
from reviews.views.find import find_revision
from vimagetrack.jobs.models import Job
from vimagetrack.look.words import duration, number

#: htmx stops polling at this status.
STOP_POLLING: Final = 286

#: What the pipeline calls its stages, and how the page names them.
STAGES: Final = (
    ("base", "Base read", "Reading the base"),
    ("parse", "Parsed", "Parsing"),
    ("prove", "Split and proved", "Splitting and proving"),
    ("chunk", "Cut into chunks", "Cutting into chunks"),
    ("recompose", "Recomposed", "Putting together again"),
    ("store", "Stored", "Storing"),
)


#: The stages that count files; the others count what they are made of.
COUNTS_FILES: Final = frozenset({"prove", "recompose"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: ``state`` is done, now or todo; ``note`` says how far it is."""

    name: str
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a revision is; ``total`` 0 means that nobody knows how much there is."""

    sentence: str
    speed: str
    done: int
    total: int
    stages: tuple[Stage, ...]
    trouble: str = ""


def progress_of(revision: Revision, job: Job | None, *, insider: bool) -> Progress:
    """Say how far the ingest of a revision is; what went wrong inside is for insiders, never public."""
    now = _stage_index(job.stage) if job else 0
    trouble = _trouble(job) if insider else ""
    stages = tuple(_stages(now, job))
    if job is None or job.state == "queued":
        waits = "Waiting for the worker"
        return Progress(sentence=waits, speed="", done=0, total=0, stages=stages, trouble=trouble)
    doing = STAGES[now][2]
    unit = " files" if STAGES[now][0] in COUNTS_FILES else ""
    how_far = f", {number(job.done)} of {number(job.total)}{unit}" if job.total else ""
    return Progress(
        sentence=f"{doing}{how_far}",
        speed=_speed(revision, job),
        done=job.done,
        total=job.total,
        stages=stages,
        trouble=trouble,
    )


def _stage_index(name: str) -> int:
    return next((i for i, (key, _, _) in enumerate(STAGES) if key == name), 0)


def _stages(now: int, job: Job | None) -> Iterator[Stage]:
    for index, (_, name, _) in enumerate(STAGES):
        if index < now:
            yield Stage(name=name, state="done", note="done")
        elif index == now and job is not None and job.state != "queued":
            note = f"{number(job.done)} of {number(job.total)}" if job.total else "now"
            yield Stage(name=name, state="now", note=note)
        else:
            yield Stage(name=name, state="todo", note="waits")


def _speed(revision: Revision, job: Job) -> str:
    if not job.started_at or not job.lines:
        return ""
    return f"{number(job.lines)} changed lines so far"


def _trouble(job: Job | None) -> str:
    if job is None or not job.error:
        return ""
    return f"Attempt {job.attempt} ended: {job.error}"


def took(job: Job | None) -> str:
    """Say how long the last attempt of a job took, waiting left out."""
    if job is None or job.finished_at is None or job.started_at is None:
        return ""
    return duration((job.finished_at - job.started_at).total_seconds())


@require_GET
@with_project()
def revision_progress(request: HttpRequest, project: Project, series: str, number: int) -> HttpResponse:
    """Answer a poll; when the revision is finished, stop it and have the page load again."""
    revision = find_revision(project, series, number)
    context = {
        "project": project,
        "revision": revision,
        **progress_context(revision, insider=may(project, Right.UPLOAD)),
    }
    answer = render(request, "reviews/_revision-progress.html", context)
    if revision.is_finished:
        answer.status_code = STOP_POLLING
        answer["HX-Refresh"] = "true"
    return answer


def progress_context(revision: Revision, *, insider: bool) -> dict[str, object]:
    """Give what the fragment needs; ``insider``: may upload."""
    job = Job.objects.about(revision).first()
    return {"progress": progress_of(revision, job, insider=insider), "job": job}
