"""Braces of a block that an expansion left bare.

Claim: ``FOREACH(x) { a(); b(); }`` whose ``FOREACH(x)`` became nothing may be written ``a(); b();``, where
the owner grants ``bare-blocks``.

Argument: a block only opens a scope. Without a declaration in it nothing lives in that scope, without a
label nothing can lose its statement, and among the statements of a block no ``if`` or ``else`` gets another
body. Compound literals live as long as their block, so there may be none; a directive may hide any of
these.

Counter-example: ``{ int i = 1; } i++;``: without the braces another i is meant.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.frames import BLOCKS, Kind
from vimagetrack.engine.null.rules.declarations import may_declare
from vimagetrack.engine.null.rules.hidden import Hidden
from vimagetrack.engine.null.rules.reach import Reach
from vimagetrack.engine.null.shape import Shape
from vimagetrack.engine.null.stream import Options, Stream
from vimagetrack.engine.null.words import CONTINUES, DECLARES, STRUCTS, is_directive, is_name

_BEFORE: Final = frozenset({b";", b"{", b"}"})
_NEVER: Final = frozenset({b"case", b"default", b"_Pragma", b"__pragma", b"__label__"})


def candidates(stream: Stream, vanished: Sequence[int]) -> list[int]:
    """Find the braces before which a call vanished; ``vanished`` are the source indexes behind such calls."""
    found = []
    for index, token in enumerate(stream.tokens):
        if token == b"{" and not stream.made[index]:
            before = stream.last[index - 1] if index else 0
            place = bisect_left(vanished, before)
            if place < len(vanished) and vanished[place] <= stream.first[index]:
                found.append(index)
    return found


def _may_hold_declaration(words: Sequence[bytes]) -> bool:
    """Say whether a macro's body, or what it is given, may declare something outside of braces and
    parentheses of its own; a type in parentheses is a cast, but for one with members.
    """
    depth = 0
    for one, two in zip(words, [*words[1:], b""], strict=False):
        depth += (one in (b"{", b"(")) - (one in (b"}", b")"))
        if one in STRUCTS and depth and b"{" in words:
            return True
        named = is_name(one) and (is_name(two) or two in (b"*", b":"))
        if not depth and (one in DECLARES or one in _NEVER or named):
            return True
    return False


class BareBlocks:
    """Finds the braces that may go in one stream."""

    def __init__(
        self,
        stream: Stream,
        shapes: Sequence[Shape],
        options: Options,
        types: frozenset[bytes],
        reach: Reach,
    ) -> None:
        self.stream = stream
        self.tokens = stream.tokens
        self.shapes = shapes
        self.options = options
        self.types = types
        self.reach = reach
        self.hidden = Hidden(reach)
        self.unknown_calls = False

    def find(self, vanished: Sequence[int]) -> set[int]:
        """Give the indexes of the braces that may go; notes what an assumption would have allowed."""
        found: set[int] = set()
        if self.hidden.is_spoilt(self.tokens):
            return found
        for index in candidates(self.stream, vanished):
            self.unknown_calls = False
            live = [shape for shape in self.shapes if not shape.is_dead(index)]
            if not live or not all(self._may_go(shape, index) for shape in live):
                continue
            needs = {Assumption.BARE_BLOCKS} | ({Assumption.CLOSED_WORLD} if self.unknown_calls else set())
            missing = sorted(needs - self.options.assumptions)
            if missing:
                self.stream.withhold(missing[0], self.stream.first[index])
                continue
            self.stream.assumptions |= needs
            found |= {index, live[0].closed_at[index]}
        return found

    def _may_go(self, shape: Shape, index: int) -> bool:
        closer = shape.closed_at.get(index)
        if closer is None or shape.closed_kind[closer] is not Kind.BLOCK:
            return False
        if not shape.is_statement_level(shape.frame_of(index)):
            return False
        over = all(prev >= 0 and self._is_over(shape, prev) for prev in shape.prevs_of(index))
        if shape.braces.may_open_function(index):
            return False
        first = self.tokens[index + 1]
        if self._may_lean(first) or (first == b"while" and shape.dos_at.get(index, 1)):
            return False  # it would lean on the statement before the block
        return over and self._is_plain(shape, index, closer) and self._may_follow(shape, closer)

    def _is_over(self, shape: Shape, prev: int) -> bool:
        if self.tokens[prev] == b"}":
            return shape.closed_kind.get(prev) is Kind.BLOCK
        return self.tokens[prev] in (b";", b"{")

    def _may_follow(self, shape: Shape, closer: int) -> bool:
        around = shape.frame_of(closer)
        for after in shape.nexts_of(closer + 1):
            if after < 0 or self._may_lean(self.tokens[after]) or self.tokens[after] == b"while":
                return False
            if self.tokens[after] == b"}" and around.kind is not Kind.BLOCK:
                return False
        return True

    def _may_lean(self, token: bytes) -> bool:
        """Say whether what begins with a word may go on with the statement before it."""
        if token not in self.hidden.macros:
            return token in CONTINUES
        words = self.hidden.first_words(token)
        return words is None or not words.isdisjoint(CONTINUES | {b"", b"while"})

    def _is_plain(self, shape: Shape, opener: int, closer: int) -> bool:
        """Say whether a block holds nothing that its braces matter to, and its last statement is complete."""
        if closer == opener + 1 or self.tokens[closer - 1] not in (b";", b"}"):
            return False
        for index in range(opener + 1, closer):
            token = self.tokens[index]
            if is_directive(token) or token in _NEVER:
                return False
            if token in STRUCTS and b"{" in self.tokens[index + 1 : index + 3]:
                return False  # a tag, or enumerators, wherever they stand
            if token in self.reach.macros and not self._is_calm(shape, index):
                return False
            if token == b"{" and not self._is_block(shape, index):
                return False  # a literal, perhaps
            if self._begins(shape, index) and not self._is_statement(shape, opener, index):
                return False
        return True

    def _is_calm(self, shape: Shape, index: int) -> bool:
        """Say whether a macro of the text surely declares nothing, nor what it is given."""
        if any(_may_hold_declaration(way.body) for way in self.reach.all_of(self.tokens[index])):
            return False
        closer = shape.closed_at.get(index + 1, index)
        return not _may_hold_declaration(self.tokens[index + 2 : closer])

    @staticmethod
    def _is_block(shape: Shape, index: int) -> bool:
        closer = shape.closed_at.get(index)
        return closer is not None and shape.closed_kind[closer] in BLOCKS

    def _begins(self, shape: Shape, index: int) -> bool:
        before = self.tokens[index - 1]
        return before in _BEFORE or before in (b"else", b"do", b":") or shape.is_header_end(index - 1)

    def _is_statement(self, shape: Shape, opener: int, index: int) -> bool:
        """Say whether a statement that is no label and, directly in the block, no declaration begins here."""
        token = self.tokens[index]
        if is_name(token):
            if self.tokens[index + 1] == b":":
                return False
            self.unknown_calls = self.unknown_calls or self.tokens[index + 1] == b"("
        directly = shape.frame_of(index).opener == opener
        return not (directly and may_declare(self.tokens, index, self.types))
