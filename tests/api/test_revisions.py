from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from reviews.models import Revision
from tests.api.conftest import World
from vimagetrack.jobs.models import Job

Ask = Callable[..., APIClient]

REVISIONS = "/api/v1/projects/vimage/revisions/"
DIFF = b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-hostname\n+V_hostname\n"


@pytest.fixture(autouse=True)
def _quiet(queued: list[Any]) -> None:
    """Keep messages from a broker."""


def post(client: APIClient, body: bytes = DIFF, query: str = "", content_type: str = "text/x-diff") -> Any:
    return client.generic("POST", REVISIONS + query, body, content_type=content_type)


@pytest.mark.parametrize("content_type", ["text/x-diff", "text/x-patch", "application/octet-stream"])
def test_it_takes_a_revision_and_names_a_job(content_type: str, world: World, ask: Ask) -> None:
    client = ask(world.alice, "read", "upload")
    answer = post(client, query="?filename=mono.diff", content_type=content_type)
    shown = answer.json()
    assert (answer.status_code, shown["number"], shown["status"]) == (202, 2, "received")
    assert (shown["sha256"], shown["size"]) == (hashlib.sha256(DIFF).hexdigest(), len(DIFF))
    assert (shown["filename"], shown["uploaded_by"]) == ("mono.diff", "alice")
    assert answer["Location"] == shown["job"]["url"]
    job = client.get(answer["Location"]).json()
    assert (job["state"], job["revision_url"]) == ("queued", shown["url"])
    assert b"".join(client.get(shown["url"] + "diff/")) == DIFF


def test_the_same_bytes_are_the_same_revision(world: World, ask: Ask) -> None:
    client = ask(world.alice, "upload")
    first, second = post(client), post(client)
    assert (second.status_code, second.json()["number"]) == (202, first.json()["number"])
    assert Job.objects.filter(subject_kind="revision").exclude(pk=world.job.pk).count() == 1
    Revision.objects.filter(number=2).update(status="complete")
    third = post(client)
    assert (third.status_code, third.json()["number"]) == (200, 2)
    assert Revision.objects.filter(series__project=world.private).count() == 2


def test_a_form_may_bring_the_tree(world: World, ask: Ask) -> None:
    tree = io.BytesIO()
    with tarfile.open(fileobj=tree, mode="w:gz") as tar:
        info = tarfile.TarInfo("x")
        info.size = 9
        tar.addfile(info, io.BytesIO(b"hostname\n"))
    form = {
        "diff": SimpleUploadedFile("mono.diff", DIFF),
        "base": SimpleUploadedFile("base.tar.gz", tree.getvalue()),
    }
    answer = ask(world.alice, "upload").post(REVISIONS, form, format="multipart")
    assert answer.status_code == 202, answer.json()
    assert (answer.json()["base"]["kind"], answer.json()["filename"]) == ("tree", "mono.diff")


def test_a_series_is_named_in_the_query(world: World, ask: Ask) -> None:
    client = ask(world.alice, "upload", "read")
    assert post(client, query="?series=bz-branch").json()["number"] == 1
    listed = client.get(REVISIONS + "?series=bz-branch").json()["results"]
    assert [row["series"] for row in listed] == ["bz-branch"]


