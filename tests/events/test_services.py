from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import NOW, Cast
from vimagetrack.events.models import Category, Event
from vimagetrack.events.services import append


def _append(cast: Cast, **payload: object) -> Event:
    return append(
        category=Category.PLAN_CHANGED, actor=cast.alice, at=NOW, project=cast.project, payload=payload
    )


def test_append_keeps_who_what_and_when(cast: Cast) -> None:
    event = append(
        category=Category.PLAN_CHANGED,
        actor=cast.alice,
        at=NOW,
        project=cast.project,
        subject=cast.project,
        payload={"number": 2},
    )
    event.refresh_from_db()
    assert (event.actor, event.project, event.at) == (cast.alice, cast.project, NOW)
    assert (event.subject_kind, event.subject_id, event.payload) == (
        "project",
        cast.project.pk,
        {"number": 2},
    )
    assert Event.objects.about(cast.project).last() == event


def test_append_keeps_what_jsonb_refuses(cast: Cast) -> None:
    event = _append(cast, path="a\0b\udcff\u202e", text="two\nlines")
    event.refresh_from_db()
    assert event.payload == {"path": "a\\x00b\\xff\\u202e", "text": "two\nlines"}


def test_an_event_is_never_changed(cast: Cast) -> None:
    event = _append(cast)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(category="other")


def test_an_event_is_never_deleted(cast: Cast) -> None:
    event = _append(cast)
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM events_event WHERE id = %s", [event.pk])


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="transaction of its act"):
        append(category=Category.PLAN_CHANGED, actor=None, at=NOW)
