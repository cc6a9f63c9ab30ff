"""A macro call of the source, and the tokens that it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

_NOTHING: Final[frozenset[bytes]] = frozenset()


class Tok(NamedTuple):
    """A token on its way: ``space`` before it, the macros that may not replace it, made by a body or not."""

    text: bytes
    space: bool
    hide: frozenset[bytes]
    made: bool


def source_token(text: bytes, *, space: bool) -> Tok:
    """Make the token of something that stands in the source."""
    return Tok(text=text, space=space, hide=_NOTHING, made=False)


def body_token(text: bytes, *, space: bool) -> Tok:
    """Make the token of something that a body brings."""
    return Tok(text=text, space=space, hide=_NOTHING, made=True)


class Unexpandable(Exception):
    """An expansion that has no one result; ``rule`` is the guard's number, ``name`` the macro."""

    def __init__(self, rule: str, name: bytes, why: str) -> None:
        super().__init__(why)
        self.rule = rule
        self.name = name
        self.why = why


@dataclass(frozen=True, slots=True)
class Unit:
    """A macro call of the source and what it became: source indexes ``first`` to ``last``, half-open.

    ``indirect`` are the words that # or ## saw as another macro handed them on: expanded, where one is a
    macro of the text. ``calls`` are the macros that were
    replaced on the way, the outermost first; ``handed`` what of the source one macro handed to another as
    an argument.
    """

    first: int
    last: int
    tokens: tuple[Tok, ...]
    indirect: frozenset[bytes]
    calls: tuple[bytes, ...]
    handed: frozenset[bytes] = frozenset()


@dataclass(slots=True)
class Reader:
    """Gives the significant tokens of a stretch of source, one after the other.

    ``indexes`` are those of the significant tokens, ``position`` the next place in it; ``open_end`` says that
    text may follow which is not shown here.
    """

    source: Sequence[bytes]
    indexes: Sequence[int]
    position: int
    open_end: bool = False

    def peek(self) -> bytes | None:
        """Give the next token without taking it, None at the end."""
        return self.source[self.indexes[self.position]] if self.position < len(self.indexes) else None

    def take(self) -> Tok:
        """Take the next token; there must be one."""
        index = self.indexes[self.position]
        space = self.position > 0 and self.indexes[self.position - 1] != index - 1
        self.position += 1
        return source_token(self.source[index], space=space)

    @property
    def last(self) -> int:
        """Give the source index behind the last token taken."""
        return self.indexes[self.position - 1] + 1