@pytest.mark.parametrize(
    ("body", "query", "content_type", "status", "code"),
    [
        (b"", "", "text/x-diff", 400, "empty-file"),
        (DIFF, "?series=../x", "text/x-diff", 400, "invalid"),
        (DIFF, "?base=--upload-pack=x", "text/x-diff", 400, "invalid"),
        (DIFF, "?base=deadbeef", "text/x-diff", 400, None),
        (DIFF, "?bass=deadbeef", "text/x-diff", 400, "invalid"),
        (DIFF, "", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (DIFF, "", "", 415, "unsupported-media-type"),
    ],
)
def test_what_cannot_be_taken_is_said(
    body: bytes, query: str, content_type: str, status: int, code: str | None, world: World, ask: Ask
) -> None:
    answer = post(ask(world.alice, "upload"), body, query, content_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert code in (None, answer.json()["code"])
    assert Revision.objects.filter(series__project=world.private).count() == 1


def test_a_form_without_a_diff_is_told_how(world: World, ask: Ask) -> None:
    answer = ask(world.alice, "upload").post(REVISIONS, {"x": "1"}, format="multipart")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "diff")


def test_a_compressed_body_is_refused(world: World, ask: Ask) -> None:
    answer = ask(world.alice, "upload").generic(
        "POST", REVISIONS, DIFF, content_type="text/x-diff", HTTP_CONTENT_ENCODING="gzip"
    )
    assert answer.status_code == 415


def test_a_body_above_the_limit_is_refused_unread(world: World, ask: Ask, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = len(DIFF) - 1
    answer = post(ask(world.alice, "upload"))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_body_that_ends_early_is_not_kept(world: World, ask: Ask) -> None:
    answer = ask(world.alice, "upload").generic(
        "POST", REVISIONS, DIFF, content_type="text/x-diff",
        **{"CONTENT_LENGTH": str(len(DIFF) + 1), "wsgi.input": io.BytesIO(DIFF)},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "body-cut")
    assert Revision.objects.filter(series__project=world.private).count() == 1


def test_who_may_upload(world: World, ask: Ask) -> None:
    open_to_all = "/api/v1/projects/open/revisions/"
    got = {
        "stranger, private": post(ask(world.charlie, "upload")).status_code,
        "nobody, private": post(ask(None)).status_code,
        "reader": post(ask(world.bob, "upload")).status_code,
        "lead without the scope": post(ask(world.alice, "read")).status_code,
        "lead by session without csrf": post(ask(world.alice)).status_code,
        "nobody, public": ask(None).generic("POST", open_to_all, DIFF, "text/x-diff").status_code,
        "stranger, public": ask(world.charlie, "upload")
        .generic("POST", open_to_all, DIFF, "text/x-diff")
        .status_code,
        "lead with another project's token": ask(world.alice, "upload", project=world.private)
        .generic("POST", open_to_all, DIFF, "text/x-diff")
        .status_code,
    }
    assert got == {
        "stranger, private": 404,
        "nobody, private": 404,
        "reader": 403,
        "lead without the scope": 403,
        "lead by session without csrf": 403,
        "nobody, public": 401,
        "stranger, public": 403,
        "lead with another project's token": 403,
    }
    assert Revision.objects.count() == 2


def test_a_refused_revision_says_why(world: World, ask: Ask) -> None:
    Revision.objects.filter(pk=world.revision.pk).update(
        status="refused", refusal="hunk 3 ends early", refusal_code="parse-error", refusal_lineno=1204,
        refusal_path="sys/net/if.c", refusal_hint="Send it as an attachment.",
    )  # fmt: skip
    shown = ask(world.bob).get(f"{REVISIONS}main/v1/").json()
    assert shown["refusal"] == {
        "code": "parse-error",
        "detail": "hunk 3 ends early",
        "path": "sys/net/if.c",
        "diff_lineno": 1204,
        "hint": "Send it as an attachment.",
    }


def test_lists_are_newest_first_and_filtered(world: World, ask: Ask) -> None:
    client = ask(world.alice, "upload", "read")
    post(client)
    numbers = [row["number"] for row in client.get(REVISIONS).json()["results"]]
    done = [row["number"] for row in client.get(REVISIONS + "?status=complete").json()["results"]]
    assert (numbers, done) == ([2, 1], [1])


def test_a_split_shows_its_layers_and_their_patches(
    world: World, ask: Ask, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = ask(world.bob)
    with django_assert_num_queries(8):  # session, account, project, revision, split, its row, layers, patches
        split = client.get(f"{REVISIONS}main/v1/splits/1/").json()
    [layer] = split["layers"]
    assert (layer["milestone"], layer["verdict"], layer["added"]) == ("macros", "proved", 1)
    assert b"".join(client.get(layer["patches"][0]["url"])) == b"patch one\n"
    assert b"".join(client.get(split["report_url"])) == b'{"schema": 1}'
