"""The verbs of the queue of record. Each takes the clock as an argument and is atomic.

A worker's verbs name the job *and* its attempt: one whose lease ran out and went to somebody else changes
nothing any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F

from vimagetrack.display import to_json
from vimagetrack.jobs.models import LEASE, MAX_CRASHES, MAX_FAILURES, Job, JobStage
from vimagetrack.queue import enqueue

#: How long a message may be on its way before it is taken for lost and sent again.
SILENCE = timedelta(seconds=15)
#: How long a failed job rests, times the failures so far.
REST = timedelta(seconds=5)
#: PostgreSQL's advisory lock of the sweep: any number, the same in every worker.
SWEEP_LOCK = 0x76740001

log = structlog.get_logger(__name__)

OnParked = Callable[[Job], None]


@transaction.atomic
def create_job(
    *,
    kind: str,
    key: str,
    now: datetime,
    subject: models.Model,
    project: models.Model | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Job:
    """Queue work and wake a worker after the commit; give the open job where one has this key already."""
    while True:
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind,
                    key=key,
                    subject_kind=subject._meta.model_name or "",
                    subject_id=subject.pk,
                    project_id=project.pk if project else None,
                    payload=to_json(dict(payload or {})),
                    created_at=now,
                    due_at=now,
                    sent_at=now,  # should the broker drop it, the sweep finds it silent
                )
        except IntegrityError:
            if (other := Job.objects.open().filter(key=key).first()) is not None:
                return other
        else:
            enqueue(kind, job_id=job.pk)
            return job


@transaction.atomic
def claim(*, job_id: int, worker: str, now: datetime, on_parked: OnParked) -> Job | None:
    """Take a job for LEASE; None where it is done, not due, or somebody else has it.

    One whose workers died of it MAX_CRASHES times in a row is parked instead.
    """
    job = Job.objects.claimable(now).filter(pk=job_id).select_for_update(skip_locked=True).first()
    if job is None:
        return None
    if job.state == Job.State.RUNNING:
        job.crashes += 1
    if job.crashes >= MAX_CRASHES:
        job.error = f"Its worker ended without a word {job.crashes} times."
        _park(job, now=now, on_parked=on_parked)
        return None
    job.state = Job.State.RUNNING
    job.attempt += 1
    job.worker = worker[:120]
    job.lease_until = now + LEASE
    job.started_at = now
    job.stage, job.done, job.total, job.lines = "", 0, 0, 0
    job.save()
    return job


def heartbeat(*, job: Job, now: datetime) -> bool:
    """Prolong the lease; False: the job is no longer this worker's, so stop."""
    return bool(_held(job).update(lease_until=now + LEASE))


def report(*, job: Job, now: datetime, stage: str, done: int, total: int, lines: int) -> bool:
    """Show how far the job is, and prolong the lease; False: the job is no longer this worker's, so stop."""
    return bool(_held(job).update(stage=stage, done=done, total=total, lines=lines, lease_until=now + LEASE))


def finish(*, job: Job, now: datetime) -> bool:
    """Close a job that did what it was for, be it to refuse; False: somebody else has it."""
    return bool(
        _held(job).update(
            state=Job.State.DONE,
            lease_until=None,
            finished_at=now,
            done=F("total"),
            error="",
            failures=0,
            crashes=0,
        )
    )


@transaction.atomic
def fail(*, job: Job, error: str, now: datetime, permanent: bool, on_parked: OnParked) -> bool:
    """Note a failure in words: queue the job again, or park it after MAX_FAILURES or a permanent one."""
    held = _held(job).select_for_update().first()
    if held is None:
        return False
    held.failures += 1
    held.error = to_json(error)
    if permanent or held.failures >= MAX_FAILURES:
        _park(held, now=now, on_parked=on_parked)
    else:
        _requeue(held, due_at=now + REST * held.failures)
    return True


@transaction.atomic
def release(*, job: Job, now: datetime) -> bool:
    """Give a job back unfinished, without blame: the worker stops, or lost its database."""
    held = _held(job).select_for_update().first()
    if held is not None:
        _requeue(held, due_at=now)
    return held is not None


@transaction.atomic
def retry(*, job: Job, now: datetime) -> Job:
    """Queue a parked job once more, with a clean slate; any other state is left as it is."""
    parked = Job.objects.select_for_update().get(pk=job.pk)
    if parked.state == Job.State.PARKED:
        parked.failures = parked.crashes = 0
        parked.finished_at = None
        _requeue(parked, due_at=now)
        Job.objects.filter(pk=parked.pk).update(sent_at=now)
        enqueue(parked.kind, job_id=parked.pk)
    return parked


@transaction.atomic
def sweep(*, now: datetime, limit: int = 200) -> int:
    """Send again what is due and unsent, silent, or left by a dead worker; one sweep at a time.

    Gives how many were sent; sending twice is safe, for a message only asks to look at the row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    found = list(
        Job.objects.unsent(now, silent_for=SILENCE).order_by("due_at").values_list("pk", "kind")[:limit]
    )
    Job.objects.filter(pk__in=[pk for pk, _ in found]).update(sent_at=now)
    for pk, kind in found:
        enqueue(kind, job_id=pk)
    return len(found)


def note_stage(
    *, input_parts: Sequence[str], stage: str, code_version: str, output_ref: str, now: datetime
) -> bool:
    """Keep what a stage gave for its input; False, and a line in the log, where it once gave something else.

    The same bytes by the same code have one answer; another one is a fault of ours.
    """
    sha256 = hashlib.sha256("\n".join(input_parts).encode()).hexdigest()
    row = JobStage(input_sha256=sha256, stage=stage, code_version=code_version, output_ref=output_ref, at=now)
    JobStage.objects.bulk_create([row], ignore_conflicts=True)
    kept = JobStage.objects.get(input_sha256=sha256, stage=stage, code_version=code_version)
    if kept.output_ref != output_ref:
        log.error("a stage gave two answers", stage=stage, code=code_version, input=sha256)
    return kept.output_ref == output_ref


def _held(job: Job) -> models.QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt)


def _requeue(job: Job, *, due_at: datetime) -> None:
    job.state = Job.State.QUEUED
    job.lease_until = job.sent_at = None
    job.due_at = due_at
    job.save()


def _park(job: Job, *, now: datetime, on_parked: OnParked) -> None:
    job.state = Job.State.PARKED
    job.lease_until = None
    job.finished_at = now
    job.save()
    on_parked(job)
