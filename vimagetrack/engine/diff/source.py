"""The input as the parser sees it: bytes, the first byte of every line, and a few ways to walk.

Positions are byte offsets at the start of a line; indexes count lines from 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vimagetrack.engine.diff.contents import OVERLAP, Sign, watch
from vimagetrack.engine.errors import ParseError

MAX_HEADER = 8192
"""Bytes of a header line; a longer one is refused before any pattern sees it."""

_FIRST = re.compile(rb"\n(?=(.))", re.DOTALL)
_DOT = re.compile(rb"\n\.\r?(?:\n|\Z)")
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Source:
    """A diff's bytes, with an index of its lines.

    ``firsts`` holds the first byte of each line (a newline for an empty line): counting signs there
    is some thirty times cheaper than in the text. ``hunk_indexes`` and ``hunk_places`` say where the hunk
    headers stand, by line and by position; both are empty where some other line begins with ``@``.
    ``odd`` lists the signs of odd bytes that occur, ``dots`` remembers an answer of ``dot_after``.
    """

    data: bytes
    firsts: bytes
    hunk_indexes: list[int]
    hunk_places: list[int]
    odd: tuple[Sign, ...]
    dots: list[int]

    def line(self, pos: int, index: int) -> tuple[bytes, int]:
        """Return (the header line at ``pos`` without its line end, the position of the next one)."""
        end = self.data.find(b"\n", pos, pos + MAX_HEADER)
        if end < 0:
            rest = self.data[pos : pos + MAX_HEADER]
            if len(rest) == MAX_HEADER:
                raise too_long(index)
            return rest, len(self.data)
        return self.data[pos:end].removesuffix(b"\r"), end + 1

    def dot_after(self, pos: int) -> bool:
        """Say whether a line with nothing but a dot follows, as at the end of an ed script's text.

        The last answer is remembered, so that asking at every line costs no more than asking once.
        """
        if self.dots[0] < pos:
            found = _DOT.search(self.data, pos)
            self.dots[0] = found.start() if found else len(self.data) + 1
        return self.dots[0] <= len(self.data)

    def skip(self, pos: int, lines: int) -> int:
        """Return the position that many lines further on; the end of the data where they run out."""
        data, step = self.data, 4096
        while lines > 100 and pos < len(data):
            passed = data.count(b"\n", pos, pos + step)
            if passed >= lines:
                break
            lines -= passed
            pos += step
        for _ in range(lines):
            pos = data.find(b"\n", pos) + 1
            if not pos:
                return len(data)
        return pos


def read_source(data: bytes) -> Source:
    """Index the data by lines, in pieces that stay in the processor's cache."""
    pieces = [data[:1]]
    odd: dict[Sign, None] = {}
    for at in range(0, len(data), _PIECE):
        # One byte more than the piece: the lookahead of a newline at its very end needs it.
        pieces.append(b"".join(_FIRST.findall(data, at, at + _PIECE + 1)))
        watch(data, at, at + _PIECE + OVERLAP, odd)
    firsts = b"".join(pieces)
    indexes, places = _hunk_headers(data, firsts)
    return Source(data, firsts, indexes, places, tuple(odd), [-1])


def _hunk_headers(data: bytes, firsts: bytes) -> tuple[list[int], list[int]]:
    """Pair the lines that begin with ``@`` with the places of hunk headers, if they are the same lines."""
    places = [0] if data.startswith(b"@@ -") else []
    at = data.find(b"\n@@ -")
    while at >= 0:
        places.append(at + 1)
        at = data.find(b"\n@@ -", at + 5)
    indexes = [match.start() for match in re.finditer(b"@", firsts)]
    return (indexes, places) if len(indexes) == len(places) else ([], [])


def too_long(index: int) -> ParseError:
    """Refuse a header line that no tool writes."""
    return ParseError(
        f"a header line is longer than {MAX_HEADER} bytes",
        code="header-too-long",
        diff_lineno=index + 1,
        hint="No tool writes such lines: make the diff again from its source.",
    )
