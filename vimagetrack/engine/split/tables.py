"""The definitions in force in each layer and state: the plan's, or those of the tree's own headers.

Where the plan gives a table, its words count. Where it gives none at all, the transition headers of the tree
are the table, as they stand in the layer; what they include is passed over, as in a table of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Definition, Table, define
from vimagetrack.engine.null.units import Unexpandable
from vimagetrack.engine.plan import Plan, literal_head, match_name
from vimagetrack.engine.split.step import Step, steps_of


@dataclass(frozen=True, slots=True)
class HeaderTexts:
    """The known texts of the plan's transition headers: ``texts[path][n]`` after ``n`` steps, None where
    there is no such file. A header whose text is not known whole is left out.
    """

    texts: Mapping[str, tuple[bytes | None, ...]] = field(default_factory=dict)

    def after(self, steps: int) -> dict[str, bytes]:
        """Give the texts after a number of steps, by path."""
        return {path: text for path, texts in self.texts.items() if (text := texts[steps]) is not None}


NO_HEADERS = HeaderTexts()


class Tables(Protocol):
    """What the layers ask of the tables."""

    def at(self, position: int, state: State) -> Table:
        """Give the table in force after the milestone at a position; -1 is the base."""

    def before(self, step: Step, state: State) -> Table:
        """Give the table in force in the layer before a step."""

    def after(self, step: Step, state: State) -> Table:
        """Give the table in force in a step's own layer."""

    def comes_at(self, name: bytes) -> int:
        """Give the place of the milestone that brings a macro into force; -1 for what is from the start."""

    def is_named(self, name: bytes) -> bool:
        """Say whether a macro is one of the transition, not a helper that the tree has anyway."""

    @property
    def changed(self) -> frozenset[bytes]:
        """Give the names whose definitions in the texts are for meat to change."""

    def told_at(self, name: bytes, position: int) -> tuple[str, int]:
        """Say where a definition stands that the milestone at a position brings, and its 1-based line there,
        0 for one of a family.
        """


def tables_of(plan: Plan, in_use: Collection[bytes], headers: HeaderTexts) -> Tables:
    """Choose where the definitions come from; names ``in_use`` stand for themselves everywhere."""
    selves = {name: define(name.decode(), name.decode()) for name in in_use}
    if headers.texts and not plan.has_table:
        return HeaderTables(plan, selves, headers)
    return PlanTables(plan, selves)


class PlanTables:
    """The tables that the plan gives."""

    def __init__(self, plan: Plan, selves: Mapping[bytes, Definition]) -> None:
        self.plan = plan
        self.selves = selves
        self._tables: dict[tuple[int, str], Table] = {}
        self._places: dict[bytes, int] = {}

    def before(self, step: Step, state: State) -> Table:
        """Give the table in force in the layer before a step."""
        return self.at(step.position if step.half == "2-meat" else step.position - 1, state)

    def after(self, step: Step, state: State) -> Table:
        """Give the table in force in a step's own layer."""
        return self.at(step.position, state)

    def at(self, position: int, state: State) -> Table:
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
        kept = _closed(come, {name for name in come.names if self.comes_at(name) <= position})
        helpers = _closed(everything, {name for name in everything.names if self.comes_at(name) < 0})
        table = replace(come, definitions=MappingProxyType(helpers | kept))
        return _with_families(table, self.plan, position).with_definitions(self.selves.values())

    def comes_at(self, name: bytes) -> int:
        """Give the place of the milestone that brings a definition into force; -1 for a helper."""
        found = self._places.get(name)
        if found is None:
            if name not in self._own and not name.startswith(self._heads):
                return -1  # most words of a tree: they are not even remembered
            found = self._places[name] = self._find_place(name.decode("utf-8", "surrogateescape"))
        return found

    @cached_property
    def _own(self) -> frozenset[bytes]:
        """Collect the names that the milestones' own tables define."""
        names = (name for milestone in self.plan.milestones for name in milestone.defined_names)
        return frozenset(name.encode("utf-8", "surrogateescape") for name in names)

    @cached_property
    def _heads(self) -> tuple[bytes, ...]:
        """Give what the names begin with that the milestones' patterns match."""
        patterns = (p for milestone in self.plan.milestones for p in (*milestone.macros, *milestone.families))
        return tuple({literal_head(pattern).encode("utf-8", "surrogateescape") for pattern in patterns})

    def _find_place(self, name: str) -> int:
        for index, milestone in enumerate(self.plan.milestones):
            if milestone.is_closed and not milestone.macros and name in milestone.defined_names:
                return index  # in force since it landed, whoever takes its uses away later
            if any(match_name(pattern, name) for pattern in milestone.macros):
                return index
        for index, milestone in enumerate(self.plan.milestones):
            if not milestone.macros and milestone.brings(name):
                return index
        return -1

    def is_named(self, name: bytes) -> bool:
        """Say whether a milestone brings it."""
        return self.comes_at(name) >= 0

    @property
    def changed(self) -> frozenset[bytes]:
        """Give none: the plan says what changes."""
        return frozenset()

    def told_at(self, name: bytes, position: int) -> tuple[str, int]:
        """Say in whose table a definition stands."""
        for milestone in self.plan.milestones:
            lineno = line_of(name, milestone.table)
            if lineno:
                return f"table of {milestone.slug}", lineno
        return f"table of {self.plan.milestones[position].slug}", 0


