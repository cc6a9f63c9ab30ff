"""The schedule as a picture cut into the rows of its table: dates become shares of its width."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from vimagetrack.look import svg
from vimagetrack.look.words import day

_DIAMOND = '<path class="{}" d="M0-5 5 0 0 5-5 0z"/>'
#: A label stands right of its mark while the mark is in the first part of the strip, else left.
_LABEL_TURNS = 0.62
_MARGIN = dt.timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the strip of one milestone shows; dates are days in the project's zone.

    ``first_on`` is the first planned date, ``due_on`` the present one; ``month`` says that a date means
    its whole month. No ``due_on``: open-ended, drawn from ``open_from`` on.
    """

    first_on: dt.date | None = None
    due_on: dt.date | None = None
    landed_on: dt.date | None = None
    settle_days: int = 0
    month: bool = False
    announce: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The common axis of all strips: half-open in days, ``today`` may lie outside."""

    start: dt.date
    end: dt.date
    today: dt.date

    def x(self, on: dt.date) -> float:
        """Give a day's share of the width, 0 to 1, held inside."""
        share = (on - self.start).days / (self.end - self.start).days
        return min(max(share, 0.0), 1.0)

    @property
    def today_shows(self) -> bool:
        """Tell whether today lies on the axis."""
        return self.start <= self.today <= self.end

    def months(self) -> Iterator[dt.date]:
        """Give the first day of each month that begins on the axis."""
        on = self.start.replace(day=1)
        while on <= self.end:
            if on >= self.start:
                yield on
            on = _next_month(on)


def axis_of(steps: Iterable[Step], today: dt.date) -> Axis:
    """Span all dates with a margin; today only where it is near, so that an old schedule stays readable."""
    dates = [on for step in steps for on in _dates(step)] or [today]
    first, last = min(dates), max(dates)
    reach = max((last - first) / 2, dt.timedelta(days=45))
    if first - reach <= today <= last + reach:
        first, last = min(first, today), max(last, today)
    return Axis(start=first - _MARGIN, end=last + max(_MARGIN * 2, (last - first) / 8), today=today)


def _dates(step: Step) -> Iterator[dt.date]:
    yield from (on for on in (step.first_on, step.due_on, step.landed_on) if on)
    begins = step.landed_on or step.due_on
    if begins and step.settle_days:
        yield begins + dt.timedelta(days=step.settle_days)


