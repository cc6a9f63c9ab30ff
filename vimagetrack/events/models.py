"""The log of what happened: rows that are appended and never changed.

Order is (epoch, xid, id). Ids alone lose events, for a later id may commit earlier; transaction ids alone
hide everything after a restore into a fresh server, whose count starts low again: hence the epoch, which
the database itself opens when it finds that it runs in another server.
"""

from __future__ import annotations

from django.db import models

from vimagetrack.events.fields import CurrentEpoch, CurrentXid, Xid8Field
from vimagetrack.events.querysets import EventQuerySet


class Category(models.TextChoices):
    """What may happen; later slices add to it."""

    PROJECT_CREATED = "project-created"
    PROJECT_CHANGED = "project-changed"
    PLAN_CHANGED = "plan-changed"
    MILESTONE_CHANGED = "milestone-changed"
    MEMBER_ADDED = "member-added"
    TOKEN_CREATED = "token-created"  # noqa: S105
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    REVISION_RECEIVED = "revision-received"
    REVISION_REFUSED = "revision-refused"
    REVISION_FAILED = "revision-failed"
    REVISION_RETRIED = "revision-retried"
    SPLIT_COMPLETED = "split-completed"


class Epoch(models.Model):
    """One life of the database in one server; events_current_epoch() opens the next one by itself."""

    number = models.PositiveIntegerField()
    system_identifier = models.BigIntegerField()  # PostgreSQL's name of the server that initdb made
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="epoch_number_unique")]

    def __str__(self) -> str:
        return f"epoch {self.number}"


class Event(models.Model):
    """One thing that happened, who did it, to what."""

    epoch = models.PositiveIntegerField(db_default=CurrentEpoch(), editable=False)
    xid = Xid8Field(db_default=CurrentXid(), editable=False)
    project = models.ForeignKey(
        "milestones.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    category = models.CharField(max_length=40)  # a Category; no choices: each new one would be a migration
    actor = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )  # None: the system itself
    subject_kind = models.CharField(max_length=40, blank=True)  # the model's name in lower case
    subject_id = models.BigIntegerField(null=True, blank=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["epoch", "xid", "id"]
        indexes = [
            models.Index(fields=["project", "epoch", "xid", "id"], name="event_feed"),
            models.Index(fields=["subject_kind", "subject_id"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.payload}"

    @property
    def cursor(self) -> tuple[int, int, int]:
        """Give the place in the feed from which a client goes on."""
        return (self.epoch, self.xid, self.pk)
