"""Line up the two sides of a hunk: numbered rows of cells, for either view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reviews.render.lines import cut
from reviews.render.marks import Span, pair_up
from reviews.render.tokens import Cell
from vimagetrack.engine.diff.model import Hunk, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLine:
    """One line of one side: 1-based number, cells, spans that differ, whether it ends without a newline."""

    lineno: int
    cells: list[Cell]
    spans: tuple[Span, ...] = ()
    no_newline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Both sides of a row, None for an absent line; ``run_index`` is 0-based in the file, None: context."""

    old: SideLine | None
    new: SideLine | None
    run_index: int | None = None
    first: bool = False  # of its run


@dataclass(slots=True)
class _Side:
    """One side of a hunk, cut into lines."""

    start_lineno: int
    lines: list[list[Cell]]
    ends_bare: bool
    spans: dict[int, tuple[Span, ...]] = field(default_factory=dict)

    def line(self, index: int) -> SideLine:
        bare = self.ends_bare and index == len(self.lines) - 1
        spans = self.spans.get(index, ())
        return SideLine(
            lineno=self.start_lineno + index, cells=self.lines[index], spans=spans, no_newline=bare
        )


def hunk_rows(hunk: Hunk, runs: Sequence[Run], *, path: str, first_run: int) -> Iterator[Row]:
    """Give a hunk's rows in order; ``runs`` are the hunk's own, counted from ``first_run``."""
    old = _side(hunk.old_text, hunk.old_lineno, path)
    new = _side(hunk.new_text, hunk.new_lineno, path)
    i = j = 0
    for index, run in enumerate(runs, start=first_run):
        old_from, new_from = _run_starts(run, old, new)
        yield from _context(old, new, i, j, old_from - i)
        yield from _run_rows(run, old, new, old_from, new_from, index)
        i, j = old_from + len(run.old_lines), new_from + len(run.new_lines)
    yield from _context(old, new, i, j, len(old.lines) - i)


def _side(text: bytes, start_lineno: int, path: str) -> _Side:
    return _Side(start_lineno, cut(text, path=path), bool(text) and not text.endswith(b"\n"))


def _run_starts(run: Run, old: _Side, new: _Side) -> tuple[int, int]:
    return run.old_start_lineno - old.start_lineno, run.new_start_lineno - new.start_lineno


def _context(old: _Side, new: _Side, i: int, j: int, length: int) -> Iterator[Row]:
    for step in range(length):
        yield Row(old=old.line(i + step), new=new.line(j + step))


def _run_rows(run: Run, old: _Side, new: _Side, i: int, j: int, index: int) -> Iterator[Row]:
    old_lines = old.lines[i : i + len(run.old_lines)]
    new_lines = new.lines[j : j + len(run.new_lines)]
    for order, pair in enumerate(pair_up(old_lines, new_lines)):
        left = right = None
        if pair.old_index is not None:
            old.spans[i + pair.old_index] = pair.old_spans
            left = old.line(i + pair.old_index)
        if pair.new_index is not None:
            new.spans[j + pair.new_index] = pair.new_spans
            right = new.line(j + pair.new_index)
        yield Row(old=left, new=right, run_index=index, first=order == 0)
