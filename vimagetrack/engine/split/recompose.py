"""Apply the written patches again, in order and in memory, and compare with the monolith.

The bytes that are about to leave are parsed anew and applied by an applier that knows nothing of
edits. What does not come out exactly is a SplitError: nothing of such a split may be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.model import FileDiff, Hunk, body_lines
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ParseError, SplitError
from vimagetrack.engine.split.windows import Window


@dataclass(slots=True)
class _Stretch:
    """A known stretch of a file: the 1-based number of its first line, and its lines."""

    first: int
    lines: list[bytes]

    def holds(self, index: int, lines: list[bytes]) -> bool:
        """Say whether these lines stand at a 0-based index of the stretch."""
        return index >= 0 and self.lines[index : index + len(lines)] == lines and index <= len(self.lines)


class SparseText:
    """The known stretches of a file, in order."""

    def __init__(self, windows: Iterable[Window]) -> None:
        self.stretches = [_Stretch(window.old_lineno, body_lines(window.old)) for window in windows]

    def apply(self, hunk: Hunk, path: str) -> None:
        """Apply one hunk exactly where it says; SplitError where the text there is another."""
        old, new = body_lines(hunk.old_text), body_lines(hunk.new_text)
        for number, stretch in enumerate(self.stretches):
            index = hunk.old_lineno - stretch.first
            if stretch.holds(index, old):
                stretch.lines[index : index + len(old)] = new
                for later in self.stretches[number + 1 :]:
                    later.first += len(new) - len(old)
                return
        raise SplitError(
            f"a written hunk does not apply at line {hunk.old_start}", code="recompose", path=path
        )

    def apply_file(self, file: FileDiff) -> None:
        """Apply a file's hunks, last one first: they number the lines as they were before all of them."""
        for hunk in reversed(file.hunks):
            self.apply(hunk, file.path)

    @property
    def texts(self) -> list[bytes]:
        """Join every stretch."""
        return [b"".join(stretch.lines) for stretch in self.stretches]


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
