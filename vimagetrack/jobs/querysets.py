"""Questions about the queue of record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from vimagetrack.jobs.models import Job  # noqa: F401


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what is to be done with them."""

    def about(self, subject: models.Model) -> JobQuerySet:
        """Keep the jobs of one row, newest first."""
        return self.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk).order_by("-id")

    def open(self) -> JobQuerySet:
        """Keep what is queued or running."""
        return self.filter(state__in=self.model.OPEN)

    def claimable(self, now: datetime) -> JobQuerySet:
        """Keep what a worker may take at ``now``: queued and due, or running with an expired lease."""
        return self.filter(Q(state="queued", due_at__lte=now) | Q(state="running", lease_until__lt=now))

    def unsent(self, now: datetime, *, silent_for: timedelta) -> JobQuerySet:
        """Keep what is claimable, and of which the broker was not told or may have forgotten."""
        return self.claimable(now).filter(Q(sent_at=None) | Q(sent_at__lt=now - silent_for))
