"""What the owner of a plan may vouch for, because no text that we see can show it.

With or without it the kernel takes for granted that no text out of sight defines a keyword of the language as
a macro (``#define if(c) if (log(#c), c)``): every line of a program has one. What a known text defines so is
seen as the macro that it is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Assumption(StrEnum):
    """One claim about the world outside the known text; a proof names each that it used."""

    MIXED_DECLARATIONS = "mixed-declarations"
    CLOSED_WORLD = "closed-world"
    LINE_NUMBERS = "line-numbers"
    BARE_BLOCKS = "bare-blocks"
    BODIES_IN_FORCE = "bodies-in-force"
    EMPTY_CONDITIONALS = "empty-conditionals"
    INERT_HEADERS = "inert-headers"
    WARNINGS_NOT_ERRORS = "warnings-not-errors"

    @property
    def claim(self) -> str:
        """Say what the owner vouches for, in one sentence without a full stop."""
        return _CLAIMS[self][0]

    @property
    def broken_by(self) -> str:
        """Say what would make the claim false."""
        return _CLAIMS[self][1]


_CLAIMS: Final = {
    Assumption.MIXED_DECLARATIONS: (
        "a statement before a declaration is fine",
        "a C89 build that rejects it",
    ),
    Assumption.CLOSED_WORLD: (
        "identifiers that the known text does not define as macros are none",
        "a header that does",
    ),
    Assumption.LINE_NUMBERS: ("line numbers are no part of what compiles to the same", "__LINE__, assert"),
    Assumption.BARE_BLOCKS: (
        "a block left around statements changes nothing",
        "a hidden declaration, a break of a vanished loop",
    ),
    Assumption.BODIES_IN_FORCE: (
        "the table is in force wherever a rewritten macro body is used",
        "an include that is missing there",
    ),
    Assumption.EMPTY_CONDITIONALS: (
        "an emptied conditional group can stay or go",
        "a condition with a side effect on the build",
    ),
    Assumption.INERT_HEADERS: ("a transition header adds nothing but macros", "a declaration in it"),
    Assumption.WARNINGS_NOT_ERRORS: ("new warnings do not stop the build", "-Werror"),
}
