"""The feed under concurrent writers, and after a restore into another server."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from tests.cast import NOW
from vimagetrack.events.models import Category, Epoch, Event
from vimagetrack.events.services import append


def _append() -> Event:
    with transaction.atomic():
        event = append(category=Category.PLAN_CHANGED, actor=None, at=NOW)
    event.refresh_from_db()
    return event


@pytest.mark.django_db(transaction=True)
def test_settled_waits_for_an_older_transaction_that_still_runs() -> None:
    opened, go = threading.Event(), threading.Event()
    first = _append()

    def slow() -> None:
        try:
            with transaction.atomic():
                append(category=Category.PLAN_CHANGED, actor=None, at=NOW, payload={"who": "slow"})
                opened.set()
                assert go.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert opened.wait(10)
    quick = _append()
    assert (
        list(Event.objects.settled().after(first.cursor)) == []
    )  # shown now, quick would hide slow behind the cursor
    go.set()
    thread.join()
    feed = list(Event.objects.settled().after(first.cursor))
    assert [event.payload.get("who") for event in feed] == ["slow", None]
    assert feed[1] == quick


@pytest.mark.django_db(transaction=True)
def test_after_goes_on_behind_a_cursor_without_gap_or_repetition() -> None:
    events = [_append() for _ in range(4)]
    assert list(Event.objects.settled().after(events[1].cursor)) == events[2:]


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_into_another_server_the_feed_goes_on() -> None:
    """There transaction ids start low again: without a new epoch, new events came before the old."""
    before = _append()
    assert before.epoch == Epoch.objects.get().number
    Epoch.objects.update(system_identifier=1)  # as if the row came from a dump of another server
    after = _append()
    assert after.epoch == before.epoch + 1
    assert list(Event.objects.settled().after(before.cursor)) == [after]
