"""From edits to changes: contiguous, one kind, placed in the monolith and in their own layer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.fingerprint import fingerprint, neighbourhood
from vimagetrack.engine.split.claims import Changed
from vimagetrack.engine.split.edits import Edit, Places
from vimagetrack.engine.split.functions import Blocks
from vimagetrack.engine.split.layers import Layer, LineGroup
from vimagetrack.engine.split.lines import Lined, Lines, cut
from vimagetrack.engine.split.model import PROVABLE, Kind, Part
from vimagetrack.engine.split.windows import Window

#: In so many unchanged lines on each side the tokens of a neighbourhood are looked for.
NEIGHBOURS = 4

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
    #: The lines of the monolith's two texts that it touches, also those that the diff shows as unchanged.
    reach: tuple[Lines, Lines] = ((0, 0), (0, 0))
    #: 1-based line numbers of the window's first line, in old, new, before and after text.
    first: tuple[int, int, int, int] = (1, 1, 1, 1)
    #: Its fingerprint, among equals once its ordinal is known.
    fingerprint: str = ""
    #: Why it is what it is, where its edits do not say.
    reason: str = ""

    @property
    def of_scaffold(self) -> bool:
        """Say whether it only puts a scaffold or takes it back."""
        return bool(self.edits) and all(edit.own for edit in self.edits)

    def name(self, path: str, ordinal: int = 0) -> None:
        """Work out the fingerprint, once the texts are known."""
        self.fingerprint = fingerprint(
            path=path,
            function=self.function,
            before=self.before_text,
            after=self.after_text,
            ordinal=ordinal,
        )


def drafts(
    window: Window,
    laid: Layer,
    edits: Sequence[Edit],
    *,
    step: int,
    old: Lined,
    new: Lined,
    blocks: Blocks,
    changed: Changed,
) -> list[Draft]:
    """Turn one step's touched lines of a window into changes, in order.

    ``blocks`` are those of the text before the layer. All that a change is known by comes from the layer's
    own two texts, so that it is the same whatever landed before.
    """
    before, after = Lined(laid.before), Lined(laid.after)
    to_old, to_new = Places.in_old(edits, step=step - 1), Places.in_new(edits, step=step)
    groups = laid.groups()
    untouched = _Untouched(before, groups)
    found = []
    for group in groups:
        mine = _lines(old, to_old.range(group.before_start, group.before_end))
        theirs = _lines(new, to_new.range(group.after_start, group.after_end))
        reach = mine, theirs
        if not all(edit.own for edit in group.edits):  # whose lines go, whatever the diff pairs them with
            mine, theirs = changed.clip(mine, theirs)
        lines = (before.index(group.before_start), before.index(group.before_end))
        draft = Draft(
            step=step,
            kind=max((edit.kind for edit in group.edits), key=_STRENGTH.__getitem__),
            edits=group.edits,
            old=mine,
            new=theirs,
            before=lines,
            after=(after.index(group.after_start), after.index(group.after_end)),
            before_text=laid.before[group.before_start : group.before_end],
            after_text=laid.after[group.after_start : group.after_end],
            function=_function(group, blocks),
            neighbourhood=untouched.around(lines),
            reach=reach,
        )
        draft.first = (window.old_lineno, window.new_lineno, laid.before_lineno, laid.after_lineno)
        found.append(draft)
    return found


def _function(group: LineGroup, blocks: Blocks) -> str:
    """Name the function that lines stand in before their layer; a scaffold stands in none."""
    if group.edits[0].own:
        return ""
    return blocks.name_at(group.before_start, before=group.before_start == group.before_end)


def _lines(text: Lined, span: tuple[int, int]) -> Lines:
    """Give the lines that a span of a text touches; nothing is touched by an empty one."""
    start, end = span
    if start == end:
        return (text.index(start),) * 2
    return text.line_of(start), text.line_of(end - 1) + 1


class _Untouched:
    """The lines of a layer's old text that it leaves alone."""

    def __init__(self, before: Lined, groups: Sequence[LineGroup]) -> None:
        self.before = before
        self.groups = [(before.index(one.before_start), before.index(one.before_end)) for one in groups]
        self.starts = [start for start, _ in self.groups]

    def around(self, lines: Lines) -> str:
        """Digest the nearest tokens above and below a range of lines."""
        above = self._nearest(range(lines[0] - 1, -1, -1))
        below = self._nearest(range(lines[1], len(self.before.at) - 1))
        return neighbourhood(b"".join(reversed(above)), b"".join(below))

    def _nearest(self, lines: Iterable[int]) -> list[bytes]:
        found: list[bytes] = []
        for index in lines:
            run = bisect_right(self.starts, index) - 1
            text = cut(self.before, (index, index + 1))
            if text.strip() and not (run >= 0 and index < self.groups[run][1]):
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
