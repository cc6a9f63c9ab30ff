"""Edits: disjoint byte spans of a window's old text, each landing with one step.

Any set of them can be applied, so the text of every layer is the old text with the edits of the
steps up to it. What lies between two edits is the same on both sides, byte for byte; that is the
invariant from which exact recomposition follows, and ``check`` holds it. Only a scaffold has text of
its own (``Own``), which comes with one edit and goes with the next.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from vimagetrack.engine.errors import SplitError
from vimagetrack.engine.split.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What makes an edit one of a scaffold's: a line of the block that the plan has written.

    Such a line stands in neither of the monolith's texts. The edit that puts it and the one that takes it
    back stand side by side, both empty in old and new; where the base has the line, there is only the second,
    which deletes it as any edit does and has no ``text`` of its own. ``number`` counts the lines of the block
    that the milestone ``slug`` has in this file. ``fallback`` is the step that the edit goes to where the
    kernel refuses it: one behind the last is never.
    """

    slug: str
    number: int
    text: bytes
    puts: bool
    fallback: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace ``old[start:end]`` by ``new[new_start:new_end]``; half-open byte offsets.

    ``step`` indexes the layers in landing order; ``rank`` orders the chunks inside one.
    """

    start: int
    end: int
    new_start: int
    new_end: int
    step: int
    kind: Kind
    macros: tuple[str, ...] = ()
    rule: str = ""
    reason: str = ""
    rank: int = 0
    straggler_of: str | None = None
    own: Own | None = None

    @property
    def sizes(self) -> tuple[int, int]:
        """Count the bytes that stand there before and after the edit."""
        if self.own is None or not self.own.text:
            return self.end - self.start, self.new_end - self.new_start
        length = len(self.own.text)
        return (0, length) if self.own.puts else (length, 0)

    @property
    def place(self) -> tuple[int, int]:
        """Order edits: by old offset, then by new offset (two insertions at one place)."""
        return self.start, self.new_start


def check(old: bytes, new: bytes, edits: Sequence[Edit]) -> None:
    """Raise SplitError unless the edits turn ``old`` into ``new`` and nothing else.

    Safe to be wrong: never; a split whose edits fail here must not be written.
    """
    position, new_position = 0, 0
    _check_pairs(edits)
    for edit in edits:
        same = old[position : edit.start] == new[new_position : edit.new_start]
        ordered = position <= edit.start <= edit.end and new_position <= edit.new_start <= edit.new_end
        if not (same and ordered):
            raise SplitError(f"the edits do not add up at old byte {edit.start}", code="edits")
        position, new_position = edit.end, edit.new_end
    if old[position:] != new[new_position:]:
        raise SplitError("the edits do not add up at the end", code="edits")


def _check_pairs(edits: Sequence[Edit]) -> None:
    """Raise SplitError unless every line that an edit puts is taken back by the next one, in a later step."""
    due: Edit | None = None
    for edit in edits:
        text = edit.own.text if edit.own else b""
        if text and (edit.start, edit.new_start) != (edit.end, edit.new_end):
            raise SplitError(f"a scaffold replaces text at old byte {edit.start}", code="edits")
        takes = bool(text) and edit.own is not None and not edit.own.puts
        if (due is not None) != takes or (due is not None and not _is_pair(due, edit)):
            raise SplitError(f"a scaffold is not taken back at old byte {edit.start}", code="edits")
        due = edit if text and not takes else None
    if due is not None:
        raise SplitError(f"a scaffold is not taken back at old byte {due.start}", code="edits")


def _is_pair(put: Edit, take: Edit) -> bool:
    assert put.own is not None  # the caller looked
    assert take.own is not None
    return put.own.text == take.own.text and put.place == take.place and put.step < take.step


def paired(edits: Iterable[Edit], never: int) -> list[Edit]:
    """Let what never puts a line never take it back either; ``never`` is a step behind the last."""
    settled: list[Edit] = []
    for edit in edits:
        takes = edit.own is not None and bool(edit.own.text) and not edit.own.puts
        settled.append(replace(edit, step=never) if takes and settled[-1].step == never else edit)
    return settled


def apply(old: bytes, new: bytes, edits: Iterable[Edit], *, step: int, rank: int | None = None) -> bytes:
    """Give the text after ``step``: all earlier steps, and of this one the ranks up to ``rank``.

    None takes every rank. ``edits`` are sorted and disjoint.
    """
    pieces: list[bytes] = []
    position = 0
    for edit in edits:
        if not has_landed(edit, step=step, rank=rank):
            continue
        if edit.own is not None and edit.own.text and not edit.own.puts:
            pieces.pop()  # what it takes back is what the edit before it has put
            continue
        text = edit.own.text if edit.own is not None else b""
        pieces += (old[position : edit.start], text or new[edit.new_start : edit.new_end])
        position = edit.end
    if not pieces:
        return old
    pieces.append(old[position:])
    return b"".join(pieces)


def has_landed(edit: Edit, *, step: int, rank: int | None = None) -> bool:
    """Say whether the text after ``step`` (and ``rank`` inside it) has the edit."""
    return edit.step < step or (edit.step == step and (rank is None or edit.rank <= rank))


@dataclass(frozen=True, slots=True)
class LayerSpan:
    """Where an edit stands in the text before and after its own layer; half-open byte offsets."""

    edit: Edit
    before_start: int
    before_end: int
    after_start: int
    after_end: int


def layer_spans(edits: Iterable[Edit], *, step: int, rank: int | None = None) -> Iterator[LayerSpan]:
    """Place the edits of one step (one rank of it, unless None) in that layer's own two texts."""
    before_shift = after_shift = 0
    for edit in edits:
        size, new_size = edit.sizes
        if edit.step == step and (rank is None or edit.rank == rank):
            # What a scaffold takes back stands before the place where it was put.
            back = size if edit.own is not None and edit.own.text else 0
            start, after = edit.start + before_shift - back, edit.start + after_shift - back
            yield LayerSpan(edit, start, start + size, after, after + new_size)
            after_shift += new_size - size
        elif has_landed(edit, step=step, rank=rank):
            before_shift += new_size - size
            after_shift += new_size - size


