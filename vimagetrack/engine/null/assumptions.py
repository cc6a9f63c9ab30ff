"""What a plan's owner may vouch for; nothing is assumed that the plan does not grant."""

from __future__ import annotations

from enum import StrEnum


class Assumption(StrEnum):
    """A claim that no token proof can check; each use is recorded beside the proof."""

    MIXED_DECLARATIONS = "mixed-declarations"
    CLOSED_WORLD = "closed-world"
    LINE_NUMBERS = "line-numbers"
    BARE_BLOCKS = "bare-blocks"
    BODIES_IN_FORCE = "bodies-in-force"
    EMPTY_CONDITIONALS = "empty-conditionals"
    INERT_HEADERS = "inert-headers"
    WARNINGS_NOT_ERRORS = "warnings-not-errors"
