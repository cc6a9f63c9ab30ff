"""Read edits as lines: which lines of a layer's two texts they touch, and the hunks they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.emit import PatchHunk
from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.split.edits import Edit, LayerSpan, apply, layer_spans
from vimagetrack.engine.split.lines import uneven
from vimagetrack.engine.split.windows import Window

#: Unchanged lines around a change, as every tool writes them.
CONTEXT_LINES = 3


@dataclass(slots=True)
class LineGroup:
    """Whole lines that neighbouring edits touch, as half-open byte offsets in a layer's two texts."""

    before_start: int
    before_end: int
    after_start: int
    after_end: int
    edits: list[Edit]


@dataclass(frozen=True, slots=True)
class Layer:
    """A window in one layer: its two texts and the first line number of each."""

    before: bytes
    after: bytes
    before_lineno: int
    after_lineno: int
    spans: tuple[LayerSpan, ...]
    #: Whether the texts begin where the file does, and end where it ends.
    ends: tuple[bool, bool] = (True, True)

    def groups(self) -> list[LineGroup]:
        """List the touched lines in order; edits that share a line share a group."""
        return line_groups(self.before, self.after, self.spans)


def layer(
    window: Window,
    edits: Sequence[Edit],
    *,
    step: int,
    rank: int | None = None,
    shifts: tuple[int, int] = (0, 0),
) -> Layer:
    """Lay one step (one rank of it, unless None) of a window; ``shifts`` are lines of earlier windows."""
    if rank is None:
        before = apply(window.old, window.new, edits, step=step - 1)
    else:
        before = apply(window.old, window.new, edits, step=step, rank=rank - 1)
    return Layer(
        before,
        apply(window.old, window.new, edits, step=step, rank=rank),
        window.old_lineno + shifts[0],
        window.old_lineno + shifts[1],
        tuple(layer_spans(edits, step=step, rank=rank)),
        window.ends,
    )


def file_layers(
    windows: Sequence[Window], edits: Sequence[Sequence[Edit]], *, step: int, rank: int | None = None
) -> list[Layer]:
    """Lay one step over all windows of a file, with the line numbers of that layer."""
    layers: list[Layer] = []
    before_shift = after_shift = 0
    for window, own in zip(windows, edits, strict=True):
        laid = layer(window, own, step=step, rank=rank, shifts=(before_shift, after_shift))
        layers.append(laid)
        lines = window.old.count(b"\n")
        before_shift += laid.before.count(b"\n") - lines
        after_shift += laid.after.count(b"\n") - lines
    return layers


def line_groups(before: bytes, after: bytes, spans: Iterable[LayerSpan]) -> list[LineGroup]:
    """Widen edits to whole lines, join those that meet in a line, drop equal lines at the ends."""
    groups: list[LineGroup] = []
    for span in spans:
        start = before.rfind(b"\n", 0, span.before_start) + 1
        last = groups[-1] if groups else None
        if last is not None and (start < last.before_end or not _at_line_start(after, last.after_end)):
            _extend(last, before, after, span)
            continue
        after_start = span.after_start - (span.before_start - start)
        group = LineGroup(start, start, after_start, after_start, [])
        _extend(group, before, after, span)
        groups.append(group)
    return [group for group in groups if _trim_lines(before, after, group)]


def _extend(group: LineGroup, before: bytes, after: bytes, span: LayerSpan) -> None:
    """Let a group cover an edit, up to the end of the line unless both sides end one there."""
    group.edits.append(span.edit)
    at_border = _at_line_start(before, span.before_end) and _at_line_start(after, span.after_end)
    rest = 0 if at_border else _line_end(before, span.before_end) - span.before_end
    group.before_end = max(group.before_end, span.before_end + rest)
    # Measured from this edit: an earlier one that reached as far did not know of this one yet.
    group.after_end = span.after_end + group.before_end - span.before_end


def _at_line_start(text: bytes, offset: int) -> bool:
    return offset == 0 or text[offset - 1 : offset] == b"\n"


