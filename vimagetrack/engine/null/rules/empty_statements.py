"""Empty statements.

Claim: a ``;`` by itself, among the statements of a block, may be there or not.

Argument: an empty statement does nothing (C 6.8.3). It may go where the statement before it is over (after
``;``, or the ``{`` or ``}`` of a block), so that it is the body of nothing, and where what follows does not
lean on it: no ``else``, no ``while`` of an open ``do``, no ``case`` or ``default``, not the end of ``({
})``, whose value it would change, nor a macro of the text that may begin with one of these. Before a
declaration it makes a statement of the block's head, which C89 forbids: ``mixed-declarations``. A macro of
the text may see it in its arguments, and may hide what the statement belongs to (``hidden``).

Counter-example: ``if (x) CURVNET_SET(y); g();``: the empty statement is the body of the if.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vimagetrack.engine.lex.directives import places
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.frames import BLOCKS, Frame, Kind
from vimagetrack.engine.null.rules.declarations import may_declare
from vimagetrack.engine.null.rules.hidden import Hidden
from vimagetrack.engine.null.shape import Shape
from vimagetrack.engine.null.stream import Options, Stream
from vimagetrack.engine.null.words import CONTINUES, STRUCTS, is_name

_BEFORE: Final = frozenset({b";", b"{", b"}"})
#: Macros that may be empty, one behind the other: more are left alone.
_MOST_MACROS: Final = 8


def candidates(tokens: Sequence[bytes]) -> list[int]:
    """Find what may be an empty statement by its neighbour alone (directives may stand between).

    The ``;`` behind a structure or an initialiser is left out where its brace shows it at once.
    """
    near = [index for index in places(tokens, b";") if index and _may_stand_behind(tokens[index - 1])]
    near = [index for index in near if not _in_for(tokens, index)]
    ends = [index for index in near if tokens[index - 1] == b"}"]
    plain = _plain_ends(tokens, set(ends)) if ends else set()
    return [index for index in near if index not in plain]


def _in_for(tokens: Sequence[bytes], index: int) -> bool:
    """Say whether a ``;`` is one of ``for (;;)`` beyond doubt."""
    return tokens[index + 1 : index + 2] == [b")"] or tokens[max(index - 2, 0) : index] == [b"(", b";"]


def _may_stand_behind(before: bytes) -> bool:
    return before in _BEFORE or before[:1] == b"\n"


def _plain_ends(tokens: Sequence[bytes], ends: set[int]) -> set[int]:
    """Give those of the ``;`` behind a ``}`` whose ``{`` stands behind a = or a tag: never empty
    statements.
    """
    found: set[int] = set()
    stack: list[int] = []
    for index in sorted([*places(tokens, b"{"), *places(tokens, b"}")]):
        if tokens[index] == b"{":
            stack.append(index)
        elif stack:
            opener = stack.pop()
            tagged = opener > 1 and (tokens[opener - 2] in STRUCTS or tokens[opener - 1] in STRUCTS)
            if index + 1 in ends and (tokens[opener - 1] == b"=" or tagged):
                found.add(index + 1)
    return found


class EmptyStatements:
    """Finds what may go in one stream."""

    def __init__(
        self,
        stream: Stream,
        shapes: Sequence[Shape],
        options: Options,
        types: frozenset[bytes],
        hidden: Hidden,
    ) -> None:
        self.stream = stream
        self.tokens = stream.tokens
        self.shapes = shapes
        self.options = options
        self.types = types
        self.hidden = hidden
        self.needs: set[Assumption] = set()

    def find(self) -> set[int]:
        """Give the indexes of the tokens that may go; notes what an assumption would have allowed."""
        found: set[int] = set()
        if self.hidden.is_spoilt(self.tokens) or self._hands_on_do():
            return found
        for index in candidates(self.tokens):
            self.needs = set()
            if not all(self._may_go(shape, index) for shape in self.shapes if not shape.is_dead(index)):
                continue
            missing = sorted(self.needs - self.options.assumptions)
            if missing:
                self.stream.withhold(missing[0], self.stream.first[index])
                continue
            self.stream.assumptions |= self.needs
            found.add(index)
        return found

    def _hands_on_do(self) -> bool:
        """Say whether a macro is given a ``do`` that it may put anywhere: ``ID(do) g();; while (x);``."""
        dos = places(self.tokens, b"do")
        return any(shape.frame_of(index).kind is Kind.PAREN for index in dos for shape in self.shapes)

    def _may_go(self, shape: Shape, index: int) -> bool:
        frame = shape.frame_of(index)
        if not shape.is_statement_level(frame) or self._is_looked_at(shape, frame):
            return False
        over = all(self._is_over(shape, prev) for prev in shape.prevs_of(index))
        return over and all(self._may_follow(shape, index, after) for after in shape.nexts_of(index + 1))

    def _is_looked_at(self, shape: Shape, frame: Frame) -> bool:
        """Say whether a macro of the text is given the statement; one out of sight may be."""
        for around in frame.chain():
            if around.kind is Kind.PAREN:
                callee = around.opener - 1
                while callee >= 0 and self.tokens[callee] == b")":
                    callee = shape.ends_at.get(callee, 0) - 1
                name = self.tokens[callee] if callee >= 0 else b""
                if around.opener < 0 or name in self.hidden.macros:
                    return True
                if is_name(name):
                    self.needs.add(Assumption.CLOSED_WORLD)
        return False

    def _is_over(self, shape: Shape, prev: int) -> bool:
        """Say whether the statement before is complete, or none is before."""
        if prev < 0:
            return False
        token = self.tokens[prev]
        if token == b"}":
            return shape.closed_kind.get(prev) is Kind.BLOCK
        return token in (b";", b"{")

    def _may_follow(self, shape: Shape, index: int, after: int, passed: int = 0) -> bool:
        if after < 0:
            return False
        tokens, frame = self.tokens, shape.frame_of(index)
        token = tokens[after]
        if token in self.hidden.macros:
            return passed < _MOST_MACROS and self._may_lead(shape, index, after, passed + 1)
        if token == b"}":
            return frame.kind is Kind.BLOCK or (
                frame.kind is Kind.LEVEL and after + 1 < len(tokens) and tokens[after + 1] != b")"
            )
        if is_name(token):
            self.needs.add(Assumption.CLOSED_WORLD)
        if may_declare(tokens, after, self.types):
            self.needs.add(Assumption.MIXED_DECLARATIONS)
        return not self._leans(shape, index, token)

    def _leans(self, shape: Shape, index: int, token: bytes) -> bool:
        """Say whether what begins with a word may need the statement before it as it is."""
        in_block = shape.frame_of(index).kind in BLOCKS
        if token == b"{":  # the body of a function in the old style, perhaps
            return not in_block or shape.braces.may_open_function(index)
        if token == b"while":
            return not in_block or bool(shape.dos_at.get(index, 1))
        return token in CONTINUES

    def _may_lead(self, shape: Shape, index: int, after: int, passed: int) -> bool:
        """Say whether a macro of the text may follow, and where it may be empty, what stands behind it."""
        words = self.hidden.first_words(self.tokens[after])
        if words is None or any(self._leans(shape, index, word) for word in words):
            return False
        ways = self.hidden.reach.all_of(self.tokens[after])
        if any(may_declare([*way.body, b";"], 0, self.types) for way in ways):
            self.needs.add(Assumption.MIXED_DECLARATIONS)
        if b"" not in words:
            return True
        ends = {after, shape.closed_at.get(after + 1, after)}
        behind = set().union(*(shape.nexts_of(end + 1) for end in ends))
        return all(self._may_follow(shape, index, place, passed) for place in behind)
