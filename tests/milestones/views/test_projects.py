from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from milestones.models import Project
from tests.browsing import Browse, few_queries, publish, text_of
from tests.cast import PLAN, Cast

OTHER = PLAN.replace('slug = "vimage"', 'slug = "other"')
WITH_FILE = OTHER.replace('table = "#define V_hostname hostname"', 'table_files = ["headers/sys/vimage.h"]')


def table() -> SimpleUploadedFile:
    return SimpleUploadedFile("vimage.h", b"#define V_hostname hostname\n")


@pytest.mark.parametrize(
    ("handle", "seen"), [("alice", True), ("bob", True), ("charlie", False), ("", False)]
)
def test_the_list_has_what_the_viewer_may_see(browse: Browse, handle: str, seen: bool) -> None:
    client = browse(handle)
    with few_queries():
        answer = client.get("/")
    assert ("FreeBSD VIMAGE" in text_of(answer)) is seen
    assert ("/new/" in answer.content.decode()) is bool(handle)


def test_a_public_project_is_on_everybodys_list(browse: Browse, cast: Cast) -> None:
    publish(cast.project)
    assert "FreeBSD VIMAGE" in text_of(browse("").get("/"))


def test_making_a_project_needs_an_account(browse: Browse) -> None:
    for answer in (browse("").get("/new/"), browse("").post("/new/", {"toml": OTHER})):
        assert answer.status_code == 302
        assert answer["Location"] == "/login/?next=/new/"
    assert not Project.objects.filter(slug="other").exists()


def test_a_pasted_plan_makes_a_project_that_its_maker_leads(browse: Browse, cast: Cast) -> None:
    answer = browse("charlie").post("/new/", {"toml": OTHER.replace("\n", "\r\n")})
    assert answer["Location"] == "/p/other/"
    project = Project.objects.get(slug="other")
    assert project.can_administer(cast.charlie.user)
    assert project.plan_version.source == OTHER  # a form's CR LF is not the author's


def test_a_plans_file_wins_over_the_text(browse: Browse) -> None:
    file = SimpleUploadedFile("plan.toml", b"\xef\xbb\xbf" + OTHER.encode())
    assert browse("alice").post("/new/", {"toml": "x", "toml_file": file}).status_code == 302


def test_table_files_come_beside_the_plan(browse: Browse) -> None:
    answer = browse("alice").post("/new/", {"toml": WITH_FILE, "tables": [table()]})
    assert answer.status_code == 302
    assert "V_hostname" in Project.objects.get(slug="other").plan_version.toml


def test_a_typo_names_its_line_and_keeps_plan_and_files(browse: Browse) -> None:
    client = browse("alice")
    broken = WITH_FILE.replace("settle_days", "setle_days")
    answer = client.post("/new/", {"toml": broken, "tables": [table()]})
    assert answer.status_code == 422
    lineno = broken.split("\n").index("setle_days = 14") + 1
    assert f"Not taken: line {lineno} of the plan." in text_of(answer)
    assert f"{lineno} setle_days = 14" in text_of(answer)
    page = answer.content.decode()
    assert "title = &quot;Macros that change nothing&quot;" in page
    kept = page.split('name="kept:headers/sys/vimage.h" value="')[1].split('"')[0]
    answer = client.post("/new/", {"toml": WITH_FILE, "kept:headers/sys/vimage.h": kept})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"toml": ""}, "There is no plan yet"),
        ({"toml": WITH_FILE}, "headers/sys/vimage.h"),
        ({"toml": "[project"}, "Not taken: line 1 of the plan"),
        ({"toml": PLAN}, "There is a project vimage already"),
        ({"toml": WITH_FILE, "kept:headers/sys/vimage.h": "not base64!"}, "is not there"),
    ],
)
def test_a_refused_plan_makes_nothing_and_says_why(browse: Browse, data: dict[str, str], said: str) -> None:
    answer = browse("alice").post("/new/", data)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Project.objects.count() == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04 a Word document \xff\xfe", b"x" * 1_000_001])
def test_a_file_that_is_no_plan_is_refused_in_words(browse: Browse, content: bytes) -> None:
    answer = browse("alice").post("/new/", {"toml_file": SimpleUploadedFile("plan.docx", content)})
    assert answer.status_code == 422
    assert "plan.docx" in text_of(answer)


def test_what_was_typed_comes_back_escaped(browse: Browse) -> None:
    answer = browse("alice").post("/new/", {"toml": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.django_db
def test_nobody_is_told_of_a_page_that_is_not_there() -> None:
    answer = Client().get("/nothing/")
    assert answer.status_code == 404
    assert "Nothing here, or not for you." in text_of(answer)
