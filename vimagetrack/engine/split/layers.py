"""Read edits as lines: which lines of a layer's two texts they touch, and the hunks they make."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from vimagetrack.engine.diff.emit import PatchHunk
from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.split.edits import Edit, LayerSpan, apply, later_lines, layer_spans
from vimagetrack.engine.split.linediff import Run, line_runs, lines_back, lines_forward
from vimagetrack.engine.split.lines import uneven
from vimagetrack.engine.split.model import PROVABLE
from vimagetrack.engine.split.sittings import sittings
from vimagetrack.engine.split.windows import Window

#: Unchanged lines around a change, as every tool writes them.
CONTEXT_LINES = 3


@dataclass(slots=True)
class LineGroup:
    """Whole lines that a layer changes in one place, as half-open byte offsets in its two texts.

    ``edits`` are those that stand in it; one that reaches over several places is in each of them.
    """

    before_start: int
    before_end: int
    after_start: int
    after_end: int
    edits: list[Edit]


@dataclass(slots=True)
class Layer:
    """A window in one layer: its two texts and the first line number of each."""

    before: bytes
    after: bytes
    before_lineno: int
    after_lineno: int
    spans: tuple[LayerSpan, ...]
    #: Whether the texts begin where the file does, and end where it ends.
    ends: tuple[bool, bool] = (True, True)
    #: Bytes at both ends of a window that belong to its context.
    margins: tuple[int, int] = (0, 0)
    #: Where later layers put in whole lines, as byte offsets in the two texts.
    breaks: tuple[tuple[int, int], ...] = ()
    _groups: list[LineGroup] | None = None

    def groups(self) -> list[LineGroup]:
        """List the touched lines in order: the runs of the two texts, cut where the kind of change does."""
        if self._groups is None:
            found = attached(self.runs(), self.spans)
            self._groups = [group for run, spans in found for group in pieces(self, run, spans)]
        return self._groups

    def runs(self) -> list[Run]:
        """List the runs of changed lines, as byte offsets in both texts; long ones cut between functions."""
        if not self.spans:
            return []
        runs = line_runs(self.before, self.after, margins=self.margins)
        if any(span.edit.kind not in PROVABLE for span in self.spans):
            return [piece for run in runs for piece in sittings(self.before, self.after, run)]
        return runs


def layer(
    window: Window,
    edits: Sequence[Edit],
    *,
    step: int,
    rank: int | None = None,
    shifts: tuple[int, int] = (0, 0),
    before: bytes | None = None,
) -> Layer:
    """Lay one step (one rank of it, unless None) of a window; ``shifts`` are lines of earlier windows.

    ``before`` is the text before the step, where it is at hand.
    """
    if before is None:
        earlier = {"step": step - 1} if rank is None else {"step": step, "rank": rank - 1}
        before = apply(window.old, window.new, edits, **earlier)
    return Layer(
        before,
        apply(window.old, window.new, edits, step=step, rank=rank),
        window.old_lineno + shifts[0],
        window.old_lineno + shifts[1],
        tuple(layer_spans(edits, step=step, rank=rank)),
        window.ends,
        window.margins,
        tuple(later_lines(window.new, edits, step=step, rank=rank)),
    )


def all_layers(
    windows: Sequence[Window], edits: Sequence[Sequence[Edit]], count: int
) -> Iterator[list[Layer]]:
    """Lay the first ``count`` steps over all windows of a file, one after the other.

    Line numbers are those of each layer; a window that a step leaves alone keeps its very text.
    """
    texts = [apply(window.old, window.new, own, step=-1) for window, own in zip(windows, edits, strict=True)]
    growth = [
        text.count(b"\n") - window.old.count(b"\n") for text, window in zip(texts, windows, strict=True)
    ]
    touched = [{edit.step for edit in own} for own in edits]
    for step in range(count):
        layers: list[Layer] = []
        before_shift = after_shift = 0
        for number, window in enumerate(windows):
            shifts = before_shift, after_shift
            before_shift += growth[number]
            if step in touched[number]:
                laid = layer(window, edits[number], step=step, shifts=shifts, before=texts[number])
                growth[number] += laid.after.count(b"\n") - laid.before.count(b"\n")
                texts[number] = laid.after
            else:
                text, lineno = texts[number], window.old_lineno
                laid = Layer(text, text, lineno + shifts[0], lineno + shifts[1], (), window.ends)
            after_shift += growth[number]
            layers.append(laid)
        yield layers


def ranked_layers(
    windows: Sequence[Window], edits: Sequence[Sequence[Edit]], step: int
) -> Iterator[tuple[int, list[Layer]]]:
    """Lay the ranks of one step over a file, in order: each with its layers, of the windows that it touches.

    Takes time by the edits and windows of each rank, not by those of the file.
    """
    ranks: dict[int, set[int]] = {}
    for number, own in enumerate(edits):
        for edit in own:
            if edit.step == step:
                ranks.setdefault(edit.rank, set()).add(number)
    pairs = list(zip(windows, edits, strict=True))
    texts = [apply(window.old, window.new, own, step=step - 1) for window, own in pairs]
    lined = zip(texts, windows, strict=True)
    growth = [text.count(b"\n") - window.old.count(b"\n") for text, window in lined]
    for rank, touched in sorted(ranks.items()):
        shifts = list(accumulate(growth, initial=0))
        layers, grown = [], 0
        for number in sorted(touched):
            window, own = pairs[number]
            shift = shifts[number], shifts[number] + grown
            laid = layer(window, own, step=step, rank=rank, shifts=shift, before=texts[number])
            more = laid.after.count(b"\n") - laid.before.count(b"\n")
            texts[number], growth[number], grown = laid.after, growth[number] + more, grown + more
            layers.append(laid)
        yield rank, layers


def attached(runs: Sequence[Run], spans: Sequence[LayerSpan]) -> list[tuple[Run, list[LayerSpan]]]:
    """Give every run the edits that touch it on either side; what touches nothing goes to its neighbour."""
    found: list[tuple[Run, list[LayerSpan]]] = [(run, []) for run in runs]
    first = 0
    for span in spans if runs else ():
        while first < len(runs) - 1 and _ends_before(runs[first], span):
            first += 1
        touched, index = [], first
        while index < len(runs) and not _starts_behind(runs[index], span):
            if _meets(runs[index], span):
                touched.append(index)
            index += 1
        for index in touched or [first]:
            found[index][1].append(span)
    _share(found, spans)
    return found


def _ends_before(run: Run, span: LayerSpan) -> bool:
    return run[1] <= span.before_start and run[3] <= span.after_start


def _starts_behind(run: Run, span: LayerSpan) -> bool:
    return run[0] >= span.before_end and run[2] >= span.after_end


def _meets(run: Run, span: LayerSpan) -> bool:
    return max(run[0], span.before_start) < min(run[1], span.before_end) or max(
        run[2], span.after_start
    ) < min(run[3], span.after_end)


def _share(found: Sequence[tuple[Run, list[LayerSpan]]], spans: Sequence[LayerSpan]) -> None:
    """Lend a run without edits those of its neighbour: the lines were matched otherwise than by the edits."""
    starts = [span.before_start for span in spans]
    for run, own in found:
        if not own:
            own.append(spans[max(bisect_right(starts, run[0]) - 1, 0)])


def pieces(laid: Layer, run: Run, spans: Sequence[LayerSpan]) -> Iterator[LineGroup]:
    """Cut a run where the kind of change changes, around scaffolds, and where later layers add lines.

    A cut stands between lines and between edits, and leaves edits on both sides.
    """
    group, rest = LineGroup(*run, []), list(spans)
    for before_end, after_end in _cuts(laid, run, spans):
        within = [span for span in rest if span.before_end <= before_end and span.after_end <= after_end]
        following = rest[len(within) :]
        if within and following and following[0].before_start >= before_end:
            group.edits = [span.edit for span in within]
            group.before_end, group.after_end = before_end, after_end
            yield group
            group, rest = LineGroup(before_end, run[1], after_end, run[3], []), following
    group.edits = [span.edit for span in rest]
    yield group


def _cuts(laid: Layer, run: Run, spans: Sequence[LayerSpan]) -> list[tuple[int, int]]:
    """List where a run may be cut, as byte offsets in both texts."""
    places = laid.breaks[bisect_left(laid.breaks, (run[0], 0)) : bisect_right(laid.breaks, (run[1], run[3]))]
    found = list(places)
    for left, right in pairwise(spans):
        if left.edit.kind is not right.edit.kind or not _of_one_block(left.edit, right.edit):
            start = laid.before.rfind(b"\n", 0, right.before_start) + 1
            found.append((start, right.after_start - (right.before_start - start)))
    return sorted(place for place in found if _is_cut(laid, run, place))


def _of_one_block(left: Edit, right: Edit) -> bool:
    """Say whether two edits may make one change: lines of a scaffold only with the next line of the same."""
    if left.own is None or right.own is None:
        return left.own is right.own
    return left.own.slug == right.own.slug and left.own.number + 1 == right.own.number


def _is_cut(laid: Layer, run: Run, place: tuple[int, int]) -> bool:
    inside = run[0] <= place[0] <= run[1] and run[2] <= place[1] <= run[3]
    return inside and _at_line_start(laid.before, place[0]) and _at_line_start(laid.after, place[1])


def _at_line_start(text: bytes, offset: int) -> bool:
    return offset == 0 or text[offset - 1 : offset] == b"\n"


def hunks(layers: Iterable[Layer]) -> tuple[list[PatchHunk], int, int]:
    """Write a file's layer as hunks with three lines of context; also count added and removed lines."""
    written: list[PatchHunk] = []
    added = removed = 0
    for laid in layers:
        at = after_at = 0
        lineno, after_lineno = laid.before_lineno, laid.after_lineno
        for cluster in _clusters(laid):
            start = lines_back(laid.before, cluster[0].before_start, CONTEXT_LINES)
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
        # Between groups that touch there is no context: what goes stands before what comes, as in any diff.
        at = len(lines)
        while at and lines[at - 1][0] == b"+":
            at -= 1
        lines[at:at] = [(b"-", line) for line in minus]
        lines += ((b"+", line) for line in plus)
        added, removed, position = added + len(plus), removed + len(minus), group.before_end
    end = lines_forward(before, position, CONTEXT_LINES)
    lines += ((b" ", line) for line in body_lines(before[position:end]))
    return tuple(lines), added, removed
