"""Find the top-level blocks of C text by their braces, without parsing C.

Used to name the function that a change stands in and to cut a file where an alignment may be cut.
Never used by a proof: a wrong border costs readability or a carried approval, not truth.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of

_SKIPPED = frozenset({TokenKind.SPACE, TokenKind.NEWLINE, TokenKind.COMMENT})
_IDENTIFIER = re.compile(rb"[A-Za-z_$][\w$]*\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block with its head, as half-open byte offsets; ``name`` may be empty."""

    start: int
    end: int
    name: str


class Blocks:
    """The top-level blocks of one text, looked up by byte offset."""

    def __init__(self, source: Sequence[bytes]) -> None:
        self.blocks = _blocks(source)
        self._starts = [block.start for block in self.blocks]

    def name_at(self, offset: int, *, before: bool = False) -> str:
        """Name the block at a byte offset; the empty string between blocks.

        ``before`` asks for what stands before the offset: lines put in front of a function are not in it.
        """
        index = self.index_at(offset)
        if index is None or (before and self.blocks[index].start == offset):
            return ""
        return self.blocks[index].name

    def index_at(self, offset: int) -> int | None:
        """Number the block at a byte offset; None between blocks."""
        index = bisect_right(self._starts, offset) - 1
        return index if index >= 0 and offset < self.blocks[index].end else None


class _Scan:
    """The state of one scan: brace depth, the head being read, the blocks found."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.depth = 0
        self.head: list[bytes] = []
        self.called_head: list[bytes] = []
        self.block_head: list[bytes] = []
        self.start: int | None = None
        self.open_at = 0

    def brace_open(self, offset: int, *, column_0: bool) -> None:
        # A brace in column 0 opens a function wherever kernel style is kept, so it mends a count
        # that two branches of an #if have spoilt.
        if column_0:
            self.depth = 0
        if self.depth == 0:
            self.open_at = offset if self.start is None else self.start
            # Old-style parameters stand between the function's head and its brace.
            self.block_head = self.head or self.called_head
        self.depth += 1

    def brace_close(self, offset: int, *, column_0: bool) -> None:
        if self.depth == 0:
            return
        self.depth = 0 if column_0 else self.depth - 1
        if self.depth == 0:
            self.found.append(Block(self.open_at, offset + 1, _name(self.block_head)))
            self.end_head()

    def end_head(self) -> None:
        if b"(" in self.head:
            self.called_head = self.head
        self.head, self.start = [], None

    def plain(self, token: bytes, offset: int) -> None:
        if self.depth == 0:
            if self.start is None:
                self.start = offset
            self.head.append(token)


def _blocks(source: Sequence[bytes]) -> list[Block]:
    scan = _Scan()
    at_line_start, directive = True, False
    offset = 0
    for token in source:
        if token == b"{" and not directive:
            scan.brace_open(offset, column_0=at_line_start)
        elif token == b"}" and not directive:
            scan.brace_close(offset, column_0=at_line_start)
        elif token == b";" and scan.depth == 0 and not directive:
            scan.end_head()
        elif token == b"#" and at_line_start:
            directive = True
        elif kind_of(token) not in _SKIPPED and not directive:
            scan.plain(token, offset)
        if token.endswith(b"\n"):
            at_line_start, directive = True, False
        else:
            at_line_start = False
        offset += len(token)
    if scan.depth:
        scan.found.append(Block(scan.open_at, offset, _name(scan.block_head)))
    return scan.found


def _name(head: Sequence[bytes]) -> str:
    """Name a block by its head: what stands before the first ``(`` or ``=``, else the last word."""
    words = head
    for index, token in enumerate(head):
        if token in (b"(", b"=", b"[") and index:
            words = head[:index]
            break
    for token in reversed(words):
        if _IDENTIFIER.match(token):
            return token.decode("ascii", "replace")
    return ""


def offsets(source: Sequence[bytes]) -> list[int]:
    """Give the byte offset of every token, and at the end the length of the text."""
    return [0, *accumulate(map(len, source))]
