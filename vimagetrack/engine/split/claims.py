"""Who answers for which line of the monolith: every changed line is claimed, no unchanged one is.

The aligner may pair lines otherwise than the diff did: an edit may touch a line that the diff shows as
unchanged, and a line that it shows as changed may need no edit at all. What a change claims is then cut to
the lines of the diff's own runs, and what nobody touches goes to a neighbour in its run (law 3).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vimagetrack.engine.split.lines import Lined, Lines
from vimagetrack.engine.split.windows import Window

if TYPE_CHECKING:
    from vimagetrack.engine.split.changes import Draft


class Changed:
    """The changed lines of a window, run by run, as half-open ranges of 0-based lines."""

    def __init__(self, window: Window) -> None:
        old, new = Lined(window.old), Lined(window.new)
        self.old = [(old.index(run.start), old.index(run.end)) for run in window.runs]
        self.new = [(new.index(run.new_start), new.index(run.new_end)) for run in window.runs]

    def clip(self, mine: Lines, theirs: Lines) -> tuple[Lines, Lines]:
        """Cut the two ranges of a change to the first run that each of them touches."""
        return _clipped(self.old, mine), _clipped(self.new, theirs)


def _clipped(runs: Sequence[Lines], lines: Lines) -> Lines:
    index = max(bisect_right(runs, lines[0], key=lambda run: run[0]) - 1, 0)
    for start, end in runs[index : index + 2]:
        low, high = max(start, lines[0]), min(end, lines[1])
        if low < high:
            return low, high
    return lines[0], lines[0]


def claim(found: Sequence[Draft], changed: Changed, window_index: int) -> None:
    """Give every changed line that no change claims to one of its window."""
    own = [draft for draft in found if draft.window_index == window_index]
    own = [draft for draft in own if not draft.of_scaffold] or own
    if not own:
        return
    for index, (side, runs) in enumerate((("old", changed.old), ("new", changed.new))):
        ranges = sorted({getattr(draft, side) for draft in own})
        for piece in _unclaimed(runs, ranges):
            _give(own, index, side, piece, runs)


def _unclaimed(runs: Sequence[Lines], ranges: Sequence[Lines]) -> Iterator[Lines]:
    """List the lines of the runs that no range covers; both are sorted."""
    at = 0
    for first, end in runs:
        place = first
        while place < end:
            while at < len(ranges) and ranges[at][1] <= place:
                at += 1
            low, high = ranges[at] if at < len(ranges) else (end, end)
            if low > place:
                yield place, min(low, end)
            place = high if low < end else end


def _give(own: Sequence[Draft], index: int, side: str, piece: Lines, runs: Sequence[Lines]) -> None:
    """Let the nearest change of the piece's run grow by it, else the nearest that has nothing there.

    Only where there is none, one that touches the piece claims the unchanged lines before it as well.
    """
    run = runs[bisect_right(runs, piece[0], key=lambda run: run[0]) - 1]

    def rank(draft: Draft) -> tuple[int, int]:
        first, last = getattr(draft, side)
        inside = first < last and run[0] <= first and last <= run[1]
        touches = draft.reach[index][0] <= piece[0] and piece[1] <= draft.reach[index][1]
        if first == last:
            return (1 if touches else 2), abs(first - piece[0])
        return (0 if inside else 3 if touches else 4), max(first - piece[1], piece[0] - last, 0)

    nearest = min(own, key=rank)
    first, last = getattr(nearest, side)
    setattr(nearest, side, piece if first == last else (min(first, piece[0]), max(last, piece[1])))
