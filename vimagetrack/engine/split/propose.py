"""Propose null edits: align the kernel's own streams of old and new text, keep what agrees.

A proposal may be clever and may be wrong; nothing of it is written before the kernel has judged
the layer that it makes. The shape: cut both streams at top level where the text is unchanged,
align each segment, and read the agreeing units (a token, or a whole macro call) as edits of the
text. What was dropped between two agreeing units, a null macro or an include, is an edit as well.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from vimagetrack.engine.null.kernel import Stream
from vimagetrack.engine.split.align import equal_blocks
from vimagetrack.engine.split.edits import common_prefix
from vimagetrack.engine.split.meat import differing_lines
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.sidetext import Item, SideText
from vimagetrack.engine.split.windows import Span, Window


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that looks null; ``macros`` are outermost names, ``segment`` numbers the function."""

    span: Span
    kind: Kind
    macros: tuple[str, ...]
    segment: int
    #: It drops or inserts a whole unit (a null statement, a brace), rather than respelling one.
    structural: bool = False


@dataclass(frozen=True, slots=True)
class _Unit:
    """Two agreeing units: their stream ranges and byte ranges on both sides."""

    i: int
    i_end: int
    j: int
    j_end: int
    span: Span
    macros: tuple[str, ...] = ()


def propose(
    window: Window, old: Stream, new: Stream, is_transition: Callable[[bytes], bool]
) -> list[Proposal]:
    """List the null edits of a window in order; all else between them is meat.

    ``is_transition`` tells the plan's macros from helpers that the tree has anyway.
    """
    before, after = SideText(window.old, old, is_transition), SideText(window.new, new, is_transition)
    found: list[Proposal] = []
    for number, (start, end) in enumerate(_segments(window, before, after)):
        units = _units(before, after, start, end)
        found += _read(before, after, [start, *units, end], number)
    return found


# --- segments


def _segments(window: Window, before: SideText, after: SideText) -> Iterator[tuple[_Unit, _Unit]]:
    """Cut at unchanged top-level tokens: yield the anchors around every group of runs."""
    left = _Unit(0, 0, 0, 0, Span(0, 0, 0, 0))
    ends = (len(window.old), len(window.new))
    last = _Unit(
        len(before.starts),
        len(before.starts),
        len(after.starts),
        len(after.starts),
        Span(ends[0], ends[0], ends[1], ends[1]),
    )
    runs = window.runs
    for index, run in enumerate(runs):
        following = runs[index + 1] if index + 1 < len(runs) else None
        zone = (run.end, following.start if following else ends[0])
        anchors = _anchors(before, after, zone, run.new_end - run.end)
        if anchors:
            yield left, anchors[0]
            left = anchors[1]
        elif following is None:
            yield left, last


def _anchors(
    before: SideText, after: SideText, zone: tuple[int, int], shift: int
) -> tuple[_Unit, _Unit] | None:
    """Find the first and the last top-level token of an unchanged zone that both sides have."""
    low, high = bisect_left(before.starts, zone[0]), bisect_right(before.ends, zone[1])
    first = next(filter(None, (_anchor(before, after, i, shift) for i in range(low, high))), None)
    if first is None:
        return None
    final = next(filter(None, (_anchor(before, after, i, shift) for i in range(high - 1, low - 1, -1))), None)
    return first, final or first


def _anchor(before: SideText, after: SideText, i: int, shift: int) -> _Unit | None:
    if before.depth[i + 1] > 0 or not (before.is_unit_start(i) and before.is_unit_start(i + 1)):
        return None
    j = bisect_left(after.starts, before.starts[i] + shift)
    if j >= len(after.starts) or after.starts[j] != before.starts[i] + shift or after.depth[j + 1] > 0:
        return None
    same = after.ends[j] == before.ends[i] + shift and after.stream.tokens[j] == before.stream.tokens[i]
    if not same or not (after.is_unit_start(j) and after.is_unit_start(j + 1)):
        return None
    return _Unit(i, i + 1, j, j + 1, Span(before.starts[i], before.ends[i], after.starts[j], after.ends[j]))


# --- units


