"""What becomes of a revision: complete, refused for what its sender can mend, or failed for what we must."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.models import Revision, Series, Split
from vimagetrack.display import to_display, to_json
from vimagetrack.engine.errors import EngineError
from vimagetrack.errors import DomainError
from vimagetrack.events.models import Category
from vimagetrack.events.services import append
from vimagetrack.jobs.models import Job

#: Statuses out of which the pipeline may move a revision.
UNFINISHED = (Revision.Status.RECEIVED, Revision.Status.INGESTING)


def mark_ingesting(revision: Revision) -> None:
    """Say that work has begun; one that has a split already keeps its status."""
    Revision.objects.filter(pk=revision.pk, status=Revision.Status.RECEIVED).update(
        status=Revision.Status.INGESTING
    )


@transaction.atomic
def refuse(revision: Revision, error: EngineError | DomainError, *, now: datetime) -> bool:
    """Refuse a revision with what is wrong, where, and what to do; False where it is not unfinished."""
    refused = Revision.objects.filter(pk=revision.pk, status__in=UNFINISHED).update(
        status=Revision.Status.REFUSED,
        refusal_code=error.code[:64],
        refusal=to_json(error.message),
        refusal_path=to_display(getattr(error, "path", None) or ""),
        refusal_lineno=getattr(error, "diff_lineno", None),
        refusal_hint=to_json(error.hint),
        finished_at=now,
    )
    if refused:
        _note(Category.REVISION_REFUSED, revision, now, words=str(error), code=error.code)
    return bool(refused)


@transaction.atomic
def mark_failed(job: Job) -> None:
    """Tell an unfinished revision that its job waits for a person, and why."""
    revision = Revision.objects.filter(pk=job.subject_id, status__in=UNFINISHED).first()
    if revision is None or job.finished_at is None:
        return
    revision.status = Revision.Status.FAILED
    revision.refusal_code = "failed"
    revision.refusal = job.error.rstrip(".") or "The split failed"
    revision.refusal_hint = "Your file is kept. Try again, or tell the administrator."
    revision.finished_at = job.finished_at
    revision.save()
    _note(Category.REVISION_FAILED, revision, job.finished_at, words=job.error, code="failed")


def promote(split: Split, *, now: datetime) -> None:
    """Make a split its revision's current one, and its revision perhaps its series'.

    A split by an older plan than the current one's stays superseded. Call it in the storing transaction.
    """
    revision = Revision.objects.select_for_update().get(pk=split.revision_id)
    current = revision.splits.current().select_related("plan_version").first()
    if current is None or current.plan_version.number <= split.plan_version.number:
        revision.splits.current().update(state=Split.State.SUPERSEDED)
        Split.objects.filter(pk=split.pk).update(state=Split.State.CURRENT)
    if revision.status != Revision.Status.COMPLETE:
        revision.reopen()
        revision.status, revision.finished_at = Revision.Status.COMPLETE, now
        revision.save(update_fields=["status", "finished_at"])
    series = Series.objects.select_for_update().get(pk=revision.series_id)
    newest = series.revisions.complete().order_by("number").last()
    if newest is not None and series.current_id != newest.pk:
        series.current = newest
        series.save(update_fields=["current"])


def note_split(split: Split, *, now: datetime) -> None:
    """Append the event of a finished split."""
    totals = {kind: row.get("added", 0) + row.get("removed", 0) for kind, row in split.totals.items()}
    _note(
        Category.SPLIT_COMPLETED,
        split.revision,
        now,
        split=split.number,
        plan=split.plan_version.number,
        engine=split.engine,
        lines=totals,
    )


def _note(category: Category, revision: Revision, now: datetime, **payload: object) -> None:
    append(
        category=category,
        actor=None,
        at=now,
        project=revision.series.project,
        subject=revision,
        payload={"series": revision.series.slug, "number": revision.number, **payload},
    )