def later_lines(
    new: bytes, edits: Iterable[Edit], *, step: int, rank: int | None = None
) -> Iterator[tuple[int, int]]:
    """Place the monolith's whole lines that later layers put in, in the texts before and after a step."""
    before_shift = after_shift = 0
    for edit in edits:
        size, new_size = edit.sizes
        if edit.step == step and (rank is None or edit.rank == rank):
            after_shift += new_size - size
        elif has_landed(edit, step=step, rank=rank):
            before_shift += new_size - size
            after_shift += new_size - size
        elif size == 0 and edit.own is None and new[edit.new_end - 1 : edit.new_end] == b"\n":
            yield edit.start + before_shift, edit.start + after_shift


class Places:
    """Find where a byte offset of a layer's text stands in the monolith's old or new text.

    Outside of edits that is exact; inside of one that has made the difference there is only its whole span.
    """

    def __init__(self, spans: Iterable[tuple[int, int, int, int]]) -> None:
        """Take (start, end) in the layer's text and (start, end) in the other one, sorted."""
        self._spans = list(spans)
        self._starts = [span[0] for span in self._spans]

    @classmethod
    def in_old(cls, edits: Iterable[Edit], *, step: int) -> Places:
        """Map the text after ``step`` to the old text."""
        return cls(_displaced(edits, step, in_old=True))

    @classmethod
    def in_new(cls, edits: Iterable[Edit], *, step: int) -> Places:
        """Map the text after ``step`` to the new text."""
        return cls(_displaced(edits, step, in_old=False))

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open range; an empty one goes before what the other text has in its place."""
        if start == end:
            return (self._low(start),) * 2
        first, last = self._high_start(start), self._low_end(end)
        return first, max(first, last)

    def _low(self, offset: int) -> int:
        index = bisect_left(self._starts, offset) - 1
        return self._beyond(index, offset, at_end=False)

    def _high_start(self, offset: int) -> int:
        index = bisect_right(self._starts, offset) - 1
        return self._beyond(index, offset, at_end=False)

    def _low_end(self, offset: int) -> int:
        index = bisect_left(self._starts, offset) - 1
        return self._beyond(index, offset, at_end=True)

    def _beyond(self, index: int, offset: int, *, at_end: bool) -> int:
        if index < 0:
            return offset
        _, end, other_start, other_end = self._spans[index]
        if offset >= end:
            return other_end + offset - end
        return other_end if at_end else other_start


def _displaced(edits: Iterable[Edit], step: int, *, in_old: bool) -> Iterator[tuple[int, int, int, int]]:
    """Place what makes the text after a step another than the old (what has landed), or than the new one."""
    shift, put = 0, False
    for edit in edits:
        here = has_landed(edit, step=step)
        size, new_size = edit.sizes
        start = edit.start + shift
        other = (edit.start, edit.end) if in_old else (edit.new_start, edit.new_end)
        if edit.own is not None and edit.own.text:
            if put and not here:  # a scaffold stands, which neither of the monolith's texts has
                yield start, start + size, *other
                shift += size
            put = here and edit.own.puts
            continue
        if here is in_old:
            yield start, start + (new_size if here else size), *other
        shift += new_size - size if here else 0


def trim(old: bytes, new: bytes, span: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Shrink (start, end, new_start, new_end) to what differs, at line borders where they allow it.

    None: nothing differs. An insertion of whole lines stays one of whole lines.
    """
    start, end, new_start, new_end = span
    mine, theirs = old[start:end], new[new_start:new_end]
    if mine == theirs:
        return None
    head = common_prefix(mine, theirs)
    line = mine.rfind(b"\n", 0, head) + 1
    head = line or head
    limit = min(len(mine), len(theirs)) - head
    tail = common_prefix(mine[: -limit - 1 : -1], theirs[: -limit - 1 : -1]) if limit else 0
    return start + head, end - tail, new_start + head, new_end - tail


def common_prefix(mine: bytes, theirs: bytes) -> int:
    """Count the leading bytes that two texts share, by halving."""
    low, high = 0, min(len(mine), len(theirs))
    if mine[:high] == theirs[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if mine[low:middle] == theirs[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
