"""What the worker does for reviews; messages carry a job's id, the row says the rest."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from milestones.models import PlanVersion
from milestones.services import RESPLIT
from reviews.ingest.outcome import mark_failed
from reviews.ingest.pipeline import run
from reviews.services import INGEST, resplit
from vimagetrack.jobs.models import Job
from vimagetrack.jobs.worker import work


@shared_task(name=INGEST)  # type: ignore[untyped-decorator]
def ingest(job_id: int) -> None:
    """Split one revision by one version of the plan."""
    work(job_id, run, on_parked=mark_failed)


@shared_task(name=RESPLIT)  # type: ignore[untyped-decorator]
def resplit_project(job_id: int) -> None:
    """Queue the splits that a new version of the plan asks for."""
    work(job_id, _resplit)


def _resplit(job: Job) -> None:
    resplit(plan_version=PlanVersion.objects.get(pk=job.subject_id), now=timezone.now())
