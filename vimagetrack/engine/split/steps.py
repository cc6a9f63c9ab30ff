"""The plan as a sequence of steps: which layers there are, under which tables, for which macros.

A milestone gives one step, a mixed one two (its null part first, then its meat), an announcement
or a landed milestone none. The table in force after a milestone is all definitions up to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table, define
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.step import Step, steps_of
from vimagetrack.engine.split.tables import NO_HEADERS, HeaderTexts, tables_of

if TYPE_CHECKING:
    from vimagetrack.engine.split.scaffold import Scaffolds

__all__ = ["Layers", "Step", "Target"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a null edit goes: the step, and the landed milestone that it came too late for."""

    step: int
    straggler_of: str | None = None


class Layers:
    """A plan, read for splitting. Pure and deterministic; tables are parsed once and kept."""

    def __init__(
        self,
        plan: Plan,
        in_use: Collection[bytes] = (),
        known: Known | None = None,
        headers: HeaderTexts = NO_HEADERS,
    ) -> None:
        """Read a plan; ``in_use`` are transition names that the base uses before their macros land.

        Whatever they mean there, it is not the table: they stand for themselves in every table, so
        that what is unchanged stays equal and no use of them is ever proved null (law 4). ``known`` are
        the macros that the texts of the monolith define.
        """
        self.plan = plan
        self.known = known or Known()
        self.in_use = frozenset(in_use)
        self.headers = headers
        self.steps = tuple(steps_of(plan))
        self.tables = tables_of(plan, self.in_use, headers)
        self._dressed: dict[tuple[object, ...], Table] = {}
        self._around: dict[tuple[int, str, frozenset[bytes]], tuple[Table, Table]] = {}
        self._redefined: dict[tuple[int, str], frozenset[bytes]] = {}
        self._targets: dict[str, Target | None] = {}

    @cached_property
    def null_steps(self) -> tuple[Step, ...]:
        """List the steps that the kernel has to prove, in landing order."""
        return tuple(step for step in self.steps if step.null)

    def states(self, step: Step) -> tuple[State, ...]:
        """List the states in which a null step has to be null."""
        return self.plan.states_of(step.slug)

    def table_before(self, step: Step, state: State) -> Table:
        """Give the table in force in the layer before a step."""
        return self._with_headers(self.tables.before(step, state), step.index)

    def table_after(self, step: Step, state: State) -> Table:
        """Give the table in force in a step's own layer."""
        return self._with_headers(self.tables.after(step, state), step.index + 1)

    def _with_headers(self, table: Table, steps: int) -> Table:
        """Put the texts of the transition headers to a table, as they stand after a number of steps."""
        texts = self.headers.after(steps)
        key = (id(table), *texts.items())
        if texts and key not in self._dressed:
            self._dressed[key] = replace(table, header_texts=texts)
        return self._dressed[key] if texts else table

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
        """Give the table in force after the milestone at ``position``; -1 is the base."""
        return self.tables.at(position, state)

    @cached_property
    def scaffolds(self) -> Scaffolds:
        """Give the blocks that milestones write into files."""
        from vimagetrack.engine.split.scaffold import Scaffolds  # it needs the tables of this module

        return Scaffolds(self.plan)

    def place_of(self, name: bytes) -> int:
        """Give the 0-based place of the milestone that brings a macro; -1 for a helper."""
        return self.tables.comes_at(name)

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
        place = self.tables.comes_at(name)
        return place >= 0 and not self.plan.milestones[place].is_closed

    def brought_after(self, name: bytes, step: Step) -> tuple[str, str, int] | None:
        """Say where a macro comes from that a later milestone than the step's brings: its slug, the table in
        words or the header's path, and the 1-based line in it, 0 for one of a family.
        """
        position = self.tables.comes_at(name)
        if position <= step.position or not self.lands_later(name):
            return None
        return (self.plan.milestones[position].slug, *self.tables.told_at(name, position))

    def is_transition(self, name: bytes) -> bool:
        """Say whether a macro is one of the plan's own, not a helper that the tree has anyway."""
        return name not in self.in_use and self.tables.is_named(name)

    def brings_what_is_in_use(self, step: Step) -> bool:
        """Say whether a step brings a macro whose name the base uses already: its uses change then."""
        return any(self.tables.comes_at(name) == step.position for name in self.in_use)

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
        return max(found, key=lambda target: (target.step, target.straggler_of is None), default=None)

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
