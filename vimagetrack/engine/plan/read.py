"""Read a landing plan from TOML; whatever is wrong is said with its line and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.state import State
from vimagetrack.engine.plan.cursor import Cursor, did_you_mean
from vimagetrack.engine.plan.locate import Lines, locate
from vimagetrack.engine.plan.refs import check_references
from vimagetrack.engine.plan.values import (
    Area,
    Due,
    DueKind,
    Gate,
    GateLevel,
    GivenDefaults,
    Layer,
    Milestone,
    Plan,
    ProjectInfo,
    Rule,
)

_MILESTONE_KEYS = (
    "slug", "title", "text", "due_on", "due", "settle_days", "final_comment_days", "owner", "layer",
    "null_in", "table", "table_encoding", "table_files", "macros", "families", "scaffold", "removes_option",
    "performance", "landed_on", "landed_as", "was", "gate",
)  # fmt: skip
_PROJECT_KEYS = ("name", "slug", "text", "list", "timezone", "public", "headers", "assume", "checks")
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_DEFINITION = re.compile(r"([A-Za-z_$][A-Za-z0-9_$]*)(?:=(.*))?", re.DOTALL)
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")


def parse_plan(toml: str | bytes, *, files: Mapping[str, bytes] | None = None) -> Plan:
    """Read a plan; ``files`` holds the texts of its table files by relative path.

    PlanError for anything that is not a plan, with the line. The result is consistent, see ``values``.
    """
    text = _text(toml)
    data = _loaded(text)
    root = Cursor(data=data, place=(), lines=_located(text), name="the plan")
    root.only("project", "state", "milestone", "rule", "defaults", "area")
    project = _project(root)
    states = _states(root.tables("state", "state"))
    cursors = root.tables("milestone", "milestone")
    if not cursors:
        raise root.error("no milestone is planned", hint="Add at least one [[milestone]].")
    milestones = tuple(_milestone(cursor, states, files or {}) for cursor in cursors)
    rules = tuple(_rule(cursor) for cursor in root.tables("rule", "rule"))
    given = _defaults(root.table("defaults"))
    areas = tuple(_area(cursor) for cursor in root.tables("area", "area"))
    check_references(root, milestones=milestones, rules=rules, given=given, areas=areas)
    return Plan(project=project, states=states, milestones=milestones, rules=rules, given=given, areas=areas)


def _text(toml: str | bytes) -> str:
    if isinstance(toml, str):
        toml = toml.encode("utf-8", "surrogateescape")
    try:
        text = toml.decode("utf-8")
    except UnicodeDecodeError as error:
        lineno = toml.count(b"\n", 0, error.start) + 1
        raise PlanError(
            f"byte 0x{toml[error.start]:02x} is not UTF-8", toml_lineno=lineno, hint="Save the plan as UTF-8."
        ) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _loaded(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PlanError("the plan nests too deeply", hint="No plan needs more than three levels.") from None
    except ValueError as error:  # TOMLDecodeError, and int() of a number with thousands of digits
        message = str(error)
        place = _TOML_PLACE.search(message)
        last = max(1, len(text.splitlines()))
        lineno = int(place[1]) if place and place[1] else last if place else None
        plain = _TOML_PLACE.sub("", message).rstrip(".")
        hint = "Texts stand in quotes, days without: due_on = 2008-06-15."
        raise PlanError(f"this is not TOML: {plain}", toml_lineno=lineno, hint=hint) from None


def _located(text: str) -> Lines:
    try:
        return locate(text)
    except (RecursionError, ValueError):
        return Lines(known={})


def _project(root: Cursor) -> ProjectInfo:
    if not root.has("project"):
        raise root.error("[project] is missing", hint='Start with [project], name = "..." and slug = "...".')
    cursor = root.table("project")
    cursor.only(*_PROJECT_KEYS)
    return ProjectInfo(
        name=cursor.required("name"),
        slug=cursor.slug("slug"),
        text=cursor.text("text"),
        list=cursor.line("list"),
        timezone=_timezone(cursor),
        public=cursor.flag("public"),
        headers=_paths(cursor, "headers"),
        assume=frozenset(
            Assumption(item)
            for item in cursor.known("assume", [item.value for item in Assumption], "assumption")
        ),
        checks=cursor.names("checks"),
    )


def _timezone(cursor: Cursor) -> str:
    name = cursor.line("timezone", "UTC")
    if name == "UTC":
        return name
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(name, sorted(available_timezones())) or 'Write it as "UTC" or "Europe/Zagreb".'
        raise cursor.error(f'unknown time zone "{name}"', "timezone", hint=hint) from None
    return name


def _states(cursors: Sequence[Cursor]) -> tuple[State, ...]:
    if not cursors:
        return (State(name="default"),)
    states: list[State] = []
    for cursor in cursors:
        cursor.only("name", "define", "undefine")
        state = State(
            name=cursor.slug("name"), define=_defines(cursor), undefine=_identifiers(cursor, "undefine")
        )
        if state.name in [earlier.name for earlier in states]:
            raise cursor.error(f'two states have the name "{state.name}"', "name")
        for name, _value in state.define:
            if name in state.undefine:
                raise cursor.error(f'"{name}" is both defined and undefined', "undefine")
        states.append(state)
    return tuple(states)


def _defines(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """Read NAME and NAME=VALUE as a compiler's -D does: a bare name is 1."""
    pairs: list[tuple[str, str]] = []
    for index, item in enumerate(cursor.texts("define")):
        match = _DEFINITION.fullmatch(item)
        if match is None:
            raise cursor.error(
                f'"{item}" is no definition', "define", index, hint="Write NAME or NAME=VALUE."
            )
        if match[1] in dict(pairs):
            raise cursor.error(f'"{match[1]}" is defined twice', "define", index)
        pairs.append((match[1], "1" if match[2] is None else match[2].strip()))
    return tuple(pairs)


