"""Append to the log; the one way in which events come to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from vimagetrack.display import to_json
from vimagetrack.events.models import Category, Event


def append(
    *,
    category: Category,
    actor: models.Model | None,
    at: datetime,
    project: models.Model | None = None,
    subject: models.Model | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Write one event; call it inside the transaction of the act, so that neither is there without the other.

    ``actor`` is a Person, None for the system itself. The payload keeps names as they were at the time.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event belongs into the transaction of its act")
    return Event.objects.create(
        category=category,
        actor_id=actor.pk if actor else None,
        at=at,
        project_id=project.pk if project else None,
        subject_kind=(subject._meta.model_name or "") if subject else "",
        subject_id=subject.pk if subject else None,
        payload=to_json(dict(payload or {})),
    )