def _line_end(text: bytes, offset: int) -> int:
    found = text.find(b"\n", offset)
    return len(text) if found < 0 else found + 1


def _trim_lines(before: bytes, after: bytes, group: LineGroup) -> bool:
    """Drop equal whole lines at both ends of a group; False when nothing is left."""
    mine = body_lines(before[group.before_start : group.before_end])
    theirs = body_lines(after[group.after_start : group.after_end])
    limit = min(len(mine), len(theirs))
    head = next((index for index in range(limit) if mine[index] != theirs[index]), limit)
    limit -= head
    tail = next((index for index in range(limit) if mine[-1 - index] != theirs[-1 - index]), limit)
    lead = sum(map(len, mine[:head]))
    rest = sum(map(len, mine[len(mine) - tail :]))
    group.before_start, group.after_start = group.before_start + lead, group.after_start + lead
    group.before_end, group.after_end = group.before_end - rest, group.after_end - rest
    return group.before_end > group.before_start or group.after_end > group.after_start


def hunks(layers: Iterable[Layer]) -> tuple[list[PatchHunk], int, int]:
    """Write a file's layer as hunks with three lines of context; also count added and removed lines."""
    written: list[PatchHunk] = []
    added = removed = 0
    for laid in layers:
        at = after_at = 0
        lineno, after_lineno = laid.before_lineno, laid.after_lineno
        for cluster in _clusters(laid):
            start = _back(laid.before, cluster[0].before_start, CONTEXT_LINES)
            after_start = cluster[0].after_start - (cluster[0].before_start - start)
            lineno += laid.before.count(b"\n", at, start)
            after_lineno += laid.after.count(b"\n", after_at, after_start)
            at, after_at = start, after_start
            lines, plus, minus = _hunk_lines(laid, cluster, start)
            cut, rest = uneven(lines, at_start=start == 0 and laid.ends[0], at_end=laid.ends[1])
            lines = lines[cut : len(lines) - rest]
            # A side without lines is numbered by the line before it.
            old_start = lineno + cut - all(sign == b"+" for sign, _ in lines)
            new_start = after_lineno + cut - all(sign == b"-" for sign, _ in lines)
            written.append(PatchHunk(old_start=old_start, new_start=new_start, lines=lines))
            added, removed = added + plus, removed + minus
    return written, added, removed


def _clusters(laid: Layer) -> Iterator[list[LineGroup]]:
    """Join groups whose contexts would touch."""
    cluster: list[LineGroup] = []
    for group in laid.groups():
        if (
            cluster
            and laid.before.count(b"\n", cluster[-1].before_end, group.before_start) > 2 * CONTEXT_LINES
        ):
            yield cluster
            cluster = []
        cluster.append(group)
    if cluster:
        yield cluster


def _hunk_lines(
    laid: Layer, cluster: Sequence[LineGroup], start: int
) -> tuple[tuple[tuple[bytes, bytes], ...], int, int]:
    """Give the signed lines of one hunk from byte ``start`` on, and how many it adds and removes."""
    before, after = laid.before, laid.after
    lines: list[tuple[bytes, bytes]] = []
    added = removed = 0
    position = start
    for group in cluster:
        lines += ((b" ", line) for line in body_lines(before[position : group.before_start]))
        minus = body_lines(before[group.before_start : group.before_end])
        plus = body_lines(after[group.after_start : group.after_end])
        lines += ((b"-", line) for line in minus)
        lines += ((b"+", line) for line in plus)
        added, removed, position = added + len(plus), removed + len(minus), group.before_end
    end = _forward(before, position, CONTEXT_LINES)
    lines += ((b" ", line) for line in body_lines(before[position:end]))
    return tuple(lines), added, removed


def _back(text: bytes, offset: int, lines: int) -> int:
    for _ in range(lines):
        if offset == 0:
            break
        offset = text.rfind(b"\n", 0, offset - 1) + 1
    return offset


def _forward(text: bytes, offset: int, lines: int) -> int:
    for _ in range(lines):
        offset = _line_end(text, offset)
    return offset
