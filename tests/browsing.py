"""Browsers of alice (leads), bob (reads), charlie (a stranger) and nobody, for the tests of pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones.models import Project
from tests.cast import Cast

Browse = Callable[[str], Client]

#: The most queries that a page may ask, session and account included.
MOST_QUERIES = 12


@pytest.fixture
def browse(cast: Cast) -> Browse:
    """Give the browser of a person by handle; the empty handle is nobody."""

    def open_browser(handle: str) -> Client:
        client = Client()
        if handle:
            client.force_login(getattr(cast, handle).user)
        return client

    return open_browser


def publish(project: Project) -> None:
    """Let anyone read the project."""
    Project.objects.filter(pk=project.pk).update(visibility="public")


def text_of(response: HttpResponse) -> str:
    """Give what a reader sees of a page, tags left out and blanks joined."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@contextmanager
def few_queries() -> Iterator[None]:
    """Fail where the page asks more than it may; the queries are in the message."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith("SAVEPOINT")]
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
