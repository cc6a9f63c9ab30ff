from __future__ import annotations

import time

import pytest
from django.db import OperationalError

from vimagetrack.jobs import services
from vimagetrack.jobs.sweeper import Sweeper


def test_a_sweeper_outlives_a_database_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[object] = []

    def sweep(*, now: object) -> int:
        turns.append(now)
        if len(turns) == 1:
            raise OperationalError("gone")
        return 0

    monkeypatch.setattr(services, "sweep", sweep)
    sweeper = Sweeper(every_seconds=0.01)
    sweeper.start()
    for _ in range(500):
        if len(turns) >= 3:
            break
        time.sleep(0.01)
    sweeper.stop()
    sweeper.join(5)
    assert len(turns) >= 3
    assert not sweeper.is_alive()
