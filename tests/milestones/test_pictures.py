from __future__ import annotations

import datetime as dt

import pytest

from milestones.pictures import Axis, Step, axis_of, days_late, schedule, strip

D = dt.date
MAIL = [
    Step(first_on=D(2008, 6, 8), due_on=D(2008, 6, 8), landed_on=D(2008, 6, 9), announce=True),
    Step(first_on=D(2008, 6, 15), due_on=D(2008, 6, 22), landed_on=D(2008, 6, 23), settle_days=14),
    Step(first_on=D(2008, 6, 29), due_on=D(2008, 6, 29), settle_days=14),
    Step(first_on=D(2008, 8, 1), due_on=D(2008, 8, 1), month=True),
    Step(),
]
AXIS = Axis(start=D(2008, 6, 1), end=D(2008, 9, 21), today=D(2008, 7, 2))


def test_dates_become_shares_of_the_width_and_stay_inside() -> None:
    assert AXIS.x(D(2008, 6, 1)) == 0
    assert AXIS.x(D(2008, 7, 27)) == pytest.approx(0.5)
    assert AXIS.x(D(2007, 1, 1)) == 0
    assert AXIS.x(D(2009, 1, 1)) == 1


def test_an_old_schedule_is_not_squeezed_by_today() -> None:
    assert axis_of(MAIL, D(2026, 11, 22)).end.year == 2008
    assert not axis_of(MAIL, D(2026, 11, 22)).today_shows
    assert axis_of(MAIL, D(2008, 9, 1)).today_shows


def test_a_strip_says_its_dates_in_words() -> None:
    landed = strip(AXIS, MAIL[1])
    assert (
        'aria-label="first planned 15 June; settles until 7 July; planned 22 June; landed 23 June"' in landed
    )
    assert "url(#hatch)" in landed
    assert "planned for August 2008" in strip(AXIS, MAIL[3])
    assert "open-ended" in strip(AXIS, MAIL[4])


def test_late_is_said_in_days_and_a_month_is_late_after_its_end() -> None:
    assert days_late(D(2008, 7, 2), MAIL[2]) == 3
    assert "3 days late" in strip(AXIS, MAIL[2])
    assert days_late(D(2008, 8, 31), MAIL[3]) == 0
    assert days_late(D(2008, 9, 1), MAIL[3]) == 1


def test_pictures_hold_to_the_strict_policy() -> None:
    axis, strips = schedule(MAIL, D(2008, 7, 2))
    assert len(strips) == len(MAIL)
    for picture in (axis, *strips):
        assert "style=" not in picture
        assert "#0" not in picture
        assert "nan" not in picture


def test_a_plan_without_any_date_still_draws() -> None:
    axis, strips = schedule([Step()], D(2008, 7, 2))
    assert "July" in axis
    assert len(strips) == 1
