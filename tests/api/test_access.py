"""Who may ask what, over every address that the API has: a new one without a line here fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, reverse
from rest_framework.test import APIClient

from tests.api.conftest import World
from vimagetrack import api_urls

Ask = Callable[..., APIClient]

#: Views without a project.
OPEN = {"index", "schema", "docs", "nothing", "me", "projects"}

ARGUMENTS: dict[str, Any] = {
    "slug": "vimage",
    "milestone": "macros",
    "series": "main",
    "number": 1,
    "split": 1,
    "name": "01-macros.patch",
    "uid": "uid1",
}


def routes(patterns: list[Any], names: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in patterns:
        given = (*names, *entry.pattern.converters) if hasattr(entry.pattern, "converters") else names
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, given)
        elif isinstance(entry, URLPattern):
            yield entry.name, given


ROUTES = dict(routes(api_urls.urlpatterns))
OF_A_PROJECT = sorted(set(ROUTES) - OPEN)


def address(route: str, world: World, slug: str = "vimage") -> str:
    names = {name: ARGUMENTS[name] for name in ROUTES[route]} | {"slug": slug}
    if route == "job":
        names["number"] = world.job.pk
    return reverse(f"api:{route}", kwargs=names)


def test_every_route_is_known() -> None:
    assert set(ROUTES) >= OPEN
    assert {name for names in ROUTES.values() for name in names} <= set(ARGUMENTS)


def test_private_project_is_there_for_its_members(world: World, ask: Ask) -> None:
    members = ask(world.alice), ask(world.bob), ask(world.bob, "read"), ask(world.alice, "read", "upload")
    answers = {
        route: [client.get(address(route, world)).status_code for client in members] for route in OF_A_PROJECT
    }
    assert answers == {route: [200] * 4 for route in OF_A_PROJECT}


def test_private_project_is_404_to_strangers(world: World, ask: Ask) -> None:
    strangers = ask(None), ask(world.charlie), ask(world.charlie, "read", "upload", "admin")
    for route, client in product(OF_A_PROJECT, strangers):
        hidden = client.get(address(route, world))
        absent = client.get(address(route, world, slug="there-is-none"))
        assert (hidden.status_code, hidden["Content-Type"]) == (404, "application/problem+json"), route
        assert hidden.json() == absent.json(), route


def test_other_methods_tell_nothing_to_strangers(world: World, ask: Ask) -> None:
    clients = ask(None), ask(world.charlie, "read", "upload", "admin")
    methods = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    for route, client, method in product(OF_A_PROJECT, clients, methods):
        hidden, absent = (
            client.generic(method, address(route, world, slug), b"x", content_type="text/x-diff")
            for slug in ("vimage", "there-is-none")
        )
        assert hidden.status_code in {404, 405}, route
        assert hidden.json() == absent.json(), route


def test_token_without_the_scope_is_403_for_anything(world: World, ask: Ask) -> None:
    for route, slug in product(OF_A_PROJECT, ("vimage", "open", "there-is-none")):
        answer = ask(world.alice, "upload").get(address(route, world, slug))
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing"), route


def test_token_of_another_project_does_not_open_this_one(world: World, ask: Ask) -> None:
    other, own = (ask(world.alice, "read", project=one) for one in (world.public, world.private))
    answers = {
        route: [client.get(address(route, world)).status_code for client in (other, own)]
        for route in OF_A_PROJECT
    }
    assert answers == {route: [404, 200] for route in OF_A_PROJECT}


def test_public_project_is_there_for_anyone(world: World, ask: Ask) -> None:
    anyone = ask(None), ask(world.charlie), ask(world.charlie, "read")
    for route, client in product(
        ("project", "plan", "plan-toml", "milestones", "milestone", "revisions"), anyone
    ):
        assert client.get(address(route, world, slug="open")).status_code == 200, route


def test_lists_leave_out_what_one_may_not_see(world: World, ask: Ask) -> None:
    def seen(client: APIClient) -> list[str]:
        return [row["slug"] for row in client.get("/api/v1/projects/").json()["results"]]

    assert seen(ask(None)) == seen(ask(world.charlie)) == ["open"]
    assert seen(ask(world.bob)) == seen(ask(world.bob, "read")) == ["vimage", "open"]
    assert seen(ask(world.bob, "read", project=world.private)) == ["vimage", "open"]
    assert seen(ask(world.bob, "read", project=world.public)) == ["open"]


def test_queue_errors_are_for_those_who_may_upload(world: World, ask: Ask) -> None:
    where = address("job", world)
    assert ask(world.alice).get(where).json()["error"] == "a secret path: /srv/secret"
    assert ask(world.bob).get(where).json()["error"] is None


def test_answers_stay_out_of_shared_caches(world: World, ask: Ask) -> None:
    for route in OF_A_PROJECT:
        answer = ask(world.bob).get(address(route, world))
        assert answer["Cache-Control"].startswith("private")
        assert {"Authorization", "Cookie"} <= {word.strip() for word in answer["Vary"].split(",")}


def test_downloads_are_attachments_with_plain_names(world: World, ask: Ask) -> None:
    for route, name in {
        "patch": "01-macros.patch",
        "chunk-patch": "vimage-uid1.v1.patch",
        "revision-diff": "vimage-main-v1.diff",
        "plan-toml": "vimage-plan.toml",
    }.items():
        answer = ask(world.bob).get(address(route, world))
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer["Content-Type"].startswith("text/html")
