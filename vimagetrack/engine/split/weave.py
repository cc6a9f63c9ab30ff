"""Weave a file's scaffolds into its edits: where a block stands, when it comes, and when it goes.

The monolith's own edits are found as if there were no block, so that they are the same before a
scaffold has landed and after; then its lines come in between, each put by one edit and taken back by another,
and the kernel judges the layers as they are. A definition goes with the first layer in which the file
has it otherwise: a later block, or the monolith's own; at the latest with the monolith's first edit that no
proof covers, else in the last layer of that sort.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Protocol

from vimagetrack.engine.diff.model import DiffWarning, FileDiff
from vimagetrack.engine.split.edits import Edit, Own, apply
from vimagetrack.engine.split.judge import Verdict
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.scaffold import CODE, Block, BlockLine, Found, defined, refusal
from vimagetrack.engine.split.site import Site
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.streams import Streamed
from vimagetrack.engine.split.windows import Window

#: A window's edits, the verdicts on its null layers, their streams.
Parted = tuple[list[Edit], dict[int, Verdict], list[Streamed]]

RULE = CODE


class Splitter(Protocol):
    """Splits the windows of one file."""

    def window(self, window: Window) -> Parted:
        """Split a window."""

    def judged(self, window: Window, edits: list[Edit]) -> Parted:
        """Let the kernel judge edits."""


@dataclass(slots=True)
class _Active:
    """A block in one file: the step that puts it (-1: the base has it), and the one that takes it back."""

    block: Block
    put: int
    until: int
    found: Found | None
    #: The lines by their place in the whole block: what was never written here, for its name means something
    #: already, does not count; what a later block has taken back does.
    numbers: dict[int, int]
    #: Definitions that go earlier, with their steps.
    early: dict[bytes, int] = field(default_factory=dict)

    def goes(self, line: BlockLine) -> int:
        """Give the step in which a line goes: with the last of its names."""
        return max(self.early.get(name, self.until) for name in line.names)


def weave(
    file: FileDiff, site: Site, known: Sequence[Window], layers: Layers, splitter: Splitter
) -> tuple[list[Parted], list[DiffWarning]]:
    """Split the windows of a file that has scaffolds; ``site`` is the one of ``known`` that has them.

    Raises PlanError where no later layer could take a block back.
    """
    parted = [
        splitter.window(window) for window in (*known[: site.index], site.bare, *known[site.index + 1 :])
    ]
    cut = _cut_at(parted[site.index][0], site)
    followed = zip(cut, [*cut[1:], None], strict=True) if cut else ()
    plain = [_outlasting(edit, following, file.path, site, layers) for edit, following in followed]
    while True:
        others = [edits for edits, _, _ in (*parted[: site.index], *parted[site.index + 1 :])]
        woven = _Weaver(file.path, site, layers, plain, others).woven()
        settled, verdicts, digests = splitter.judged(site.window, [edit for edit, _ in woven])
        moved = {at: edit for edit, (_, at) in zip(settled, woven, strict=True) if at is not None}
        again = [replace(edit, step=moved[at].step) for at, edit in enumerate(plain)]
        if again == plain:
            break
        plain = [_as_judged(edit, moved[at]) for at, edit in enumerate(plain)]
    never = len(layers.steps)
    parted[site.index] = ([edit for edit in settled if edit.step < never], verdicts, digests)
    return parted, list(_refused(file.path, settled, never))


def _as_judged(edit: Edit, judged: Edit) -> Edit:
    return replace(edit, step=judged.step, kind=judged.kind, rule=judged.rule, reason=judged.reason)


def _refused(path: str, edits: Sequence[Edit], never: int) -> Iterator[DiffWarning]:
    """Say once a block that the kernel let nobody write it, and why."""
    told = {edit.own.slug: edit for edit in edits if edit.own and edit.own.puts and edit.step == never}
    for slug, edit in told.items():
        text = f"The scaffold of {slug} is not written into this file, since it is not proved: {edit.reason}"
        yield DiffWarning(path=path, diff_lineno=None, code=RULE, text=text)


def _cut_at(edits: Sequence[Edit], site: Site) -> list[Edit]:
    """Cut the edits in two that reach over a place where a block stands."""
    cut = list(edits)
    for place in site.places:
        cut = list(chain.from_iterable(_halves(edit, place, site.bare) for edit in cut))
    return cut


def _halves(edit: Edit, place: int, window: Window) -> list[Edit]:
    if not edit.start < place < edit.end:
        return [edit]
    last = window.new.rfind(b"\n", edit.new_start, max(edit.new_end - 1, edit.new_start)) + 1
    middle = max(last, edit.new_start)
    halves = [replace(edit, end=place, new_end=middle), replace(edit, start=place, new_start=middle)]
    return [
        half
        for half in halves
        if window.old[half.start : half.end] != window.new[half.new_start : half.new_end]
    ]


def _outlasting(edit: Edit, following: Edit | None, path: str, site: Site, layers: Layers) -> Edit:
    """Keep a null edit from leaving half a line above a block: it waits until that is taken back."""
    above = edit.end in site.places and not site.bare.new[: edit.new_end].endswith(b"\n")
    if not above or not edit.new_end or not layers.steps[edit.step].null:
        return edit
    if following and following.place == (edit.end, edit.new_end) and following.step <= edit.step:
        return edit  # which ends the line
    reason = "A scaffold stands right behind it, and it takes away the line end."
    return replace(edit, step=layers.meat_step(path), kind=Kind.MEAT, rule=RULE, reason=reason)


class _Weaver:
    """One weaving of one file; ``plain`` are the edits of the window without blocks."""

    def __init__(
        self, path: str, site: Site, layers: Layers, plain: list[Edit], others: Sequence[Sequence[Edit]]
    ) -> None:
        self.path = path
        self.site = site
        self.layers = layers
        self.plain = plain
        self.touched = {edit.step for edits in (plain, *others) for edit in edits}
        self.active = self._activated()

    def woven(self) -> list[tuple[Edit, int | None]]:
        """Give all edits in order, each with its index in the plain ones, None for a scaffold's."""
        edits: list[tuple[Edit, int | None]] = []
        waiting = self._standing()
        for index, edit in enumerate(self.plain):
            while waiting and (waiting[0][0] < edit.start or waiting[0][0] == edit.start < edit.end):
                place, own = waiting.pop(0)
                edits += _placed(own, edit.new_start - (edit.start - place))
            edits.append((self.site.in_window(edit), index))
        bare = self.site.bare
        for place, own in waiting:
            edits += _placed(own, len(bare.new) - (len(bare.old) - place))
        return edits

    # --- what stands when

    def _activated(self) -> list[_Active]:
        active: list[_Active] = []
        for block in self.site.blocks:
            found = self.site.found.get(block.position)
            put = self._own_step(block, found)
            until = self._until(block, put, found)
            there = defined(self._text(put)) | self.layers.in_use
            own = found.block if found else block.only(self._missing(block, put, active, there))
            mine = _Active(own, put, until, found, self._numbers(block, own, there))
            for earlier in active:
                self._replace(earlier, mine)
            if own.lines:
                active.append(mine)
        for one in active:
            self._end_with_the_monoliths(one)
        return active

    def _own_step(self, block: Block, found: Found | None) -> int:
        if found:  # whatever comes later may take it back
            return max((s.index for s in self.layers.steps if s.position <= block.position), default=-1)
        return next(step.index for step in self.layers.steps if step.position == block.position)

    def _until(self, block: Block, put: int, found: Found | None) -> int:
        able = [step.index for step in self.layers.steps if not step.null]
        later = [index for index in able if index > put] or (able if found else [])
        if not later:
            hint = 'Add a milestone after it whose layer is "meat" or "open".'
            raise refusal(block.slug, self.path, "no later layer could take it back", hint)
        return next((index for index in later if index in self.touched), later[-1])

    def _missing(
        self, block: Block, put: int, active: Sequence[_Active], there: frozenset[bytes]
    ) -> set[bytes]:
        """Give the macros that the file still lacks when a block comes."""
        names = set(block.names - there - self.layers.scaffolds.landed_helpers(block))
        for one in active:
            alive = {name for name in one.block.names & names if one.early.get(name, one.until) > put}
            names -= {name for name in alive if self._says_the_same(one.block, block, name)}
        return names

    def _numbers(self, block: Block, own: Block, there: frozenset[bytes]) -> dict[int, int]:
        later = [b for b in self.layers.scaffolds.of(self.path) if b.position > block.position]
        replaced = {
            name for one in later if not self.layers.scaffolds.is_open(one) for name in self._always(one)
        }
        lines = block.only(own.names | (block.names & replaced - there)).lines
        return {line.number: index for index, line in enumerate(lines)}

    def _always(self, block: Block) -> set[bytes]:
        """Give the macros that a block defines in every state."""
        tables = [block.table(state) for state in self.layers.plan.states]
        return {name for name in block.names if all(name in table.definitions for table in tables)}

    def _says_the_same(self, one: Block, other: Block, name: bytes) -> bool:
        return all(
            (a and a.canonical) == (b and b.canonical)
            for a, b in (
                (one.table(state).definitions.get(name), other.table(state).definitions.get(name))
                for state in self.layers.plan.states
            )
        )

    def _replace(self, earlier: _Active, later: _Active) -> None:
        """Let a later block take the place of definitions that it has in every state."""
        if later.found or not earlier.put < later.put < earlier.until:
            return
        for name in earlier.block.names & self._always(later.block):
            earlier.early.setdefault(name, later.put)

    def _end_with_the_monoliths(self, one: _Active) -> None:
        """Let definitions go with the null layer in which the monolith's own come."""
        for step in sorted(self.touched):
            if one.put < step < one.until:
                come = defined(self._text(step)) - defined(self._text(step - 1))
                for name in come & one.block.names:
                    one.early[name] = min(one.early.get(name, step), step)

    def _text(self, step: int) -> bytes:
        return apply(self.site.bare.old, self.site.bare.new, self.plain, step=step)

    # --- the edits

    def _standing(self) -> list[tuple[int, list[Edit]]]:
        """Give the scaffolds' edits by their place in the old text without blocks, in order."""
        here = [
            (self.site.place_of(one.found), list(self._deletions(one))) for one in self.active if one.found
        ]
        puts = [edit for one in self.active if not one.found for edit in self._pairs(one)]
        if puts:
            here.append((self.site.anchor, puts))
        return sorted(here, key=lambda row: row[0])

    def _deletions(self, one: _Active) -> Iterator[Edit]:
        """Delete the lines that the base has."""
        assert one.found is not None  # the caller looked
        start = one.found.start
        for line in one.block.lines:
            end = start + len(line.text.replace(b"\n", self.site.eol_at(start)))
            yield self._edit(one, line, start, end, b"", puts=False)
            start = end

    def _pairs(self, one: _Active) -> Iterator[Edit]:
        """Put each line and take it back."""
        at = self.site.real_anchor
        for line in one.block.lines:
            text = line.text.replace(b"\n", self.site.eol)
            yield self._edit(one, line, at, at, text, puts=True)
            yield self._edit(one, line, at, at, text, puts=False)

    def _edit(self, one: _Active, line: BlockLine, start: int, end: int, text: bytes, *, puts: bool) -> Edit:
        step = self.layers.steps[one.put if puts else one.goes(line)]
        fallback = len(self.layers.steps) if puts else one.until
        return Edit(
            start=start,
            end=end,
            new_start=0,
            new_end=0,
            step=step.index,
            kind=Kind.VOCABULARY if step.null else Kind.MEAT,
            macros=tuple(name.decode("utf-8", "replace") for name in line.names if len(line.names) == 1),
            rule=RULE,
            reason=self._why_put(one) if puts else self._why_taken(one, step.index),
            own=Own(
                slug=one.block.slug,
                number=one.numbers[line.number],
                text=text,
                puts=puts,
                fallback=fallback,
            ),
        )

    def _why_put(self, one: _Active) -> str:
        until = self.layers.steps[one.until].slug
        words = "" if self.layers.steps[one.put].null else " In a layer of meat nothing is proved."
        return (
            f"The step needs these definitions, which the monolith does not contain; {until} takes back what "
            f"no earlier layer replaces.{words}"
        )

    def _why_taken(self, one: _Active, step: int) -> str:
        slug = self.layers.steps[step].slug
        if self.layers.steps[step].null:
            return f"{slug} has the definitions otherwise, so what {one.block.slug} wrote goes."
        gone = {name for name in one.block.names if one.early.get(name, one.until) == step}
        left = sorted(gone - defined(self._text(step)))
        if not left:
            return f"With the monolith's own definitions what {one.block.slug} wrote goes."
        names = ", ".join(name.decode("utf-8", "replace") for name in left[:3])
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        return f"What {one.block.slug} wrote goes, and this file no longer defines {names}{more}."


def _placed(own: Collection[Edit], new_at: int) -> Iterator[tuple[Edit, None]]:
    return ((replace(edit, new_start=new_at, new_end=new_at), None) for edit in own)
