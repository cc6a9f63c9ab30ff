"""Apply the written patches again, in order and in memory, and compare with the monolith.

The bytes that are about to leave are parsed anew and applied by an applier that knows nothing of
edits. What does not come out exactly is a SplitError: nothing of such a split may be written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from vimagetrack.engine.diff.model import FileDiff, Hunk, body_lines
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ParseError, SplitError
from vimagetrack.engine.split.windows import Window


class SparseText:
    """The known stretches of a file, in order: the number of the first line of each, and its lines."""

    def __init__(self, windows: Iterable[Window]) -> None:
        self.firsts: list[int] = []
        self.lines: list[list[bytes]] = []
        for window in windows:
            self.firsts.append(window.old_lineno)
            self.lines.append(body_lines(window.old))

    def apply_file(self, file: FileDiff) -> None:
        """Apply a file's hunks exactly where they say; SplitError where the text there is another."""
        growth = [0] * len(self.firsts)
        for hunk in reversed(file.hunks):  # the last one first: they number the lines as before all of them
            number, index, count = self._place(hunk, file.path)
            new = body_lines(hunk.new_text)
            self.lines[number][index : index + count] = new
            growth[number] += len(new) - count
        shifts = accumulate(growth, initial=0)
        self.firsts = [first + shift for first, shift in zip(self.firsts, shifts, strict=False)]

    def _place(self, hunk: Hunk, path: str) -> tuple[int, int, int]:
        """Find the stretch that holds a hunk's old lines, the index in it, and how many they are."""
        old = body_lines(hunk.old_text)
        behind = bisect_right(self.firsts, hunk.old_lineno)
        for number in range(max(behind - 2, 0), behind):  # what is put where two meet belongs to the first
            lines, index = self.lines[number], hunk.old_lineno - self.firsts[number]
            if index <= len(lines) and lines[index : index + len(old)] == old:
                return number, index, len(old)
        raise SplitError(
            f"a written hunk does not apply at line {hunk.old_start}", code="recompose", path=path
        )

    @property
    def texts(self) -> list[bytes]:
        """Join every stretch."""
        return [b"".join(lines) for lines in self.lines]


def _read(path: str, patch: bytes) -> tuple[FileDiff, ...]:
    """Parse what we wrote; a refusal is our fault, not the sender's."""
    try:
        return parse(patch, second_opinion=False).files
    except ParseError as error:
        raise SplitError(
            f"a written patch is no patch: {error.message}", code="recompose", path=path
        ) from error


def check_names(file: FileDiff, patches: Sequence[bytes]) -> None:
    """Follow a file's name and mode through its patches; SplitError unless they end as in the monolith."""
    name, mode = file.old_path, file.old_mode
    for patch in patches:
        for section in _read(file.path, patch):
            if section.old_path != name:
                raise SplitError("a written patch names another file", code="recompose", path=file.path)
            name, mode = section.new_path, section.new_mode or mode
    if (name, mode) != (file.new_path, file.new_mode or file.old_mode):
        raise SplitError("the patches do not name what the monolith names", code="recompose", path=file.path)


def check_file(path: str, windows: Sequence[Window], patches: Sequence[bytes]) -> None:
    """Apply a file's patches in order; SplitError unless every window ends as the monolith has it."""
    text = SparseText(windows)
    for patch in patches:
        for file in _read(path, patch):
            text.apply_file(file)
    if text.texts != [window.new for window in windows]:
        raise SplitError("the patches do not give what the monolith gives", code="recompose", path=path)


def check_layers(
    file: FileDiff, windows: Sequence[Window], patches: Sequence[bytes], *, framed: bool
) -> None:
    """Check a file's text, and where it is ``framed`` its name and mode, through all its patches."""
    check_file(file.path, windows, patches)
    if framed:
        check_names(file, patches)
