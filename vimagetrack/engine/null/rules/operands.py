"""Where expressions stand, told from the tokens around a place.

Claim: what is called an operand, a call or a cast here is one, and no part of a declaration, of a list of
names, or of anything that looks at how its operands are written.

Argument: an expression begins behind an operator, a bracket, the end of a statement or a few words; nothing
else can stand there but a declaration, which begins with a word of its own, with two names in a row, or with
a bracket that belongs to such a word. Whatever is not on these lists is no expression.

Counter-example: ``typeof(int) f(a, b) int a, b; { }`` in a block: f is not called. Safe to be wrong by
seeing a declaration.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from vimagetrack.engine.lex.ctokens import CHAR, IDENTIFIER, KINDS, NUMBER, STRING
from vimagetrack.engine.null.frames import Frame, Kind
from vimagetrack.engine.null.rules.declarations import may_declare
from vimagetrack.engine.null.shape import Shape
from vimagetrack.engine.null.words import BEFORE_OPERAND, DECLARES, is_directive, is_name, is_spelling_seen

_COMPARES: Final = frozenset(
    {b"==", b"!=", b"<", b">", b"<=", b">=", b"&&", b"||", b"!", b"+", b"-", b"&", b"|"}
)
#: Casts of casts, stars behind stars: more is left alone.
_MOST_NESTED: Final = 16
_NO_TYPES: Final = frozenset[bytes]()
_CONSTANTS: Final = (NUMBER, STRING, CHAR)


class Operands:
    """Answers for one shape. ``local`` are the macros of the text, ``careless`` those in whose arguments an
    operand may not stay one.
    """

    def __init__(self, shape: Shape, local: frozenset[bytes], careless: frozenset[bytes]) -> None:
        self.shape = shape
        self.tokens = shape.tokens
        self.local = local
        self.careless = careless

    def begin_behind(self, prev: int, nested: int = 0) -> bool:
        """Say whether what stands behind a token is an expression, if it is not a declaration that begins
        there.
        """
        if prev < 0 or nested > _MOST_NESTED:
            return False
        token = self.tokens[prev]
        if token == b"*":
            return not self.may_be_pointer(prev, nested + 1)
        if token == b",":
            return not self._divides_declarators(prev)
        if token == b")":
            if self.shape.is_header_end(prev):
                return True
            opener = self.shape.ends_at.get(prev, 0)
            return opener > 0 and all(
                self.begin_behind(before, nested + 1) for before in self.shape.prevs_of(opener)
            )
        if token == b"}":
            return self.shape.closed_kind.get(prev) is Kind.BLOCK
        if KINDS[token] is IDENTIFIER:
            return token in BEFORE_OPERAND
        return token != b"]" and KINDS[token] not in _CONSTANTS and not is_directive(token)

    def ends_behind(self, index: int) -> bool:
        """Say whether a token ends an operand, and no cast."""
        token = self.tokens[index] if index >= 0 else b""
        if token == b")":
            opener = self.shape.ends_at.get(index, 0)
            callee = self.tokens[opener - 1] if opener > 0 else b""
            if callee in self.local:
                return False
            return is_name(callee) or not _COMPARES.isdisjoint(self.tokens[opener + 1 : index])
        return (is_name(token) and token not in self.local) or token == b"]" or KINDS[token] in _CONSTANTS

    def may_be_pointer(self, star: int, nested: int = 0) -> bool:
        """``T *(x)``: a declaration, unless an operand or an operator is plain before the star."""
        return any(self._may_point_behind(prev, nested) for prev in self.shape.prevs_of(star))

    def _may_point_behind(self, prev: int, nested: int) -> bool:
        if prev < 0 or nested > _MOST_NESTED:
            return True
        token = self.tokens[prev]
        if token == b"*":
            return self.may_be_pointer(prev, nested + 1)
        if is_name(token):
            return self._begins(prev)
        if token == b")":
            callee = self.tokens[self.shape.ends_at.get(prev, 0) - 1]
            if is_name(callee):
                return callee in self.local or self._begins(self.shape.ends_at[prev] - 1)
            return not self.begin_behind(prev, nested + 1)
        if token == b"]":
            return self.tokens[prev - 1] == b"]"  # [[attribute]]
        if token == b"}":
            return self.shape.closed_kind.get(prev) is not Kind.BLOCK
        if token == b",":
            return self._divides_declarators(prev)
        return token in DECLARES

    def _begins(self, index: int) -> bool:
        """Say whether a name may begin a declaration: in a statement, or in what may be a list of
        parameters.
        """
        frame = self.shape.frame_of(index)
        called = frame.kind is Kind.PAREN and frame.opener > 0 and is_name(self.tokens[frame.opener - 1])
        starts = {b";", b"{", b"}", b":"} | (set() if called else {b"(", b","})
        return any(
            prev < 0
            or self.tokens[prev] in starts
            or (self.tokens[prev] != b"*" and not self.begin_behind(prev))
            for prev in self.shape.prevs_of(index)
        )

    def is_call(self, callee: int, opener: int | None = None) -> bool:
        """A name before a parenthesis is a call where an expression begins with it, and goes on behind it:
        ``f(a, b) int a, b; { }`` defines. What is around it must be no list of parameters.
        """
        closer = self.shape.closed_at.get(callee + 1 if opener is None else opener)
        behind = self.shape.nexts_of(closer + 1) if closer is not None else {-1}
        if any(self._goes_on_as_head(place) for place in behind):
            return False
        return self.is_in_call(self.shape.frame_of(callee)) and all(
            self.begin_behind(prev) for prev in self.shape.prevs_of(callee)
        )

    def _goes_on_as_head(self, place: int) -> bool:
        token = self.tokens[place] if place >= 0 else b";"
        return token == b"{" or (KINDS[token] is IDENTIFIER and token not in BEFORE_OPERAND)

    def is_call_through(self, closer: int) -> bool:
        """``(*p)(x)`` calls, ``int (*p)(x)`` declares."""
        opener = self.shape.ends_at.get(closer, 0)
        if opener <= 0:
            return False
        if self.tokens[closer] == b"]":
            return is_name(self.tokens[opener - 1]) and self.is_call(opener - 1, closer + 1)
        return self.tokens[opener - 1] not in (b"*", b")") and self.is_call(opener, closer + 1)

    def is_in_call(self, frame: Frame) -> bool:
        """Say whether the parenthesis around a place, if it belongs to a name, is that of a call."""
        callee = frame.opener - 1
        return frame.kind is not Kind.PAREN or not is_name(self.tokens[callee]) or self.is_call(callee)

    def is_cast(self, closer: int, nested: int = 0) -> bool:
        """A parenthesis that holds a type, by its keyword or its star, and belongs to no call."""
        opener = self.shape.ends_at.get(closer, 0)
        if opener <= 0 or nested > _MOST_NESTED:
            return False
        before = self.tokens[opener - 1]
        if KINDS[before] is IDENTIFIER and before not in (b"return", b"case", b"else", b"do"):
            return False
        if (
            before == b"]"
            or is_directive(before)
            or (before == b")" and not self.is_cast(opener - 1, nested + 1))
        ):
            return False
        inner = self.tokens[opener + 1 : closer]
        if any(token in (b"(", b")", b"[", b",") or is_directive(token) for token in inner):
            return False
        return bool(inner) and (inner[0] in DECLARES or (inner[-1] == b"*" and is_name(inner[0])))

    def is_initialiser(self, frame: Frame) -> bool:
        """Say whether a brace opens an initialiser: behind a = or a cast, or inside of one that does."""
        braces = takewhile(lambda around: around.kind is Kind.OTHER, frame.chain())
        return any(
            around.opener > 0 and (self.tokens[around.opener - 1] == b"=" or self._is_type(around.opener - 1))
            for around in braces
        )

    def _is_type(self, closer: int) -> bool:
        """``(T) { }`` is a literal, ``enum __attribute__((packed)) { }`` is none."""
        return self.tokens[closer] == b")" and self.begin_behind(closer)

    def _divides_declarators(self, comma: int) -> bool:
        """Say whether what stands before a comma among statements may declare: ``int a, h(T);``."""
        frame = self.shape.frame_of(comma)
        if frame.kind is Kind.OTHER:
            return not self.is_initialiser(frame)
        if not self._is_among_statements(frame):
            return False
        starts = list(self._starts_before(comma))
        return not starts or any(self._may_declare(start) for start in starts)

    def _may_declare(self, start: int) -> bool:
        """As for statements; but ``T (w), k(T);`` declares where T is a type, so a call says nothing."""
        called = is_name(self.tokens[start]) and self.tokens[start + 1] == b"("
        return called or may_declare(self.tokens, start, _NO_TYPES)

    def _is_among_statements(self, frame: Frame) -> bool:
        if frame.kind is Kind.PAREN:
            return frame.opener > 0 and self.tokens[frame.opener - 1] == b"for"
        return frame.kind is not Kind.BRACKET

    def lists_names(self, comma: int) -> bool:
        """Say whether a comma among statements may stand between bare names: ``__label__ a, b``."""
        starts = list(self._starts_before(comma))
        if not starts:
            return True
        words = set(self.tokens[starts[-1] : comma])
        return b"__label__" in words or not self.local.isdisjoint(words)

    def _starts_before(self, place: int) -> Iterator[int]:
        """Give the places before a comma where its statement may begin, the first one last; nothing where
        that is out of sight.
        """
        found = []
        last = place
        while place > 0:
            place -= 1
            token = self.tokens[place]
            if is_directive(token):
                return
            if token in (b":", b"else", b"do") or self.shape.is_header_end(place):
                found.append(place + 1)
            if token in (b";", b"{", b"(", b"[") or (
                token == b"}" and self.shape.closed_kind.get(place) is Kind.BLOCK
            ):
                yield from [*found, place + 1]
                return
            if token in (b")", b"]", b"}"):
                place = self.shape.ends_at.get(place, 0)
        if not {b"=", b".", b"->", b"(", b"["}.isdisjoint(self.tokens[:last]):
            yield from [*found, 0]  # no list of names above could go on so

    def are_looked_at(self, frame: Frame, *, inside: bool = False) -> bool:
        """Say whether anything around is a call that takes types, an attribute, or an unexpanded macro of
        this text.

        ``inside`` says that an operator of the argument stands before the operand, which is a value: what
        the macro puts around the argument then does not come to it, nor where other parentheses are between.
        """
        for around in frame.chain():
            before = self.tokens[around.opener - 1] if around.opener > 0 else b""
            if around.kind is Kind.PAREN:
                if around.opener < 0 or is_spelling_seen(before) or (before in self.careless and not inside):
                    return True
                inside = True
            if around.kind is Kind.BRACKET and before == b"[":
                return True
        return False
