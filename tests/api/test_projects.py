from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from milestones.models import Project
from tests.api.conftest import PLAN, World
from vimagetrack.events.models import Event

Ask = Callable[..., APIClient]

PROJECTS = "/api/v1/projects/"
NEW = PLAN.format(slug="fresh", public="true")
WITH_FILES = NEW.replace(
    'table = "#define V_hostname hostname"', 'table_files = ["headers/sys/vimage.h", "headers/net/vimage.h"]'
)


def post(client: APIClient, body: str | bytes, content_type: str = "application/toml") -> object:
    return client.generic("POST", PROJECTS, body, content_type=content_type)


def test_it_creates_a_project_from_a_plan(world: World, ask: Ask) -> None:
    answer = post(ask(world.charlie, "admin"), NEW)
    assert (answer.status_code, answer["Location"]) == (201, answer.json()["url"])
    assert (answer.json()["slug"], answer.json()["public"]) == ("fresh", True)
    project = Project.objects.get(slug="fresh")
    assert project.can_administer(world.charlie.user)
    assert not project.can_upload(world.alice.user)


def test_table_files_are_fields_named_by_their_path(world: World, ask: Ask) -> None:
    form = {
        "plan": SimpleUploadedFile("plan.toml", WITH_FILES.encode()),
        "headers/sys/vimage.h": SimpleUploadedFile("vimage.h", b"#define V_hostname hostname\n"),
        "headers/net/vimage.h": SimpleUploadedFile("vimage.h", b"#define V_ifnet ifnet\n"),
    }
    client = ask(world.alice, "read", "admin")
    answer = client.post(PROJECTS, form, format="multipart")
    assert answer.status_code == 201, answer.json()
    toml = client.get(f"{PROJECTS}fresh/plan/").json()["toml"]
    assert toml.index("V_hostname hostname") < toml.index("V_ifnet ifnet")
    again = client.post(PROJECTS, {"plan": toml.replace("fresh", "copy")}, format="multipart")
    assert again.status_code == 201, "the canonical text stands without other files"


def test_a_plan_with_a_typo_is_told_with_its_line(world: World, ask: Ask) -> None:
    answer = post(ask(world.alice, "admin"), NEW.replace("due_on", "dew_on"))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["toml_lineno"]) == (400, "plan-error", 9)
    assert "dew_on" in problem["detail"]
    assert not Project.objects.filter(slug="fresh").exists()


def test_a_taken_slug_is_a_conflict_and_changes_nothing(world: World, ask: Ask) -> None:
    client = ask(world.charlie, "admin")
    events = Event.objects.count()
    answer = post(client, PLAN.format(slug="vimage", public="true"))
    assert answer.status_code == 409
    assert not Project.objects.get(slug="vimage").is_public
    assert Event.objects.count() == events


def test_who_may_create(world: World, ask: Ask) -> None:
    got = {
        "nobody": post(ask(None), NEW).status_code,
        "token without the scope": post(ask(world.alice, "read", "upload"), NEW).status_code,
        "token for one project": post(ask(world.alice, "admin", project=world.private), NEW).status_code,
        "session without csrf": post(ask(world.alice), NEW).status_code,
    }
    assert got == {
        "nobody": 401,
        "token without the scope": 403,
        "token for one project": 403,
        "session without csrf": 403,
    }
    assert not Project.objects.filter(slug="fresh").exists()


def test_a_session_creates_with_its_csrf_token(world: World, ask: Ask) -> None:
    client = ask(world.alice)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.generic("POST", PROJECTS, NEW, content_type="application/toml", HTTP_X_CSRFTOKEN="a" * 32)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("", "application/toml", 400),
        ("\x00", "application/toml", 400),
        (b"\xff\xfe", "application/toml", 400),
        (NEW, "application/json", 415),
        (NEW, "", 415),
        (NEW.replace('"VIMAGE"', '"\\u0000"'), "application/toml", 400),
        (NEW.replace("2008-06-15", "99999-06-15"), "application/toml", 400),
        (NEW.replace('"2008-07"', '"0000-13"'), "application/toml", 400),
        (NEW.replace("[project]", "[project]\ntimezone = '../../etc/passwd'"), "application/toml", 400),
    ],
)
def test_what_is_no_plan_is_refused(
    body: str | bytes, content_type: str, status: int, world: World, ask: Ask
) -> None:
    answer = post(ask(world.alice, "admin"), body, content_type)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_plan_above_the_limit_is_refused_unread(world: World, ask: Ask) -> None:
    answer = post(ask(world.alice, "admin"), b"#" * (8 * 2**20 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def put(client: APIClient, body: str, query: str = "") -> object:
    return client.generic("PUT", f"{PROJECTS}vimage/plan/{query}", body, content_type="application/toml")


def test_it_changes_the_plan(world: World, ask: Ask) -> None:
    changed = PLAN.format(slug="vimage", public="false").replace("2008-06-15", "2008-06-22")
    answer = put(ask(world.alice, "admin"), changed, "?reason=One+week+more&based_on=1")
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["number"], answer.json()["reason"]) == (2, "One week more")
    due = ask(world.bob).get(f"{PROJECTS}vimage/milestones/macros/").json()["due"]
    assert due == {"kind": "day", "on": "2008-06-22"}
    late = put(ask(world.alice, "admin"), changed + "\n# more\n", "?based_on=1")
    assert late.status_code == 409


def test_who_may_change_the_plan(world: World, ask: Ask) -> None:
    plan = PLAN.format(slug="vimage", public="true")
    got = [
        put(client, plan).status_code
        for client in (
            ask(None),
            ask(world.charlie, "admin"),
            ask(world.bob, "admin"),
            ask(world.alice, "read"),
            ask(world.alice),
        )
    ]
    assert got == [404, 404, 403, 403, 403]
    assert not Project.objects.get(slug="vimage").is_public
