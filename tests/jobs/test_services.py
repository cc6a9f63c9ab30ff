"""The queue of record: nobody does a job twice at once, nothing is lost, nothing fails for ever."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from milestones.models import Project
from tests.cast import NOW
from vimagetrack.jobs import services
from vimagetrack.jobs.models import LEASE, MAX_CRASHES, MAX_FAILURES, Job

Queued = list[tuple[str, dict[str, int | str]]]


@pytest.fixture
def project(db: None) -> Project:
    return Project.objects.create(slug="p", name="P", created_at=NOW)


def _create(project: Project, key: str = "k") -> Job:
    return services.create_job(kind="try", key=key, now=NOW, subject=project, project=project)


def _claim(job: Job, *, now: datetime = NOW, parked: list[Job] | None = None) -> Job | None:
    on_parked = parked.append if parked is not None else _nobody
    return services.claim(job_id=job.pk, worker="w", now=now, on_parked=on_parked)


def _nobody(job: Job) -> None:
    raise AssertionError("this job is not to be parked")


def _fail(job: Job, *, permanent: bool = False, parked: list[Job] | None = None) -> bool:
    on_parked = parked.append if parked is not None else _nobody
    return services.fail(job=job, error="It broke.", now=NOW, permanent=permanent, on_parked=on_parked)


def test_create_job_wakes_a_worker_after_the_commit(
    project: Project, queued: Queued, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        job = _create(project)
        assert queued == []
    assert queued == [("try", {"job_id": job.pk})]


def test_create_job_with_an_open_key_is_that_job(project: Project, queued: Queued) -> None:
    job = _create(project)
    assert _create(project) == job
    assert _create(project, "other") != job
    Job.objects.filter(pk=job.pk).update(state="done")
    assert _create(project) != job


def test_claim_takes_a_job_once(project: Project, queued: Queued) -> None:
    job = _create(project)
    mine = _claim(job)
    assert mine is not None
    assert (mine.state, mine.attempt, mine.lease_until) == ("running", 1, NOW + LEASE)
    assert _claim(job, now=NOW + LEASE) is None


def test_claim_takes_what_a_dead_worker_left_and_shuts_it_out(project: Project, queued: Queued) -> None:
    job = _create(project)
    dead = _claim(job)
    later = NOW + LEASE + timedelta(seconds=1)
    mine = _claim(job, now=later)
    assert dead is not None
    assert mine is not None
    assert (mine.attempt, mine.crashes) == (2, 1)
    assert not services.report(job=dead, now=later, stage="s", done=1, total=2, lines=3)
    assert not services.heartbeat(job=dead, now=later)
    assert not services.finish(job=dead, now=later)
    assert not _fail(dead)
    assert services.finish(job=mine, now=later)


def test_claim_parks_a_job_that_only_kills_its_workers(project: Project, queued: Queued) -> None:
    job, now, parked = _create(project), NOW, []
    for _ in range(MAX_CRASHES):
        assert _claim(job, now=now) is not None
        now += LEASE + timedelta(seconds=1)
    assert _claim(job, now=now, parked=parked) is None
    job.refresh_from_db()
    assert (job.state, parked) == ("parked", [job])
    assert f"{MAX_CRASHES} times" in job.error


def test_fail_queues_again_and_parks_the_third_time(project: Project, queued: Queued) -> None:
    job, now, parked = _create(project), NOW, []
    for failures in range(1, MAX_FAILURES):
        mine = _claim(job, now=now)
        assert mine is not None
        assert _fail(mine)
        job.refresh_from_db()
        assert (job.state, job.failures, job.error) == ("queued", failures, "It broke.")
        assert job.due_at > now - timedelta(seconds=1)
        now = job.due_at
    mine = _claim(job, now=now)
    assert mine is not None
    assert _fail(mine, parked=parked)
    job.refresh_from_db()
    assert (job.state, job.lease_until, parked) == ("parked", None, [job])


def test_fail_for_good_parks_at_once(project: Project, queued: Queued) -> None:
    job, parked = _create(project), []
    mine = _claim(job)
    assert mine is not None
    _fail(mine, permanent=True, parked=parked)
    assert len(parked) == 1


def test_release_blames_nobody(project: Project, queued: Queued) -> None:
    job = _create(project)
    mine = _claim(job)
    assert mine is not None
    assert services.release(job=mine, now=NOW)
    job.refresh_from_db()
    assert (job.state, job.failures, job.crashes, job.sent_at) == ("queued", 0, 0, None)
    assert _claim(job) is not None


def test_retry_gives_a_parked_job_a_clean_slate(project: Project, queued: Queued) -> None:
    job = _create(project)
    mine = _claim(job)
    assert mine is not None
    _fail(mine, permanent=True, parked=[])
    again = services.retry(job=job, now=NOW)
    assert (again.state, again.failures) == ("queued", 0)
    assert _claim(job) is not None


def test_sweep_sends_the_unsent_the_silent_and_the_abandoned(
    project: Project, queued: Queued, django_capture_on_commit_callbacks: object
) -> None:
    silent, fresh, abandoned, released = (_create(project, key) for key in "abcd")
    now = NOW + services.SILENCE + timedelta(seconds=1)
    Job.objects.filter(pk=fresh.pk).update(sent_at=now)
    assert _claim(abandoned) is not None
    Job.objects.filter(pk=abandoned.pk).update(lease_until=now - timedelta(seconds=1))
    mine = _claim(released)
    assert mine is not None
    services.release(job=mine, now=NOW)
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert services.sweep(now=now) == 3
    assert {ids["job_id"] for _, ids in queued} == {silent.pk, abandoned.pk, released.pk}
    assert services.sweep(now=now) == 0  # it has just been told


def test_the_database_knows_no_running_job_without_a_lease(project: Project, queued: Queued) -> None:
    job = _create(project)
    with pytest.raises(IntegrityError, match="job_running_has_lease"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state="running")


@pytest.mark.django_db(transaction=True)
def test_claim_by_many_at_once_gives_it_to_one(project: Project, queued: Queued) -> None:
    job = _create(project)
    start, got = threading.Barrier(8), []

    def take() -> None:
        try:
            start.wait(10)
            got.append(_claim(job))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in got if one is not None]) == 1


@pytest.mark.django_db(transaction=True)
def test_sweep_runs_in_one_worker_at_a_time(project: Project, queued: Queued) -> None:
    _create(project)
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [services.SWEEP_LOCK])
                held.set()
                go.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    later = NOW + timedelta(minutes=1)
    assert services.sweep(now=later) == 0
    go.set()
    thread.join()
    assert services.sweep(now=later) == 1


def test_note_stage_tells_a_second_answer(db: None) -> None:
    def note(ref: str) -> bool:
        return services.note_stage(
            input_parts=("a", "b"), stage="split", code_version="1", output_ref=ref, now=NOW
        )

    assert note("x")
    assert note("x")
    assert not note("y")
