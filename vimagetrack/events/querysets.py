"""Questions about the event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from vimagetrack.events.fields import CurrentEpoch, OldestRunningXid

if TYPE_CHECKING:
    from vimagetrack.events.models import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    """The feed: settled events after a cursor, in order."""

    def settled(self) -> EventQuerySet:
        """Keep events before which nothing can appear any more: what a feed may show.

        Leaves out the newest ones while an older transaction still runs; never shows one too early.
        """
        return self.filter(Q(epoch__lt=CurrentEpoch()) | Q(xid__lt=OldestRunningXid()))

    def after(self, cursor: tuple[int, int, int]) -> EventQuerySet:
        """Keep what comes behind (epoch, xid, id)."""
        epoch, xid, pk = cursor
        return self.filter(
            Q(epoch__gt=epoch) | Q(epoch=epoch, xid__gt=xid) | Q(epoch=epoch, xid=xid, id__gt=pk)
        ).order_by("epoch", "xid", "id")

    def about(self, subject: models.Model) -> EventQuerySet:
        """Keep what happened to one row."""
        return self.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk)
