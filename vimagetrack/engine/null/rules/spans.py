"""Which brackets of a text belong together, and where its statements end, through all its conditionals."""

from __future__ import annotations

from functools import cached_property
from typing import Final, TypeAlias, TypeVar

OPENS: Final = {b"}": b"{", b")": b"(", b"]": b"["}
OPENERS: Final = frozenset(OPENS.values())
_BRACKETS: Final = OPENERS.union(OPENS)
_T = TypeVar("_T")
_Stack: TypeAlias = "tuple[int, _Stack] | None"


def branch(directive: bytes, saved: list[_T], now: _T) -> _T:
    """Begin every branch of a conditional where the first one began."""
    if directive.startswith(b"\n#if"):
        saved.append(now)
    elif saved and directive.startswith(b"\n#el"):
        return saved[-1]
    elif saved and directive.startswith(b"\n#endif"):
        saved.pop()
    return now


class Spans:
    """The brackets of a text; ``close`` is for each token where the bracket that it opens ends.

    What is left open ends with the text. ``branches`` are the directives before a token.
    """

    def __init__(self, tokens: list[bytes], branches: dict[int, list[bytes]]) -> None:
        self.tokens = tokens
        self.open: dict[int, int] = {}
        self.close = [len(tokens) - 1] * len(tokens)
        stack: _Stack = None
        saved: list[_Stack] = []
        self._brackets = [index for index, token in enumerate(tokens) if token in _BRACKETS]
        for index in sorted(branches.keys() | self._brackets) if branches else self._brackets:
            for directive in branches.get(index, ()):
                stack = branch(directive, saved, stack)
            token = tokens[index] if index < len(tokens) else b""
            if token in OPENERS:
                stack = (index, stack)
            elif token in OPENS and stack and tokens[stack[0]] == OPENS[token]:
                self.close[stack[0]], self.open[index] = index, stack[0]
                stack = stack[1]

    @cached_property
    def braces(self) -> dict[int, int]:
        """Pair the braces, whatever else is open between them and whatever the conditionals say."""
        found: dict[int, int] = {}
        stack: list[int] = []
        for index in self._brackets:
            if self.tokens[index] == b"{":
                stack.append(index)
            elif self.tokens[index] == b"}" and stack:
                found[stack.pop()] = index
        return found

    @cached_property
    def ends(self) -> list[int]:
        """Give for each token where a statement that goes on with it ends."""
        tokens, count = self.tokens, len(self.tokens)
        ends = [count] * (count + 1)
        for index in range(count - 1, -1, -1):
            token = tokens[index]
            behind = (self.close[index] if token in OPENERS else index) + 1
            stops = token in (b";", b"{") or token in OPENS
            goes_on = token in (b";", b"{") and tokens[behind : behind + 1] == [b"else"]
            ends[index] = behind - 1 if stops and not goes_on else ends[behind]
        return ends

    @cached_property
    def bodies(self) -> list[int]:
        """Give for each token the next brace on its level."""
        bodies = [len(self.tokens)] * (len(self.tokens) + 1)
        for index in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[index]
            behind = (self.close[index] if token in OPENERS else index) + 1
            bodies[index] = index if token == b"{" or token in OPENS else bodies[behind]
        return bodies
