from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.models import Revision
from tests.browsing import Browse, few_queries, text_of
from tests.cast import BEFORE, MONOLITH, PATH, WINDOWED, Cast, tar_of

UPLOAD = "/p/vimage/upload/"
RAW = "/p/vimage/upload/raw/"


def file(data: bytes = MONOLITH, name: str = "vimage.diff") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_the_form_says_what_no_base_costs_and_gives_the_better_command(browse: Browse) -> None:
    client = browse("alice")
    with few_queries():
        said = text_of(client.get(UPLOAD))
    assert "only the windows of its hunks are judged" in said
    assert "git diff --full-index --binary \\ -U1000000 BASE..TIP" in said


def test_a_file_becomes_a_revision(browse: Browse, cast: Cast) -> None:
    answer = browse("alice").post(UPLOAD, {"diff": file(), "base": "none"})
    assert answer["Location"] == "/p/vimage/s/main/v1/"
    revision = Revision.objects.get()
    assert (revision.filename, revision.uploaded_by, revision.status) == (
        "vimage.diff",
        cast.alice,
        "received",
    )


def test_pasted_text_loses_the_line_ends_of_the_form(browse: Browse, cast: Cast) -> None:
    pasted = MONOLITH.decode().replace("\n", "\r\n")
    browse("alice").post(UPLOAD, {"text": pasted, "base": "none"})
    assert cast.send().number == 1  # the same bytes on the same base are the same revision
    assert Revision.objects.count() == 1


def test_a_tar_of_the_touched_files_is_a_base(browse: Browse) -> None:
    tar = SimpleUploadedFile("base.tar", tar_of({PATH: BEFORE}))
    answer = browse("alice").post(UPLOAD, {"diff": file(WINDOWED), "base": "tree", "base_tar": tar})
    assert answer.status_code == 302
    assert Revision.objects.get().base_kind == "tree"


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        ({}, 422, "There is no diff yet"),
        ({"diff": file(), "text": "x"}, 422, "There are two diffs"),
        ({"diff": file(), "base": "tree"}, 422, "Choose the tar"),
        ({"diff": file(), "base": "commit"}, 422, "Name the commit"),
        ({"diff": file(), "base": "commit", "base_commit": "abc"}, 422, "mirror"),
        ({"diff": file(), "base": "none", "base_tar": file(b"x", "b.tar")}, 422, "A tar was chosen"),
        ({"diff": file(), "base": "tree", "base_tar": file(b"no tar", "b.tar")}, 422, "tar"),
        ({"diff": file(b"", "empty.diff")}, 422, "empty"),
        ({"text": "x" * 2_000_001}, 422, "larger than 2 MB"),
    ],
)
def test_what_is_not_taken_says_why_and_leaves_nothing(
    browse: Browse, data: dict[str, object], status: int, said: str
) -> None:
    for value in data.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    answer = browse("alice").post(UPLOAD, data)
    assert answer.status_code == status
    assert said in text_of(answer)
    assert not Revision.objects.exists()


def test_what_was_pasted_is_still_there(browse: Browse) -> None:
    answer = browse("alice").post(UPLOAD, {"text": "</textarea><b>", "base": "tree"})
    assert "&lt;/textarea&gt;&lt;b&gt;" in answer.content.decode()


def test_a_raw_body_becomes_a_revision_and_says_where(browse: Browse) -> None:
    answer = browse("alice").post(
        f"{RAW}?filename=../vim\u202eage.diff", MONOLITH, content_type="application/octet-stream"
    )
    assert answer.status_code == 201
    assert answer.json() == {"location": "/p/vimage/s/main/v1/"}
    assert "\u202e" not in Revision.objects.get().filename


def test_a_script_gets_its_answers_as_json(browse: Browse) -> None:
    client = browse("alice")
    answer = client.post(UPLOAD, {"diff": file()}, headers={"Accept": "application/json"})
    assert answer.json() == {"location": "/p/vimage/s/main/v1/"}
    answer = client.post(UPLOAD, {}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "There is no diff yet" in answer.json()["error"]


@pytest.mark.parametrize(
    ("query", "body", "status", "said"),
    [
        ("", b"", 422, "empty"),
        ("?base=tree", MONOLITH, 422, ""),
        ("?base=commit", MONOLITH, 422, "Name the commit"),
        ("", b"x" * 5001, 413, "limit"),
    ],
)
def test_a_refused_raw_body_says_why(
    browse: Browse, settings: Any, query: str, body: bytes, status: int, said: str
) -> None:
    settings.MAX_UPLOAD_BYTES = 5000
    answer = browse("alice").post(RAW + query, body, content_type="application/octet-stream")
    assert answer.status_code == status
    assert said in answer.json()["error"]
    assert not Revision.objects.exists()


def test_a_form_larger_than_two_uploads_is_not_read(browse: Browse, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    big = SimpleUploadedFile("big.diff", b"x" * 34_000_000)
    answer = browse("alice").post(UPLOAD, {"diff": big})
    assert answer.status_code == 400
    assert not Revision.objects.exists()
