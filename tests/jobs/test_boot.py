from __future__ import annotations

import pytest

from vimagetrack.celery import app
from vimagetrack.jobs import boot
from vimagetrack.jobs.worker import stopping


class FakeSweeper:
    def __init__(self) -> None:
        self.did: list[str] = []

    def start(self) -> None:
        self.did.append("start")

    def stop(self) -> None:
        self.did.append("stop")


def test_every_worker_sweeps_and_at_its_end_asks_for_its_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    sweeper = FakeSweeper()
    monkeypatch.setattr(boot, "Sweeper", lambda: sweeper)
    step = boot.Sweep(None)
    step.start(None)
    assert (sweeper.did, stopping.is_set()) == (["start"], False)
    step.close(None)
    assert stopping.is_set()
    step.stop(None)
    assert sweeper.did == ["start", "stop"]
    stopping.clear()


def test_the_worker_knows_the_step() -> None:
    assert "vimagetrack.jobs.boot:Sweep" in app.steps["worker"]
