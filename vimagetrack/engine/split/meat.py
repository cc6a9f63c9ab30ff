"""What no null edit explains is meat: the complement of the null edits, cut along the runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.split.align import equal_blocks
from vimagetrack.engine.split.edits import Edit, trim
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.sittings import sittings
from vimagetrack.engine.split.windows import Span, Window


def complete(window: Window, null: Sequence[Edit], *, meat: Edit) -> list[Edit]:
    """Add the meat between the null edits, so that the whole adds up to the new text.

    ``null`` is sorted and disjoint, ``meat`` the pattern that carries step and reason. Cosmetic
    edits that share a line with meat become meat: a reviewer reads that line in any case.
    """
    edits = _with_complement(window, null, meat)
    beside = _cosmetic_beside_meat(window, edits)
    if beside:
        edits = _with_complement(window, [edit for edit in null if edit not in beside], meat)
    return edits


def _with_complement(window: Window, null: Sequence[Edit], meat: Edit) -> list[Edit]:
    edits: list[Edit] = []
    position = new_position = 0
    end = Edit(
        start=len(window.old),
        end=len(window.old),
        new_start=len(window.new),
        new_end=len(window.new),
        step=0,
        kind=Kind.MEAT,
    )
    for edit in [*null, end]:
        hole = Span(position, edit.start, new_position, edit.new_start)
        for span in _holes(window, hole):
            run = (span.start, span.end, span.new_start, span.new_end)
            edits += (_as_edit(Span(*piece), meat) for piece in sittings(window.old, window.new, run))
        if edit is not end:
            edits.append(edit)
        position, new_position = edit.end, edit.new_end
    return edits


def _as_edit(span: Span, meat: Edit) -> Edit:
    return replace(meat, start=span.start, end=span.end, new_start=span.new_start, new_end=span.new_end)


def _holes(window: Window, hole: Span) -> Iterator[Span]:
    """Cut a hole along the runs of the diff; by its lines where an edit has moved a run's border."""
    pieces = list(_along_runs(window, hole))
    if not _adds_up(window, hole, pieces):
        pieces = list(differing_lines(window.old, window.new, hole))
    for piece in pieces:
        shrunk = trim(window.old, window.new, (piece.start, piece.end, piece.new_start, piece.new_end))
        if shrunk:
            yield Span(*shrunk)


def _along_runs(window: Window, hole: Span) -> Iterator[Span]:
    for run in window.runs:
        if run.end < hole.start or run.new_end < hole.new_start:
            continue
        if run.start > hole.end or run.new_start > hole.new_end:
            return
        yield Span(
            max(run.start, hole.start),
            min(run.end, hole.end),
            max(run.new_start, hole.new_start),
            min(run.new_end, hole.new_end),
        )


def differing_lines(old_text: bytes, new_text: bytes, hole: Span) -> Iterator[Span]:
    """Pair the equal lines of a stretch; yield what lies between them."""
    old = body_lines(old_text[hole.start : hole.end])
    new = body_lines(new_text[hole.new_start : hole.new_end])
    old_at = list(accumulate(map(len, old), initial=hole.start))
    new_at = list(accumulate(map(len, new), initial=hole.new_start))
    i = j = 0
    for a, b, length in [*equal_blocks(old, new), (len(old), len(new), 0)]:
        if a > i or b > j:
            yield Span(old_at[i], old_at[a], new_at[j], new_at[b])
        i, j = a + length, b + length


def _adds_up(window: Window, hole: Span, pieces: Iterable[Span]) -> bool:
    """Say whether the pieces, with equal text between them, make the hole."""
    position, new_position = hole.start, hole.new_start
    for piece in pieces:
        if piece.end < piece.start or piece.new_end < piece.new_start or piece.start < position:
            return False
        if window.old[position : piece.start] != window.new[new_position : piece.new_start]:
            return False
        position, new_position = piece.end, piece.new_end
    return window.old[position : hole.end] == window.new[new_position : hole.new_end]


def _cosmetic_beside_meat(window: Window, edits: Sequence[Edit]) -> set[Edit]:
    """Find the cosmetic edits that touch a line which meat touches too, on either side."""
    found: set[Edit] = set()
    for left, right in zip(edits, edits[1:], strict=False):
        kinds = {left.kind, right.kind}
        if Kind.MEAT in kinds and Kind.COSMETIC in kinds and _share_line(window, left, right):
            found.add(left if left.kind is Kind.COSMETIC else right)
    return found


def _share_line(window: Window, left: Edit, right: Edit) -> bool:
    return (
        b"\n" not in window.old[left.end : right.start]
        and b"\n" not in window.new[left.new_end : right.new_start]
        and not _ends_line(window, left)
    )


def _ends_line(window: Window, edit: Edit) -> bool:
    return window.new[edit.new_start : edit.new_end].endswith(b"\n") and (
        edit.end == 0 or window.old[edit.end - 1 : edit.end] == b"\n"
    )


_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
_WORD_BEFORE = re.compile(rb"\w*\Z")
_WORD_AFTER = re.compile(rb"\w*")
#: No identifier is longer; keeps the look to the left of an edit short.
_LONGEST = 256


def identifiers_of(window: Window, edit: Edit) -> frozenset[str]:
    """Collect the identifiers that an edit adds or removes, for the plan's ``touches`` rules.

    An edit may start inside a word (``V_`` put before ``hostname``): whole words are meant.
    """
    old = words_at(window.old, edit.start, edit.end)
    new = words_at(window.new, edit.new_start, edit.new_end)
    return frozenset(name.decode() for name in old ^ new)


def words_at(text: bytes, start: int, end: int) -> set[bytes]:
    """Give the identifiers that a stretch of text touches, whole also where it starts inside of one."""
    before = _WORD_BEFORE.search(text, max(0, start - _LONGEST), start)
    after = _WORD_AFTER.match(text, end)
    first = before.start() if before else start
    return set(_IDENTIFIER.findall(text, first, after.end() if after else end))
