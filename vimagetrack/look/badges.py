"""Badges and swatches: the colour, the icon and the word of a kind, a verdict or a state, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString

from vimagetrack.look.icons import Icon, icon


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one thing is shown; ``tone`` is the class suffix of its colour."""

    tone: str
    icon: Icon
    word: str


class Tone(StrEnum):
    """The order in which segments of a bar stand, left to right; never sorted by size."""

    NULL = "null"
    COSMETIC = "cosmetic"
    VOCABULARY = "vocabulary"
    OPAQUE = "opaque"
    UNDECIDED = "undecided"
    MEAT = "meat"


HATCHED = frozenset({"undecided", "opaque", "settling"})

LOOKS: dict[str, Look] = {
    "null-macro": Look(tone="null", icon=Icon.NULL, word="proved null"),
    "null": Look(tone="null", icon=Icon.NULL, word="proved null"),
    "vocabulary": Look(tone="vocabulary", icon=Icon.VOCABULARY, word="vocabulary"),
    "cosmetic": Look(tone="cosmetic", icon=Icon.COSMETIC, word="cosmetic"),
    "meat": Look(tone="meat", icon=Icon.MEAT, word="meat"),
    "opaque": Look(tone="opaque", icon=Icon.OPAQUE, word="opaque"),
    "proved": Look(tone="null", icon=Icon.NULL, word="proved"),
    "refuted": Look(tone="refuted", icon=Icon.REFUTED, word="refuted"),
    "undecided": Look(tone="undecided", icon=Icon.UNDECIDED, word="undecided"),
    "planned": Look(tone="cosmetic", icon=Icon.ANNOUNCED, word="planned"),
    "announced": Look(tone="cosmetic", icon=Icon.ANNOUNCED, word="announced"),
    "refused": Look(tone="refuted", icon=Icon.BLOCKER, word="not taken"),
    "in-review": Look(tone="active", icon=Icon.IN_REVIEW, word="in review"),
    "landed": Look(tone="landed", icon=Icon.LANDED, word="landed"),
    "settling": Look(tone="settling", icon=Icon.SETTLING, word="settling"),
    "settled": Look(tone="landed", icon=Icon.YES, word="settled"),
    "backed-out": Look(tone="refuted", icon=Icon.NO, word="backed out"),
    "dropped": Look(tone="cosmetic", icon=Icon.NO, word="dropped"),
    "late": Look(tone="late", icon=Icon.LATE, word="late"),
    "received": Look(tone="active", icon=Icon.WORKING, word="received"),
    "ingesting": Look(tone="active", icon=Icon.WORKING, word="reading"),
    "complete": Look(tone="null", icon=Icon.PASSES, word="complete"),
    "current": Look(tone="null", icon=Icon.PASSES, word="complete, current"),
    "failed": Look(tone="refuted", icon=Icon.BLOCKER, word="failed"),
    "not-taken": Look(tone="refuted", icon=Icon.BLOCKER, word="not taken"),
    "public": Look(tone="cosmetic", icon=Icon.SEE, word="public"),
    "private": Look(tone="cosmetic", icon=Icon.MEMBERS, word="private"),
}

_PLAIN = Look(tone="cosmetic", icon=Icon.ANNOUNCED, word="")


def look_of(name: str) -> Look:
    """Find the look of a kind, verdict or state; a name that nobody has drawn is shown plainly as itself."""
    return LOOKS.get(name.replace("_", "-"), _PLAIN)


def badge(name: str, word: str = "", *, bare: bool = False) -> SafeString:
    """Draw a badge: icon and word, always both. ``bare`` is for tables, without the tint."""
    look = look_of(name)
    turning = "spin" if look.icon is Icon.WORKING else ""
    return format_html(
        '<span class="badge is-{}{}">{}{}</span>',
        look.tone,
        " bare" if bare else "",
        icon(look.icon, turning),
        word or look.word or name,
    )


def swatch(tone: str) -> SafeString:
    """Draw the sample of a colour for a legend."""
    hatch = '<rect width="10" height="10" fill="url(#hatch)"/>' if tone in HATCHED else ""
    return format_html(
        '<svg viewBox="0 0 10 10" aria-hidden="true"><rect class="f-{}" width="10" height="10"/>{}</svg>',
        tone,
        SafeString(hatch),
    )


def key(tone: str, word: str = "") -> SafeString:
    """Draw one entry of a legend."""
    return format_html('<span class="key">{}{}</span>', swatch(tone), word or look_of(tone).word)
