"""The patches that a split wrote, as its report names them: which are null, and in which states."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vimagetrack.engine.errors import EngineError
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import VARIADIC, Definition, Table
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.steps import Layers, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPatch:
    """One patch of a split, in landing order; ``step`` is None where no plan was given."""

    name: str
    milestone: str
    null: bool
    data: bytes
    #: Whether the owner vouches that line numbers do not matter.
    line_numbers: bool
    states: tuple[State | None, ...] = (None,)
    step: Step | None = None


class LayerPatches:
    """What stands in OUT: the report, and the patches in their order."""

    def __init__(self, out: Path, plan: Plan | None) -> None:
        """Read the report. Raises EngineError where it is none, or of another plan; OSError where it is
        missing.
        """
        self.out = out
        self.plan = plan
        self.report = read_report(out / "report.json")
        if plan is not None and self.report.get("plan_sha256") != plan.digest:
            raise EngineError(
                f"{out} was split under another plan",
                hint="Give the plan that it was split with, or split again.",
            )
        self.layers = Layers(plan) if plan is not None else None

    def patches(self) -> Iterator[LayerPatch]:
        """Read the patches in order. Raises OSError where one is missing."""
        for row in self.report["milestones"]:
            names = row["patch"] if isinstance(row["patch"], list) else [row["patch"]]
            for name in filter(None, names):
                yield self._patch(row, name)

    def _patch(self, row: dict[str, Any], name: str) -> LayerPatch:
        if Path(name).name != name:
            raise EngineError(f"report.json names a patch that is none of OUT: {name}")
        granted = Assumption.LINE_NUMBERS.value in row["proof"]["assumptions"]
        states: tuple[State | None, ...] = (None,)
        step = None
        if self.layers is not None:
            granted = granted or Assumption.LINE_NUMBERS in self.layers.plan.project.assume
            step = next(step for step in self.layers.steps if step.patch_name == name)
            states = self.layers.states(step)
        return LayerPatch(
            name=name,
            milestone=row["slug"],
            null=row["layer"] == "null" or name.endswith(".1-null.patch"),
            data=(self.out / name).read_bytes(),
            line_numbers=granted,
            states=states,
            step=step,
        )

    def table(self, patch: LayerPatch, state: State | None, *, after: bool) -> bytes:
        """Write the table in force on one side of a layer as preprocessor text.

        Families (``V_*``) are patterns and cannot be written: the tree has to define their names itself.
        """
        if self.layers is None or patch.step is None or state is None:
            return b""
        table = (self.layers.table_after if after else self.layers.table_before)(patch.step, state)
        return table_text(table)


def table_text(table: Table) -> bytes:
    """Write a table's definitions, one a line, in the order of their names."""
    return b"".join(_written(table.definitions[name]) + b"\n" for name in sorted(table.definitions))


def _written(definition: Definition) -> bytes:
    return definition.canonical.replace(VARIADIC + b"...)", b"...)", 1)


def read_report(path: Path) -> dict[str, Any]:
    """Read a report.json. Raises EngineError where it is none, OSError where it cannot be read."""
    hint = "Split again."
    try:
        report = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise EngineError(f"{path} is no report: {error}", hint=hint) from error
    if not isinstance(report, dict) or report.get("schema") != 1:
        raise EngineError(f"{path} is no report of schema 1", hint=hint)
    try:
        for row in report["milestones"]:
            row["slug"], row["layer"], row["patch"], row["proof"]["assumptions"]
    except (KeyError, TypeError) as error:
        raise EngineError(f"{path} is no report: its milestones lack {error}", hint=hint) from error
    return report
