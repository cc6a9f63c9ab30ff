from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from milestones.models import Milestone
from reviews.api.status import days_left
from tests.api.conftest import World

Ask = Callable[..., APIClient]

MACROS = "/api/v1/projects/vimage/milestones/macros/status/"


@pytest.fixture(autouse=True)
def _on_the_day_of_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.api.status.timezone.now", lambda: datetime(2008, 6, 9, 23, 30, tzinfo=UTC))


def test_it_tells_where_a_milestone_stands(
    world: World, ask: Ask, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = ask(world.bob)
    with django_assert_num_queries(8):
        status = client.get(MACROS).json()
    assert (status["state"], status["today"], status["days_left"]) == ("planned", "2008-06-09", 6)
    [series] = status["series"]
    assert (series["revision"], series["split"], series["verdict"]) == (1, 1, "proved")
    assert series["chunks"] == {"proved": 1, "undecided": 1}
    assert b"".join(client.get(series["patches"][0]["url"])) == b"patch one\n"


def test_today_is_a_day_in_the_projects_zone(world: World, ask: Ask) -> None:
    world.private.zone = "Australia/Perth"
    world.private.save(update_fields=["zone"])
    status = ask(world.bob).get(MACROS).json()
    assert (status["today"], status["days_left"]) == ("2008-06-10", 5)


def test_the_words_fit_a_mail(world: World, ask: Ask) -> None:
    text = ask(world.bob).get(MACROS).json()["text"]
    assert text == (
        "Macros that change nothing (macros): planned, due 2008-06-15 (in 6\n"
        "days).\n\n"
        "v1 of main: 1 file, +1 -1 in 2 chunks, 1 of them proved null.\n\n"
        "http://testserver/p/vimage/m/macros/\n"
    )


def test_a_milestone_without_a_split_says_so(world: World, ask: Ask) -> None:
    status = ask(None).get("/api/v1/projects/open/milestones/jail/status/").json()
    assert (status["series"], status["days_left"]) == ([], 52)
    assert "due 2008-07 (in 52 days)" in status["text"]
    assert "No revision has been split for it yet." in status["text"]


@pytest.mark.parametrize(
    ("kind", "due", "left"),
    [
        ("day", date(2008, 6, 9), 0),
        ("day", date(2008, 6, 8), -1),
        ("month", date(2008, 6, 1), 21),
        ("month", date(2008, 2, 1), -101),
        ("day", date(9999, 12, 31), 2918857),
        ("month", date(9999, 12, 1), 2918857),
        ("open", None, None),
    ],
)
def test_days_left(kind: str, due: date | None, left: int | None) -> None:
    assert days_left(Milestone(due_kind=kind, due_on=due), date(2008, 6, 9)) == left


def test_a_milestone_that_the_plan_dropped_is_not_there(world: World, ask: Ask) -> None:
    world.private.milestones.filter(slug="macros").update(stored_state="dropped", position=None)
    assert ask(world.bob).get(MACROS).status_code == 404
