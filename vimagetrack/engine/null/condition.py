"""Evaluate the condition of an #if or #elif, with three values: an integer, or not known.

It is safe to say None (the conditional then stays); a wrong integer would hide a group of code. So a name of
which nothing is known makes a whole condition unknown, whatever stands around it: a macro is text, no value.

Counter-example: ``0 && X`` with ``#define X 1 || 1``; and ``0 && __COUNTER__``, which counts. What is asked
of ``defined`` is true or false, so ``0 && defined X`` is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from vimagetrack.engine.lex.ctokens import CHAR, IDENTIFIER, KINDS, NUMBER
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.units import Unexpandable

if TYPE_CHECKING:
    from vimagetrack.engine.null.table import Table

Value = int | None
IsDefined = Callable[[bytes], bool | None]

_INTEGER: Final = re.compile(
    rb"(0[xX][0-9A-Fa-f]+|0[bB][01]+|[0-9]+)([uU]?(?:ll|LL|[lLzZ])?|(?:ll|LL|[lLzZ])[uU])"
)
_ASCII_CHAR: Final = re.compile(rb"'[ -&(-\[\]-~]'")
_LEVELS: Final[tuple[tuple[bytes, ...], ...]] = (
    (b"||",), (b"&&",), (b"|",), (b"^",), (b"&",), (b"==", b"!="),
    (b"<", b">", b"<=", b">="), (b"<<", b">>"), (b"+", b"-"), (b"*", b"/", b"%"),
)  # fmt: skip
_MOST_NESTED: Final = 50


class ConditionError(Exception):
    """The words are no condition."""


class _UnknownName(Exception):
    """A name stands here that may be any text."""


def evaluate(words: Sequence[bytes], table: Table, is_defined: IsDefined) -> Value:
    """Give the value of a condition, None where it depends on what is not known.

    Raises ConditionError for what is no condition at all.
    """
    resolved = _resolve_defined(words, is_defined)
    try:
        expanded = [tok.text for tok in Expander(table).words(resolved)]
    except Unexpandable:
        return None
    parser = _Parser(expanded, is_defined)
    try:
        value = parser.ternary(0)
    except _UnknownName:
        return None
    if parser.position != len(expanded):
        raise ConditionError("words are left over behind the condition")
    return value


_KNOWN: Final = {True: b"1", False: b"0", None: b"\x00unknown"}


def _resolve_defined(words: Sequence[bytes], is_defined: IsDefined) -> list[bytes]:
    """Replace ``defined NAME`` before macros are expanded, as the standard orders."""
    out: list[bytes] = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word == b"defined":
            name, position = _operand(list(words), position)
            word = _KNOWN[is_defined(name)]
        out.append(word)
    return out


def _operand(words: list[bytes], position: int) -> tuple[bytes, int]:
    """Read the operand of ``defined``; give it and the position behind it."""
    wrapped = words[position : position + 1] == [b"("]
    name = next(iter(words[position + wrapped : position + wrapped + 1]), b"")
    if KINDS[name] is not IDENTIFIER:
        raise ConditionError("defined needs a name")
    if wrapped and words[position + 2 : position + 3] != [b")"]:
        raise ConditionError("defined ( lacks its )")
    return name, position + (3 if wrapped else 1)


class _Parser:
    """Recursive descent over the expanded words; None is contagious but for && || and ?:."""

    def __init__(self, words: Sequence[bytes], is_defined: IsDefined) -> None:
        self.words = words
        self.is_defined = is_defined
        self.position = 0

    def _peek(self) -> bytes:
        return self.words[self.position] if self.position < len(self.words) else b""

    def _take(self) -> bytes:
        word = self._peek()
        if not word:
            raise ConditionError("the condition ends too early")
        self.position += 1
        return word

    def ternary(self, nested: int) -> Value:
        if nested > _MOST_NESTED:
            raise ConditionError("the condition is nested too deep")
        value = self._binary(0, nested)
        if self._peek() != b"?":
            return value
        self._take()
        left = self.ternary(nested + 1)
        if self._take() != b":":
            raise ConditionError("? lacks its :")
        right = self.ternary(nested + 1)
        if left is None or right is None:
            return None  # an unsigned operand makes the other one unsigned, chosen or not
        if value is None:
            return left if left == right else None
        return left if value else right

    def _binary(self, level: int, nested: int) -> Value:
        if level == len(_LEVELS):
            return self._unary(nested)
        left = self._binary(level + 1, nested)
        while self._peek() in _LEVELS[level]:
            operator = self._take()
            left = _combine(operator, left, self._binary(level + 1, nested))
        return left

    def _unary(self, nested: int) -> Value:
        word = self._take()
        if word in (b"!", b"-", b"+", b"~"):
            if nested > _MOST_NESTED:
                raise ConditionError("the condition is nested too deep")
            return _unary(word, self._unary(nested + 1))
        if word == b"(":
            value = self.ternary(nested + 1)
            if self._take() != b")":
                raise ConditionError("( lacks its )")
            return value
        return self._primary(word)

    def _primary(self, word: bytes) -> Value:
        kind = KINDS[word]
        if kind is NUMBER:
            return _integer(word)
        if kind is CHAR:
            return word[1] if _ASCII_CHAR.fullmatch(word) else None
        if word == _KNOWN[None]:
            return None
        if kind is not IDENTIFIER:
            raise ConditionError("an operand is missing")
        if self.is_defined(word) is not False or self._peek() == b"(":
            raise _UnknownName
        return 0


def _integer(word: bytes) -> Value:
    """Read an integer that fits 63 bits and is signed; others depend on unsigned arithmetic: not known."""
    match = _INTEGER.fullmatch(word)
    if not match:
        raise ConditionError("a number is no integer")
    digits, suffix = match.groups()
    if suffix.lower().strip(b"lz"):
        return None
    if digits[:1] == b"0" and digits[1:].isdigit():
        if digits.strip(b"01234567"):
            raise ConditionError("an octal number has an 8 or a 9")
        value = int(digits, 8)
    else:
        value = int(digits[:25], 0)
    return value if value < 1 << 62 and len(digits) <= 25 else None


def _fit(value: int) -> Value:
    return value if -(1 << 62) < value < 1 << 62 else None


def _unary(operator: bytes, value: Value) -> Value:
    if value is None:
        return None
    return {b"!": int(not value), b"-": -value, b"+": value, b"~": ~value}[operator]


def _combine(operator: bytes, left: Value, right: Value) -> Value:
    if operator == b"&&":
        return 0 if 0 in (left, right) else None if None in (left, right) else 1
    if operator == b"||":
        truths = [None if value is None else bool(value) for value in (left, right)]
        return 1 if True in truths else None if None in truths else 0
    if left is None or right is None:
        return None
    return _arithmetic(operator, left, right)


def _arithmetic(operator: bytes, left: int, right: int) -> Value:
    if operator in (b"/", b"%"):
        if not right:
            return None
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if operator == b"/" else left - right * quotient
    if operator in (b"<<", b">>"):
        if not 0 <= right < 63 or left < 0:
            return None
        return _fit(left << right) if operator == b"<<" else left >> right
    comparisons = {b"==": left == right, b"!=": left != right, b"<": left < right, b">": left > right}
    comparisons |= {b"<=": left <= right, b">=": left >= right}
    if operator in comparisons:
        return int(comparisons[operator])
    bits = {b"|": left | right, b"^": left ^ right, b"&": left & right}
    sums = {b"+": left + right, b"-": left - right, b"*": left * right}
    return bits[operator] if operator in bits else _fit(sums[operator])
