"""The plan as a sequence of steps: which layers there are, under which tables, for which macros.

A milestone gives one step, a mixed one two (its null part first, then its meat), an announcement
or a landed milestone none. The table in force after a milestone is all definitions up to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Definition, Table, define
from vimagetrack.engine.plan import Layer, Plan, match_name

if TYPE_CHECKING:
    from vimagetrack.engine.split.scaffold import Scaffolds


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One layer to be written; ``position`` is the milestone's 0-based place in the plan."""

    index: int
    position: int
    slug: str
    null: bool
    #: "1-null" and "2-meat" for the halves of a mixed milestone, else "".
    half: str = ""

    @property
    def patch_name(self) -> str:
        """Name the patch as the contract says: NN-slug.patch, NN the 1-based place in the plan."""
        return f"{self.position + 1:02d}-{self.slug}{'.' + self.half if self.half else ''}.patch"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a null edit goes: the step, and the landed milestone that it came too late for."""

    step: int
    straggler_of: str | None = None


class Layers:
    """A plan, read for splitting. Pure and deterministic; tables are parsed once and kept."""

    def __init__(self, plan: Plan, in_use: Collection[bytes] = (), known: Known | None = None) -> None:
        """Read a plan; ``in_use`` are transition names that the base uses before their macros land.

        Whatever they mean there, it is not the table: they stand for themselves in every table, so
        that what is unchanged stays equal and no use of them is ever proved null (law 4). ``known`` are
        the macros that the texts of the monolith define.
        """
        self.plan = plan
        self.known = known or Known()
        self.in_use = frozenset(in_use)
        self._selves = {name: define(name.decode(), name.decode()) for name in self.in_use}
        self.steps = tuple(_steps(plan))
        self._tables: dict[tuple[int, str], Table] = {}
        self._around: dict[tuple[int, str, frozenset[bytes]], tuple[Table, Table]] = {}
        self._redefined: dict[tuple[int, str], frozenset[bytes]] = {}
        self._targets: dict[str, Target | None] = {}
        self._places: dict[bytes, int] = {}

    @cached_property
    def null_steps(self) -> tuple[Step, ...]:
        """List the steps that the kernel has to prove, in landing order."""
        return tuple(step for step in self.steps if step.null)

    def states(self, step: Step) -> tuple[State, ...]:
        """List the states in which a null step has to be null."""
        return self.plan.states_of(step.slug)

    def table_before(self, step: Step, state: State) -> Table:
        """Give the table in force in the layer before a step."""
        return self.table(step.position if step.half == "2-meat" else step.position - 1, state)

    def table_after(self, step: Step, state: State) -> Table:
        """Give the table in force in a step's own layer."""
        return self.table(step.position, state)

    def tables_around(
        self, step: Step, state: State, standing: frozenset[bytes] = frozenset()
    ) -> tuple[Table, Table]:
        """Give the tables before and after a step; the ``standing`` names stand for themselves."""
        key = (step.index, state.name, standing)
        if key not in self._around:
            selves = [define(name.decode(), name.decode()) for name in sorted(standing)]
            tables = self.table_before(step, state), self.table_after(step, state)
            self._around[key] = (
                (tables[0].with_definitions(selves), tables[1].with_definitions(selves)) if selves else tables
            )
        return self._around[key]

    def brought(self, step: Step, words: Collection[bytes]) -> frozenset[bytes]:
        """Give those of some words that a step makes macros, in one of its states."""
        pairs = [self.tables_around(step, state) for state in self.states(step)]
        return frozenset(
            word for word in words if any(after.get(word) and not before.get(word) for before, after in pairs)
        )

    def table(self, position: int, state: State) -> Table:
        """Give the table in force after the milestone at ``position``; -1 is the base.

        Definitions that no milestone's ``macros`` name are helpers that the tree has anyway: they are
        in force from the start. The others come with their milestone.
        """
        key = (position, state.name)
        if key not in self._tables:
            self._tables[key] = self._make_table(position, state)
        return self._tables[key]

    def _make_table(self, position: int, state: State) -> Table:
        text = self.plan.table_text(position)
        come = Table.parse(text, state)
        everything = Table.parse(self.plan.table_text(len(self.plan.milestones) - 1), state)
        kept = _closed(come, {name for name in come.names if self._comes_at(name) <= position})
        helpers = _closed(everything, {name for name in everything.names if self._comes_at(name) < 0})
        table = replace(come, definitions=MappingProxyType(helpers | kept))
        for milestone in self.plan.milestones[: position + 1]:
            table = table.with_families(milestone.families, closed_world=self._closed_world)
        return table.with_definitions(self._selves.values())

    @property
    def _closed_world(self) -> bool:
        return Assumption.CLOSED_WORLD in self.plan.project.assume

    @cached_property
    def scaffolds(self) -> Scaffolds:
        """Give the blocks that milestones write into files."""
        from vimagetrack.engine.split.scaffold import Scaffolds  # it needs the tables of this module

        return Scaffolds(self.plan)

    def place_of(self, name: bytes) -> int:
        """Give the 0-based place of the milestone that brings a macro; -1 for a helper."""
        return self._comes_at(name)

    def _comes_at(self, name: bytes) -> int:
        """Give the place of the milestone that brings a definition into force; -1 for a helper."""
        if name not in self._places:
            self._places[name] = self._find_place(name.decode("utf-8", "surrogateescape"))
        return self._places[name]

    def _find_place(self, name: str) -> int:
        for index, milestone in enumerate(self.plan.milestones):
            if any(match_name(pattern, name) for pattern in milestone.macros):
                return index
        for index, milestone in enumerate(self.plan.milestones):
            if not milestone.macros and milestone.brings(name):
                return index
        return -1

    def in_force_in_base(self) -> dict[bytes, set[bytes]]:
        """Give the macros that the base has by the plan, helpers and those that have landed, each with its
        definitions in the states.
        """
        landed = [index for index, milestone in enumerate(self.plan.milestones) if milestone.is_closed]
        found: dict[bytes, set[bytes]] = {}
        for state in self.plan.states:
            for name, way in self.table(max(landed, default=-1), state).definitions.items():
                if not self.lands_later(name):
                    found.setdefault(name, set()).add(way.canonical)
        return found

    def lands_later(self, name: bytes) -> bool:
        """Say whether a name is brought by a milestone that has not landed."""
        place = self._comes_at(name)
        return place >= 0 and not self.plan.milestones[place].is_closed

    def brought_after(self, name: bytes, step: Step) -> tuple[str, str, int] | None:
        """Say where a macro comes from that a later milestone than the step's brings: its slug, the table in
        words and the 1-based line in it, 0 for one of a family.
        """
        position = self._comes_at(name)
        if position <= step.position or not self.lands_later(name):
            return None
        line = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+" + re.escape(name) + rb"\b", re.MULTILINE)
        for milestone in self.plan.milestones:
            match = line.search(milestone.table)
            if match:
                lineno = milestone.table.count(b"\n", 0, match.start()) + 1
                return self.plan.milestones[position].slug, f"table of {milestone.slug}", lineno
        return self.plan.milestones[position].slug, f"table of {self.plan.milestones[position].slug}", 0

    def is_transition(self, name: bytes) -> bool:
        """Say whether a macro is one of the plan's own, not a helper that the tree has anyway."""
        return name not in self.in_use and self._comes_at(name) >= 0

    def brings_what_is_in_use(self, step: Step) -> bool:
        """Say whether a step brings a macro whose name the base uses already: its uses change then."""
        return any(self._comes_at(name) == step.position for name in self.in_use)

    def redefines(self, step: Step, state: State) -> frozenset[bytes]:
        """Give the macros in force before a step that come to something else in it."""
        key = (step.index, state.name)
        if key not in self._redefined:
            self._redefined[key] = _redefined(self.table_before(step, state), self.table_after(step, state))
        return self._redefined[key]

    def redefined(self, step: Step, state: State, words: Collection[bytes]) -> frozenset[bytes]:
        """Give those of some words that come to something else in a step than before it, themselves or
        through others: macros that it redefines, and those that it brings.
        """
        before, after = self.table_before(step, state), self.table_after(step, state)
        changed = self.redefines(step, state)
        brought = {word for word in words if after.get(word) and not before.get(word)}
        return changed.intersection(words) | brought

    def digests(self) -> dict[str, dict[str, str]]:
        """Give the sha256 of every milestone's table in every state, for the report."""
        return {
            milestone.slug: {state.name: self.table(index, state).digest for state in self.plan.states}
            for index, milestone in enumerate(self.plan.milestones)
        }

    @cached_property
    def names(self) -> frozenset[bytes]:
        """Collect every name that some table defines, in any state."""
        last = len(self.plan.milestones) - 1
        return frozenset().union(*(self.table(last, state).names for state in self.plan.states))

    def null_target(self, macros: Iterable[str]) -> Target | None:
        """Choose the layer of a null edit by its outermost macros: the latest that names one.

        None where no null layer takes it: it is meat then.
        """
        found = [target for target in map(self._target_of, macros) if target is not None]
        return max(found, key=lambda target: target.step, default=None)

    def _target_of(self, macro: str) -> Target | None:
        if macro not in self._targets:
            self._targets[macro] = self._find_target(macro)
        return self._targets[macro]

    def _find_target(self, macro: str) -> Target | None:
        slug = self.plan.null_milestone_of(macro)
        if slug is None:
            return None
        if not self.plan.milestone(slug).is_closed:
            return self._null_target_at(slug)
        late = self._null_target_at(self.plan.straggler_home(slug))
        return Target(late.step, slug) if late else None

    def _null_target_at(self, slug: str | None) -> Target | None:
        found = [step.index for step in self.null_steps if step.slug == slug]
        return Target(found[0]) if found else None

    def cosmetic_step(self) -> int | None:
        """Choose the layer of cosmetic changes that no null change of their function takes along.

        None where the plan wants to read them as meat, or has no null layer.
        """
        wish = self.plan.defaults.cosmetic
        named = self._null_target_at(wish)
        if wish == "meat" or (named is None and not self.null_steps):
            return None
        return named.step if named else self.null_steps[0].index

    def meat_step(self, path: str, identifiers: Collection[str] = frozenset()) -> int:
        """Give the step that takes the meat of a path, by rule, else by default.

        Raises PlanError where every milestone that could take meat has landed.
        """
        slug = self.plan.meat_home(path, identifiers)
        found = [step.index for step in self.steps if step.slug == slug and not step.null]
        if not found:
            raise PlanError(
                f"no open milestone takes the meat of {path}",
                hint='Add a milestone whose layer is "meat", "mixed" or "open" to the plan.',
            )
        return found[0]


def _redefined(before: Table, after: Table) -> frozenset[bytes]:
    """Give the macros in force before that come to something else after."""
    changed = before.differing(after, before.names)
    return frozenset(
        name
        for name in before.names
        if name in changed or any(not changed.isdisjoint(table.reached(name)) for table in (before, after))
    )


def _closed(table: Table, names: Collection[bytes]) -> dict[bytes, Definition]:
    """Take definitions with all that their expansions reach: they are nothing without."""
    wanted = set(names).union(*(table.reached(name) for name in names))
    return {name: found for name, found in table.definitions.items() if name in wanted}


def _steps(plan: Plan) -> list[Step]:
    steps: list[Step] = []
    for position, milestone in enumerate(plan.milestones):
        if milestone.is_closed or milestone.layer is Layer.ANNOUNCE:
            continue
        halves = [("", milestone.layer is Layer.NULL)]
        if milestone.layer is Layer.MIXED:
            halves = [("1-null", True), ("2-meat", False)]
        for half, null in halves:
            steps.append(Step(index=len(steps), position=position, slug=milestone.slug, null=null, half=half))
    return steps
