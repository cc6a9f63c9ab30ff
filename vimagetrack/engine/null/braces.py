"""What a brace opens, told from what stands before it.

A brace is called a block only where that is plain; safe to be wrong by calling a block OTHER.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS, STRING
from vimagetrack.engine.null.frames import (
    BLOCK,
    BLOCKS,
    BRACKET,
    FILE,
    OTHER,
    PAREN,
    START,
    UNSEEN,
    VALUE,
    Kind,
)
from vimagetrack.engine.null.words import ATTRIBUTES, CONTROL, STATEMENT, STRUCTS, is_directive, is_name

if TYPE_CHECKING:
    from vimagetrack.engine.null.shape import Shape


class Braces:
    """Answers for one shape, at the place to which its walk has come."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.tokens = shape.tokens

    def kind_at(self, index: int) -> Kind:
        """Tell what the brace at an index opens; OTHER where the ways to it do not agree."""
        kinds = {self._kind_after(prev) for prev in self.shape.prevs_of(index)}
        return kinds.pop() if len(kinds) == 1 else OTHER

    def _kind_after(self, prev: int) -> Kind:
        if prev < 0 or self.shape.broken:
            return self.shape.first if prev == START else OTHER
        token, around = self.tokens[prev], self.shape.frame.kind
        if token == b"(":
            return VALUE
        if around in (PAREN, BRACKET, OTHER):
            return OTHER
        if token == b")":
            return self._kind_after_paren(prev)
        if token in (b"else", b"do"):
            return BLOCK
        if around in BLOCKS:
            plain = token in (b";", b"{", b":") or (
                token == b"}" and self.shape.closed_kind.get(prev) is BLOCK
            )
            return BLOCK if plain else OTHER
        if around is FILE:
            return self._kind_in_file(prev, token)
        return OTHER

    def _kind_in_file(self, prev: int, token: bytes) -> Kind:
        """Outside all: a function in the old style, or a brace that only groups declarations."""
        if token == b";":
            return BLOCK
        before = self.tokens[prev - 1] if prev else b""
        linkage = KINDS[token] is STRING and before == b"extern"
        return FILE if linkage or b"namespace" in (token, before) else OTHER

    def _kind_after_paren(self, prev: int) -> Kind:
        callee = self.shape.ends_at.get(prev, 0) - 1
        while callee > 0 and self.tokens[callee] in ATTRIBUTES and self.tokens[callee - 1] == b")":
            callee = self.shape.ends_at.get(callee - 1, 0) - 1
        if callee < 0 or is_directive(self.tokens[callee]):
            return OTHER
        token = self.tokens[callee]
        if token in CONTROL:
            return BLOCK
        return self._kind_of_callee(callee) if is_name(token) else OTHER

    def _kind_of_callee(self, callee: int) -> Kind:
        """A name, its parentheses, and a brace: a function, or an iterator macro in a block."""
        if self.tokens[callee] in self.shape.strange:
            return OTHER
        prevs = self.shape.prevs_of(callee)
        for prev in prevs:
            token = self.tokens[prev] if prev >= 0 else b";"
            typed = token == b"*" or (KINDS[token] is IDENTIFIER and token not in STRUCTS | STATEMENT)
            begins = token in (b";", b"{", b"}", b"else", b"do", b":") or self.shape.is_header_end(prev)
            if token in (b"else", b"do") or self.shape.frame.kind in BLOCKS:
                typed, begins = False, begins or typed  # ``struct s AT(8) {``, with a macro out of sight
            if not typed and not (begins and self.shape.closed and prev != UNSEEN):
                return OTHER
        return BLOCK

    def may_open_function(self, index: int) -> bool:
        """Say whether a brace before this place could be the body of a function in the old style, whose
        parameters are declared before it: ``f(a) int a; {``.

        No statement has a name behind the parentheses of another one, but for macros.
        """
        tokens, ends = self.tokens, self.shape.ends_at
        place = index - 1
        while place > 0 and tokens[place] != b"{":
            if tokens[place] == b"}" and self.shape.closed_kind.get(place) is not OTHER:
                break
            opener = ends.get(place, place)
            if tokens[place] == b")" and KINDS[tokens[place + 1]] is IDENTIFIER:
                callee = tokens[opener - 1]
                if KINDS[callee] is not IDENTIFIER or is_name(callee):
                    return True
            place = opener - 1
        return False
