"""Parentheses around one identifier in the bodies of macros.

Claim: as in ``parentheses``, where the body itself shows an operand: an operator, a parenthesis of a call or
the start of a statement before it, and behind it what no cast has, or a name that is a value.

Argument: as there; but the surroundings of a body are not known, so it may be the inside of an enumeration,
of an ``asm`` or of a declaration. A bracket or a comma outside of a call before the operand therefore show
nothing, nor does a brace before what may be an enumerator, nor a call of a parameter.

Counter-example: ``#define LIST { A, V_B = 1 }`` used as ``enum e LIST;``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from vimagetrack.engine.null.rules.declarations import Names
from vimagetrack.engine.null.rules.parentheses import AFTER, CASTABLE, OPERATORS
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import CONTROL, is_body_word, is_name, is_spelling_seen

#: Behind ``(x)`` these show that x is no type, wherever the body of a macro may be used.
_VALUE_FOLLOWS: Final = (AFTER - CASTABLE) - {b")", b"]", b";", b",", b"}", b":", b"?"}
_BEFORE: Final = OPERATORS | {b"(", b",", b";", b"{"}
_WORD: Final = re.compile(rb"\w+")


def find_in_bodies(stream: Stream, names: Names) -> set[int]:
    """Give the made parentheses that may go in the bodies of macros; the blank before a pair goes to its
    name.
    """
    gone: set[int] = set()
    for index in range(2, len(stream.tokens) - 2):
        around = stream.made[index - 1] and stream.made[index + 1] and is_body_word(stream.tokens[index])
        if around and _Place(stream.tokens, index).is_bare(names.values - names.types):
            gone |= {index - 1, index + 1}
            blank = stream.tokens[index - 1][:-1]
            stream.tokens[index] = blank + stream.tokens[index].lstrip(b"\n ")
    return gone


class _Place:
    """A name in parentheses in a body: the words before it, without their blanks, and those around it."""

    def __init__(self, tokens: Sequence[bytes], index: int) -> None:
        self.around = tokens[index - 2 : index + 3]
        first = index - 1
        while first and is_body_word(tokens[first - 1]):
            first -= 1
        self.words = [token.lstrip(b"\n ") for token in tokens[first : index - 1]]
        self.params = frozenset(_WORD.findall(tokens[first - 1])) if first else frozenset()

    def is_bare(self, values: frozenset[bytes]) -> bool:
        """Say whether the name may stand without its parentheses."""
        _, left, name, right, after = (token.lstrip(b"\n ") for token in self.around)
        if left != b"(" or right != b")" or not is_name(name) or not is_body_word(self.around[4]):
            return False
        if not self.words or not self._expects_operand(values):
            return False
        before = self.words[-1]
        shown = after in _VALUE_FOLLOWS or (after in AFTER and name in values)
        names = (after == b":" and before not in OPERATORS) or (after == b"=" and before == b"{")
        return shown and not (names or (before == b"{" and after in (b",", b"}")))

    def _expects_operand(self, values: frozenset[bytes]) -> bool:
        words = self.words
        before = words[-1]
        if before not in _BEFORE and not self._ends_header():
            return False
        if before == b"&&":  # else it is the address of a label
            operand = words[-2:-1]
            if operand != [b"]"] and values.isdisjoint(operand):
                return False
        openers = list(self._openers())
        if any(self._is_looked_at(place) for place in openers):
            return False
        return before != b"," or (bool(openers) and self._is_call(openers[0]))

    def _openers(self) -> Sequence[int]:
        """Give the brackets that are open at the place, the innermost first."""
        found: list[int] = []
        for place, word in enumerate(self.words):
            if word in (b"(", b"[", b"{"):
                found.append(place)
            elif word in (b")", b"]", b"}") and found:
                found.pop()
        return found[::-1]

    def _is_looked_at(self, opener: int) -> bool:
        """Say whether a bracket belongs to what may look at how an operand is written."""
        before = self.words[opener - 1] if opener else b""
        if self.words[opener] == b"(":
            return is_spelling_seen(before) or before == b"sizeof" or before in self.params
        return self.words[opener] == b"[" and before == b"["

    def _is_call(self, opener: int) -> bool:
        return self.words[opener] == b"(" and opener > 0 and is_name(self.words[opener - 1])

    def _ends_header(self) -> bool:
        """Say whether the word before is the ) of a control header in the body."""
        depth = 0
        for place in range(len(self.words) - 1, 0, -1):
            depth += (self.words[place] == b")") - (self.words[place] == b"(")
            if depth <= 0:
                return self.words[place] == b"(" and self.words[place - 1] in CONTROL
        return False
