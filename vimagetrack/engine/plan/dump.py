"""Write a plan as canonical TOML: one plan, one text, whatever it was written like.

Table files are inlined, what the plan leaves to its defaults is left out, keys stand in the documentation's
order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import assert_never

from vimagetrack.engine.null.state import State
from vimagetrack.engine.plan.values import (
    Area,
    Due,
    DueKind,
    Gate,
    GivenDefaults,
    Milestone,
    Plan,
    ProjectInfo,
    Rule,
)

_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f]"
)  # control characters that TOML wants escaped; not tab, newline
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def dump_plan(plan: Plan) -> str:
    """Return the canonical TOML; ``parse_plan`` of it gives an equal plan."""
    sections = [_project(plan.project)]
    if plan.states != (State(name="default"),):
        sections += [_state(state) for state in plan.states]
    every_state = tuple(state.name for state in plan.states)
    sections += [_milestone(milestone, every_state) for milestone in plan.milestones]
    sections += [_rule(rule) for rule in plan.rules]
    if plan.given != GivenDefaults():
        sections.append(_defaults(plan.given))
    sections += [_area(area) for area in plan.areas]
    return "\n".join(sections)


def digest_of(plan: Plan) -> str:
    """Return the sha256 of the canonical form."""
    return hashlib.sha256(dump_plan(plan).encode()).hexdigest()


def _section(header: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Join a header and its keys; an empty value means that the key is left out."""
    return "".join([f"{header}\n", *(f"{key} = {value}\n" for key, value in pairs if value)])


def _project(project: ProjectInfo) -> str:
    return _section(
        "[project]",
        [
            ("name", _quoted(project.name)),
            ("slug", _quoted(project.slug)),
            ("text", _optional(project.text)),
            ("list", _optional(project.list)),
            ("timezone", _optional("" if project.timezone == "UTC" else project.timezone)),
            ("public", "true" if project.public else ""),
            ("headers", _array(project.headers)),
            ("assume", _array(sorted(project.assume))),
            ("checks", _array(project.checks)),
        ],
    )


def _state(state: State) -> str:
    define = [f"{name}={value}" for name, value in state.define]
    pairs = [("name", _quoted(state.name)), ("define", _array(define)), ("undefine", _array(state.undefine))]
    return _section("[[state]]", pairs)


def _milestone(milestone: Milestone, every_state: tuple[str, ...]) -> str:
    table, encoding = _table(milestone.table)
    due_key, due = _due(milestone.due)
    own = _section(
        "[[milestone]]",
        [
            ("slug", _quoted(milestone.slug)),
            ("was", _optional(milestone.was)),
            ("title", _optional("" if milestone.title == milestone.slug else milestone.title)),
            ("text", _optional(milestone.text)),
            (due_key, due),
            ("settle_days", _number(milestone.settle_days)),
            ("final_comment_days", _number(milestone.final_comment_days)),
            ("owner", _optional(milestone.owner)),
            ("layer", _quoted(milestone.layer)),
            ("null_in", _array(() if milestone.null_in == every_state else milestone.null_in)),
            ("table", table),
            ("table_encoding", encoding),
            ("macros", _array(milestone.macros)),
            ("families", _array(milestone.families)),
            ("scaffold", _optional(milestone.scaffold)),
            ("removes_option", _optional(milestone.removes_option)),
            ("performance", _array(milestone.performance)),
            ("landed_on", _day(milestone.landed_on)),
            ("landed_as", _array(milestone.landed_as)),
        ],
    )
    return own + "".join(_gate(gate) for gate in milestone.gates)


def _due(due: Due) -> tuple[str, str]:
    match due.kind:
        case DueKind.DAY:
            return "due_on", _day(due.on)
        case DueKind.MONTH:
            return "due", _quoted(_day(due.on)[:7])
        case DueKind.OPEN:
            return "due", ""
        case _:
            assert_never(due.kind)


def _gate(gate: Gate) -> str:
    pairs = [("name", _quoted(gate.name)), ("level", _quoted(gate.level)), ("text", _optional(gate.text))]
    return _section("[[milestone.gate]]", pairs)


def _rule(rule: Rule) -> str:
    pairs = [
        ("paths", _array(rule.paths)),
        ("touches", _array(rule.touches)),
        ("milestone", _quoted(rule.milestone)),
    ]
    return _section("[[rule]]", pairs)


def _defaults(given: GivenDefaults) -> str:
    pairs = [
        ("meat", _optional(given.meat)),
        ("null", _optional(given.null)),
        ("stragglers", _optional(given.stragglers)),
        ("cosmetic", _optional(given.cosmetic)),
    ]
    return _section("[defaults]", pairs)


def _area(area: Area) -> str:
    pairs = [
        ("name", _quoted(area.name)),
        ("paths", _array(area.paths)),
        ("reviewers", _array(area.reviewers)),
        ("owners", _array(area.owners)),
        ("approvals", "" if area.approvals == 1 else str(area.approvals)),
    ]
    return _section("[[area]]", pairs)


def table_lines(table: bytes) -> list[bytes]:
    """Write a table alone, as it stands in a milestone; it need not hold anything."""
    text, encoding = _table(table)
    lines = [("table", text or _quoted("")), ("table_encoding", encoding)]
    return [f"{key} = {value}\n".encode() for key, value in lines if value]


def _table(table: bytes) -> tuple[str, str]:
    """Write the table and its encoding: TOML is UTF-8, kernel headers need not be."""
    try:
        return _optional(table.decode("utf-8")), ""
    except UnicodeDecodeError:
        return _optional(table.decode("latin-1")), _quoted("latin-1")


def _optional(text: str) -> str:
    return _text(text) if text else ""


def _text(text: str) -> str:
    """Write text of several lines as a reader wants to see it: macros with their backslashes as they are."""
    if "\n" not in text:
        return _quoted(text)
    if "'''" not in text and not _UNSAFE.search(text):
        return f"'''\n{text}'''"
    lines = [_escaped(line) for line in text.split("\n")]
    return '"""\n' + "\n".join(lines) + '"""'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    plain = "".join(_ESCAPES.get(character, character) for character in text)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def _array(items: Iterable[str]) -> str:
    quoted = [_quoted(item) for item in items]
    return f"[{', '.join(quoted)}]" if quoted else ""


def _number(value: int) -> str:
    return str(value) if value else ""


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
