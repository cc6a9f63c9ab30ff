"""What the macros of a text may hide from who reads its tokens.

Claim: a text's braces, parentheses and statements are those of its tokens, unless a macro that is not
expanded brings others.

Argument: a macro is put in as a whole. If the brackets of every body that it can come to close within that
body, and every ``do`` finds its ``while`` there, what is around it keeps its shape. What it begins with
matters to an empty statement before it (``else``), what it ends with to a brace behind it: only behind the
``)`` of a control header, ``else`` or the head of a function does a brace open a block.

Counter-example: ``#define REPEAT do``: in ``REPEAT g(1);; while (x);`` the empty statement is one too many.
Safe to be wrong by taking a macro for one that hides more than it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS
from vimagetrack.engine.null.rules.reach import Reach
from vimagetrack.engine.null.table import Definition
from vimagetrack.engine.null.words import ASSIGNS, CONTINUES, CONTROL, STATEMENT, STRUCTS, is_name

_PAIRS: Final = {b")": b"(", b"]": b"[", b"}": b"{", b"%>": b"<%", b":>": b"<:"}
_OPENERS: Final = frozenset(_PAIRS.values())
_ENDS: Final = frozenset({b";", b"{", b"}"})
_REDEFINED: Final = STATEMENT | CONTINUES | STRUCTS | {b"sizeof"}
_PRAGMAS: Final = frozenset({b"_Pragma", b"__pragma"})


class Hidden:
    """Answers for the macros that a text defines."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.macros = reach.macros
        self._first: dict[bytes, frozenset[bytes] | None] = {}

    def is_spoilt(self, tokens: Iterable[bytes]) -> bool:
        """Say whether a macro in use is no whole, or goes by a keyword of the language."""
        used = self.macros.keys() & set(tokens)
        return any(name in _REDEFINED or not self._is_whole(name) for name in used)

    def _is_whole(self, name: bytes) -> bool:
        return all(_is_nested(way.body) and not _leaves_do(way.body) for way in self.reach.all_of(name))

    def asks(self, tokens: Iterable[bytes]) -> bool:
        """Say whether a pragma stands in a text, by itself or through a macro: it may ask for the form of
        what follows.
        """
        words = set(tokens)
        if not words.isdisjoint(_PRAGMAS) or any(word.startswith(b"\n#pragma") for word in words):
            return True
        return any(not _PRAGMAS.isdisjoint(self.reach.of(name)) for name in self.macros.keys() & words)

    def first_words(self, name: bytes) -> frozenset[bytes] | None:
        """Give the words with which the expansion of a macro may begin, b"" where it may be empty; None
        where that is not known.
        """
        if name not in self._first:
            self._first[name] = None  # while it is being asked for
            self._first[name] = self._find_first(name)
        return self._first[name]

    def _find_first(self, name: bytes) -> frozenset[bytes] | None:
        found: set[bytes] = set()
        for way in self.reach.definitions(name):
            word = way.body[0] if way.body else b""
            if word in (way.params or ()) or word in (b"__VA_ARGS__", b"__VA_OPT__", b"#", b"%:"):
                return None
            if not any(True for _ in self.reach.definitions(word)):
                found.add(word)
                continue
            inner = self.first_words(word)
            if inner is None or b"" in inner:
                return None
            found |= inner
        return frozenset(found)

    @property
    def strange(self) -> frozenset[bytes]:
        """Give the macros behind whose call a brace may open something else than a block."""
        return frozenset(name for name in self.macros if not self._is_head(name, frozenset()))

    def _is_head(self, name: bytes, asked: frozenset[bytes]) -> bool:
        ways = list(self.reach.definitions(name))
        return name not in asked and all(self._ends_as_head(way, asked | {name}) for way in ways)

    def _ends_as_head(self, way: Definition, asked: frozenset[bytes]) -> bool:
        """Say whether a body ends with the header of a statement or the head of a function."""
        body = _last_part(way.body)
        if not body or any(word in ASSIGNS | STRUCTS or word == b"return" for word in _outside(body)):
            return False
        if body[-1] == b"else":
            return True
        if body[-1] != b")":
            return way.params is None and len(body) == 1 and self._is_name_of_head(body[0], asked)
        callee = _opener(body) - 1
        if callee < 0:
            return False
        if body[callee] in CONTROL or any(True for _ in self.reach.definitions(body[callee])):
            return self._is_name_of_head(body[callee], asked)
        before = body[callee - 1] if callee else b"*"  # alone it is what the same call in the text would be
        return is_name(body[callee]) and (before == b"*" or KINDS[before] is IDENTIFIER)

    def _is_name_of_head(self, word: bytes, asked: frozenset[bytes]) -> bool:
        """Say whether behind this word and its parentheses a brace opens a block."""
        if any(True for _ in self.reach.definitions(word)):
            return self._is_head(word, asked)
        return word in CONTROL or is_name(word)


def _is_nested(body: Sequence[bytes]) -> bool:
    """Say whether the brackets of a body close in it, each by its own."""
    stack: list[bytes] = []
    for word in body:
        if word in _OPENERS:
            stack.append(word)
        elif word in _PAIRS and (not stack or stack.pop() != _PAIRS[word]):
            return False
    return not stack


def _leaves_do(body: Sequence[bytes]) -> bool:
    """Say whether a ``do`` outside of braces may find its ``while`` outside of the body."""
    open_dos = 0
    before = b""
    for word in _outside(body, openers=(b"{",), closers=(b"}",)):
        if word == b"do":
            open_dos += 1
        elif word == b"while" and before in (b";", b"}"):
            open_dos = max(0, open_dos - 1)
        before = word
    return open_dos > 0


def _outside(
    body: Sequence[bytes],
    openers: Sequence[bytes] = (b"(", b"["),
    closers: Sequence[bytes] = (b")", b"]"),
) -> list[bytes]:
    """Give the words of a body that stand outside of brackets, with the brackets."""
    depth, found = 0, []
    for word in body:
        depth -= word in closers
        if depth <= 0:
            found.append(word)
        depth += word in openers
    return found


def _last_part(body: Sequence[bytes]) -> Sequence[bytes]:
    """Give what stands behind the last ; or brace outside of parentheses."""
    depth, start = 0, 0
    for place, word in enumerate(body):
        depth += (word == b"(") - (word == b")")
        if not depth and word in _ENDS:
            start = place + 1
    return body[start:]


def _opener(body: Sequence[bytes]) -> int:
    """Give the place of the parenthesis that the last word of a body closes, -1 where there is none."""
    depth = 0
    for place in range(len(body) - 1, -1, -1):
        depth += (body[place] == b")") - (body[place] == b"(")
        if not depth:
            return place
    return -1