class HeaderTables:
    """The tables that the transition headers make, layer by layer."""

    def __init__(self, plan: Plan, selves: Mapping[bytes, Definition], headers: HeaderTexts) -> None:
        self.plan = plan
        self.selves = selves
        self.headers = headers
        self.steps = steps_of(plan)
        self._tables: dict[tuple[object, ...], Table] = {}
        self._read: dict[tuple[object, ...], Table] = {}
        self._of_family: dict[bytes, int] = {}

    def at(self, position: int, state: State) -> Table:
        """Give the table of the headers as the milestone at ``position`` leaves them."""
        return self._table(sum(step.position <= position for step in self.steps), position, state)

    def before(self, step: Step, state: State) -> Table:
        """Give the table of the headers in the layer before a step."""
        position = step.position if step.half == "2-meat" else step.position - 1
        return self._table(step.index, position, state)

    def after(self, step: Step, state: State) -> Table:
        """Give the table of the headers in a step's own layer."""
        return self._table(step.index + 1, step.position, state)

    def _table(self, index: int, position: int, state: State) -> Table:
        """Make a table; layers in which all headers and families are the same share it."""
        key = (self._texts(index), position if self._has_families else -1, state.name)
        if key not in self._tables:
            table = _with_families(self.read(index, state), self.plan, position)
            self._tables[key] = table.with_definitions(self.selves.values())
        return self._tables[key]

    @cached_property
    def _has_families(self) -> bool:
        return any(milestone.families for milestone in self.plan.milestones)

    def _texts(self, index: int) -> tuple[bytes | None, ...]:
        return tuple(texts[index] for texts in self.headers.texts.values())

    def read(self, index: int, state: State) -> Table:
        """Read the headers one after the other after ``index`` steps; a later one replaces definitions.

        Raises TableError for what no preprocessor would take.
        """
        key = (self._texts(index), state.name)
        if key not in self._read:
            table = Table.empty(state)
            for text in self._texts(index):
                table = Table.parse(text or b"", state, base=table)
            self._read[key] = table
        return self._read[key]

    def contested(self) -> frozenset[bytes]:
        """Find the names that two headers, or one twice, define otherwise in one layer and state.

        Which of the definitions is in force then depends on what a file includes, and where.
        """
        found: set[bytes] = set()
        for index in range(len(self.steps) + 1):
            for state in self.plan.states:
                table = Table.empty(state)
                for text in self._texts(index):
                    after = Table.parse(text or b"", state, base=table)
                    found |= after.twice | table.differing(after, table.names)
                    table = after
        return frozenset(found)

    def undecided(self) -> frozenset[bytes]:
        """Collect the names that conditionals of the headers ask for and that no state names."""
        tables = [self.read(i, state) for i in range(len(self.steps) + 1) for state in self.plan.states]
        return frozenset().union(*(table.unknown - table.names for table in tables))

    @cached_property
    def changed(self) -> frozenset[bytes]:
        """Find the names of the base that come to something else in the end, or to nothing."""
        last = len(self.steps)
        pairs = [(self.read(0, state), self.read(last, state)) for state in self.plan.states]
        return frozenset(
            name for before, after in pairs for name in before.names if not is_same(name, before, after)
        )

    @cached_property
    def _places(self) -> dict[bytes, int]:
        places: dict[bytes, int] = {}
        for index in range(len(self.steps) + 1):
            for state in self.plan.states:
                for name in self.read(index, state).names:
                    places.setdefault(name, self.steps[index - 1].position if index else -1)
        return places

    def comes_at(self, name: bytes) -> int:
        """Give the place of the milestone whose layer has a definition first; -1 for the base."""
        if name in self._places or not self._has_families:
            return self._places.get(name, -1)
        if name not in self._of_family:
            text = name.decode("utf-8", "surrogateescape")
            having = (
                index
                for index, milestone in enumerate(self.plan.milestones)
                if any(match_name(family, text) for family in milestone.families)
            )
            self._of_family[name] = next(having, -1)
        return self._of_family[name]

    def is_named(self, name: bytes) -> bool:
        """Say whether a milestone brings it, or names it though the base has it; where the plan names no
        macros at all, the headers do.
        """
        if self.comes_at(name) >= 0:
            return True
        return name in self._places and (not self._patterns or self._is_matched(name))

    @cached_property
    def _patterns(self) -> frozenset[str]:
        return frozenset(
            pattern
            for milestone in self.plan.milestones
            for pattern in (*milestone.macros, *milestone.families)
        )

    def _is_matched(self, name: bytes) -> bool:
        text = name.decode("utf-8", "surrogateescape")
        return any(match_name(pattern, text) for pattern in self._patterns)

    def told_at(self, name: bytes, position: int) -> tuple[str, int]:
        """Say in which header a definition stands."""
        for index, step in enumerate(self.steps, 1):
            for path, texts in self.headers.texts.items():
                lineno = line_of(name, texts[index] or b"") if step.position == position else 0
                if lineno:
                    return path, lineno
        return f"families of {self.plan.milestones[position].slug}", 0


