"""Run one job as its row says: claim, keep the lease alive, do it, close it.

A door: here is the clock, and here every error becomes words. The lease is prolonged by a thread of its own,
for a stage may be silent for longer than a lease.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable

import structlog
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from vimagetrack.errors import DomainError, TemporaryFailure
from vimagetrack.jobs import services
from vimagetrack.jobs.models import LEASE, Job
from vimagetrack.jobs.services import OnParked

log = structlog.get_logger(__name__)

#: Set when the worker is to stop: running jobs give their lease back at the next report.
stopping = threading.Event()

APOLOGY = "Something broke that we did not foresee; it is in the log of the worker, job {job}."


class Interrupted(Exception):
    """The job is no longer this worker's, or the worker is to stop."""


def nobody_cares(job: Job) -> None:
    """Do nothing more when a job is parked."""


def work(job_id: int, run: Callable[[Job], None], *, on_parked: OnParked = nobody_cares) -> None:
    """Do a job once, if it is to be had; the outcome is in its row.

    ``run`` raises DomainError for what will fail again, TemporaryFailure for what may not, Interrupted to
    give the job back. Raises only when the database is gone: the lease runs out, and the sweep sends again.
    """
    worker = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    job = services.claim(job_id=job_id, worker=worker, now=timezone.now(), on_parked=on_parked)
    if job is None:
        return
    with Lease(job):
        _run(job, run, on_parked)


def _run(job: Job, run: Callable[[Job], None], on_parked: OnParked) -> None:
    try:
        run(job)
    except Interrupted:
        services.release(job=job, now=timezone.now())
    except DomainError as error:
        permanent = not isinstance(error, TemporaryFailure)
        services.fail(job=job, error=str(error), now=timezone.now(), permanent=permanent, on_parked=on_parked)
    except (DatabaseError, InterfaceError) as error:
        _lost(job, error, on_parked)
    except Exception:  # a bug of ours: the row must say so, or the job would only ever vanish
        log.exception("a job broke", job=job.pk, kind=job.kind, attempt=job.attempt)
        words = APOLOGY.format(job=job.pk)
        services.fail(job=job, error=words, now=timezone.now(), permanent=False, on_parked=on_parked)
    else:
        services.finish(job=job, now=timezone.now())


def _lost(job: Job, error: Exception, on_parked: OnParked) -> None:
    """Tell a database that went away, which is nobody's fault, from one that refused what we wrote."""
    log.error("a job broke at the database", job=job.pk, kind=job.kind, exc_info=error)
    gone = not connection.is_usable()
    connection.close()
    if gone:
        services.release(job=job, now=timezone.now())
        return
    words = f"The database refused what the job wrote ({type(error).__name__})."
    services.fail(job=job, error=words, now=timezone.now(), permanent=False, on_parked=on_parked)


class Lease:
    """Keep a job's lease alive from a thread of its own while the block runs."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{job.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(LEASE.total_seconds() / 3):
            try:
                if not services.heartbeat(job=self._job, now=timezone.now()):
                    return
            except (DatabaseError, InterfaceError) as error:
                log.warning("a lease could not be prolonged", job=self._job.pk, error=type(error).__name__)
            finally:
                connection.close()


class Reporter:
    """Show a job's progress, at most every ``every`` seconds and at each new stage."""

    def __init__(self, job: Job, *, every: float = 0.25) -> None:
        self._job = job
        self._every = every
        self._stage = ""
        self._shown_at = 0.0

    def __call__(self, stage: str, done: int, total: int, lines: int = 0) -> None:
        """Write the row when it is time to; raise Interrupted where the job is to be given back."""
        if stopping.is_set():
            raise Interrupted
        now = timezone.now()
        if stage == self._stage and now.timestamp() - self._shown_at < self._every:
            return
        self._stage, self._shown_at = stage, now.timestamp()
        if not services.report(job=self._job, now=now, stage=stage, done=done, total=total, lines=lines):
            raise Interrupted
