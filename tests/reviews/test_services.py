"""A revision is received whole, once, from who may; what is wrong with it is said in a sentence."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from reviews.models import Blob, Revision, Series
from reviews.services import BaseClaim, queue_split, receive_revision, retry_revision
from reviews.store import read_blob
from tests.cast import BEFORE, LATER, MONOLITH, NOW, PATH, REGENERATED, Cast, make_cast, tar_of
from vimagetrack.errors import Conflict, DomainError, NotAllowed, TooLarge
from vimagetrack.events.models import Event
from vimagetrack.jobs.models import Job


def test_receive_keeps_the_bytes_and_queues_the_split(cast: Cast) -> None:
    revision = cast.send()
    assert (str(revision), revision.status, revision.filename) == ("v1", "received", "vimage.diff")
    assert read_blob(revision.blob) == MONOLITH
    job = Job.objects.about(revision).get()
    assert (job.kind, job.state, job.payload) == (
        "reviews.ingest", "queued", {"plan_version": cast.project.plan_version.pk},
    )  # fmt: skip
    event = Event.objects.get(category="revision-received")
    assert (event.actor, event.payload["sha256"]) == (cast.alice, revision.blob.sha256)


def test_receive_wakes_the_worker(
    cast: Cast, queued: list[tuple[str, object]], django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        revision = cast.send()
    assert queued == [("reviews.ingest", {"job_id": Job.objects.about(revision).get().pk})]


def test_receive_the_same_bytes_again_is_the_same_revision(cast: Cast) -> None:
    assert cast.send() == cast.send()
    assert Job.objects.count() == 1
    assert str(cast.send(REGENERATED)) == "v2"


def test_receive_the_same_bytes_on_another_base_is_another_revision(cast: Cast) -> None:
    first = cast.send()
    second = cast.send(base=BaseClaim.of_tree(tar_of({PATH: BEFORE})))
    assert (first.base_kind, second.base_kind, second.number) == ("none", "tree", 2)
    assert cast.send(base=BaseClaim.of_tree(tar_of({f"./{PATH}": BEFORE}))) == second


def test_receive_in_another_series(cast: Cast) -> None:
    cast.send()
    assert str(cast.send(series_slug="netgraph")) == "v1"
    assert Series.objects.count() == 2


@pytest.mark.parametrize("slug", ["", "a/b", "ö", "x" * 65, "../etc"])
def test_receive_in_a_series_that_no_address_can_name_is_refused(cast: Cast, slug: str) -> None:
    with pytest.raises(DomainError, match="letters, digits and hyphens"):
        cast.send(series_slug=slug)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_receive_from_others_is_refused_before_a_byte_is_read(cast: Cast, who: str) -> None:
    source = io.BytesIO(MONOLITH)
    with pytest.raises(NotAllowed, match=f"{who} has no right to upload in vimage"):
        receive_revision(actor=getattr(cast, who), project=cast.project, source=source, filename="x", now=NOW)
    assert source.tell() == 0
    assert not Revision.objects.exists()


def test_receive_an_empty_file_says_so(cast: Cast) -> None:
    with pytest.raises(DomainError, match="The file is empty, there is nothing to split"):
        cast.send(b"")
    assert not Revision.objects.exists()
    assert not Series.objects.exists()


def test_receive_too_much_says_how_much_is_taken(cast: Cast, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    with pytest.raises(TooLarge, match="larger than the 100 bytes"):
        cast.send()
    assert not Blob.objects.exists()


def test_receive_in_an_archived_project_is_refused(cast: Cast) -> None:
    cast.project.archived_at = NOW
    with pytest.raises(DomainError, match="archived"):
        cast.send()


def test_receive_a_name_that_lies_is_shown_as_it_is(cast: Cast) -> None:
    revision = receive_revision(
        actor=cast.alice, project=cast.project, source=b"x", filename="a\0\u202efdp.diff", now=NOW
    )
    assert revision.filename == r"a\x00\u202efdp.diff"


def test_receive_on_a_commit_without_a_mirror_says_what_to_do(cast: Cast) -> None:
    with pytest.raises(DomainError, match=r"no registered mirror.*Send a tar"):
        cast.send(base=BaseClaim.of_commit("0123456789"))


def test_receive_with_two_bases_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, match="not both"):
        cast.send(base=BaseClaim(commit="0123456", tree=b"x"))


def test_receive_with_a_base_that_is_no_tar_leaves_no_row(cast: Cast) -> None:
    with pytest.raises(DomainError, match="The base is no tar"):
        cast.send(base=BaseClaim.of_tree(b"PK\x03\x04" + b"word/document.xml" * 100))
    assert not Revision.objects.exists()
    assert not Blob.objects.exists()


def test_retry_of_a_refused_revision_queues_it(cast: Cast) -> None:
    revision = cast.ingest(b"no diff at all\n")
    assert revision.status == "refused"
    job = retry_revision(actor=cast.alice, revision=revision, now=LATER)
    revision.refresh_from_db()
    assert (revision.status, revision.refusal, job.state) == ("received", "", "queued")


def test_retry_by_others_is_refused(cast: Cast) -> None:
    revision = cast.ingest(b"no diff at all\n")
    with pytest.raises(NotAllowed):
        retry_revision(actor=cast.bob, revision=revision, now=LATER)


def test_retry_of_what_did_not_fail_is_a_conflict(cast: Cast) -> None:
    with pytest.raises(Conflict, match="v1 is received"):
        retry_revision(actor=cast.alice, revision=cast.send(), now=LATER)


def test_sending_a_refused_revision_again_tries_it_again(cast: Cast) -> None:
    revision = cast.ingest(b"no diff at all\n")
    assert cast.send(b"no diff at all\n") == revision
    assert Job.objects.about(revision).open().count() == 1


def test_queue_split_is_one_job_for_a_revision_and_a_plan(cast: Cast) -> None:
    revision = cast.send()
    job = queue_split(revision=revision, plan_version=cast.project.plan_version, now=NOW)
    assert job == Job.objects.about(revision).get()


def _at_once(send: Callable[[int], Revision]) -> list[Revision]:
    """Let sixteen send at the same moment, each on a connection of its own."""
    start, got = threading.Barrier(16), []

    def one(number: int) -> None:
        try:
            start.wait(10)
            got.append(send(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 16
    return got


@pytest.mark.django_db(transaction=True)
def test_sixteen_who_send_the_same_at_once_make_one_revision(queued: object) -> None:
    cast = make_cast()
    assert len({revision.pk for revision in _at_once(lambda _: cast.send())}) == 1
    assert (Revision.objects.count(), Blob.objects.count(), Job.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_sixteen_who_send_at_once_get_a_number_each(queued: object) -> None:
    cast = make_cast()
    cast.send()  # the series is there: else the first to make it would hold up the others
    found = _at_once(lambda number: cast.send(MONOLITH + b"# %d\n" % number))
    assert sorted(revision.number for revision in found) == list(range(2, 18))