def _identifiers(cursor: Cursor, key: str) -> tuple[str, ...]:
    value = cursor.names(key)
    for index, item in enumerate(value):
        if not _IDENTIFIER.fullmatch(item):
            raise cursor.error(f'"{item}" is no C identifier', key, index)
    return value


def _milestone(cursor: Cursor, states: tuple[State, ...], files: Mapping[str, bytes]) -> Milestone:
    cursor.only(*_MILESTONE_KEYS)
    state_names = tuple(state.name for state in states)
    slug = cursor.slug("slug")
    return Milestone(
        slug=slug,
        title=cursor.line("title") or slug,
        layer=cursor.choice("layer", Layer),
        text=cursor.text("text"),
        due=_due(cursor),
        settle_days=cursor.count("settle_days"),
        final_comment_days=cursor.count("final_comment_days"),
        owner=cursor.line("owner"),
        null_in=_null_in(cursor, state_names),
        table=_table(cursor, files),
        table_files=cursor.names("table_files"),
        macros=cursor.names("macros"),
        families=cursor.names("families"),
        scaffold=_path(cursor, "scaffold"),
        removes_option=_option(cursor),
        performance=cursor.known("performance", state_names, "state"),
        landed_on=cursor.day("landed_on"),
        landed_as=_landed_as(cursor),
        was=cursor.slug("was") if cursor.has("was") else "",
        gates=_gates(cursor.tables("gate", "milestone.gate")),
    )


def _due(cursor: Cursor) -> Due:
    day, month = cursor.day("due_on"), cursor.month("due")
    if day and month:
        raise cursor.error('both "due_on" and "due" are given', "due", hint="Keep one of them.")
    if day:
        return Due(kind=DueKind.DAY, on=day)
    return Due(kind=DueKind.MONTH, on=month) if month else Due()


def _null_in(cursor: Cursor, state_names: tuple[str, ...]) -> tuple[str, ...]:
    chosen = cursor.known("null_in", state_names, "state")
    if cursor.has("null_in") and not chosen:
        hint = "Name at least one state, or leave it out for every state."
        raise cursor.error('"null_in" is empty, so nothing would be proved', "null_in", hint=hint)
    return chosen or state_names


