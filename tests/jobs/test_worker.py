"""What becomes of a job when it goes well, refuses, breaks, is interrupted, or loses its lease."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from milestones.models import Project
from vimagetrack.errors import DomainError, TemporaryFailure
from vimagetrack.jobs import services, worker
from vimagetrack.jobs.models import Job
from vimagetrack.jobs.worker import Interrupted, Lease, Reporter, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(queued: object) -> Job:
    project = Project.objects.create(slug="p", name="P", created_at=timezone.now())
    return services.create_job(kind="try", key="k", now=timezone.now(), subject=project, project=project)


def _raising(error: Exception) -> Callable[[Job], None]:
    def run(job: Job) -> None:
        raise error

    return run


def test_work_closes_what_went_well(job: Job) -> None:
    done: list[int] = []
    work(job.pk, lambda mine: done.append(mine.attempt))
    work(job.pk, lambda mine: done.append(mine.attempt))  # the message came twice
    job.refresh_from_db()
    assert (job.state, job.lease_until, done) == ("done", None, [1])


def test_work_parks_what_will_fail_again(job: Job) -> None:
    parked: list[Job] = []
    work(job.pk, _raising(DomainError("No such thing", hint="Look.")), on_parked=parked.append)
    job.refresh_from_db()
    assert (job.state, job.error, parked) == ("parked", "No such thing. Look.", [job])


def test_work_queues_again_what_may_not(job: Job) -> None:
    work(job.pk, _raising(TemporaryFailure("Away")))
    job.refresh_from_db()
    assert (job.state, job.failures, job.error) == ("queued", 1, "Away.")


def test_work_apologises_for_a_bug_and_tells_no_secret(job: Job) -> None:
    work(job.pk, _raising(KeyError("secret")))
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    assert "did not foresee" in job.error
    assert "secret" not in job.error


def test_work_gives_back_what_was_interrupted(job: Job) -> None:
    work(job.pk, _raising(Interrupted()))
    job.refresh_from_db()
    assert (job.state, job.failures, job.attempt) == ("queued", 0, 1)


def test_work_blames_nobody_when_the_database_went_away(job: Job) -> None:
    def run(mine: Job) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    work(job.pk, run)
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 0)


def test_work_counts_what_the_database_refused(job: Job) -> None:
    def run(mine: Job) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    work(job.pk, run)
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    assert "The database refused" in job.error


def test_a_lease_is_prolonged_while_a_stage_is_silent(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = services.claim(job_id=job.pk, worker="w", now=timezone.now(), on_parked=worker.nobody_cares)
    assert mine is not None
    first = mine.lease_until
    monkeypatch.setattr(worker, "LEASE", worker.LEASE / 1000)
    with Lease(mine):
        for _ in range(200):
            job.refresh_from_db()
            if job.lease_until != first:
                break
            connection.cursor().execute("SELECT pg_sleep(0.01)")
    assert job.lease_until > first


def test_reporter_shows_stages_and_spares_the_database(
    job: Job, django_assert_num_queries: Callable[[int], object]
) -> None:
    mine = services.claim(job_id=job.pk, worker="w", now=timezone.now(), on_parked=worker.nobody_cares)
    assert mine is not None
    show = Reporter(mine, every=60)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        for done in range(100):
            show("parse", done, 100)
        show("prove", 1, 100, 7)
    job.refresh_from_db()
    assert (job.stage, job.done, job.total, job.lines, job.percent) == ("prove", 1, 100, 7, 1)


def test_reporter_stops_a_worker_whose_lease_is_gone(job: Job) -> None:
    mine = services.claim(job_id=job.pk, worker="w", now=timezone.now(), on_parked=worker.nobody_cares)
    assert mine is not None
    Job.objects.filter(pk=job.pk).update(attempt=2)
    with pytest.raises(Interrupted):
        Reporter(mine)("parse", 1, 2)


def test_reporter_stops_when_the_worker_is_to_stop(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = services.claim(job_id=job.pk, worker="w", now=timezone.now(), on_parked=worker.nobody_cares)
    assert mine is not None
    show = Reporter(mine)
    show("parse", 1, 2)
    worker.stopping.set()
    try:
        with pytest.raises(Interrupted):
            show("parse", 2, 2)
    finally:
        worker.stopping.clear()
