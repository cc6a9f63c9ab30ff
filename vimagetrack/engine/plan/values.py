"""The landing plan as values: what every other part of the system asks of it.

Nothing here reads TOML. A plan that came from ``parse_plan`` is consistent: every slug, state and assumption
that it names exists, ``null_in`` is never empty, and some milestone takes meat.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.state import State
from vimagetrack.engine.plan.match import match_name, match_path


class Layer(StrEnum):
    """What a milestone may change: ``mixed`` is its null part first, then its meat; ``open`` has no date."""

    ANNOUNCE = "announce"
    NULL = "null"
    MEAT = "meat"
    MIXED = "mixed"
    OPEN = "open"

    @property
    def takes_null(self) -> bool:
        """Say whether a proved null change may land here."""
        return self in (Layer.NULL, Layer.MIXED)

    @property
    def takes_meat(self) -> bool:
        """Say whether a change that is not proved null may land here."""
        return self in (Layer.MEAT, Layer.MIXED, Layer.OPEN)


class DueKind(StrEnum):
    """How exactly a milestone is dated."""

    DAY = "day"
    MONTH = "month"
    OPEN = "open"


class GateLevel(StrEnum):
    """A blocker stops; a warning may be acknowledged."""

    BLOCKER = "blocker"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a milestone is to land, in the project's time zone.

    ``on`` is the day, the first day of the month, or None for an open end.
    """

    kind: DueKind = DueKind.OPEN
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition by hand, besides the built-in ones."""

    name: str
    level: GateLevel = GateLevel.BLOCKER
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectInfo:
    """What the plan says of its project; ``headers`` are the transition headers' paths in the tree."""

    name: str
    slug: str
    text: str = ""
    list: str = ""
    timezone: str = "UTC"
    public: bool = False
    headers: tuple[str, ...] = ()
    assume: frozenset[Assumption] = frozenset()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step that lands as one.

    ``table`` is this milestone's own text: the table files in order, then the table. ``table_files`` only
    says where it came from: a plan that inlines the same text is the same plan. ``macros`` are patterns as
    written, so empty means "those that the own table names". ``was`` is the slug before a renaming, or "".
    """

    slug: str
    title: str
    layer: Layer
    text: str = ""
    due: Due = Due()
    settle_days: int = 0
    final_comment_days: int = 0
    owner: str = ""
    null_in: tuple[str, ...] = ()
    table: bytes = b""
    table_files: tuple[str, ...] = field(default=(), compare=False)
    macros: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    scaffold: str = ""
    removes_option: str = ""
    performance: tuple[str, ...] = ()
    landed_on: date | None = None
    landed_as: tuple[str, ...] = ()
    was: str = ""
    gates: tuple[Gate, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Say whether it has landed: a closed milestone takes no changes, its table stays in force."""
        return self.landed_on is not None

    @property
    def defined_names(self) -> frozenset[str]:
        """Return the names that the own table defines in any state."""
        return _defined_names(self.table)

    def brings(self, macro: str) -> bool:
        """Say whether the own table or the own families give this macro a definition."""
        return macro in self.defined_names or any(match_name(family, macro) for family in self.families)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Send meat to a milestone: where both paths and touches are given, both must hold."""

    milestone: str
    paths: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()

    def matches(self, path: str, identifiers: Collection[str]) -> bool:
        """Say whether a change in ``path`` that adds or removes these identifiers is meant."""
        in_path = not self.paths or any(match_path(pattern, path) for pattern in self.paths)
        return in_path and (not self.touches or _touches(self.touches, identifiers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Ownership of a part of the tree; ``approvals`` does not count who uploaded."""

    name: str
    paths: tuple[str, ...]
    reviewers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    approvals: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDefaults:
    """The plan's [defaults] as written: the empty string where it says nothing."""

    meat: str = ""
    null: str = ""
    stragglers: str = ""
    cosmetic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The defaults after resolution.

    ``meat`` is a slug. ``null`` is the slug for null changes that no milestone's macros name, None where no
    milestone takes null. ``stragglers`` is a slug or None: then each landed milestone has its own answer, see
    ``Plan.straggler_home``. ``cosmetic`` is "null", "meat" or a slug.
    """

    meat: str
    null: str | None
    stragglers: str | None
    cosmetic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole landing plan; milestones stand in landing order.

    ``given`` is [defaults] as written, ``defaults`` what it means for these milestones.
    """

    project: ProjectInfo
    states: tuple[State, ...] = (State(name="default"),)
    milestones: tuple[Milestone, ...]
    rules: tuple[Rule, ...] = ()
    given: GivenDefaults = GivenDefaults()
    areas: tuple[Area, ...] = ()
    defaults: Defaults = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Resolve the defaults; PlanError where nothing takes meat."""
        object.__setattr__(self, "defaults", resolve_defaults(self.milestones, self.given))

    @property
    def digest(self) -> str:
        """Return the sha256 of the canonical form, 64 hex digits."""
        from vimagetrack.engine.plan.dump import digest_of  # dump needs these values

        return digest_of(self)

    def milestone(self, slug: str) -> Milestone:
        """Return the milestone; KeyError where there is none of that slug."""
        return self.milestones[self.index_of(slug)]

    def index_of(self, slug: str) -> int:
        """Return the 0-based place in landing order; KeyError where there is none of that slug."""
        for index, milestone in enumerate(self.milestones):
            if milestone.slug == slug:
                return index
        raise KeyError(slug)

    def state(self, name: str) -> State:
        """Return the state; KeyError where there is none of that name."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def states_of(self, slug: str) -> tuple[State, ...]:
        """Return the states in which this milestone's null part must be null."""
        return tuple(self.state(name) for name in self.milestone(slug).null_in)

    @property
    def base_paths(self) -> tuple[str, ...]:
        """Return the files that a split wants to read even where the monolith leaves them alone."""
        scaffolds = (milestone.scaffold for milestone in self.milestones if milestone.scaffold)
        return tuple(dict.fromkeys((*self.project.headers, *scaffolds)))

    @property
    def has_table(self) -> bool:
        """Say whether any milestone brings a table; if none, the tree's transition headers are the table."""
        return any(milestone.table.strip() for milestone in self.milestones)

    def table_pieces(self, up_to_index: int) -> tuple[bytes, ...]:
        """Return the own tables of the milestones 0 to ``up_to_index`` inclusive; empty ones are left out.

        -1 is the base, where no table is in force.
        """
        tables = (milestone.table for milestone in self.milestones[: up_to_index + 1])
        return tuple(_ended(table) for table in tables if table)

    def table_text(self, up_to_index: int) -> bytes:
        """Return the definitions in force after that milestone; a later one replaces an earlier one."""
        return b"".join(self.table_pieces(up_to_index))

    def null_milestone_of(self, macro: str) -> str | None:
        """Return the slug of the milestone that a macro's null changes belong to, landed ones included.

        Written patterns come before the names that tables define, plan order decides among equals. None where
        no milestone takes null changes at all. Layers that take no null change own no macro.
        """
        takers = [milestone for milestone in self.milestones if milestone.layer.takes_null]
        for milestone in takers:
            if any(match_name(pattern, macro) for pattern in milestone.macros):
                return milestone.slug
        for milestone in takers:
            if not milestone.macros and milestone.brings(macro):
                return milestone.slug
        return self.defaults.null

    def straggler_home(self, slug: str) -> str | None:
        """Return where a late change of the landed milestone ``slug`` goes.

        None where everything that could take it has landed.
        """
        wish = self.defaults.stragglers
        if wish is not None and not self.milestone(wish).is_closed:
            return wish
        later = self.milestones[self.index_of(slug) + 1 :]
        takers = [
            milestone.slug for milestone in later if milestone.layer.takes_null and not milestone.is_closed
        ]
        return takers[0] if takers else self.open_meat_home(self.defaults.meat)

    def rule_for(self, path: str, identifiers: Collection[str]) -> str | None:
        """Return the slug of the first rule that matches, landed or not; None where none does."""
        for rule in self.rules:
            if rule.matches(path, identifiers):
                return rule.milestone
        return None

    def meat_home(self, path: str, identifiers: Collection[str]) -> str | None:
        """Return the open milestone for meat, by rule, else by default.

        None where everything that could take it has landed.
        """
        return self.open_meat_home(self.rule_for(path, identifiers) or self.defaults.meat)

    def open_meat_home(self, slug: str) -> str | None:
        """Return ``slug``, or where it has landed the next open milestone that takes meat, else the last."""
        index = self.index_of(slug)
        takers = [
            place
            for place, milestone in enumerate(self.milestones)
            if milestone.layer.takes_meat and not milestone.is_closed
        ]
        later = [place for place in takers if place >= index]
        place = later[0] if later else takers[-1] if takers else None
        return None if place is None else self.milestones[place].slug

    def area_of(self, path: str) -> str:
        """Return the name of the first area that has the path, "" where none has."""
        for area in self.areas:
            if any(match_path(pattern, path) for pattern in area.paths):
                return area.name
        return ""


