"""One side of a window as the proposer reads it: the kernel's stream with byte offsets, and what it drops."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of
from vimagetrack.engine.null.kernel import Rule, Stream
from vimagetrack.engine.split.functions import offsets
from vimagetrack.engine.split.model import Kind

_DEPTH = {b"{": 1, b"}": -1, b"(": 1, b")": -1}
_LAYOUT = frozenset({TokenKind.SPACE, TokenKind.NEWLINE, TokenKind.COMMENT})


@dataclass(frozen=True, slots=True)
class Item:
    """What one line of a gap drops: half-open byte offsets, rules and macro names."""

    start: int
    end: int
    rules: frozenset[str]
    macros: tuple[bytes, ...]

    @property
    def kind(self) -> Kind:
        """Tell definitions and includes from all else."""
        return Kind.VOCABULARY if self.rules == {"vocabulary"} else Kind.NULL_MACRO


class SideText:
    """One side's stream with byte offsets; built once a window."""

    def __init__(self, text: bytes, stream: Stream, is_transition: Callable[[bytes], bool]) -> None:
        self.text = text
        self.is_transition = is_transition
        self.stream = stream
        self.source = stream.source
        self.at = offsets(stream.source)
        self.starts = [self.at[first] for first in stream.first]
        self.ends = [self.at[last] for last in stream.last]
        self.depth = [0, *accumulate(_DEPTH.get(token, 0) for token in stream.tokens)]
        self.called = [index for index, calls in enumerate(stream.calls) if calls]
        self.items = _items(self)
        self.item_starts = [item.start for item in self.items]

    def next_call(self, index: int) -> int:
        """Give the first stream token from an index on that a macro made; the end where there is none."""
        place = bisect_left(self.called, index)
        return self.called[place] if place < len(self.called) else len(self.stream.tokens)

    def is_unit_start(self, index: int) -> bool:
        """Say whether a stream token is the first of its unit; the end of the stream counts too."""
        first = self.stream.first
        return index in (0, len(first)) or first[index] != first[index - 1]

    def macros(self, start: int, end: int) -> list[bytes]:
        """List the outermost transition macros of a range of stream tokens, helpers passed over."""
        calls = self.stream.calls[start:end]
        found = (next(filter(self.is_transition, own), None) for own in dict.fromkeys(calls) if own)
        return [name for name in found if name]

    def claimed(self, start: int, end: int) -> tuple[bytes, ...]:
        """List the plan's macros that a stretch of text names, each once."""
        tokens = self.source[bisect_left(self.at, start) : bisect_left(self.at, end)]
        names = dict.fromkeys(token for token in tokens if kind_of(token) is TokenKind.IDENTIFIER)
        return tuple(filter(self.is_transition, names))

    def bare(self, start: int, end: int) -> list[bytes]:
        """List the tokens of a stretch of text without white space and comments."""
        tokens = self.source[bisect_left(self.at, start) : bisect_left(self.at, end)]
        return [token for token in tokens if kind_of(token) not in _LAYOUT]

    def is_line(self, item: Item) -> bool:
        """Say whether an item has its lines for itself: beside meat nothing less is worth an edit."""
        start = self.text.rfind(b"\n", 0, item.start) + 1
        own = not self.text[start : item.start].strip()
        return own and self.text[item.end : item.end + 1] in (b"\n", b"")

    def items_in(self, start: int, end: int) -> list[Item]:
        """List what is dropped between two byte offsets."""
        found = self.items[bisect_left(self.item_starts, start) : bisect_left(self.item_starts, end)]
        return [item for item in found if item.end <= end]


def _items(side: SideText) -> list[Item]:
    """Join what the kernel dropped line by line, with the comment that ends the line.

    A conditional group that is out in its state is one item, whatever lines it has.
    """
    items: list[Item] = []
    stream = side.stream
    for dropped, macro in sorted(zip(stream.dropped, stream.dropped_macros, strict=True), key=_place):
        rule = dropped[2]
        first, last = _without_line_ends(side.source, *dropped[:2])
        if first == last:
            continue
        start, end = side.at[first], side.at[_line_rest(side.source, last)]
        macros: tuple[bytes, ...] = (macro,) if macro else ()
        macros += side.claimed(start, end) if rule == Rule.CONDITIONALS else ()
        before = items[-1] if items else None
        if before and start < before.end:
            continue
        between = side.text[before.end : start] if before else b"?"
        lines = rule == Rule.CONDITIONALS and before is not None and before.rules == {rule}
        if before and not between.strip(b" \t\r\n" if lines else b" \t"):
            items[-1] = Item(before.start, end, before.rules | {rule}, before.macros + macros)
        else:
            items.append(Item(start, end, frozenset({rule}), macros))
    return items


def _place(dropped: tuple[tuple[int, int, str], bytes | None]) -> int:
    return dropped[0][0]


def _without_line_ends(source: list[bytes], first: int, last: int) -> tuple[int, int]:
    """Shrink a range to what stands on its lines: the line ends around a directive are the gap's."""
    while first < last and kind_of(source[first]) is TokenKind.NEWLINE:
        first += 1
    while last > first and kind_of(source[last - 1]) is TokenKind.NEWLINE:
        last -= 1
    return first, last


def _line_rest(source: list[bytes], index: int) -> int:
    """Extend over blanks and comments when nothing else follows on the line."""
    rest = index
    while rest < len(source) and kind_of(source[rest]) in (TokenKind.SPACE, TokenKind.COMMENT):
        rest += 1
    return rest if rest == len(source) or kind_of(source[rest]) is TokenKind.NEWLINE else index
