"""Where a file's scaffolds stand: the window that shows it, with and without the blocks of the base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vimagetrack.engine.diff.model import DiffWarning, FileDiff
from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, tokenize
from vimagetrack.engine.lex.directives import Directive, directives
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.functions import offsets
from vimagetrack.engine.split.meat import differing_lines
from vimagetrack.engine.split.scaffold import Block, Found, find, refusal, unwritten
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.windows import Span, Window, ends_file

_OPENS = (b"if", b"ifdef", b"ifndef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The window of a file that has its scaffolds.

    ``bare`` is what the window would be if no block had landed: what the monolith itself changes.
    ``anchor`` is the place of new blocks, a byte offset in the bare old text. ``found`` are the base's blocks
    by the place of their milestone, ``blocks`` all that take part, in landing order.
    """

    index: int
    window: Window
    bare: Window
    blocks: tuple[Block, ...]
    found: Mapping[int, Found]
    anchor: int

    @property
    def places(self) -> list[int]:
        """List the places of all blocks in the bare old text."""
        return sorted({*map(self.place_of, self.found.values()), self.anchor})

    @property
    def real_anchor(self) -> int:
        """Give the place of new blocks in the window itself: behind those of the base."""
        return self._shifted(self.anchor, inclusive=True)

    @property
    def eol(self) -> bytes:
        """Give the line end of the file where new blocks stand."""
        return self.eol_at(self.real_anchor) if self.real_anchor < len(self.window.old) else self.eol_at(0)

    def eol_at(self, offset: int) -> bytes:
        """Give the end of the line that starts at an offset."""
        end = self.window.old.find(b"\n", offset)
        return b"\r\n" if end > 0 and self.window.old[end - 1 : end] == b"\r" else b"\n"

    def place_of(self, found: Found) -> int:
        """Give the place of a block in the bare old text."""
        return found.start - sum(
            one.end - one.start for one in self.found.values() if one.start < found.start
        )

    def in_window(self, edit: Edit) -> Edit:
        """Move an edit of the bare text to the window; an insertion beside a block comes before it."""
        start, end = self._moved(edit.start, edit.end)
        return replace(edit, start=start, end=end)

    def _moved(self, start: int, end: int) -> tuple[int, int]:
        return self._shifted(start, inclusive=start < end), self._shifted(end, inclusive=False)

    def _shifted(self, offset: int, *, inclusive: bool) -> int:
        return offset + sum(
            one.end - one.start
            for one in self.found.values()
            if self.place_of(one) < offset or (inclusive and self.place_of(one) == offset)
        )


def site_of(file: FileDiff, known: Sequence[Window], layers: Layers) -> tuple[Site | None, list[DiffWarning]]:
    """Choose the window for a file's scaffolds; None where there are none, and no whole text.

    A file that has had scaffolds keeps its site: its runs must not change when the last of them has gone.
    What has to be put where its place is not in sight is not put, which is told.
    """
    scaffolds = layers.scaffolds
    blocks = scaffolds.of(file.path)
    if not blocks:
        return None, []
    index, found = _landed(known, blocks)
    window = known[index]
    kept = {block.position for block in blocks for one in known if find(block, one.old)} - set(found)
    put = [block for block in blocks if scaffolds.is_open(block) and block.position not in {*found, *kept}]
    bare = _bare(window, list(found.values()))
    slugs = ", ".join(block.slug for block in put)
    anchor = _anchor(bare, file, slugs) if put else len(bare.old)
    notes = []
    if anchor is None:
        why = "no part of the diff surely shows its last #endif"
        notes, put, anchor = [unwritten(slugs, file.path, why)], [], len(bare.old)
    if not put and not found and not window.whole:
        return None, notes
    taking_part = tuple(block for block in blocks if block in put or block.position in found)
    site = Site(index=index, window=window, bare=bare, blocks=taking_part, found=found, anchor=anchor)
    return site, notes


def _landed(known: Sequence[Window], blocks: Sequence[Block]) -> tuple[int, dict[int, Found]]:
    """Find the blocks of the base that the monolith deletes, all in one window; else the last window."""
    for index, window in enumerate(known):
        found = {}
        for block in blocks:
            one = find(block, window.old)
            if one and window.old[one.start : one.end] not in window.new and _goes(window, one):
                found[block.position] = one
        if found:
            return index, found
    return len(known) - 1, {}


