"""The sweep: a thread of every worker, one at a time, that sends again what was lost."""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from vimagetrack.jobs import services

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3.0


class Sweeper(threading.Thread):
    """Sweep every few seconds until stopped; outlives a database and a broker that go away."""

    def __init__(self, *, every_seconds: float = EVERY_SECONDS) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._every_seconds = every_seconds
        self._stopped = threading.Event()

    def run(self) -> None:
        """Sweep at once, for the worker may have been away for long, and then at each turn."""
        while True:
            self._sweep()
            if self._stopped.wait(self._every_seconds):
                return

    def stop(self) -> None:
        """End after the turn that runs."""
        self._stopped.set()

    def _sweep(self) -> None:
        try:
            if sent := services.sweep(now=timezone.now()):
                log.info("sent again", jobs=sent)
        except (DatabaseError, InterfaceError) as error:
            log.warning("the sweep could not reach the database", error=type(error).__name__)
        finally:
            connection.close()
