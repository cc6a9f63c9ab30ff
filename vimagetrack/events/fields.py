"""PostgreSQL's own transaction ids, as a field and as defaults that the database computes."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func


class Xid8Field(models.BigIntegerField[int, int]):
    """A 64-bit transaction id: never wraps, and compares in the order in which ids were given out."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Name the column's type."""
        return "xid8"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Send digits, for there is no cast from a number to xid8."""
        value = super().get_db_prep_value(value, connection, prepared)
        return str(value) if isinstance(value, int) else value

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> int | None:
        """Read what the driver, which does not know the type, gives as text."""
        return None if value is None else int(value)


class CurrentXid(Func):
    """The id of the running transaction."""

    function = "pg_current_xact_id"
    output_field = Xid8Field()
    arity = 0


class OldestRunningXid(Func):
    """All transactions below this one are over: no event below it can still appear."""

    function = "pg_snapshot_xmin"
    template = "pg_snapshot_xmin(pg_current_snapshot())"
    output_field = Xid8Field()
    arity = 0


class CurrentEpoch(Func):
    """The number of the database's present life; see migration 0001 of events."""

    function = "events_current_epoch"
    output_field = models.PositiveIntegerField()
    arity = 0