def _table(cursor: Cursor, files: Mapping[str, bytes]) -> bytes:
    """Join the table files in order and the table, each piece on lines of its own."""
    pieces = []
    for index, path in enumerate(_paths(cursor, "table_files")):
        if path not in files:
            near = did_you_mean(path, files)
            hint = near or "Give the file beside the plan, or put its text into table."
            raise cursor.error(f'table file "{path}" is not there', "table_files", index, hint=hint)
        pieces.append(files[path])
    own = _own_table(cursor)
    if own:
        pieces.append(own)
    ended = [piece if piece.endswith(b"\n") or not piece else piece + b"\n" for piece in pieces[:-1]]
    return b"".join([*ended, *pieces[-1:]])


def _own_table(cursor: Cursor) -> bytes:
    """Encode the table: latin-1 is how export writes bytes that are not UTF-8, one character a byte."""
    encoding = cursor.line("table_encoding", "utf-8")
    cursor.check_known(encoding, ("utf-8", "latin-1"), "encoding", "table_encoding")
    try:
        return cursor.text("table").encode(encoding)
    except UnicodeEncodeError:
        raise cursor.error("the table has characters beyond latin-1", "table") from None


def _paths(cursor: Cursor, key: str) -> tuple[str, ...]:
    value = cursor.names(key)
    for index, path in enumerate(value):
        _check_path(cursor, path, key, index)
    return value


def _path(cursor: Cursor, key: str) -> str:
    value = cursor.line(key)
    if value:
        _check_path(cursor, value, key)
    return value


def _check_path(cursor: Cursor, path: str, *keys: str | int) -> None:
    """Refuse what could leave the plan's folder or the tree."""
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ":" in parts[0] or {"", ".", ".."} & set(parts):
        hint = "Write it relative, with forward slashes and without .. in it: headers/sys/vimage.h."
        raise cursor.error(f'"{path}" is no plain relative path', *keys, hint=hint)


def _option(cursor: Cursor) -> str:
    value = cursor.line("removes_option")
    if value and not _IDENTIFIER.fullmatch(value):
        raise cursor.error(f'"{value}" is no C identifier', "removes_option")
    return value


def _landed_as(cursor: Cursor) -> tuple[str, ...]:
    value = cursor.names("landed_as")
    if value and not cursor.has("landed_on"):
        hint = "Add landed_on, the day on which it landed."
        raise cursor.error('"landed_as" is given without "landed_on"', "landed_as", hint=hint)
    return value


def _gates(cursors: Sequence[Cursor]) -> tuple[Gate, ...]:
    gates: list[Gate] = []
    for cursor in cursors:
        cursor.only("name", "level", "text")
        gate = Gate(
            name=cursor.required("name"),
            level=cursor.choice("level", GateLevel, GateLevel.BLOCKER),
            text=cursor.text("text"),
        )
        if gate.name in [earlier.name for earlier in gates]:
            raise cursor.error(f'two gates of one milestone have the name "{gate.name}"', "name")
        gates.append(gate)
    return tuple(gates)


def _rule(cursor: Cursor) -> Rule:
    cursor.only("paths", "touches", "milestone")
    rule = Rule(
        milestone=cursor.required("milestone"), paths=cursor.names("paths"), touches=cursor.names("touches")
    )
    if not rule.paths and not rule.touches:
        raise cursor.error(
            "the rule would match everything", hint="Give it paths or touches, or use [defaults]."
        )
    return rule


def _defaults(cursor: Cursor) -> GivenDefaults:
    cursor.only("meat", "null", "stragglers", "cosmetic")
    return GivenDefaults(
        meat=cursor.line("meat"),
        null=cursor.line("null"),
        stragglers=cursor.line("stragglers"),
        cosmetic=cursor.line("cosmetic"),
    )


def _area(cursor: Cursor) -> Area:
    cursor.only("name", "paths", "reviewers", "owners", "approvals")
    area = Area(
        name=cursor.required("name"),
        paths=cursor.names("paths"),
        reviewers=cursor.names("reviewers"),
        owners=cursor.names("owners"),
        approvals=cursor.count("approvals", 1, at_most=20),
    )
    if not area.paths:
        raise cursor.error("the area has no paths", hint='Add paths = ["sys/netinet/**"].')
    return area
