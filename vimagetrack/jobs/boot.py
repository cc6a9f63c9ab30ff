"""What every worker does beside its tasks: it sweeps, and at its end gives back what it runs."""

from __future__ import annotations

from typing import Any

from celery import bootsteps

from vimagetrack.jobs.sweeper import Sweeper
from vimagetrack.jobs.worker import stopping


class Sweep(bootsteps.StartStopStep):  # type: ignore[misc]
    """Start the sweeper with the worker, and stop both it and running jobs before the pool is waited for."""

    requires = {"celery.worker.components:Pool"}

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._sweeper = Sweeper()

    def start(self, worker: Any) -> None:
        """Begin to sweep."""
        stopping.clear()
        self._sweeper.start()

    def close(self, worker: Any) -> None:
        """Ask running jobs to give their lease back at their next report."""
        stopping.set()

    def stop(self, worker: Any) -> None:
        """End the sweep."""
        stopping.set()
        self._sweeper.stop()