def resolve_defaults(milestones: Iterable[Milestone], given: GivenDefaults) -> Defaults:
    """Fill what [defaults] leaves open, preferring milestones that have not landed.

    PlanError where no milestone takes meat: undecided changes would have no place.
    """
    in_order = list(milestones)
    meat = given.meat or _preferred(in_order, (Layer.MEAT, Layer.MIXED), last=True)
    meat = meat or _preferred(in_order, (Layer.OPEN,), last=True)
    if not meat:
        raise PlanError(
            "no milestone takes what is not proved null",
            hint='Add one whose layer is "meat", "mixed" or "open".',
        )
    null = given.null or _preferred(in_order, (Layer.NULL,)) or _preferred(in_order, (Layer.MIXED,))
    return Defaults(
        meat=meat, null=null or None, stragglers=given.stragglers or None, cosmetic=given.cosmetic or "null"
    )


def _preferred(milestones: list[Milestone], layers: tuple[Layer, ...], *, last: bool = False) -> str:
    fitting = [milestone for milestone in milestones if milestone.layer in layers]
    still_open = [milestone for milestone in fitting if not milestone.is_closed]
    chosen = still_open or fitting
    if not chosen:
        return ""
    return chosen[-1 if last else 0].slug


def _touches(patterns: tuple[str, ...], identifiers: Collection[str]) -> bool:
    return any(
        match_name(pattern, identifier) if set(pattern) & set("*?[\\") else pattern == identifier
        for pattern in patterns
        for identifier in identifiers
    )


_NOT_CODE = re.compile(rb'/\*.*?(?:\*/|\Z)|//[^\n]*|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
_DEFINE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_$][A-Za-z0-9_$]*)", re.MULTILINE)


@lru_cache(maxsize=256)
def _defined_names(table: bytes) -> frozenset[str]:
    """Find the #defines of all branches; the kernel's table is what evaluates conditionals."""
    text = _NOT_CODE.sub(b" ", table.replace(b"\\\r\n", b"").replace(b"\\\n", b""))
    return frozenset(name.decode("ascii") for name in _DEFINE.findall(text))


def _ended(table: bytes) -> bytes:
    """End a table with a newline, so that the next one's first directive starts a line."""
    return table if table.endswith(b"\n") else table + b"\n"
