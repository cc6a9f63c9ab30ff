"""The page of a project: where it stands, who must move, what came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from milestones.models import Milestone, MilestoneDate, Project
from milestones.pictures import Step, days_late, schedule
from milestones.rights import Right
from milestones.views.access import may, with_project
from reviews.models import ChunkVersion, Revision, Split
from reviews.pictures import bar
from reviews.views.find import newest_split
from reviews.views.numbers import LayerNumbers, chunk_counts, layer_numbers
from reviews.views.progress import progress_context
from vimagetrack.look.badges import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One milestone of the schedule, ready to be shown."""

    milestone: Milestone
    state: str
    state_note: str
    strip: SafeString
    bar: SafeString
    total: int
    meat: int
    undecided: int
    chunks: int
    unproved: int
    is_next: bool


@require_GET
@with_project()
def project_detail(request: HttpRequest, project: Project) -> HttpResponse:
    """Show the schedule with what the newest split has for each milestone."""
    today = today_in(project)
    planned = MilestoneDate.objects.filter(kind=MilestoneDate.Kind.PLANNED).order_by("id")
    milestones = list(
        project.milestones.in_plan().prefetch_related(Prefetch("dates", queryset=planned, to_attr="planned"))
    )
    split = newest_split(project)
    steps = [step_of(milestone) for milestone in milestones]
    axis, strips = schedule(steps, today)
    rows = _rows(milestones, strips, split, today)
    latest = Revision.objects.of_project(project).select_related("series", "uploaded_by").first()
    context = {
        "project": project,
        "nav": "schedule",
        "rows": rows,
        "axis": axis,
        "tones": list(Tone),
        "next": next((row for row in rows if row.is_next), None),
        "next_late": next((days_late(today, step_of(r.milestone)) for r in rows if r.is_next), 0),
        "last_landed": _last_landed(milestones),
        "split": split,
        "latest": latest,
        "to_read": _to_read(split),
        "may_upload": may(project, Right.UPLOAD),
        **(
            progress_context(latest, insider=may(project, Right.UPLOAD))
            if latest and not latest.is_finished
            else {}
        ),
    }
    return render(request, "reviews/project-detail.html", context)


def today_in(project: Project) -> dt.date:
    """Give the day that it is where the plan's dates are days."""
    return timezone.now().astimezone(ZoneInfo(project.zone)).date()


def step_of(milestone: Milestone) -> Step:
    """Give the dates of a milestone as the picture wants them; ``planned`` was prefetched, oldest first."""
    planned: Sequence[MilestoneDate] = getattr(milestone, "planned", ())
    first = next((date.on for date in planned if date.on), milestone.due_on)
    return Step(
        first_on=first,
        due_on=milestone.due_on,
        landed_on=milestone.landed_on,
        settle_days=milestone.settle_days,
        month=milestone.due_kind == Milestone.DueKind.MONTH,
        announce=milestone.layer == Milestone.Layer.ANNOUNCE,
    )


def state_of(milestone: Milestone, today: dt.date) -> tuple[str, str]:
    """Give the state's name and a note: a landed milestone settles until its days are over."""
    if not milestone.is_landed or milestone.landed_on is None:
        return milestone.stored_state, ""
    stood = (today - milestone.landed_on).days
    if stood < milestone.settle_days:
        return "settling", f"day {max(stood, 0)} of {milestone.settle_days}"
    return "settled" if milestone.settle_days else "landed", ""


def _rows(
    milestones: Sequence[Milestone], strips: Sequence[SafeString], split: Split | None, today: dt.date
) -> list[ScheduleRow]:
    numbers = layer_numbers(split) if split else {}
    chunks = chunk_counts(split) if split else {}
    longest = max((layer.total for layer in numbers.values()), default=0)
    following = next((m.pk for m in milestones if not m.is_landed and m.layer != "announce"), None)
    return [
        _row(
            milestone,
            strip,
            numbers.get(milestone.pk),
            chunks.get(milestone.pk, {}),
            longest,
            today,
            following,
        )
        for milestone, strip in zip(milestones, strips, strict=True)
    ]


def _row(
    milestone: Milestone,
    strip: SafeString,
    numbers: LayerNumbers | None,
    chunks: Mapping[str, int],
    longest: int,
    today: dt.date,
    following: int | None,
) -> ScheduleRow:
    state, note = state_of(milestone, today)
    lines = numbers.lines if numbers else {}
    return ScheduleRow(
        milestone=milestone,
        state=state,
        state_note=note,
        strip=strip,
        bar=bar(lines, whole=longest) if lines else SafeString(""),
        total=sum(lines.values()),
        meat=lines.get(Tone.MEAT, 0),
        undecided=lines.get(Tone.UNDECIDED, 0),
        chunks=chunks.get("all", 0),
        unproved=chunks.get("unproved", 0),
        is_next=milestone.pk == following,
    )


def _last_landed(milestones: Sequence[Milestone]) -> Milestone | None:
    return next((milestone for milestone in reversed(milestones) if milestone.is_landed), None)


def _to_read(split: Split | None) -> list[ChunkVersion]:
    """List the largest chunks that hold something unproved: what a human must read first."""
    if split is None:
        return []
    unproved = ChunkVersion.objects.of_split(split).for_list().exclude(content__verdict="proved")
    return list(unproved.order_by("-content__added", "-content__removed", "pk")[:6])