def line_of(name: bytes, text: bytes) -> int:
    """Give the 1-based line of a text that defines a name, by spelling; 0 where none does."""
    pattern = rb"^[ \t]*#[ \t]*define[ \t]+" + re.escape(name) + rb"\b"
    match = re.search(pattern, text, re.MULTILINE)
    return text.count(b"\n", 0, match.start()) + 1 if match else 0


def is_readable(text: bytes, states: Sequence[State]) -> bool:
    """Say whether a header can be a table in all states."""
    try:
        for state in states:
            Table.parse(text, state)
    except TableError:
        return False
    return True


def _with_families(table: Table, plan: Plan, position: int) -> Table:
    closed = Assumption.CLOSED_WORLD in plan.project.assume
    for milestone in plan.milestones[: position + 1]:
        table = table.with_families(milestone.families, closed_world=closed)
    return table


def _closed(table: Table, names: Collection[bytes]) -> dict[bytes, Definition]:
    """Take definitions with all that their expansions reach: they are nothing without."""
    wanted = set(names).union(*(table.reached(name) for name in names))
    return {name: found for name, found in table.definitions.items() if name in wanted}


def is_same(name: bytes, before: Table, after: Table) -> bool:
    """Say whether an object-like macro comes to the same tokens under two tables."""
    ways = before.get(name), after.get(name)
    if ways[0] is None or ways[1] is None:
        return False
    if ways[0].canonical == ways[1].canonical:
        return True
    if ways[0].params is not None or ways[1].params is not None:
        return False
    try:
        words = [[tok.text for tok in Expander(table).words([name])] for table in (before, after)]
    except Unexpandable:
        return False
    return _peeled(words[0]) == _peeled(words[1])


def _peeled(words: list[bytes]) -> list[bytes]:
    """Take the parentheses off one word: the kernel knows where they mean nothing."""
    return words[1:2] if len(words) == 3 and words[0] == b"(" and words[2] == b")" else words
