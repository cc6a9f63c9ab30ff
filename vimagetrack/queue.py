"""The one way work leaves a request: a task's name and ids, after commit.

The broker is a wake-up and may be away: a message that cannot be sent is logged and dropped, since the
job row stands in the database and the sweep sends it again. So nobody may enqueue work that has no row.
"""

from __future__ import annotations

import structlog
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

from vimagetrack.celery import app

log = structlog.get_logger(__name__)


def enqueue(name: str, **ids: int | str) -> None:
    """Send the task `name` with `ids` once the transaction has committed; never if it rolls back."""
    transaction.on_commit(lambda: send(name, ids))


def send(name: str, ids: dict[str, int | str]) -> None:
    """Send now. Only `enqueue` and the sweep of the jobs call this."""
    try:
        app.send_task(name, kwargs=ids, retry=False)
    except (KombuError, OperationalError, OSError) as error:
        log.warning("the broker is away; the sweep will send this again", task=name, error=str(error), **ids)
