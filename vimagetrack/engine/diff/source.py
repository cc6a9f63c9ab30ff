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
_HUNDRED = re.compile(rb"\n(?=(.))[^\n]*+" * 100, re.DOTALL)
_DOT = re.compile(rb"\n\.\r?(?:\n|\Z)")
_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Source:
    """A diff's bytes, with an index of its lines.

    ``firsts`` holds the first byte of each line (a newline for an empty line): counting signs there
    is some thirty times cheaper than in the text. ``odd`` lists the signs of odd bytes that occur, ``dots``
    remembers an answer of ``dot_after``.
    """

    data: bytes
    firsts: bytes
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
    """Index the data by lines, and look for odd bytes in pieces that stay in the processor's cache."""
    odd: dict[Sign, None] = {}
    for at in range(0, len(data), _PIECE):
        watch(data, at, at + _PIECE + OVERLAP, odd)
    return Source(data, _first_bytes(data), tuple(odd), [-1])


def _first_bytes(data: bytes) -> bytes:
    """Return the first byte of every line.

    The lines are taken a hundred at a time, since entering the pattern costs more than a line. Matching
    goes on where it stopped, and fails once, at the end: nothing is read again and again.
    """
    parts = [data[:1]]
    pos = data.find(b"\n")
    while pos >= 0 and (match := _HUNDRED.match(data, pos)):
        parts.append(b"".join(match.groups()))
        pos = match.end()
    if pos >= 0:
        parts += _FIRST.findall(data, pos)
    return b"".join(parts)


def too_long(index: int) -> ParseError:
    """Refuse a header line that no tool writes."""
    return ParseError(
        f"a header line is longer than {MAX_HEADER} bytes",
        code="header-too-long",
        diff_lineno=index + 1,
        hint="No tool writes such lines: make the diff again from its source.",
    )
