"""From edits to changes: contiguous, one kind, placed in the monolith and in their own layer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.fingerprint import neighbourhood
from vimagetrack.engine.split.claims import Changed
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.functions import Blocks
from vimagetrack.engine.split.layers import Layer, LineGroup
from vimagetrack.engine.split.lines import Lined, Lines, cut, touched
from vimagetrack.engine.split.model import PROVABLE, Kind, Part
from vimagetrack.engine.split.windows import Window

#: How many unchanged lines on each side make a neighbourhood.
NEIGHBOURS = 2

#: When edits of several kinds meet in one line, the line is what a reviewer must read it as.
_STRENGTH = {Kind.MEAT: 4, Kind.OPAQUE: 3, Kind.NULL_MACRO: 2, Kind.VOCABULARY: 1, Kind.COSMETIC: 0}


@dataclass(slots=True)
class Draft:
    """A change before fingerprints and chunks are known; line ranges are half-open, 0-based."""

    step: int
    kind: Kind
    edits: list[Edit]
    old: Lines
    new: Lines
    #: Half-open 0-based line ranges in the layer's own two texts of the window.
    before: Lines
    after: Lines
    before_text: bytes = b""
    after_text: bytes = b""
    function: str = ""
    neighbourhood: str = ""
    part: Part = Part.WHOLE
    window_index: int = 0
    #: 1-based line numbers of the window's first line, in old, new, before and after text.
    first: tuple[int, int, int, int] = (1, 1, 1, 1)
    #: Its fingerprint, once its ordinal is known.
    fingerprint: str = ""
    #: Why it is what it is, where its edits do not say.
    reason: str = ""

    @property
    def of_scaffold(self) -> bool:
        """Say whether it only puts a scaffold or takes it back."""
        return bool(self.edits) and all(edit.own for edit in self.edits)


def drafts(
    window: Window, laid: Layer, *, step: int, old: Lined, new: Lined, blocks: Blocks, changed: Changed
) -> list[Draft]:
    """Turn one step's touched lines of a window into changes, in order."""
    before, after = Lined(laid.before), Lined(laid.after)
    found: list[Draft] = []
    for group in laid.groups():
        draft = _draft(group, step, (old, new, before, after), blocks)
        draft.old, draft.new = changed.clip(draft.old, draft.new)
        if not (found and _join(found[-1], draft)):
            found.append(draft)
    for draft in found:
        draft.before_text = cut(before, draft.before)
        draft.after_text = cut(after, draft.after)
        draft.neighbourhood = _neighbourhood(window, old, draft)
        draft.first = (window.old_lineno, window.new_lineno, laid.before_lineno, laid.after_lineno)
    return found


def _draft(group: LineGroup, step: int, texts: tuple[Lined, Lined, Lined, Lined], blocks: Blocks) -> Draft:
    old, new, before, after = texts
    first, last = group.edits[0], group.edits[-1]
    ends = [(edit.end, edit.new_end) for edit in group.edits if edit.end == last.end]
    mine, theirs = touched(old, new, (first.start, last.end, first.new_start, last.new_end), ends)
    mine, theirs = _trimmed(old, new, mine, theirs)
    return Draft(
        step=step,
        kind=max((edit.kind for edit in group.edits), key=_STRENGTH.__getitem__),
        edits=list(group.edits),
        old=mine,
        new=theirs,
        before=(before.index(group.before_start), before.index(group.before_end)),
        after=(after.index(group.after_start), after.index(group.after_end)),
        function="" if first.own else blocks.name_at(first.start, before=mine[0] == mine[1]),
    )


def _trimmed(old: Lined, new: Lined, mine: Lines, theirs: Lines) -> tuple[Lines, Lines]:
    """Drop equal lines at both ends: a line that did not change is nobody's."""
    (a, b), (c, d) = mine, theirs
    while a < b and c < d and cut(old, (a, a + 1)) == cut(new, (c, c + 1)):
        a, c = a + 1, c + 1
    while a < b and c < d and cut(old, (b - 1, b)) == cut(new, (d - 1, d)):
        b, d = b - 1, d - 1
    return (a, b), (c, d)


def _join(left: Draft, right: Draft) -> bool:
    """Let a change grow by the next one when no line lies between them on any side."""
    touching = all(
        a[1] == b[0]
        for a, b in (
            (left.old, right.old),
            (left.new, right.new),
            (left.before, right.before),
            (left.after, right.after),
        )
    )
    alike = left.kind is right.kind and left.function == right.function
    one = _of_one_block(left.edits[-1], right.edits[0]) and not right.edits[0].apart
    if not touching or not alike or not one:
        return False
    left.edits += right.edits
    left.old, left.new = (left.old[0], right.old[1]), (left.new[0], right.new[1])
    left.before, left.after = (left.before[0], right.before[1]), (left.after[0], right.after[1])
    return True


def _of_one_block(left: Edit, right: Edit) -> bool:
    """Say whether two edits may make one change: lines of a scaffold only with the next line of the same."""
    if left.own is None or right.own is None:
        return left.own is right.own
    return left.own.slug == right.own.slug and left.own.number + 1 == right.own.number


def _neighbourhood(window: Window, old: Lined, draft: Draft) -> str:
    """Digest the nearest unchanged lines of the old text, blank ones left out."""
    start, end = draft.old
    above = _unchanged(window, old, range(start - 1, -1, -1))
    below = _unchanged(window, old, range(max(end, start), len(old.at) - 1))
    return neighbourhood(reversed(above), below)


def _unchanged(window: Window, old: Lined, lines: Iterable[int]) -> list[bytes]:
    found: list[bytes] = []
    starts = [run.start for run in window.runs]
    for index in lines:
        offset = old.at[index]
        run = bisect_right(starts, offset) - 1
        text = cut(old, (index, index + 1))
        if text.strip() and not (run >= 0 and offset < window.runs[run].end):
            found.append(text)
            if len(found) == NEIGHBOURS:
                break
    return found


def mark_parts(found: Sequence[Draft]) -> None:
    """Mark the halves: changes that share a line of the monolith with another change of the file."""
    seen: dict[tuple[str, int, int], list[Draft]] = {}
    for draft in found:
        for side, lines in (("old", draft.old), ("new", draft.new)):
            for line in range(*lines):
                seen.setdefault((side, draft.window_index, line), []).append(draft)
    for sharers in seen.values():
        if len(sharers) > 1:
            for draft in sharers:
                draft.part = Part.NULL if draft.kind in PROVABLE else Part.MEAT
