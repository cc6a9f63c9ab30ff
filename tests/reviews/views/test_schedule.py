from __future__ import annotations

import datetime as dt

import pytest

from milestones.models import Milestone
from reviews.views.schedule import state_of
from tests.browsing import Browse, few_queries, text_of
from tests.cast import Cast


def test_before_the_first_regeneration_the_page_says_what_to_do(browse: Browse) -> None:
    client = browse("alice")
    with few_queries():
        said = text_of(client.get("/p/vimage/"))
    assert "No regeneration yet." in said
    assert "Next is Macros that change nothing , planned for 15 June 2008" in said
    assert "Upload regeneration" in said
    assert "Upload regeneration" not in text_of(browse("bob").get("/p/vimage/"))


def test_while_one_is_read_its_progress_is_on_the_page(browse: Browse, cast: Cast) -> None:
    cast.send()
    client = browse("bob")
    with few_queries():
        answer = client.get("/p/vimage/")
    assert "hx-get" in answer.content.decode()
    assert "Waiting for the worker" in text_of(answer)


def test_afterwards_each_milestone_has_its_lines_by_kind(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    with few_queries():
        answer = client.get("/p/vimage/")
    page = answer.content.decode()
    assert 'aria-label="2 lines: 2 proved null"' in page
    assert "2 lines in 1 chunk , no meat" in text_of(answer)
    assert "What a human must read first" in text_of(answer)
    assert 'role="img" aria-label="' in page


def test_a_refused_regeneration_leaves_the_current_one(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    cast.ingest(b"no diff")
    said = text_of(browse("bob").get("/p/vimage/"))
    assert "not taken" in said
    assert "2 lines in 1 chunk" in said


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (dt.date(2008, 6, 23), ("settling", "day 0 of 14")),
        (dt.date(2008, 7, 6), ("settling", "day 13 of 14")),
        (dt.date(2008, 7, 7), ("settled", "")),
    ],
)
def test_a_landed_milestone_settles_for_its_days(today: dt.date, said: tuple[str, str]) -> None:
    landed = Milestone(stored_state="landed", landed_on=dt.date(2008, 6, 23), settle_days=14)
    assert state_of(landed, today) == said
    assert state_of(Milestone(stored_state="planned"), today) == ("planned", "")


def test_a_milestone_has_its_text_table_dates_and_patch(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    with few_queries():
        answer = client.get("/p/vimage/m/macros/")
    said = text_of(answer)
    for words in ("15 June 2008", "14 days", "#define V_hostname hostname", "01-macros.patch", "all proved"):
        assert words in said
    assert "1 of 1 shown" in said
    assert client.get("/p/vimage/m/nothing/").status_code == 404


def test_a_milestone_without_a_regeneration_says_so(browse: Browse) -> None:
    assert "No regeneration yet." in text_of(browse("bob").get("/p/vimage/m/jail/"))
