from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.api.conftest import World

Ask = Callable[..., APIClient]

CHUNKS = "/api/v1/projects/vimage/chunks/"


def uids(client: APIClient, query: str) -> list[str]:
    return [row["uid"] for row in client.get(CHUNKS + query).json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["uid1", "uid2"]),
        ("?milestone=macros", ["uid1", "uid2"]),
        ("?milestone=jail", []),
        ("?kind=meat", ["uid2"]),
        ("?kind=meat&kind=null-macro", ["uid1", "uid2"]),
        ("?verdict=proved", ["uid1"]),
        ("?verdict=undecided&verdict=refuted", ["uid2"]),
        ("?area=net", ["uid1"]),
        ("?path=sys/net/if.c", ["uid1"]),
        ("?path=sys/net/", ["uid1"]),
        ("?path=net/", []),
        ("?path=sys/kern/kern_100%25.c", ["uid2"]),
        ("?path=sys/kern/kern_100x.c", []),
        ("?path=sys/%25/", []),
        ("?path=sys/ker_/", []),
        ("?path=sys/", ["uid1", "uid2"]),
        ("?series=main&revision=1", ["uid1", "uid2"]),
        ("?revision=1&kind=meat&path=sys/net/if.c", []),
    ],
)
def test_filters(query: str, found: list[str], world: World, ask: Ask) -> None:
    assert uids(ask(world.bob), query) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?revision=1e9", "revision"),
        ("?kind=null", "kind"),
        ("?verdict=yes", "verdict"),
        ("?page_size=101", "page_size"),
        ("?page_size=0", "page_size"),
        ("?cursor=x", "cursor"),
        ("?paths=sys/", "paths"),
        ("?path=%00", "path"),
    ],
)
def test_filters_that_cannot_be_meant_are_refused(query: str, field: str, world: World, ask: Ask) -> None:
    answer = ask(world.bob).get(CHUNKS + query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [error["field"].split(".")[0] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("name", ["milestone", "series", "revision"])
def test_filters_by_what_is_not_there_are_404_and_say_what(name: str, world: World, ask: Ask) -> None:
    answer = ask(world.bob).get(f"{CHUNKS}?{name}=9")
    assert (answer.status_code, answer.json()["code"]) == (404, f"unknown-{name}")


def test_pages_follow_each_other_and_end(world: World, ask: Ask) -> None:
    client = ask(world.bob)
    first = client.get(CHUNKS + "?page_size=1&path=sys/")
    second = client.get(first.json()["next"])
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    assert [row["uid"] for page in (first, second) for row in page.json()["results"]] == ["uid1", "uid2"]
    assert second.json()["next"] is None


def test_a_list_costs_the_same_queries_for_one_row_and_for_all(
    world: World, ask: Ask, django_assert_num_queries: Callable[..., object]
) -> None:
    client = ask(world.bob)
    for query in ("?page_size=1", ""):
        with django_assert_num_queries(4):  # session, account, project, chunks
            client.get(CHUNKS + query)


def test_a_chunk_says_where_its_parts_are(world: World, ask: Ask) -> None:
    client = ask(world.bob)
    chunk = client.get(CHUNKS + "uid1/").json()
    assert (chunk["revision"], chunk["verdict"], chunk["files"]) == (1, "proved", ["sys/net/if.c"])
    assert chunk["versions"] == [chunk["url"]]
    assert client.get(chunk["url"]).json() == chunk
    assert client.get(chunk["patch_url"]).content == b"chunk patch\n"


def test_changes_come_with_their_reasons_and_with_texts_when_asked(world: World, ask: Ask) -> None:
    client = ask(world.bob)
    url = CHUNKS + "uid1/v1/changes/"
    [plain] = client.get(url).json()["results"]
    assert (plain["path"], plain["verdict"], plain["rule"]) == ("sys/net/if.c", "proved", "expansion")
    assert plain["old"] == [1, 1]
    assert "before_text" not in plain
    [full] = client.get(url + "?texts=true").json()["results"]
    assert full["before_text"] == "\tname = hostname;\\xff\n"