def _units(before: SideText, after: SideText, start: _Unit, end: _Unit) -> list[_Unit]:
    """Pair the units of a segment whose tokens all agree."""
    i, j = start.i_end, start.j_end
    blocks = equal_blocks(before.stream.tokens[i : end.i], after.stream.tokens[j : end.j])
    units: list[_Unit] = []
    for a, b, length in blocks:
        units += _block_units(before, after, i + a, j + b, length)
    return units


def _block_units(before: SideText, after: SideText, i: int, j: int, length: int) -> Iterator[_Unit]:
    """Cut a block of agreeing tokens into units; a stretch without macros is looked at as a whole."""
    stop, shift = i + length, j - i
    here = i
    while here < stop:
        plain = min(before.next_call(here), after.next_call(here + shift) - shift, stop)
        if plain > here:
            yield from _plain_units(before, after, (here, plain), shift)
            here = plain
            continue
        if not (before.is_unit_start(here) and after.is_unit_start(here + shift)):
            here += 1
            continue
        there = here + 1
        while there <= stop and not (before.is_unit_start(there) and after.is_unit_start(there + shift)):
            there += 1
        if there > stop:
            return
        yield _unit(before, after, (here, there), shift)
        here = there


def _plain_units(before: SideText, after: SideText, part: tuple[int, int], shift: int) -> Iterator[_Unit]:
    """Give a stretch of tokens that no macro made: one unit where its text is the same, else by halves."""
    first, last = part
    old, new = before.stream, after.stream
    mine = before.source[old.first[first] : old.last[last - 1]]
    if last - first == 1 or mine == after.source[new.first[first + shift] : new.last[last - 1 + shift]]:
        yield _unit(before, after, part, shift)
        return
    middle = (first + last) // 2
    yield from _plain_units(before, after, (first, middle), shift)
    yield from _plain_units(before, after, (middle, last), shift)


def _unit(before: SideText, after: SideText, i: tuple[int, int], shift: int) -> _Unit:
    j = (i[0] + shift, i[1] + shift)
    span = Span(before.starts[i[0]], before.ends[i[1] - 1], after.starts[j[0]], after.ends[j[1] - 1])
    return _Unit(i[0], i[1], j[0], j[1], span, _texts([*before.macros(*i), *after.macros(*j)]))


# --- edits


def _read(before: SideText, after: SideText, units: list[_Unit], segment: int) -> Iterator[Proposal]:
    """Read a segment's units, and the gaps between them, as proposals."""
    for left, right in zip(units, units[1:], strict=False):
        gap = Span(left.span.end, right.span.start, left.span.new_end, right.span.new_start)
        if right.i > left.i_end or right.j > left.j_end:
            yield from _beside_meat(before, after, left, right, segment)
        elif before.text[gap.start : gap.end] != after.text[gap.new_start : gap.new_end]:
            yield from _gap(before, after, gap, segment)
        respelt = _respelt(before, after, right, segment)
        if respelt:
            yield respelt


def _respelt(before: SideText, after: SideText, unit: _Unit, segment: int) -> Proposal | None:
    span = unit.span
    old, new = before.text[span.start : span.end], after.text[span.new_start : span.new_end]
    if old == new:
        return None
    if before.bare(span.start, span.end) == after.bare(span.new_start, span.new_end):
        return Proposal(span, Kind.COSMETIC, (), segment)
    return Proposal(span, Kind.NULL_MACRO, unit.macros, segment)


def _gap(before: SideText, after: SideText, gap: Span, segment: int) -> Iterator[Proposal]:
    """Read a gap between two neighbours that agree: every line that it drops is an edit."""
    if before.items_in(gap.start, gap.end):
        yield from _gap_lines(before, after, gap, segment)
        return
    for item in after.items_in(gap.new_start, gap.new_end):
        edit = _insertion(before, after, gap.start, gap.end, gap.new_start, item)
        yield _drop(edit, item, segment)
        gap = Span(edit.end, gap.end, edit.new_end, gap.new_end)
    if before.text[gap.start : gap.end] != after.text[gap.new_start : gap.new_end]:
        yield Proposal(gap, Kind.COSMETIC, (), segment)


