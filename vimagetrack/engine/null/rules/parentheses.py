"""Parentheses that an expansion put around one identifier.

Claim: ``(foo)`` that a macro made of ``V_foo`` may be written ``foo``, where an expression stands.

Argument: a parenthesised expression has the type, value and lvalue-ness of what is inside (C 6.5.1). That
it *is* an expression is taken from the token before it, and where that is a parenthesis or a comma, from
what encloses it (``operands``). A name that is or seems a type is left alone, and one that only may be a
type where what follows would make its parentheses a cast. Never before ``(``, since a macro's name
there would no longer be one, nor after ``.`` or ``->``, in a declarator or a list of parameters, or where
an operator looks at how its operand is written. Not in C++, where ``decltype((a))`` and argument lookup
tell the two apart; nor where a pragma may ask for loops of a certain form.

Counter-example: ``ifp->V_foo`` with ``#define V_foo (foo)`` is an error, no member.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from vimagetrack.engine.lex.ctokens import CHAR, IDENTIFIER, KINDS, NUMBER, STRING
from vimagetrack.engine.null.frames import BLOCKS, Frame, Kind
from vimagetrack.engine.null.rules.declarations import Names
from vimagetrack.engine.null.rules.hidden import Hidden
from vimagetrack.engine.null.rules.operands import Operands
from vimagetrack.engine.null.shape import Shape
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import ASSIGNS, CONTROL, is_name

#: Behind these an operand stands, wherever they are.
OPERATORS: Final = ASSIGNS | {
    b"==", b"!=", b"<", b">", b"<=", b">=", b"<<", b">>", b"+", b"-", b"/", b"%", b"|", b"^", b"&&", b"||",
    b"&", b"!", b"~", b"?", b"++", b"--", b"return", b"case",
}  # fmt: skip
_IN_CODE: Final = frozenset({b"*", b";", b":", b"else", b"do", b"{", b"}", b"["})
AFTER: Final = ASSIGNS | {
    b")", b"]", b";", b",", b".", b"->", b"[", b"++", b"--", b"?", b":", b"}", b"==", b"!=", b"<", b">",
    b"<=", b">=", b"<<", b">>", b"+", b"-", b"*", b"/", b"%", b"&", b"|", b"^", b"&&", b"||",
}  # fmt: skip
#: What may follow a cast: behind ``(x)`` these show that x may have been a type.
CASTABLE: Final = frozenset({b"(", b"{", b"~", b"!", b"+", b"-", b"*", b"&", b"++", b"--", b"&&"})
_STATEMENT_BEGINS: Final = frozenset({b";", b"{", b"}", b":", b"else", b"do"})
_CONSTANTS: Final = (NUMBER, STRING, CHAR)
_LITERALS: Final = (*_CONSTANTS, IDENTIFIER)
_NO_LABELS: Final = frozenset({b"(", b"!", b"~", b"-", b"*", b"&"})
_POSTFIX: Final = frozenset({b".", b"->", b"[", b"("})


def candidates(stream: Stream) -> Iterator[tuple[int, int]]:
    """Find made parentheses around one name: how the name stands, and how many pairs are around it."""
    tokens, made = stream.tokens, stream.made
    openers = (
        [place for place, flag in enumerate(made) if flag and tokens[place] == b"("] if any(made) else []
    )
    for index in [place + 1 for place in openers if place + 1 < len(tokens)]:
        if KINDS[tokens[index]] is IDENTIFIER and _is_pair(stream, index, 1):
            pairs = 1
            while _is_pair(stream, index, pairs + 1):
                pairs += 1
            yield index, pairs


def _is_pair(stream: Stream, index: int, width: int) -> bool:
    left, right = index - width, index + width
    if left < 0 or right >= len(stream.tokens):
        return False
    return (
        stream.tokens[left] == b"("
        and stream.tokens[right] == b")"
        and bool(stream.made[left])
        and bool(stream.made[right])
    )


class Parentheses:
    """Finds the pairs that may go in one stream."""

    def __init__(
        self,
        stream: Stream,
        shapes: Sequence[Shape],
        names: Names,
        hidden: Hidden,
        *,
        careless: frozenset[bytes],
    ) -> None:
        self.stream = stream
        self.tokens = stream.tokens
        self.types = names.types
        self.values = names.values - names.types
        self.hidden = hidden
        local = frozenset(hidden.macros)  # the macros that the text defines and the table does not
        self.operands = {shape: Operands(shape, local, careless) for shape in shapes}

    def find(self) -> set[int]:
        """Give the indexes of the parentheses that may go."""
        found: set[int] = set()
        if b"<:" in self.tokens or self.hidden.is_spoilt(self.tokens) or self.hidden.asks(self.tokens):
            return found
        for index, pairs in candidates(self.stream):
            name = self.tokens[index]
            if not is_name(name) or name in self.hidden.macros or name in self.types:
                continue
            for width in range(1, pairs + 1):
                left, right = index - width, index + width
                if not all(
                    self._may_go(asked, left, right)
                    for shape, asked in self.operands.items()
                    if not shape.is_dead(left)
                ):
                    break
                found |= {left, right}
        return found

    def _is_value(self, left: int, right: int) -> bool:
        """Say whether the text shows that what stands in the parentheses is no type."""
        return self.tokens[(left + right) // 2] in self.values

    def _may_go(self, asked: Operands, left: int, right: int) -> bool:
        prevs = asked.shape.prevs_of(left)
        after = asked.shape.nexts_of(right + 1)
        is_value = self._is_value(left, right)
        follows = all(
            place >= 0 and self._may_follow(asked.shape, prevs, place, is_value=is_value) for place in after
        )
        return follows and all(self._expects_operand(asked, prev, left, right) for prev in prevs)

    def _may_follow(self, shape: Shape, prevs: Sequence[int], after: int, *, is_value: bool) -> bool:
        """Say whether what follows shows an operand: no label, and nothing that a type could stand before."""
        token = self.tokens[after]
        if token not in AFTER or min(prevs) < 0:
            return False
        if token == b":":
            return all(self.tokens[prev] in OPERATORS for prev in prevs)
        if token == b";" and not is_value:
            return not any(
                self.tokens[prev] in _STATEMENT_BEGINS or shape.is_header_end(prev) for prev in prevs
            )
        if token == b"*":
            return is_value and self._multiplies(prevs, after)
        return is_value or token not in CASTABLE or (token == b"&&" and not self._may_be_label(after + 1))

    def _may_be_label(self, index: int) -> bool:
        """Say whether ``&&`` before a token may take the address of a label, as in ``(T)&&l``."""
        token, after = [*self.tokens[index : index + 2], b"", b""][:2]
        return KINDS[token] not in _CONSTANTS and token not in _NO_LABELS and after not in _POSTFIX

    def _multiplies(self, prevs: Sequence[int], star: int) -> bool:
        """Say whether a star cannot be that of a declaration either, nor that of a cast's type."""
        if all(self.tokens[prev] in OPERATORS for prev in prevs):
            return True
        second = self.tokens[star + 1] if star + 1 < len(self.tokens) else b""
        begins = any(
            self.tokens[prev] not in (b"(", b",") or (prev > 0 and self.tokens[prev - 1] in CONTROL)
            for prev in prevs
        )
        return not begins and (is_name(second) or KINDS[second] is NUMBER)

    def _expects_operand(self, asked: Operands, prev: int, left: int, right: int) -> bool:
        """Say whether an expression surely begins behind a token."""
        shape = asked.shape
        token, frame = self.tokens[prev], shape.frame_of(left)
        if token == b"&&" and not all(asked.ends_behind(place) for place in shape.prevs_of(prev)):
            return False  # the address of a label
        if token in OPERATORS:
            return not asked.are_looked_at(frame, inside=self._is_value(left, right))
        if not _in_code(shape, frame) or asked.are_looked_at(frame):
            return False
        if token in (b"(", b","):
            return self._is_list(asked, frame, prev, (left, right))
        if token == b")":
            return shape.is_header_end(prev) or asked.is_cast(prev)
        if token == b"}":
            return shape.closed_kind.get(prev) is Kind.BLOCK
        if token == b"{":
            return frame.kind in BLOCKS
        if token == b"*":
            return not asked.may_be_pointer(prev) and asked.is_in_call(frame)
        return token in _IN_CODE

    def _is_list(self, asked: Operands, frame: Frame, prev: int, pair: tuple[int, int]) -> bool:
        """Say whether a parenthesis or comma is one of a call, a header or a plain grouping."""
        if frame.kind is Kind.OTHER:
            return asked.is_initialiser(frame)
        if frame.kind is not Kind.PAREN:  # a comma between operands, or between declarators
            return not asked.lists_names(prev)
        if frame.opener <= 0:
            return False
        callee = frame.opener - 1
        token = self.tokens[callee]
        if token in CONTROL:
            return True
        if token == b"sizeof":
            return self._is_value(*pair)
        if is_name(token):
            return asked.is_call(callee)
        if token in (b")", b"]"):
            return asked.is_call_through(callee) and not self._may_be_cast(asked.shape, frame, prev, pair[1])
        return self.tokens[prev] == b"," or not self._may_be_cast(asked.shape, frame, prev, pair[1])

    def _may_be_cast(self, shape: Shape, frame: Frame, prev: int, right: int) -> bool:
        """``((x)) y``, ``((x)[2]) { }``: if x were a type, the outer pair would be a cast or a literal's
        type.
        """
        if prev != frame.opener or self.tokens[right + 1] not in (b")", b"["):
            return False
        closer = shape.closed_at.get(frame.opener)
        if closer is None:
            return True
        for place in shape.nexts_of(closer + 1):
            token = self.tokens[place] if place >= 0 else b"("
            if token in CASTABLE or KINDS[token] in _LITERALS:
                return True
        return False


def _in_code(shape: Shape, frame: Frame) -> bool:
    """Say whether a place is inside of statements; never so in a list of parameters at file level."""
    return any(shape.is_statement_level(around) for around in frame.chain())
