"""Work to be done, as rows: a kill of worker, web, broker or database loses none of it.

``kind`` is the name of the Celery task; the message carries only the job's id.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from vimagetrack.jobs.querysets import JobQuerySet

#: How long a worker may be silent before its job is given to another one.
LEASE = timedelta(seconds=15)
#: Failures, told in words, after which a job waits for a person.
MAX_FAILURES = 3
#: Workers that may die of one job before it waits for a person.
MAX_CRASHES = 10


class Job(models.Model):
    """One piece of work about one row, with its lease and its progress."""

    class State(models.TextChoices):
        """Where the job stands; queued and running are open."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        PARKED = "parked", "waits for a person"
        CANCELLED = "cancelled"

    OPEN = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=80)
    project = models.ForeignKey(
        "milestones.Project", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200)  # what makes two jobs the same work
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)  # how often it was claimed
    failures = models.PositiveIntegerField(default=0)  # in a row that ended in an error
    crashes = models.PositiveIntegerField(default=0)  # in a row that ended in silence
    worker = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # None: the broker has not been told
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveBigIntegerField(default=0)  # of the stage: files, mostly
    total = models.PositiveBigIntegerField(default=0)
    lines = models.PositiveBigIntegerField(default=0)  # changed lines dealt with so far
    error = models.TextField(blank=True)  # words for a person, of the last failure
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)  # of the last attempt
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["queued", "running"]), name="job_one_open_per_key"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "parked", "cancelled"]),
                name="job_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(attempt__gte=F("failures") + F("crashes")), name="job_troubles_were_attempts"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "running"]), name="job_open"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="job_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Tell whether somebody has to do something yet."""
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        """Give the stage's progress, 0 to 100; 0 while the total is not known."""
        return min(100, 100 * self.done // self.total) if self.total else 0

    def is_expired(self, now: datetime) -> bool:
        """Tell whether its worker has been silent for longer than its lease."""
        return self.lease_until is not None and self.lease_until < now


class JobStage(models.Model):
    """What one stage gave for one input under one version of the code: a second run must give the same."""

    input_sha256 = models.CharField(max_length=64)
    stage = models.CharField(max_length=40)
    code_version = models.CharField(max_length=80)
    output_ref = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["input_sha256", "stage", "code_version"], name="job_stage_output_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} of {self.input_sha256[:12]}"