def _gap_lines(before: SideText, after: SideText, gap: Span, segment: int) -> Iterator[Proposal]:
    """Read a gap that drops something on the old side too, line by line."""
    for piece in differing_lines(before.text, after.text, gap):
        if before.bare(piece.start, piece.end) == after.bare(piece.new_start, piece.new_end):
            yield Proposal(piece, Kind.COSMETIC, (), segment)
            continue
        items = before.items_in(piece.start, piece.end) + after.items_in(piece.new_start, piece.new_end)
        vocabulary = bool(items) and all(item.kind is Kind.VOCABULARY for item in items)
        kind = Kind.VOCABULARY if vocabulary else Kind.NULL_MACRO
        names = before.claimed(piece.start, piece.end) + after.claimed(piece.new_start, piece.new_end)
        yield Proposal(piece, kind, _texts(names), segment, structural=True)


def _drop(edit: Span, item: Item, segment: int) -> Proposal:
    return Proposal(edit, item.kind, _texts(item.macros), segment, structural=True)


def _texts(names: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.decode("utf-8", "surrogateescape") for name in names))


def _beside_meat(
    before: SideText, after: SideText, left: _Unit, right: _Unit, segment: int
) -> Iterator[Proposal]:
    """Read the null lines that were put directly before or after something that disagrees."""
    old_meat = (before.starts[left.i_end], before.ends[right.i - 1]) if right.i > left.i_end else None
    new_meat = (after.starts[left.j_end], after.ends[right.j - 1]) if right.j > left.j_end else None
    new_first, new_last = new_meat or (right.span.new_start, right.span.new_start)
    old_first, old_last = old_meat or (right.span.start, left.span.end)
    sides = [(left.span.end, old_first, left.span.new_end, new_first)]
    if new_meat:
        sides.append((old_last, right.span.start, new_last, right.span.new_start))
    position = 0
    for old_start, old_end, new_start, new_end in sides:
        position, new_position = max(position, old_start), new_start
        if before.items_in(position, old_end):
            continue
        for item in filter(after.is_line, after.items_in(new_position, new_end)):
            edit = _insertion(before, after, position, old_end, new_position, item)
            yield _drop(edit, item, segment)
            position, new_position = edit.end, edit.new_end
    yield from _indentation(before, after, (position, new_position), right, segment)


def _indentation(
    before: SideText, after: SideText, position: tuple[int, int], right: _Unit, segment: int
) -> Iterator[Proposal]:
    """Read the white space before what follows something that disagrees, where it has a line of its own."""
    starts = []
    for side, low, end in (
        (before, position[0], right.span.start),
        (after, position[1], right.span.new_start),
    ):
        line = side.text.rfind(b"\n", 0, end) + 1
        if line < low or side.text[line:end].strip(b" \t"):
            return
        starts.append(line)
    old, new = before.text[starts[0] : right.span.start], after.text[starts[1] : right.span.new_start]
    if old != new:
        same = common_prefix(old[::-1], new[::-1])  # what is new stands at the line's start, clear of meat
        span = Span(starts[0], right.span.start - same, starts[1], right.span.new_start - same)
        yield Proposal(span, Kind.COSMETIC, (), segment)


def _insertion(
    before: SideText, after: SideText, position: int, limit: int, new_position: int, item: Item
) -> Span:
    """Place a dropped line in the old text up to ``limit``; whole lines go in as whole lines."""
    old, new = before.text, after.text
    head = common_prefix(old[position:limit], new[new_position : item.start])
    line = old.rfind(b"\n", position, position + head) + 1
    end = item.end
    if new[end : end + 1] in (b"\n", b""):
        end = min(end + 1, len(new))
        if line:
            return Span(line, line, new_position + line - position, end)
        start = max(new.rfind(b"\n", 0, item.start) + 1, new_position)
        if _starts_line(old, position) and _starts_line(new, start):
            return Span(position, position, start, end)
        end = item.end
    while new[end : end + 1] in (b" ", b"\t"):
        end += 1
    return Span(position + head, position + head, new_position + head, end)


def _starts_line(text: bytes, offset: int) -> bool:
    return offset == 0 or text[offset - 1 : offset] == b"\n"
