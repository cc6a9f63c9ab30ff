"""Parentheses that an expansion put around one identifier.

Claim: ``(foo)`` that a macro made of ``V_foo`` may be written ``foo``, where an expression stands.

Argument: a parenthesised expression has the type, value and lvalue-ness of what is inside (C 6.5.1). That
it *is* an expression is taken from the token before it, and where that is a parenthesis or a comma, from
what encloses it; a name that is or seems a type is left alone. Never before ``(``, since a macro's name
there would no longer be one, nor after ``.`` or ``->``, in a declarator or a list of parameters, or where
an operator looks at how its operand is written. Not in C++, where ``decltype((a))`` and argument lookup
tell the two apart.

Counter-example: ``ifp->V_foo`` with ``#define V_foo (foo)`` is an error, no member.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.frames import BLOCKS, Frame, Kind
from vimagetrack.engine.null.rules.declarations import Names
from vimagetrack.engine.null.shape import Shape
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import (
    ASSIGNS,
    CONTROL,
    DECLARES,
    TAKES_TYPES,
    is_body_word,
    is_directive,
    is_name,
)

#: Behind these an operand stands, wherever they are.
_OPERATORS: Final = ASSIGNS | {
    b"==", b"!=", b"<", b">", b"<=", b">=", b"<<", b">>", b"+", b"-", b"/", b"%", b"|", b"^", b"&&", b"||",
    b"&", b"!", b"~", b"?", b"++", b"--", b"return", b"case",
}  # fmt: skip
_COMPARES: Final = frozenset(
    {b"==", b"!=", b"<", b">", b"<=", b">=", b"&&", b"||", b"!", b"+", b"-", b"&", b"|"}
)
_IN_CODE: Final = frozenset({b"*", b";", b":", b"else", b"do", b"{", b"}", b"["})
_AFTER: Final = ASSIGNS | {
    b")", b"]", b";", b",", b".", b"->", b"[", b"++", b"--", b"?", b":", b"}", b"==", b"!=", b"<", b">",
    b"<=", b">=", b"<<", b">>", b"+", b"-", b"*", b"/", b"%", b"&", b"|", b"^", b"&&", b"||",
}  # fmt: skip
#: What may follow a cast: behind ``(x)`` these show that x may have been a type.
_CASTABLE: Final = frozenset({b"(", b"{", b"~", b"!", b"+", b"-", b"*", b"&", b"++", b"--", b"&&"})
#: Casts of casts, stars behind stars: more is left alone.
_MOST_NESTED: Final = 16
_LITERALS: Final = frozenset({TokenKind.NUMBER, TokenKind.STRING, TokenKind.CHAR, TokenKind.IDENTIFIER})


def candidates(stream: Stream) -> Iterator[tuple[int, int]]:
    """Find made parentheses around one name: how the name stands, and how many pairs are around it."""
    tokens, made = stream.tokens, stream.made
    openers = (
        [place for place, flag in enumerate(made) if flag and tokens[place] == b"("] if any(made) else []
    )
    for index in [place + 1 for place in openers if place + 1 < len(tokens)]:
        if KINDS[tokens[index]] is TokenKind.IDENTIFIER and _is_pair(stream, index, 1):
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
        *,
        local: frozenset[bytes],
        careless: frozenset[bytes],
    ) -> None:
        self.stream = stream
        self.tokens = stream.tokens
        self.shapes = shapes
        self.types = names.types
        self.values = names.values - names.types
        self.local = local  # the macros that the text defines and the table does not
        self.careless = careless  # those of them in whose arguments an operand may not stay one

    def find(self) -> set[int]:
        """Give the indexes of the parentheses that may go."""
        found: set[int] = set()
        for index, pairs in candidates(self.stream):
            name = self.tokens[index]
            if not is_name(name) or name in self.local or name in self.types:
                continue
            for width in range(1, pairs + 1):
                left, right = index - width, index + width
                if not all(
                    self._may_go(shape, left, right) for shape in self.shapes if not shape.is_dead(left)
                ):
                    break
                found |= {left, right}
        return found

    def _may_go(self, shape: Shape, left: int, right: int) -> bool:
        prevs = shape.prevs_of(left)
        after = shape.nexts_of(right + 1)
        follows = all(place >= 0 and self._may_follow(shape, prevs, place) for place in after)
        return follows and all(self._expects_operand(shape, prev, left, right) for prev in prevs)

    def _may_follow(self, shape: Shape, prevs: Sequence[int], after: int) -> bool:
        """Say whether what follows shows an operand: no label, and no declarator behind what may be a
        type.
        """
        token = self.tokens[after]
        if token not in _AFTER or min(prevs) < 0:
            return False
        operators = all(self.tokens[prev] in _OPERATORS for prev in prevs)
        if token == b":":
            return operators
        if token != b"*" or operators:
            return True
        second = self.tokens[after + 1] if after + 1 < len(self.tokens) else b""
        begins = any(self.tokens[prev] not in (b"(", b",") or self._is_header(prev) for prev in prevs)
        return not begins and (is_name(second) or KINDS[second] is TokenKind.NUMBER)

    def _is_header(self, opener: int) -> bool:
        return opener > 0 and self.tokens[opener - 1] in CONTROL

    def _expects_operand(self, shape: Shape, prev: int, left: int, right: int) -> bool:
        """Say whether an expression surely begins behind a token."""
        token, frame = self.tokens[prev], shape.frame_of(left)
        if token == b"&&" and not all(self._ends_operand(shape, place) for place in shape.prevs_of(prev)):
            return False  # the address of a label
        if token in _OPERATORS:
            return not self._looks_at_spelling(frame, inside=self.tokens[(left + right) // 2] in self.values)
        if not _in_code(shape, frame) or self._looks_at_spelling(frame):
            return False
        if token in (b"(", b","):
            return self._is_list(shape, frame, prev, (left, right))
        if token == b")":
            return shape.is_header_end(prev) or self._is_cast(shape, prev)
        if token == b"}":
            return shape.closed_kind.get(prev) is Kind.BLOCK
        if token == b"{":
            return frame.kind in BLOCKS
        if token == b"*":
            return not self._may_be_pointer(shape, prev) and self._is_in_call(shape, frame)
        return token in _IN_CODE

    def _ends_operand(self, shape: Shape, index: int) -> bool:
        """Say whether a token ends an operand, and no cast."""
        token = self.tokens[index] if index >= 0 else b""
        if token == b")":
            opener = shape.ends_at.get(index, 0)
            inner = self.tokens[opener + 1 : index]
            called = opener > 0 and is_name(self.tokens[opener - 1])
            return called or not _COMPARES.isdisjoint(inner)
        return is_name(token) or token == b"]" or KINDS[token] in _LITERALS - {TokenKind.IDENTIFIER}

    def _looks_at_spelling(self, frame: Frame, *, inside: bool = False) -> bool:
        """Say whether anything around is a call that takes types, or an unexpanded macro of this text.

        ``inside`` says that an operator of the argument stands before the operand, which is a value: what
        the macro puts around the argument then does not come to it, nor where other parentheses are between.
        """
        for around in frame.chain():
            if around.kind is Kind.PAREN:
                callee = self.tokens[around.opener - 1] if around.opener > 0 else b""
                if around.opener < 0 or callee in TAKES_TYPES or (callee in self.careless and not inside):
                    return True
                inside = True
        return False

    def _may_be_pointer(self, shape: Shape, star: int, nested: int = 0) -> bool:
        """``T *(x)``: a declaration, unless an operand or an operator is plain before the star."""
        for prev in shape.prevs_of(star):
            if prev < 0 or self.tokens[prev] in DECLARES:
                return True
            if self.tokens[prev] == b"*" and (
                nested == _MOST_NESTED or self._may_be_pointer(shape, prev, nested + 1)
            ):
                return True
            if is_name(self.tokens[prev]) and self._begins(shape, prev):
                return True
        return False

    def _begins(self, shape: Shape, index: int) -> bool:
        """Say whether a name may begin a declaration: in a statement, or in what may be a list of
        parameters.
        """
        frame = shape.frame_of(index)
        called = frame.kind is Kind.PAREN and frame.opener > 0 and is_name(self.tokens[frame.opener - 1])
        starts = {b";", b"{", b"}", b":"} | (set() if called else {b"(", b","})
        return any(
            prev < 0 or self.tokens[prev] in starts or is_name(self.tokens[prev])
            for prev in shape.prevs_of(index)
        )

    def _is_in_call(self, shape: Shape, frame: Frame) -> bool:
        """Say whether the parenthesis around a place, if it belongs to a name, is that of a call."""
        callee = frame.opener - 1
        return (
            frame.kind is not Kind.PAREN or not is_name(self.tokens[callee]) or self._is_call(shape, callee)
        )

    def _is_list(self, shape: Shape, frame: Frame, prev: int, pair: tuple[int, int]) -> bool:
        """Say whether a parenthesis or comma is one of a call, a header or a plain grouping."""
        if frame.kind is Kind.OTHER:
            return self._is_initialiser(frame)
        if frame.kind is not Kind.PAREN:
            return True  # a comma between operands, or between declarators
        if frame.opener <= 0:
            return False
        callee = frame.opener - 1
        token = self.tokens[callee]
        if token in CONTROL:
            return True
        if token == b"sizeof":
            return self.tokens[sum(pair) // 2] in self.values
        if is_name(token):
            return self._is_call(shape, callee)
        if token in (b")", b"]"):
            cast = self._may_be_cast(frame, prev, pair[1], shape)
            return self._is_call_through(shape, callee) and not cast
        return self.tokens[prev] == b"," or not self._may_be_cast(frame, prev, pair[1], shape)

    def _is_initialiser(self, frame: Frame) -> bool:
        """Say whether a brace opens an initialiser: behind a = or a cast, or inside of one that does."""
        braces = takewhile(lambda around: around.kind is Kind.OTHER, frame.chain())
        return any(around.opener > 0 and self.tokens[around.opener - 1] in (b"=", b")") for around in braces)

    def _is_call(self, shape: Shape, callee: int) -> bool:
        """A name before a parenthesis is a call unless a type, or a star behind one, stands before it."""
        for prev in shape.prevs_of(callee):
            if prev < 0:
                return False
            token = self.tokens[prev]
            if is_name(token) or token in DECLARES:
                return False
            if token == b"*" and self._may_be_pointer(shape, prev):
                return False
        return True

    def _is_call_through(self, shape: Shape, closer: int) -> bool:
        """``(*p)(x)`` calls, ``int (*p)(x)`` declares."""
        opener = shape.ends_at.get(closer, 0)
        if opener <= 0:
            return False
        if self.tokens[closer] == b"]":
            return self._is_call(shape, opener - 1) if is_name(self.tokens[opener - 1]) else False
        before = self.tokens[opener - 1]
        return not (is_name(before) or before in DECLARES or before in (b"*", b")", b"]"))

    def _may_be_cast(self, frame: Frame, prev: int, right: int, shape: Shape) -> bool:
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
            if token in _CASTABLE or KINDS[token] in _LITERALS:
                return True
        return False

    def _is_cast(self, shape: Shape, closer: int, nested: int = 0) -> bool:
        """A parenthesis that holds a type, by its keyword or its star, and belongs to no call."""
        opener = shape.ends_at.get(closer, 0)
        if opener <= 0 or nested > _MOST_NESTED:
            return False
        before = self.tokens[opener - 1]
        if KINDS[before] is TokenKind.IDENTIFIER and before not in (b"return", b"case", b"else", b"do"):
            return False
        if (
            before == b"]"
            or is_directive(before)
            or (before == b")" and not self._is_cast(shape, opener - 1, nested + 1))
        ):
            return False
        inner = self.tokens[opener + 1 : closer]
        if any(token in (b"(", b")", b"[", b",") or is_directive(token) for token in inner):
            return False
        return bool(inner) and (inner[0] in DECLARES or (inner[-1] == b"*" and is_name(inner[0])))


def _in_code(shape: Shape, frame: Frame) -> bool:
    """Say whether a place is inside of statements; never so in a list of parameters at file level."""
    return any(shape.is_statement_level(around) for around in frame.chain())


#: Behind ``(x)`` these show that x is no type, wherever the body of a macro may be used.
_VALUE_FOLLOWS: Final = (_AFTER - _CASTABLE) - {b")", b"]", b";", b",", b"}", b":", b"?"}
_BODY_BEFORE: Final = _OPERATORS | {b"(", b",", b";", b"{", b"}", b"["}


def find_in_bodies(stream: Stream, names: Names) -> set[int]:
    """Give the made parentheses that may go in the bodies of macros; the blank before a pair goes to its
    name.

    The surroundings of a body are not known, so only where the body itself shows an operand: an operator, a
    parenthesis or the start of a statement before it, and behind it what no cast has, or a name that is a
    value.
    """
    gone: set[int] = set()
    for index in range(2, len(stream.tokens) - 2):
        around = stream.made[index - 1] and stream.made[index + 1] and is_body_word(stream.tokens[index])
        if around and _is_bare_in_body(stream, index, names.values - names.types):
            gone |= {index - 1, index + 1}
            blank = stream.tokens[index - 1][:-1]
            stream.tokens[index] = blank + stream.tokens[index].lstrip(b"\n ")
    return gone


def _is_bare_in_body(stream: Stream, index: int, values: frozenset[bytes]) -> bool:
    around = stream.tokens[index - 2 : index + 3]
    before, left, name, right, after = (token.lstrip(b"\n ") for token in around)
    if left != b"(" or right != b")" or not is_name(name):
        return False
    if not is_body_word(around[0]) or not is_body_word(around[4]):
        return False
    if before not in _BODY_BEFORE and not _ends_header(stream, index - 2):
        return False
    plain = after in _VALUE_FOLLOWS or (after in _AFTER and name in values)
    return plain and not _is_called(stream, index - 1)


def _ends_header(stream: Stream, index: int) -> bool:
    """Say whether a word of a body is the ) of a control header in it."""
    depth = 0
    for place in range(index, 0, -1):
        token = stream.tokens[place].lstrip(b"\n ")
        if not is_body_word(stream.tokens[place]):
            return False
        depth += (token == b")") - (token == b"(")
        if depth <= 0:
            return token == b"(" and stream.tokens[place - 1].lstrip(b"\n ") in CONTROL
    return False


def _is_called(stream: Stream, index: int) -> bool:
    """Say whether a place in a body is inside of parentheses behind a word that may look at what is in
    them.
    """
    depth = 0
    for place in range(index - 1, 0, -1):
        token = stream.tokens[place].lstrip(b"\n ")
        if not is_body_word(stream.tokens[place]):
            return False
        depth += (token == b")") - (token == b"(")
        if depth < 0:
            depth = 0
            before = stream.tokens[place - 1].lstrip(b"\n ")
            if before in TAKES_TYPES or before == b"sizeof":
                return True
    return False
