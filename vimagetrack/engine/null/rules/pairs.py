"""The parentheses of a stream as the preprocessor pairs them: it knows no braces and no brackets.

Safe to be wrong by taking a pair for longer than it is: where the branches of a conditional differ, whatever
one of them leaves open is open, and what never closes in sight holds all that follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

#: The parentheses that are open at a place, the outermost first; alternatives of branches share a level.
_Levels = list[tuple[int, ...]]


class Pairs:
    """Pairs the parentheses of one stream; ``closed_at`` leads from each opening one to the last that may
    close it, or to the number of tokens. ``deepest`` is how many were open at once.
    """

    def __init__(self, tokens: Sequence[bytes]) -> None:
        self.tokens = tokens
        self.closed_at: dict[int, int] = {}
        self._opened_at: dict[int, int] = {}
        self.deepest = 0
        self._open: _Levels = []
        self._groups: list[tuple[_Levels, list[_Levels]]] = []
        wanted = {b"(", b")", *(token for token in set(tokens) if token[:2] == b"\n#")}
        for index in [index for index, token in enumerate(tokens) if token in wanted]:
            token = tokens[index]
            if token == b"(":
                self._open.append((index,))
                self.deepest = max(self.deepest, len(self._open))
                self.closed_at[index] = len(tokens)
            elif token != b")":
                self._directive(token)
            elif self._open:
                level = self._open.pop()
                self.closed_at.update(dict.fromkeys(level, index))
                self._opened_at[index] = level[0]

    def _directive(self, token: bytes) -> None:
        if token.startswith(b"\n#if"):
            self._groups.append((list(self._open), []))
        elif token.startswith(b"\n#el") and self._groups:
            before, ends = self._groups[-1]
            ends.append(self._open)
            self._open = list(before)
        elif token.startswith(b"\n#endif") and self._groups:
            before, ends = self._groups.pop()
            ways = zip_longest(*ends, self._open, before, fillvalue=())
            self._open = [tuple(dict.fromkeys(index for way in level for index in way)) for level in ways]

    def partner(self, place: int) -> int:
        """Give the other parenthesis of a pair; -1 where it is out of sight."""
        found = self.closed_at.get(place, self._opened_at.get(place, -1))
        return found if found < len(self.tokens) else -1

    def callee(self, opener: int) -> tuple[bytes, bool]:
        """Give the token that a parenthesis belongs to, and whether it stands right before it.

        What ``M(x)(y)`` hands y to is up to M.
        """
        place = opener - 1
        while place >= 0 and self.tokens[place] == b")" and place in self._opened_at:
            place = self._opened_at[place] - 1
        return (self.tokens[place] if place >= 0 else b""), place == opener - 1
