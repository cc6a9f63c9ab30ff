"""Work leaves after commit, by name and ids, and an absent broker harms nobody."""

from __future__ import annotations

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from vimagetrack import queue


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_the_commit(queued):
    with transaction.atomic():
        queue.enqueue("jobs.run", job_id=7)
        assert queued == []
    assert queued == [("jobs.run", {"job_id": 7})]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_when_it_rolls_back(queued):
    with transaction.atomic():
        queue.enqueue("jobs.run", job_id=7)
        transaction.set_rollback(True)
    assert queued == []


def test_it_is_sent_by_name(monkeypatch):
    sent = []
    monkeypatch.setattr(queue.app, "send_task", lambda *args, **kwargs: sent.append((args, kwargs["kwargs"])))
    queue.send("jobs.run", {"job_id": 7})
    assert sent == [(("jobs.run",), {"job_id": 7})]


@pytest.mark.parametrize(
    "error", [OperationalError("gone"), ConnectionRefusedError(), FileNotFoundError("queue")]
)
def test_an_absent_broker_is_no_error_of_the_request(monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(queue.app, "send_task", fail)
    queue.send("jobs.run", {"job_id": 7})
