"""Judge single cases, as ``prove --jsonl`` reads them: one JSON object with two texts and what is known
around them.

Only what the case's fields say is granted; no plan stands behind it, so the guards are absolute: a table
whose own conditions are not decided, that defines a name twice, or that comes into force with the change,
proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Judgement, Language, Options, Outcome, Side, prove
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

_STATE: Final = State(name="default")
_LANGUAGES: Final = {"c": Language.C, "c++": Language.CXX, "S": Language.ASM}

Case = Mapping[str, object]


def judge_case(case: Case) -> dict[str, object]:
    """Judge one case; give its verdict line: name, verdict, rule, reason, hazards.

    Fields that are absent are taken as the less favourable value. Raises ValueError for a case without both
    texts or with a field of another type.
    """
    if not isinstance(case, Mapping):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - what a line may hold is no type of ours
    refusal = _refusal(case)
    if refusal:
        return _line(case, Outcome.UNDECIDED, *refusal, ())
    try:
        found = _judge(case)
    except TableError as error:
        text = str(error)
        return _line(case, Outcome.UNDECIDED, "R01", f"{text[:1].upper()}{text[1:]}.", ())
    hazards = tuple(hazard.text for hazard in found.hazards)
    return _line(case, found.outcome, found.rule, found.reason, hazards)


def _line(case: Case, outcome: Outcome, rule: str, reason: str, hazards: Sequence[str]) -> dict[str, object]:
    name = case.get("name", "")
    return {"name": name, "verdict": outcome.value, "rule": rule, "reason": reason, "hazards": list(hazards)}


def _refusal(case: Case) -> tuple[str, str] | None:
    """Give the rule and the reason where no token proof applies at all."""
    if str(case.get("lang")) not in _LANGUAGES:
        return "R19", "Only C, C++ and assembly through the preprocessor can be judged by tokens."
    names = case.get("file_names")
    known = list(names.values()) if isinstance(names, Mapping) else names
    if isinstance(known, (list, tuple)) and len(set(map(str, known))) > 1:
        return "R32", "A file under another name is never the same by its tokens."
    return None


def _judge(case: Case) -> Judgement:
    lines = case.get("macros") or []
    if not isinstance(lines, (list, tuple)) or not all(isinstance(line, str) for line in lines):
        raise ValueError("macros must be a list of lines")
    table = Table.parse("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"), _STATE)
    _check_table(table)
    before = table if case.get("macros_in_before") is True else Table.empty(_STATE)
    sides = (_side(case, "before", before), _side(case, "after", table))
    if before is not table:
        _check_landing(table, sides[1])
    return prove(*sides, _options(case))


def _check_table(table: Table) -> None:
    """Refuse tables that mean different things to different builds."""
    if table.unknown:
        name = min(table.unknown).decode("utf-8", "backslashreplace")
        raise TableError(f"the table asks for {name}, which no one names", hint="Name a configuration")
    if table.twice:
        name = min(table.twice).decode("utf-8", "backslashreplace")
        raise TableError(f"the table defines {name} twice", hint="Keep one definition")


def _check_landing(table: Table, after: Side) -> None:
    """Refuse a table that comes into force with the change: what it does elsewhere is out of sight (R01)."""
    used = table.active(set(tokenize(after.text)))
    if used:
        name = min(used).decode("utf-8", "backslashreplace")
        raise TableError(
            f"the macro {name} comes into force with this very change", hint="Land the table first"
        )


def _side(case: Case, name: str, table: Table) -> Side:
    parts = [case.get("file_pre"), case.get(name), case.get("file_post")]
    if not case.get("file_visible"):
        parts = [parts[1]]
    if not isinstance(case.get(name), str) or not all(
        part is None or isinstance(part, str) for part in parts
    ):
        raise ValueError(f"{name}, file_pre and file_post must be texts")
    text = "".join(part for part in parts if isinstance(part, str))
    return Side(text=text.encode("utf-8", "surrogateescape"), table=table, path="case.c", whole=False)


def _options(case: Case) -> Options:
    granted = set()
    if case.get("closed_world") is True:
        granted.add(Assumption.CLOSED_WORLD)
    if case.get("warnings_as_errors") is False:
        granted.add(Assumption.WARNINGS_NOT_ERRORS)
    return Options(
        language=_LANGUAGES[str(case.get("lang"))],
        assumptions=frozenset(granted),
        vocabulary=False,
        unseen_observers=case.get("line_observers") != "none",
    )
