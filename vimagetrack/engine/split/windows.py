"""What the engine knows of a file: its whole text, or the windows that the hunks show.

A window is a stretch of the old text with its new text and the runs between them. A proof on a
window says less than one on the file, so ``whole`` goes with it to the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.model import Diff, FileDiff, Hunk, body_lines, plain_blocks, unsigned
from vimagetrack.engine.null.kernel import Side
from vimagetrack.engine.null.table import Table

#: People ask for 3, 10 or 50 lines of context. A margin above the first figure that is no multiple of
#: the second was not asked for: there the file ended. Above the third nobody cuts a hunk any more.
ASKED_FOR, ROUND, FULL_CONTEXT_LINES = 100, 10, 1000

#: So many lines after the last change are what a tool leaves that cuts: two diffs may have been joined.
USUAL_TAILS = frozenset({3, 5, 10})


@dataclass(frozen=True, slots=True)
class Span:
    """A run of changed lines, as half-open byte offsets in the window's two texts."""

    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a file: ``old_lineno`` and ``new_lineno`` are the 1-based first lines."""

    old: bytes
    new: bytes
    old_lineno: int
    new_lineno: int
    runs: tuple[Span, ...]
    #: False where there may be more text before or after it.
    whole: bool

    @property
    def ends(self) -> tuple[bool, bool]:
        """Say whether the window begins where the file does, and ends where it ends.

        Read as GNU patch reads a hunk: a side with less context than the other is where the file ends. A
        doubt means no, and costs context lines only.
        """
        if self.whole or not self.runs:
            return True, True
        lead = self.old.count(b"\n", 0, self.runs[0].start)
        trail = len(body_lines(self.old[self.runs[-1].end :]))
        return lead < trail or self.old_lineno == 1, trail < lead

    @property
    def margins(self) -> tuple[int, int]:
        """Count the bytes of context at both ends that no change may slide into; none in a whole file."""
        if self.whole or not self.runs:
            return 0, 0
        return min(self.runs[0].start, self.runs[0].new_start), len(self.old) - self.runs[-1].end

    def side(self, text: bytes, table: Table, path: str) -> Side:
        """Give a text of this window as the kernel judges it."""
        tail = not self.whole and self.old_lineno > 1
        return Side(text=text, table=table, path=path, whole=self.whole, tail=tail)


def windows(file: FileDiff, base: bytes | None, *, whole_hunk: bool) -> tuple[Window, ...]:
    """Give what is known of a modified file; ``base`` is its whole old text where there is one.

    ``whole_hunk``: its only hunk shows the whole file. Raises ApplyError where the diff does not
    fit the base.
    """
    if base is not None:
        new = apply_file(file, base)
        return (_whole(file, base, new or b""),)
    return tuple(_window(hunk, whole=whole_hunk) for hunk in file.hunks)


def _window(hunk: Hunk, *, whole: bool) -> Window:
    old, new, runs = _plain_sides(hunk.body) or _sides(hunk)
    return Window(old, new, hunk.old_lineno, hunk.new_lineno, runs, whole=whole)


def _sides(hunk: Hunk) -> tuple[bytes, bytes, tuple[Span, ...]]:
    """Give both texts of a hunk and its runs in them."""
    old, new = hunk.old_text, hunk.new_text
    return old, new, _spans([hunk], old, new, hunk.old_lineno, hunk.new_lineno)


def _plain_sides(body: bytes) -> tuple[bytes, bytes, tuple[Span, ...]] | None:
    """Give the same of a body that is nothing but signed lines, by its blocks; None where it is not."""
    blocks = plain_blocks(body)
    if blocks is None:
        return None
    old: list[bytes] = []
    new: list[bytes] = []
    spans: list[Span] = []
    old_at = new_at = start = new_start = 0
    for block in blocks:
        text = unsigned(block)
        if not block.startswith(b"+"):
            old.append(text)
            old_at += len(text)
        if not block.startswith(b"-"):
            new.append(text)
            new_at += len(text)
        if block.startswith(b" "):
            if (old_at - start, new_at - new_start) != (len(text), len(text)):
                spans.append(Span(start, old_at - len(text), new_start, new_at - len(text)))
            start, new_start = old_at, new_at
    if (old_at, new_at) != (start, new_start):
        spans.append(Span(start, old_at, new_start, new_at))
    return b"".join(old), b"".join(new), tuple(spans)


def _whole(file: FileDiff, old: bytes, new: bytes) -> Window:
    return Window(old, new, 1, 1, _spans(file.hunks, old, new, 1, 1), whole=True)


def _spans(hunks: Iterable[Hunk], old: bytes, new: bytes, old_first: int, new_first: int) -> tuple[Span, ...]:
    old_at, new_at = line_offsets(old), line_offsets(new)
    spans = []
    for hunk in hunks:
        for run in hunk.runs():
            i, j = run.old_start_lineno - old_first, run.new_start_lineno - new_first
            k, m = i + len(run.old_lines), j + len(run.new_lines)
            spans.append(Span(old_at[i], old_at[k], new_at[j], new_at[m]))
    return tuple(spans)


def line_offsets(text: bytes) -> list[int]:
    """Give the byte offset of every line's start, and at the end the length of the text."""
    return [0, *accumulate(map(len, body_lines(text)))]


def whole_hunks(diff: Diff) -> Mapping[int, bool]:
    """Find the files (by index) whose only hunk shows the whole file.

    ``git diff -U1000000`` says nowhere that it did; it shows in the context: every file is one hunk from
    its first line on, and no tool cuts a hunk off before its n lines are full, unless the file ends. A
    file that is called whole and is not would be believed to end where the hunk does, so a doubt means
    no; the base settles it. What is left: a ``git diff -W`` in which every file changes in its first
    function only.
    """
    margins = {index: [_margins(hunk) for hunk in file.hunks] for index, file in enumerate(diff.files)}
    least = max((lines for own in margins.values() for pair in own for lines in pair), default=0)
    full = least >= FULL_CONTEXT_LINES or (least > ASKED_FOR and least % ROUND != 0)
    cut = any(
        len(own) > 1 or diff.files[index].hunks[0].old_start > 1 for index, own in margins.items() if own
    )
    return {
        index: not cut and own[0][1] not in USUAL_TAILS and (full or own[0][1] < least)
        for index, own in margins.items()
        if len(own) == 1
    }


def ends_file(file: FileDiff) -> bool:
    """Say whether a file surely ends where its last hunk does: a tool leaves as much below as above."""
    if not file.hunks:
        return False
    margins = [_margins(hunk) for hunk in file.hunks]
    asked_for = max(lines for pair in margins for lines in pair)
    return margins[-1][1] < asked_for or not file.hunks[-1].old_text.endswith(b"\n")


def _margins(hunk: Hunk) -> tuple[int, int]:
    """Count the context lines before the first and after the last changed line of a hunk."""
    body = b"\n" + hunk.body
    firsts = [place for sign in (b"\n-", b"\n+") if (place := body.find(sign)) >= 0]
    if not firsts:
        return hunk.old_count, hunk.old_count
    last = max(body.rfind(b"\n-"), body.rfind(b"\n+"))
    end = body.find(b"\n", last + 1)
    after = body[end + 1 :] if end >= 0 else b""
    return body.count(b"\n", 0, min(firsts)), _lines_of(after)


def _lines_of(context: bytes) -> int:
    """Count lines, those left out that only say that a line end is missing."""
    return len(body_lines(context)) - (b"\n" + context).count(b"\n\\")
