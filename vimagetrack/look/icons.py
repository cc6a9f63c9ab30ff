"""Icons as concepts: the interface uses one sign for one idea, and never a sign without a word."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


class Icon(StrEnum):
    """The symbols of ``icons.svg``; a value is a symbol's id without ``i-``."""

    BRAND = "steps"
    YES = "check"
    NULL = "equal"
    UNDECIDED = "unsure"
    REFUTED = "differs"
    MEAT = "meat"
    COSMETIC = "space"
    VOCABULARY = "hash"
    OPAQUE = "box"
    BLOCKER = "stop"
    WARNING = "warn"
    ACKNOWLEDGED = "ack"
    PASSES = "ok"
    LANDED = "landed"
    SETTLING = "settle"
    LATE = "late"
    ANNOUNCED = "draft"
    IN_REVIEW = "half"
    TURN = "turn"
    CARRIED = "carry"
    SEE = "eye"
    COMMENT = "talk"
    OBJECTION = "object"
    UPLOAD = "upload"
    DOWNLOAD = "down"
    MAIL = "mail"
    DATE = "cal"
    EDIT = "pencil"
    WORKING = "spin"
    MOVED = "moved"
    NO = "x"
    MEMBERS = "lock"


@cache
def sprite_url() -> str:
    """Give the address of the sprite, once a process: a manifest lookup for every icon of a list is dear."""
    return static("icons.svg")


def icon(name: Icon | str, extra: str = "") -> SafeString:
    """Draw an icon; a word must stand beside it, for readers that do not see it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" {extra}" if extra else "",
        sprite_url(),
        Icon(name).value,
    )
