"""The whole web surface of pages, from the URLconf: an address that nobody listed here fails.

Strangers, methods, cross-site posts, odd values and hostile text are tried on all that there is. Each test
walks all addresses, for a world costs more than a request; what failed is in the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from milestones.models import Area, Milestone, Project
from reviews.models import ChangeText, ChunkContent, ChunkVersion, LayerFile, Placement, Revision, Split
from tests.api.conftest import World
from vimagetrack.jobs.models import Job
from vimagetrack.people.models import Person

#: What stands in an address in place of each name.
ARGUMENTS = {
    "slug": "vimage", "milestone": "macros", "series": "main", "number": "1", "split": "1", "uid": "uid1",
    "name": "01-macros.patch",
}  # fmt: skip

#: Addresses that belong to no project.
OPEN = {"", "new/", "login/", "logout/", "theme/", "healthz", "readyz"}

ODD = (
    "",
    "0",
    "-1",
    "9" * 30,
    "x" * 5000,
    "%00",
    "%0d%0aX-Evil: 1",
    "%ff%fe",
    "..",
    "../../etc/passwd",
    "\u0661",
)

HOSTILE = "<b id=evil>\"'></title></script><script>evil()</script>{{7*7}}\u202e"


def patterns(entries: list[Any], before: str = "") -> Iterator[str]:
    for entry in entries:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route


def pages() -> list[str]:
    found = set(patterns(get_resolver().url_patterns))
    return sorted(route for route in found if not route.startswith(("api/", "admin/", "static")))


def of_a_project() -> list[str]:
    return [route for route in pages() if route.startswith("p/<slug:slug>/")]


def filled(route: str, **values: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: {**ARGUMENTS, **values}[match[1]], route)


def body(answer: HttpResponseBase) -> str:
    """Read an answer to its end, or its file stays open."""
    return b"".join(answer).decode(errors="replace")


def is_broken(answer: HttpResponseBase, route: str) -> bool:
    body(answer)
    return answer.status_code >= 500 and route != "readyz"


@pytest.fixture
def client_of(world: World) -> Callable[..., Client]:
    @cache  # a new client loads all middleware anew, which costs more than a request
    def make(person: Person | None, *, checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks)
        if person is not None:
            client.force_login(person.user)
        return client

    return make


ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def _readable_patches(world: World) -> None:
    patch = b"diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-hostname\n+V_hostname\n"
    ChunkContent.objects.update(patch=patch)


def test_every_page_is_known() -> None:
    assert set(pages()) - set(of_a_project()) == OPEN


def test_private_pages_are_404_to_strangers_by_any_method(world: World, client_of: ClientOf) -> None:
    told = []
    for route, person in product(of_a_project(), (None, world.charlie)):
        client = client_of(person)
        for method in (client.get, client.post):
            hidden, absent = method(filled(route)), method(filled(route, slug="there-is-none"))
            if hidden.status_code not in (404, 405) or hidden.status_code != absent.status_code:
                told.append((route, hidden.status_code, absent.status_code))
    assert told == []


def test_members_are_answered_and_readers_stopped_at_writing(world: World, client_of: ClientOf) -> None:
    answers = {
        (route, person.handle): client_of(person).get(filled(route))
        for route, person in product(of_a_project(), (world.alice, world.bob))
    }
    statuses = {key: (body(answer), answer.status_code)[1] for key, answer in answers.items()}
    lead = {route for (route, who), status in statuses.items() if who == "alice" and status in (200, 286)}
    stopped = {route for (route, who), status in statuses.items() if who == "bob" and status == 403}
    assert {status for (_, who), status in statuses.items() if who == "alice"} <= {200, 286, 405}
    assert {route.removeprefix("p/<slug:slug>/") for route in stopped & lead} == {"plan/edit/", "upload/"}


def test_no_method_breaks_a_page(world: World, client_of: ClientOf) -> None:
    client = client_of(world.alice)
    methods = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD")
    broken = [
        (method, route)
        for method, route in product(methods, pages())
        if is_broken(client.generic(method, filled(route), b"x", content_type="text/plain"), route)
    ]
    assert broken == []


def test_a_post_from_another_site_is_refused(world: World, client_of: ClientOf) -> None:
    client = client_of(world.alice, checks=True)
    posts = {route: client.post(filled(route), {"toml": "x"}).status_code for route in pages()}
    assert {route: status for route, status in posts.items() if status not in (403, 405)} == {}


def test_odd_values_in_addresses(world: World, client_of: ClientOf) -> None:
    client = client_of(world.alice)
    broken = [
        (route, name, odd)
        for route in pages()
        for name, odd in product(re.findall(r"<(?:\w+:)?(\w+)>", route), ODD)
        if is_broken(client.get(filled(route, **{name: odd})), route)
    ]
    assert broken == []


def test_odd_values_in_queries(world: World, client_of: ClientOf) -> None:
    client = client_of(world.alice)
    names = ("page", "path", "milestone", "kind", "area", "verdict", "view", "next", "q", "all")
    broken = [
        (route, odd)
        for route, odd in product(pages(), ODD[3:8])
        if is_broken(client.get(filled(route) + "?" + "&".join(f"{name}={odd}" for name in names)), route)
    ]
    assert broken == []


@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"', "\u00ff" * 32, "x" * 5000])
def test_odd_cookies(cookie: str, world: World) -> None:
    client = Client(headers={"cookie": f"sessionid={cookie}; csrftoken={cookie}; theme={cookie}"})
    for address in ("/", "/login/", "/p/open/", "/api/v1/projects/"):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "next_page",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x", "/a\r\nX-Evil: 1"],
)
def test_no_page_sends_one_elsewhere(next_page: str, world: World, client_of: ClientOf) -> None:
    signed_in = client_of(world.alice)
    for answer in (
        signed_in.post("/theme/", {"theme": "dark", "next": next_page}),
        signed_in.get("/login/", {"next": next_page}),
        Client().post("/login/", {"username": "alice", "password": "x", "next": next_page}),
    ):
        assert "evil.example" not in answer.get("Location", "")
        assert not answer.get("Location", "").startswith("javascript:")
        assert "X-Evil" not in answer.headers


@pytest.fixture
def hostile(world: World) -> None:
    """Put hostile text wherever text of somebody's making is kept."""
    short = HOSTILE[:64]
    Project.objects.update(name=HOSTILE, text=HOSTILE, list_address=HOSTILE)
    Milestone.objects.update(title=HOSTILE, text=HOSTILE, landed_as=[HOSTILE])
    Area.objects.create(project=world.private, name=short, position=1, paths=[HOSTILE])
    Person.objects.filter(pk=world.alice.pk).update(name=HOSTILE)
    Revision.objects.update(filename=HOSTILE, refusal=HOSTILE, refusal_path=HOSTILE, refusal_hint=HOSTILE)
    Split.objects.update(warnings=[{"path": HOSTILE, "diff_lineno": 1, "code": HOSTILE, "text": HOSTILE}])
    ChangeText.objects.update(path=HOSTILE.encode(), path_text=HOSTILE, func=HOSTILE, after=HOSTILE.encode())
    evil = HOSTILE.replace('"', "").encode()
    lines = (
        b"diff --git a/%s b/%s", b"--- a/%s", b"+++ b/%s", b"@@ -1 +1 @@ %s", b"-%s", b'+/* %s */ "%s"', b"",
    )  # fmt: skip
    ChunkContent.objects.update(paths=[HOSTILE], patch=b"\n".join(lines).replace(b"%s", evil))
    ChunkVersion.objects.update(title=HOSTILE, area=short)
    Placement.objects.update(
        rule=short, reason=HOSTILE, macros=[HOSTILE], states=[short], assumptions=[short[:40]],
        hazards=[HOSTILE], straggler_of=short,
    )  # fmt: skip
    LayerFile.objects.update(path_text=HOSTILE)
    Job.objects.update(error=HOSTILE)


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("status", ["complete", "refused", "ingesting"])
def test_hostile_text_is_never_markup(status: str, world: World, client_of: ClientOf) -> None:
    Revision.objects.update(status=status)
    client = client_of(world.alice)
    queries = ("", f"?path={HOSTILE[:-1]}&next={HOSTILE[:-1]}&view=unified&all")
    told = []
    for route, query in product(pages(), queries):
        answer = client.get(filled(route) + query)
        text = body(answer)
        if answer["Content-Type"].startswith("text/html"):
            told += [(route, query, what) for what in markup_of_ours(text)]
        elif answer["X-Content-Type-Options"] != "nosniff":
            told.append((route, query, "may be sniffed"))
    assert told == []


def markup_of_ours(text: str) -> Iterator[str]:
    """Name each trace of the hostile text that is more than text, and whatever the policy would refuse."""
    for trace in ("<b id=evil>", "<script>evil", "'></title>", "{{7*7}}</script>", "\u202e"):
        if trace in text:
            yield trace
    yield from re.findall(r"<[^<>]*\s(?:style|on\w+)=[^<>]*>|<style", text)


def test_queue_errors_are_not_public(world: World, client_of: ClientOf) -> None:
    Revision.objects.update(status="ingesting")
    revision = Revision.objects.get(series__project=world.public)
    Job.objects.update(error="a secret path", project=world.public, state="queued", subject_id=revision.pk)
    for address in ("/p/open/", "/p/open/s/main/v1/", "/p/open/s/main/v1/progress/"):
        for person in (None, world.bob, world.charlie):
            assert "a secret path" not in body(client_of(person).get(address))
    assert "a secret path" in body(client_of(world.alice).get("/p/open/s/main/v1/"))
