from __future__ import annotations

import datetime as dt

import pytest

from vimagetrack.look import words

NOW = dt.datetime(2008, 7, 2, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (3, 14, "3 of 14"),
        (0, 500, "0 of 500"),
        (500, 500, "500 of 500"),
        (1, 9999, "0.1%"),
        (9998, 9999, "99.9%"),
    ],
)
def test_a_share_never_claims_all_or_none(part: int, whole: int, said: str) -> None:
    assert words.percent(part, whole) == said


@pytest.mark.parametrize(
    ("octets", "said"), [(0, "0 bytes"), (999, "999 bytes"), (586_897, "586.9 kB"), (268_435_456, "268.4 MB")]
)
def test_sizes(octets: int, said: str) -> None:
    assert words.size(octets) == said


def test_a_day_says_its_year_only_where_it_differs() -> None:
    assert words.day(dt.date(2008, 7, 6), today=dt.date(2008, 6, 1)) == "6 July"
    assert words.day(dt.date(2008, 7, 6), today=dt.date(2009, 6, 1)) == "6 July 2008"


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (dt.timedelta(seconds=-5), "just now"),
        (dt.timedelta(seconds=59), "just now"),
        (dt.timedelta(minutes=1), "1 minute ago"),
        (dt.timedelta(hours=30), "1 day ago"),
    ],
)
def test_ages(ago: dt.timedelta, said: str) -> None:
    assert words.age(NOW - ago, NOW) == said


def test_a_list_is_said_as_a_sentence_does() -> None:
    assert [words.join(list(w)) for w in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
