from __future__ import annotations

import io
import json
import tarfile

import pytest

from reviews.models import LayerPatch, Revision
from reviews.store import read_blob
from tests.browsing import Browse, few_queries, text_of
from tests.cast import MONOLITH, NOW, WINDOWED, Cast
from vimagetrack.jobs.models import Job

PAGE = "/p/vimage/s/main/v1/"


def test_a_waiting_revision_polls_for_itself_and_without_a_script(browse: Browse, cast: Cast) -> None:
    cast.send()
    client = browse("bob")
    with few_queries():
        answer = client.get(PAGE)
    page = answer.content.decode()
    assert 'hx-get="/p/vimage/s/main/v1/progress/" hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Waiting for the worker" in text_of(answer)


def test_progress_is_said_in_stages_and_stops_when_all_is_done(browse: Browse, cast: Cast) -> None:
    revision = cast.send()
    Job.objects.about(revision).update(
        state="running",
        worker="w",
        lease_until=NOW,
        stage="prove",
        done=96,
        total=148,
        lines=1200,
        started_at=NOW,
        attempt=1,
    )
    client = browse("bob")
    answer = client.get(f"{PAGE}progress/")
    assert answer.status_code == 200
    assert "Splitting and proving, 96 of 148 files" in text_of(answer)
    assert "1,200 changed lines so far" in text_of(answer)
    assert 'value="96"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    Revision.objects.update(status="refused", refusal="No", finished_at=NOW)
    answer = client.get(f"{PAGE}progress/")
    assert answer.status_code == 286
    assert answer["HX-Refresh"] == "true"
    assert "hx-get" not in answer.content.decode()


def test_a_complete_revision_shows_its_numbers_and_pictures(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    with few_queries():
        answer = client.get(PAGE)
    said = text_of(answer)
    assert "complete, current" in said
    assert "Where the meat is" in said
    assert "sys/kern/kern_jail.c" in said
    assert "01-macros.patch" in said
    assert "Judged by the windows" not in said
    assert "hx-get" not in answer.content.decode()


def test_windows_are_said_to_cost(browse: Browse, cast: Cast) -> None:
    cast.ingest(WINDOWED)
    said = text_of(browse("bob").get(PAGE))
    assert "Judged by the windows of the hunks." in said
    assert "git diff --full-index --binary -U1000000 BASE..TIP" in said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (MONOLITH[:-30], "diff"),
        (b"PK\x03\x04 a Word document", "diff"),
        (b"--- a/../../x\n+++ b/../../x\n", ""),
    ],
)
def test_a_refused_revision_says_what_and_what_to_do(
    browse: Browse, cast: Cast, data: bytes, words: str
) -> None:
    revision = cast.ingest(data)
    assert revision.status == "refused"
    answer = browse("alice").get(PAGE)
    said = text_of(answer)
    assert answer.status_code == 200
    assert "Not taken:" in said
    assert revision.refusal in said
    assert words in said
    assert "Try again" in said
    assert "Try again" not in text_of(browse("bob").get(PAGE))


def test_a_refused_revision_can_be_tried_again(browse: Browse, cast: Cast) -> None:
    revision = cast.ingest(b"no diff")
    assert browse("alice").post(f"{PAGE}retry/")["Location"] == PAGE
    assert Job.objects.about(revision).open().count() == 1


def test_a_complete_revision_is_not_tried_again(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    answer = browse("alice").post(f"{PAGE}retry/", follow=True)
    assert "there is nothing to try again" in text_of(answer)


def test_the_list_says_what_became_of_each(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    cast.ingest(b"no diff")
    client = browse("bob")
    with few_queries():
        said = text_of(client.get("/p/vimage/revisions/"))
    assert "2 of 2 shown" in said
    assert "complete, current" in said
    assert "not taken" in said


def test_what_is_not_there_is_404(browse: Browse, cast: Cast) -> None:
    cast.send()
    client = browse("alice")
    for address in ("s/main/v2/", "s/other/v1/", "s/main/v1/report.json", "s/main/v1/patches.tar.gz"):
        assert client.get(f"/p/vimage/{address}").status_code == 404, address


def test_patches_leave_as_they_are_stored(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    stored = {patch.name: read_blob(patch.blob) for patch in LayerPatch.objects.select_related("blob")}
    for name, data in stored.items():
        answer = client.get(f"{PAGE}patches/{name}")
        assert b"".join(answer.streaming_content) == data
        assert answer["Content-Type"] == "text/x-diff"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in answer["Content-Disposition"]
    answer = client.get(f"{PAGE}patches.tar.gz")
    packed = b"".join(answer.streaming_content)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        found = {member.name: tar.extractfile(member).read() for member in tar}
    assert found == {f"vimage-main-v1/{name}": data for name, data in stored.items()}
    again = b"".join(client.get(f"{PAGE}patches.tar.gz").streaming_content)
    assert packed == again


def test_the_report_leaves_as_json(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    answer = browse("bob").get(f"{PAGE}report.json")
    assert json.loads(b"".join(answer.streaming_content))["schema"] == 1
    assert "attachment" in answer["Content-Disposition"]
