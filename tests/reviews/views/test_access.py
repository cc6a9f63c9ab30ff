"""Every page under a project, tried by the one who leads, the one who reads, the stranger and nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from reviews.models import ChunkVersion
from tests.browsing import Browse, few_queries, publish
from tests.cast import Cast

PAGES = {
    "projects:detail": "",
    "projects:plan": "plan/",
    "projects:plan-version": "plan/v1/",
    "projects:plan-toml": "plan.toml",
    "milestones:detail": "m/macros/",
    "revisions:list": "revisions/",
    "revisions:detail": "s/main/v1/",
    "revisions:progress": "s/main/v1/progress/",
    "revisions:patch": "s/main/v1/patches/01-macros.patch",
    "revisions:patches": "s/main/v1/patches.tar.gz",
    "revisions:report": "s/main/v1/report.json",
    "chunks:list": "chunks/",
    "chunks:detail": "c/{uid}/",
    "chunks:patch": "c/{uid}.v1.patch",
}
WRITING = {
    "projects:plan-edit": "plan/edit/",
    "revisions:upload": "upload/",
    "revisions:upload-raw": "upload/raw/",
    "revisions:retry": "s/main/v1/retry/",
}
#: Pages that are under no project; their own tests try them.
ELSEWHERE = {"projects:list", "projects:create", "people:login", "people:logout", "people:theme"}
NAMESPACES = {"projects", "milestones", "revisions", "chunks", "people"}


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, inner)
        else:
            yield f"{prefix}{pattern.name}"


def address(template: str) -> str:
    return "/p/vimage/" + template.format(uid=ChunkVersion.objects.first().chunk.uid)


def read_to_its_end(answer: Any) -> None:
    """Read a file to its end, as a browser does: then it is closed."""
    if answer.streaming:
        b"".join(answer.streaming_content)


def test_no_page_is_forgotten() -> None:
    ours = {name for name in names(get_resolver().url_patterns) if name.split(":")[0] in NAMESPACES}
    assert ours == {*PAGES, *WRITING, *ELSEWHERE}


def test_a_private_project_is_read_by_members_only(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    wrong = []
    for name, template in PAGES.items():
        for handle, meant in (("alice", 200), ("bob", 200), ("charlie", 404), ("", 404)):
            client, where = browse(handle), address(template)
            with few_queries():
                answer = client.get(where)
            status = answer.status_code
            read_to_its_end(answer)
            polled = name == "revisions:progress" and meant == 200
            if status != (286 if polled else meant):
                wrong.append((name, handle, status))
    assert not wrong


def test_a_public_project_is_read_by_everybody(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    publish(cast.project)
    for handle in ("charlie", ""):
        client = browse(handle)
        wrong = []
        for name, template in PAGES.items():
            answer = client.get(address(template))
            read_to_its_end(answer)
            if answer.status_code not in (200, 286):
                wrong.append((name, handle, answer.status_code))
        assert not wrong


@pytest.mark.parametrize("name", WRITING)
def test_writing_is_for_those_with_the_right(browse: Browse, cast: Cast, name: str) -> None:
    cast.ingest()
    where = address(WRITING[name])
    for handle, meant in (("bob", 403), ("charlie", 404), ("", 404)):
        assert browse(handle).post(where).status_code == meant, handle
    publish(cast.project)
    assert browse("charlie").post(where).status_code == 403
    assert browse("").post(where)["Location"] == f"/login/?next={where}"


@pytest.mark.parametrize("name", PAGES)
def test_reading_pages_take_no_post(browse: Browse, cast: Cast, name: str) -> None:
    cast.ingest()
    assert browse("alice").post(address(PAGES[name])).status_code == 405


def test_an_account_that_left_sees_nothing(browse: Browse, cast: Cast) -> None:
    client = browse("bob")
    cast.bob.user.is_active = False
    cast.bob.user.save()
    assert client.get("/p/vimage/").status_code == 404