def _goes(window: Window, one: Found) -> bool:
    """Say whether a block is deleted; where the rest of the file is not known, in one run of the diff."""
    return window.whole or any(run.start <= one.start and one.end <= run.end for run in window.runs)


def _bare(window: Window, found: Sequence[Found]) -> Window:
    """Take the blocks out of the old text.

    Of a whole file the runs are found anew: how a tool pairs the lines of a block with others must not count.
    """
    old = window.old
    for one in sorted(found, key=lambda one: -one.start):
        old = old[: one.start] + old[one.end :]
    if window.whole:
        return replace(window, old=old, runs=tuple(_runs(old, window.new)))
    runs = tuple(_without(run, found) for run in window.runs)
    return replace(window, old=old, runs=tuple(r for r in runs if r.start < r.end or r.new_start < r.new_end))


def _runs(old: bytes, new: bytes) -> Iterator[Span]:
    """Pair the lines of two texts; what may slide stands as far below as it can, where git has it too."""
    spans = list(differing_lines(old, new, Span(0, len(old), 0, len(new))))
    ends = [*(span.start for span in spans), len(old)][1:]
    for span, end in zip(spans, ends, strict=True):
        whole = old[span.start : span.end] or new[span.new_start : span.new_end]
        slid = 0
        if span.start == span.end or span.new_start == span.new_end:
            slid = _slides(whole, old[span.end : end])
        yield Span(span.start + slid, span.end + slid, span.new_start + slid, span.new_end + slid)


def _slides(run: bytes, below: bytes) -> int:
    """Count the bytes by which a run of whole lines may move down without another text coming out."""
    slid = 0
    joined = run + below
    while end := below.find(b"\n", slid) + 1:
        if joined[slid:end] != below[slid:end]:
            break
        slid = end
    return slid


def _without(run: Span, found: Sequence[Found]) -> Span:
    gone = [
        sum(min(max(at - one.start, 0), one.end - one.start) for one in found) for at in (run.start, run.end)
    ]
    return replace(run, start=run.start - gone[0], end=run.end - gone[1])


# --- the place of new blocks


def _anchor(window: Window, file: FileDiff, slugs: str) -> int | None:
    """Find the start of the line of the last #endif; the end of a file that has no include guard.

    None where neither is in sight.
    """
    last = _guarding_endif(window)
    if last is not None and (window.whole or ends_file(file)):
        return last
    if not window.whole:
        return None
    if window.old and not window.old.endswith(b"\n"):
        why = "the file has no include guard, and no line end at its end"
        raise refusal(slugs, file.path, why, "Give it an include guard, or end its last line.")
    return len(window.old)


def _guarding_endif(window: Window) -> int | None:
    """Give the start of the last #endif if it closes an include guard, or a group begun out of sight."""
    tokens = tokenize(window.old)
    found = list(directives(tokens))
    if not found or found[-1].name != b"endif":
        return None
    if any(KINDS[token] > TokenKind.COMMENT for token in tokens[found[-1].last :]):
        return None
    opener = _opener(found)
    if opener is None:
        in_sight = window.whole or window.old_lineno == 1
        return None if in_sight else offsets(tokens)[found[-1].first]
    return offsets(tokens)[found[-1].first] if _is_guard(tokens, found, opener) else None


def _opener(found: Sequence[Directive]) -> int | None:
    """Give the index of the directive that the last one closes; None where it is out of sight."""
    open_groups: list[int] = []
    opener = None
    for index, directive in enumerate(found):
        if directive.name in _OPENS:
            open_groups.append(index)
        elif directive.name == b"endif":
            opener = open_groups.pop() if open_groups else None
    return opener


def _is_guard(tokens: Sequence[bytes], found: Sequence[Directive], opener: int) -> bool:
    """Say whether a group is #ifndef NAME, #define NAME, before anything but pragmas."""
    if any(directive.name != b"pragma" for directive in found[:opener]) or opener + 1 >= len(found):
        return False
    group, first = found[opener], found[opener + 1]
    words = [tokens[index] for index in group.words]
    asked = words[0] if group.name == b"ifndef" and words else None
    if group.name == b"if" and words[:2] == [b"!", b"defined"]:
        asked = next((word for word in words[2:] if word != b"("), None)
    return first.name == b"define" and bool(first.words) and tokens[first.words[0]] == asked
