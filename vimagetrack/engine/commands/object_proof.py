"""The object proof: lay the layers one after the other, compile both sides, explain what differs."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from vimagetrack.engine.commands.compiling import Command, Compiled, Compiler, Job, units_of
from vimagetrack.engine.commands.layer_patches import LayerPatch, LayerPatches
from vimagetrack.engine.commands.working_tree import Texts, WorkingTree
from vimagetrack.engine.null.state import State
from vimagetrack.engine.objects import Builtins, compare, neutral


class Outcome(StrEnum):
    """What came of one unit in one layer and state."""

    EQUAL = "equal"
    ALLOWED = "equal but for line numbers"
    LINES = "differs in line numbers"
    DIFFERS = "differs"
    BROKEN = "does not compile any more"
    REFUSED = "refused"


#: What a null layer must not lead to.
BAD = (Outcome.LINES, Outcome.DIFFERS, Outcome.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One comparison. The digests are over all that was compared, "" where there is no object."""

    unit: str
    patch: str
    patch_sha256: str
    milestone: str
    state: str
    outcome: Outcome
    before_sha256: str = ""
    after_sha256: str = ""
    why: str = ""
    differences: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give the row as plain values; ``equal`` is what a gate may ask."""
        return {
            "unit": self.unit,
            "layer": self.milestone,
            "patch": self.patch,
            "patch_sha256": self.patch_sha256,
            "state": self.state or None,
            "before_sha256": self.before_sha256 or None,
            "after_sha256": self.after_sha256 or None,
            "equal": self.outcome in (Outcome.EQUAL, Outcome.ALLOWED),
            "outcome": self.outcome.value,
            "why": self.why,
            "differences": list(self.differences),
        }


@dataclass(slots=True)
class _Variants:
    """What one side of some jobs compiles to: first as it stands, then once a variant."""

    jobs: list[Job]
    first: list[Compiled]
    columns: list[list[Compiled]] = field(default_factory=list)

    def of(self, number: int) -> list[Compiled]:
        """Give all that was made of one job."""
        return [self.first[number], *(column[number] for column in self.columns)]


class ObjectProof:
    """Compiles and compares, layer by layer, in one copy of the tree."""

    def __init__(
        self, layers: LayerPatches, command: Command, base: Path, folder: Path, *, jobs: int, timeout: float
    ) -> None:
        self.layers = layers
        self.folder = folder
        self.command = command
        self.tree = WorkingTree(base, folder / "tree")
        self.compiler = Compiler(command, self.tree.root, folder / "objects", jobs=jobs, timeout=timeout)
        #: Null patches that touch nothing which is compiled by itself.
        self.empty: list[str] = []
        self._known: dict[tuple[object, ...], Compiled] = {}

    def rows(self, patterns: Sequence[str], also: Collection[str] = ()) -> Iterator[Row]:
        """Judge every null layer in order, and the other layers of the milestones in ``also``.

        ``patterns`` name units beyond those that a patch touches.

        Raises ApplyError where the tree is not the one that was split, EngineError where the command
        cannot be run at all.
        """
        patches = list(self.layers.patches())
        wanted = [patch.null or patch.milestone in also for patch in patches]
        last = max((number for number, one in enumerate(wanted) if one), default=-1)
        for patch, asked in zip(patches[: last + 1], wanted, strict=False):
            made = self.tree.after(patch.data)
            if asked:
                units = self._units(made, patterns)
                if not units:
                    self.empty.append(patch.name)
                yield from self._layer(patch, made, units)
            else:
                self.tree.put(made)

    def _units(self, made: Texts, patterns: Sequence[str]) -> list[str]:
        """List the units that stand on both sides of a layer."""
        found = {*units_of(made), *self.tree.matching(patterns)}
        return sorted(
            unit for unit in found if self.tree.text(unit) is not None and made.get(unit, b"") is not None
        )

    def _layer(self, patch: LayerPatch, made: Texts, units: Sequence[str]) -> Iterator[Row]:
        before_jobs = self._jobs(patch, units, after=False)
        before = self._compiled(before_jobs)
        earlier = self.tree.put(made)
        after_jobs = self._jobs(patch, units, after=True)
        after = self._compiled(after_jobs)
        rows = [
            self._row(patch, job, one, two)
            for (job, one), two in zip(zip(before_jobs, before, strict=True), after, strict=True)
        ]
        doubtful = [index for index, row in enumerate(rows) if row.outcome is Outcome.DIFFERS]
        if doubtful:
            sides = [
                _Variants([jobs[index] for index in doubtful], [made[index] for index in doubtful])
                for jobs, made in ((before_jobs, before), (after_jobs, after))
            ]
            self._vary(patch, sides, earlier)
            for number, index in enumerate(doubtful):
                one, two = (side.of(number) for side in sides)
                rows[index] = _explain(rows[index], one, two, patch)
        return iter(rows)

    def _jobs(self, patch: LayerPatch, units: Sequence[str], *, after: bool) -> list[Job]:
        """List what has to be compiled on one side of a layer, by unit, then by state."""
        states = patch.states if self.command.by_state or self.command.wants_table else (None,)
        return [
            Job(unit=unit, state=state, table=self._table(patch, state, after=after))
            for unit in units
            for state in states
        ]

    def _table(self, patch: LayerPatch, state: State | None, *, after: bool) -> Path | None:
        """Write the table of a side beside the tree; both sides have it at one path, one after the other."""
        if not self.command.wants_table or state is None:
            return None
        path = self.folder / f"table-{len(state.name)}-{sha256(state.name.encode()).hexdigest()[:8]}.h"
        path.write_bytes(self.layers.table(patch, state, after=after))
        return path

    def _compiled(self, jobs: Sequence[Job]) -> list[Compiled]:
        """Compile, or take what was compiled of this very tree: the after side is the next before side."""
        keys = [self._key(job) for job in jobs]
        open_jobs = [(key, job) for key, job in zip(keys, jobs, strict=True) if key not in self._known]
        made = self.compiler.compile([job for _, job in open_jobs])
        known = {key: self._known[key] for key in keys if key in self._known}
        self._known = known | {key: one for (key, _), one in zip(open_jobs, made, strict=True)}
        return [self._known[key] for key in keys]

    def _key(self, job: Job) -> tuple[object, ...]:
        table = job.table.read_bytes() if job.table else b""
        return self.tree.version, job.unit, job.state, table

    def _row(self, patch: LayerPatch, job: Job, before: Compiled, after: Compiled) -> Row:
        row = Row(
            unit=job.unit,
            patch=patch.name,
            patch_sha256=sha256(patch.data).hexdigest(),
            milestone=patch.milestone,
            state=job.state.name if job.state else "",
            outcome=Outcome.REFUSED,
        )
        if before.data is None:
            return replace(row, why=f"it does not compile before the layer: {before.reason}")
        if after.data is None:
            return replace(row, outcome=Outcome.BROKEN, why=after.reason)
        found = compare(before.data, after.data)
        return replace(
            row,
            outcome=Outcome.EQUAL if found.equal else Outcome.DIFFERS,
            before_sha256=found.before_sha256,
            after_sha256=found.after_sha256,
            differences=found.differences,
        )

    def _vary(self, patch: LayerPatch, sides: Sequence[_Variants], earlier: Texts) -> None:
        """Compile again what differs: as it is, and with the compiler's own macros held still."""
        later = self.tree.put(earlier)
        self._vary_side(patch, sides[0], after=False)
        self.tree.put(later)
        self._vary_side(patch, sides[1], after=True)

    def _vary_side(self, patch: LayerPatch, side: _Variants, *, after: bool) -> None:
        for state in {job.state for job in side.jobs}:
            self._table(patch, state, after=after)
        side.columns.append(self.compiler.compile(side.jobs))
        for builtins in Builtins:
            texts = {job.unit: self.tree.text(job.unit) or b"" for job in side.jobs}
            held = {unit: neutral(text, os.fsencode(unit), builtins) for unit, text in texts.items()}
            self.tree.put(dict(held))
            side.columns.append(self.compiler.compile(side.jobs))
            self.tree.put(dict(texts))


def _explain(row: Row, before: Sequence[Compiled], after: Sequence[Compiled], patch: LayerPatch) -> Row:
    """Say why an object differs, from its variants: plain, plain again, each group of macros held still."""
    lines, dates, both = (_same(one, two) for one, two in zip(before[2:], after[2:], strict=True))
    if dates:
        why = "but for the date or time of compiling (__DATE__, __TIME__), which is no part of the layer"
        return replace(row, outcome=Outcome.EQUAL, why=why)
    if lines or both:
        why = "the same with __LINE__ held still (as assert() has it)"
        if patch.line_numbers:
            return replace(row, outcome=Outcome.ALLOWED, why=f"{why}, and the plan assumes line-numbers")
        return replace(row, outcome=Outcome.LINES, why=f"{why}, but the plan does not assume line-numbers")
    if not (_same(before[0], before[1]) and _same(after[0], after[1])):
        return replace(
            row, why="the compiler makes another object of the same text each time (-frandom-seed?)"
        )
    return row


def _same(one: Compiled, two: Compiled) -> bool:
    return one.data is not None and two.data is not None and compare(one.data, two.data).equal
