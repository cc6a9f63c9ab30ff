"""Numbers, dates and sizes as the interface says them. Pure: the day that counts as today is passed in."""

from __future__ import annotations

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString


def number(value: int) -> str:
    """Write a count with commas between thousands."""
    return f"{value:,}"


def count(value: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun: ``1 file``, ``2,410 files``."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def percent(part: int, whole: int) -> str:
    """Write a share with one digit after the point; counts below 100 are said as ``3 of 14``.

    Never rounds up to 100.0 nor down to 0.0: "all" and "none" are claims.
    """
    if whole < 100 or part in (0, whole):
        return f"{part:,} of {whole:,}"
    share = min(max(round(1000 * part / whole), 1), 999)
    return f"{share // 10}.{share % 10}%"


def size(octets: int) -> str:
    """Write a size in bytes for a reader, in powers of 1,000."""
    value = float(octets)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{octets:,} bytes" if unit == "bytes" else f"{value:.1f} {unit}"


def day(on: dt.date, *, today: dt.date | None = None, short: bool = False) -> str:
    """Write a day: ``6 July``, with the year only where it differs from today's."""
    month = f"{on:%b}" if short else f"{on:%B}"
    year = f" {on.year}" if today is None or on.year != today.year else ""
    return f"{on.day} {month}{year}"


def month(on: dt.date, *, today: dt.date | None = None) -> str:
    """Write a month: ``August``, with the year where it differs from today's."""
    return f"{on:%B}" if today is not None and on.year == today.year else f"{on:%B %Y}"


def age(then: dt.datetime, now: dt.datetime) -> str:
    """Write how long ago something was, in the largest unit that is not zero."""
    seconds = max((now - then).total_seconds(), 0)
    if seconds < 60:
        return "just now"
    for length, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= length:
            return f"{count(int(seconds // length), noun)} ago"
    return "just now"


def duration(seconds: float) -> str:
    """Write how long something took, to a tenth of a second below a minute."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def time_day(on: dt.date, *, today: dt.date | None = None) -> SafeString:
    """Wrap a day in ``<time>``."""
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), day(on, today=today))


def time_ago(then: dt.datetime, now: dt.datetime) -> SafeString:
    """Wrap an age in ``<time>``, with the moment in its title."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        then.isoformat(timespec="seconds"),
        f"{then:%Y-%m-%d %H:%M} UTC",
        age(then, now),
    )


def short_digest(digest: str) -> str:
    """Write a digest so that two can be told apart by eye; the whole one belongs in a title."""
    return f"{digest[:4]}…{digest[-4:]}" if len(digest) > 12 else digest


def join(words: list[str], last: str = "and") -> str:
    """Write a list as a sentence does: ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
