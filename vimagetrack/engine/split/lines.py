"""A text by lines: from byte offsets to 0-based lines and back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from vimagetrack.engine.split.windows import line_offsets

#: A half-open range of 0-based lines.
Lines = tuple[int, int]


class Lined:
    """A text with the byte offset of every line; lines end at ``\\n`` only."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.at = line_offsets(text)

    def index(self, offset: int) -> int:
        """Give the first line that starts at or after a byte offset."""
        return bisect_left(self.at, offset)

    def line_of(self, offset: int) -> int:
        """Give the line that holds a byte offset; the end of the text belongs to the last line."""
        return max(min(bisect_right(self.at, offset), len(self.at) - 1) - 1, 0)

    def is_border(self, offset: int) -> bool:
        """Say whether a line starts (or could start) at a byte offset."""
        return offset == 0 or self.text[offset - 1 : offset] == b"\n"


def uneven(lines: Sequence[tuple[bytes, bytes]], *, at_start: bool, at_end: bool) -> tuple[int, int]:
    """Count the context lines to leave out at the start and at the end of a hunk.

    A hunk with less context on one side is one at that end of its file, to git and GNU patch alike; where
    the text merely is not known any further, both sides have to be as short.
    """
    changed = [index for index, (sign, _) in enumerate(lines) if sign != b" "]
    lead, trail = changed[0], len(lines) - 1 - changed[-1]
    if lead < trail and not at_start:
        return 0, trail - lead
    if trail < lead and not at_end:
        return lead - trail, 0
    return 0, 0


def cut(lined: Lined, lines: Lines) -> bytes:
    """Give the bytes of a range of lines."""
    return lined.text[lined.at[lines[0]] : lined.at[lines[1]]]