def _next_month(on: dt.date) -> dt.date:
    return (on.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def _month_end(on: dt.date) -> dt.date:
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def axis_svg(axis: Axis) -> SafeString:
    """Draw the head of the column: months, and today's line with its word."""
    parts = [_grid(axis, top="55%")]
    months = list(axis.months())
    if not months or axis.x(months[0]) > 0.14:
        months.insert(0, axis.start)
    step = 1 + len(months) // 7
    for index, on in enumerate(months):
        if index % step == 0:
            year = f" {on.year}" if index == 0 or on.month == 1 else ""
            name = f"{on:%B}" if len(months) <= 5 else f"{on:%b}"
            css = ' class="o"' if index % (2 * step) else ""
            parts.append(f'<text{css} x="{svg.pct(axis.x(on))}" dx="4" y="1.05em">{name}{year}</text>')
    if axis.today_shows:
        x = axis.x(axis.today)
        side = ' dx="-4"' if x > 0.8 else ' dx="4"'
        end = " end" if x > 0.8 else ""
        words = f"today, {day(axis.today, today=axis.today)}"
        parts.append(f'<text class="t-accent{end}" x="{svg.pct(x)}"{side} y="2.3em">{words}</text>')
    return SafeString(f'<svg class="pic" aria-hidden="true">{"".join(parts)}</svg>')


def _grid(axis: Axis, top: str = "0") -> str:
    lines = [svg.vertical("s-line", axis.x(on)) for on in axis.months()]
    if axis.today_shows:
        lines.append(svg.vertical("s-accent", axis.x(axis.today), y1=top))
    return "".join(lines)


def strip(axis: Axis, step: Step) -> SafeString:
    """Draw the strip of one milestone; its dates stand in the label for those who do not see it."""
    if step.due_on is None and step.landed_on is None:
        marks, says = _open_marks(axis, step)
    else:
        marks, says = _dated_marks(axis, step)
    label = svg.text("; ".join(says))
    return SafeString(f'<svg class="pic" role="img" aria-label="{label}">{_grid(axis)}{"".join(marks)}</svg>')


def _open_marks(axis: Axis, step: Step) -> tuple[list[str], list[str]]:
    x = axis.x(step.first_on) if step.first_on else 0.8
    head = svg.at(0.99, '<path class="s-muted f-none" d="M-5-4 0 0-5 4"/>')
    marks = [svg.horizontal("s-muted dash", x, 0.99), head, svg.at(x, _DIAMOND.format("s-muted f-canvas"))]
    marks.append(_label(x, "as needed", left=True))
    return marks, ["open-ended"]


def _dated_marks(axis: Axis, step: Step) -> tuple[list[str], list[str]]:
    marks: list[str] = []
    says: list[str] = []
    for drawn, said in (_first_plan(axis, step), _settle(axis, step), _plan(axis, step), _landed(axis, step)):
        marks += drawn
        says += said
    ends = [step.due_on, step.landed_on]
    begins = step.landed_on or step.due_on
    if begins:
        ends.append(begins + dt.timedelta(days=step.settle_days))
    right = max(axis.x(on) for on in ends if on)
    left = min(axis.x(on) for on in (step.first_on, step.due_on, step.landed_on) if on)
    turned = right >= _LABEL_TURNS
    marks.append(
        _label(left if turned else right, _words(axis, step), left=turned, late=_is_late(axis, step))
    )
    return marks, says


def _first_plan(axis: Axis, step: Step) -> tuple[list[str], list[str]]:
    if not step.first_on or not step.due_on or step.first_on == step.due_on:
        return [], []
    x = axis.x(step.first_on)
    line = svg.horizontal("s-muted dots", x, axis.x(step.due_on))
    words = f"first planned {day(step.first_on, today=axis.today)}"
    return [line, svg.at(x, _DIAMOND.format("s-muted f-canvas"))], [words]


def _settle(axis: Axis, step: Step) -> tuple[list[str], list[str]]:
    """Draw the settle window: tall once the milestone landed, thin while it is only planned."""
    begins = step.landed_on or step.due_on
    if not begins or not step.settle_days:
        return [], []
    ends = begins + dt.timedelta(days=step.settle_days)
    height, shift = ("14", -7) if step.landed_on else ("4", 8)
    move = f' transform="translate(0 {shift})"'
    box = svg.rect(
        "settling", axis.x(begins), axis.x(ends) - axis.x(begins), y="50%", height=height, extra=move
    )
    verb = "settles until" if step.landed_on else "would settle until"
    return [box], [f"{verb} {day(ends, today=axis.today)}"]


def _plan(axis: Axis, step: Step) -> tuple[list[str], list[str]]:
    if not step.due_on:
        return [], []
    said = f"planned {'for ' if step.month else ''}{_due_words(axis, step)}"
    if step.landed_on and abs((step.landed_on - step.due_on).days) <= 2:
        return [], [said]
    css = "s-muted f-canvas" if step.landed_on else "f-ink"
    marks = []
    if step.month:
        marks.append(
            f'<line class="s-muted w2" x1="{svg.pct(axis.x(step.due_on))}" '
            f'x2="{svg.pct(axis.x(_month_end(step.due_on)))}" y1="50%" y2="50%"/>'
        )
    if _is_late(axis, step) and axis.today_shows:
        marks.append(svg.horizontal("s-late w2", axis.x(step.due_on), axis.x(axis.today)))
    return [*marks, svg.at(axis.x(step.due_on), _DIAMOND.format(css))], [said]


def _landed(axis: Axis, step: Step) -> tuple[list[str], list[str]]:
    if not step.landed_on:
        return [], []
    disc = svg.at(axis.x(step.landed_on), '<circle class="f-landed s-canvas w2" r="6.5"/>')
    return [disc], [f"{'sent' if step.announce else 'landed'} {day(step.landed_on, today=axis.today)}"]


def _due_words(axis: Axis, step: Step) -> str:
    assert step.due_on is not None
    if step.month:
        return f"{step.due_on:%B %Y}"
    return day(step.due_on, today=axis.today)


def _is_late(axis: Axis, step: Step) -> bool:
    """Tell whether the planned day is over and nothing landed; a month is late after its last day."""
    if not step.due_on or step.landed_on or step.announce:
        return False
    return axis.today > (_month_end(step.due_on) if step.month else step.due_on)


def days_late(today: dt.date, step: Step) -> int:
    """Count the days between the planned date and today, or the landing; 0 when in time."""
    if not step.due_on:
        return 0
    due = _month_end(step.due_on) if step.month else step.due_on
    return max(((step.landed_on or today) - due).days, 0)


def _words(axis: Axis, step: Step) -> str:
    if step.landed_on:
        ends = step.landed_on + dt.timedelta(days=step.settle_days)
        if step.settle_days and ends > axis.today:
            return f"settles {day(ends, today=axis.today, short=True)}"
        verb = "sent" if step.announce else "landed"
        return f"{verb} {day(step.landed_on, today=axis.today, short=True)}"
    if _is_late(axis, step):
        late = days_late(axis.today, step)
        # A plan of years ago is a record, not a debt: say its date rather than thousands of days.
        if late <= 366 and step.due_on:
            return f"{late} day{'' if late == 1 else 's'} late"
    if step.month:
        return _due_words(axis, step)
    return day(step.due_on, today=axis.today, short=True) if step.due_on else ""


def _label(x: float, words: str, *, left: bool, late: bool = False) -> str:
    css, dx = ("end strip-l", -10) if left else ("strip-l", 10)
    inner = (
        f'<tspan class="t-late">{svg.text(words)}</tspan>' if late and "late" in words else svg.text(words)
    )
    return f'<text class="{css}" x="{svg.pct(x)}" dx="{dx}" y="50%" dy=".35em">{inner}</text>'


def schedule(steps: Sequence[Step], today: dt.date) -> tuple[SafeString, list[SafeString]]:
    """Draw the axis and one strip a milestone, in order."""
    axis = axis_of(steps, today)
    return axis_svg(axis), [strip(axis, step) for step in steps]
