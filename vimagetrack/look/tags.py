"""The template library ``look``: what templates may say about looks, each one line over a pure function."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from vimagetrack.display import to_display
from vimagetrack.look import badges, characters, icons, words

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw an icon."""
    return icons.icon(name, extra)


@register.simple_tag
def icon_of(name: str) -> SafeString:
    """Draw the icon of a kind, a verdict or a state."""
    return icons.icon(badges.look_of(name).icon)


@register.simple_tag
def badge(name: str, word: str = "") -> SafeString:
    """Draw a tinted badge; at most one a table row."""
    return badges.badge(str(name), str(word))


@register.simple_tag
def bare_badge(name: str, word: str = "") -> SafeString:
    """Draw a badge without tint."""
    return badges.badge(str(name), str(word), bare=True)


@register.simple_tag
def key(tone: str, word: str = "") -> SafeString:
    """Draw one entry of a legend."""
    return badges.key(tone, word)


@register.filter
def visible(text: Any) -> SafeString:
    """Escape text from outside and box what cannot be seen; for every path, name and title."""
    return characters.visible(text if isinstance(text, bytes) else str(text))


@register.filter
def commas(value: int) -> str:
    """Write a count with commas."""
    return words.number(int(value or 0))


@register.filter
def counted(value: int, noun: str) -> str:
    """Write a count with its noun; ``"match,matches"`` names an odd plural."""
    singular, _, plural = noun.partition(",")
    return words.count(int(value or 0), singular, plural)


@register.filter
def day(on: dt.date | None) -> SafeString:
    """Write a day in ``<time>``; nothing for no day."""
    return words.time_day(on, today=timezone.now().date()) if on else SafeString("")


@register.filter
def ago(then: dt.datetime | None) -> SafeString:
    """Write an age in ``<time>``; nothing for no moment."""
    return words.time_ago(then, timezone.now()) if then else SafeString("")


@register.filter
def octets(value: int) -> str:
    """Write a size in bytes for a reader."""
    return words.size(int(value or 0))


@register.filter
def digest(value: str) -> str:
    """Shorten a digest for the eye."""
    return words.short_digest(str(value))


@register.filter
def paragraphs(text: Any) -> SafeString:
    """Set prose from outside: blank lines part paragraphs, other line breaks were the editor's."""
    return characters.paragraphs(str(text))


@register.filter
def plain(text: Any) -> str:
    """Spell out what cannot be seen, without markup, for ``<title>`` and attributes; the template escapes."""
    return to_display(str(text))
