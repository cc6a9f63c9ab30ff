"""Say in words why a line of the monolith is what it is: changes, rules, macros, neighbours, findings.

For a reader who knows the code and not our report. Reads what a split found; judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.errors import EngineError
from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, tokenize
from vimagetrack.engine.lex.directives import directives
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.null.units import Reader, Unexpandable
from vimagetrack.engine.split.functions import Blocks
from vimagetrack.engine.split.lines import Lined
from vimagetrack.engine.split.model import PROVABLE, Change, Kind, Part, SplitResult
from vimagetrack.engine.split.rule_words import words_of
from vimagetrack.engine.split.steps import Layers, Step

#: One screen: how many macros, expansions and lines of text are told, and how long a line may be.
MACROS, CALLS, SHOWN, WIDE = 4, 4, 3, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of the monolith: ``old`` says on which of its two sides; 1-based."""

    path: str
    lineno: int
    old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """A stretch of the file's text on the asked side, and the number of its first line."""

    text: bytes
    first_lineno: int
    whole: bool


def explain(
    result: SplitResult, layers: Layers, place: Place, texts: Sequence[KnownText] = ()
) -> tuple[str, ...]:
    """Explain one line, in at most a screen of text.

    ``texts`` are what is known of the file on that side, for the line itself and its function. Raises
    EngineError where the monolith does not touch the file, or the file has no such line.
    """
    own = [change for change in result.changes if _names(change, place.old) == place.path]
    if not own:
        raise _unknown(result, place)
    shown = next((text for text in texts if _holds(text, place.lineno)), None)
    if texts and all(text.whole for text in texts) and shown is None:
        count = texts[0].text.count(b"\n") + (not texts[0].text.endswith(b"\n"))
        raise EngineError(
            f"{place.path} has {count} lines there, not {place.lineno}", hint="Ask for one of them."
        )
    body = _body(result, layers, place, own, known=shown is not None)
    return (*_head(place, shown), *body, *_findings(result, place))


def _names(change: Change, old: bool) -> str:  # noqa: FBT001
    return change.old_path if old and change.old_path else change.path


def _unknown(result: SplitResult, place: Place) -> EngineError:
    paths = sorted({_names(change, place.old) for change in result.changes})
    near = get_close_matches(place.path, paths, 3)
    hint = f"Perhaps {', '.join(near)}?" if near else "Name a file of the diff, without a/ or b/."
    return EngineError("the monolith does not touch this file", path=place.path, hint=hint)


def _holds(text: KnownText, lineno: int) -> bool:
    return 0 <= lineno - text.first_lineno < len(Lined(text.text).at) - 1


def _head(place: Place, shown: KnownText | None) -> Iterator[str]:
    side = "old" if place.old else "new"
    if shown is None:
        yield f"{place.path}:{place.lineno} ({side} side)"
        return
    lined = Lined(shown.text)
    offset = lined.at[place.lineno - shown.first_lineno]
    name = Blocks(tokenize(shown.text)).name_at(offset)
    yield f"{place.path}:{place.lineno} ({side} side){f', in {name}' if name else ''}"
    line = shown.text[offset:].partition(b"\n")[0]
    if line.strip():
        yield f"    {_text(line)}"


def _body(
    result: SplitResult, layers: Layers, place: Place, own: Sequence[Change], *, known: bool
) -> Iterator[str]:
    here = [change for change in own if _covers(change, place)]
    if not here:
        yield "The monolith leaves this line as it is." if known else _no_line(own, place)
        yield from _nearest(own, place)
        return
    if len(here) > 1:
        parts = " and ".join(f"its {_half(change, here)} lands with {change.milestone}" for change in here)
        yield f"The line is split inside: {parts}."
    for change in here:
        yield ""
        yield from _change(result, layers, place, change)


def _no_line(own: Sequence[Change], place: Place) -> str:
    """Say what is asked of a side of which no such line is known."""
    sides = [(change.old, change.new) if place.old else (change.new, change.old) for change in own]
    if any(side != (0, 0) for side, _ in sides):
        return "The monolith leaves this line as it is, if there is one: the diff does not show it."
    if any(other != (0, 0) for _, other in sides):
        asked = "without --old" if place.old else "with --old"
        return f"The file is not there on this side of the monolith: ask {asked}."
    return "No line of this file can be told: the monolith changes it as a whole."


def _half(change: Change, here: Sequence[Change]) -> str:
    halves = {Part.NULL, Part.MEAT} == {other.part for other in here} and len(here) == 2
    return f"{change.part.value} half" if halves else f"{change.kind.value} part"


def _covers(change: Change, place: Place) -> bool:
    first, count = change.old if place.old else change.new
    return first <= place.lineno < first + count


def _nearest(own: Sequence[Change], place: Place) -> Iterator[str]:
    """Name the changes above and below, and those of the whole file."""

    def side(change: Change) -> tuple[int, int]:
        return change.old if place.old else change.new

    placed = [change for change in own if side(change) != (0, 0) or change.kind is not Kind.OPAQUE]
    above = [change for change in placed if sum(side(change)) <= place.lineno]
    below = [change for change in placed if side(change)[0] >= place.lineno and change not in above]
    for word, found in (
        ("above", max(above, key=lambda change: sum(side(change)), default=None)),
        ("below", min(below, key=lambda change: side(change)[0], default=None)),
    ):
        if found:
            yield f"  nearest {word}: {_lines(side(found))}: {_what(found)}"
    for change in own:
        if change not in placed:
            yield f"  the file itself: {_what(change)}: {change.reason}"
    if not (above or below):
        yield "  no change of the file has a place before or after it"


def _lines(lines: tuple[int, int]) -> str:
    first, count = lines
    if count == 0:
        return f"between lines {first} and {first + 1}"
    return f"line {first}" if count == 1 else f"lines {first}-{first + count - 1}"


def _what(change: Change) -> str:
    where = f" in {change.function}" if change.function else ""
    return f"{change.kind.value}, {change.verdict.value}, milestone {change.milestone}{where}"


def _change(result: SplitResult, layers: Layers, place: Place, change: Change) -> Iterator[str]:
    """Explain one change, one fact a line."""
    yield f"{_what(change)}: old {_lines(change.old)}, new {_lines(change.new)}"
    if change.part is not Part.WHOLE or len(change.before + change.after) < SHOWN * WIDE:
        yield from _both(change)
    yield f"  why: {_why(change)}"
    if change.straggler_of:
        yield f"  late: its macros are those of {change.straggler_of}, which has landed without it"
    yield from _macros(layers, change, place)
    if change.states:
        yield f"  null in: {', '.join(change.states)}"
    if change.assumptions:
        yield f"  on the owner's word: {', '.join(change.assumptions)}"
    yield from (f"  look at: {hazard}" for hazard in change.hazards[:SHOWN])
    chunk = next((chunk for chunk in result.chunks if chunk.id == change.chunk), None)
    if chunk:
        area = f", area {chunk.area}" if chunk.area else ""
        yield f"  read in: chunk {chunk.id} ({chunk.title}{area}, +{chunk.added} -{chunk.removed})"
    yield f"  fingerprint: {change.fingerprint}"


def _both(change: Change) -> Iterator[str]:
    """Show the lines before and after in the change's own layer."""
    for sign, text in (("-", change.before), ("+", change.after)):
        lines = text.split(b"\n")
        lines = lines[:-1] if lines[-1] == b"" else lines
        yield from (f"    {sign}{_text(line)}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"    {sign}... and {len(lines) - SHOWN} more"


def _why(change: Change) -> str:
    rule = words_of(change.rule) if change.rule != "tokens" else ""
    if change.kind in PROVABLE:
        return f"{rule or 'the tokens are the same'} (rule {change.rule})"
    if change.reason:
        return f"{change.reason}{f' (rule {change.rule}: {rule})' if rule else ''}"
    if change.kind is Kind.OPAQUE:
        return "no token proof can judge it"
    return "no macro of the plan explains what changes here, so a reader has to judge it"


# --- macros


def _macros(layers: Layers, change: Change, place: Place) -> Iterator[str]:
    """Give the definitions in force of the macros that a change names, and what they become in it."""
    step = _step(layers, change)
    if step is None or not change.macros:
        return
    names = [name.encode("utf-8", "surrogateescape") for name in change.macros]
    states = layers.states(step)
    for name in names[:MACROS]:
        yield f"  macro {_text(name)}: {_definitions(layers, step, states, name)}"
    if len(names) > MACROS:
        yield f"  and {len(names) - MACROS} macros more"
    text = _asked(change, place)
    old = place.old
    tables = [(layers.tables_around(step, state)[not old], state) for state in states]
    yield from (f"  here {line}" for line in _calls(text, tables, set(names))[:CALLS])


def _asked(change: Change, place: Place) -> bytes:
    """Give the asked line as the change's layer has it; the whole change where lines cannot be paired."""
    text, (first, count), own = (
        (change.before, change.old, change.layer_before)
        if place.old
        else (change.after, change.new, change.layer_after)
    )
    lines = body_lines(text)
    line = lines[place.lineno - first] if count == own[1] == len(lines) else text
    names = {name.encode("utf-8", "surrogateescape") for name in change.macros}
    return line if names.intersection(tokenize(line)) else text


def _step(layers: Layers, change: Change) -> Step | None:
    own = [step for step in layers.steps if step.slug == change.milestone]
    return next((step for step in own if step.null == (change.kind in PROVABLE)), own[0] if own else None)


def _definitions(layers: Layers, step: Step, states: Sequence[State], name: bytes) -> str:
    """Say what a name is in force as, in each state; and before the step, where that is another thing."""
    after = [_by_state(layers.tables_around(step, state)[1], name) for state in states]
    before = [_by_state(layers.tables_around(step, state)[0], name) for state in states]
    text = _each(after, states)
    if before == after:
        return text
    earlier = set(before)
    return f"{text} ({'not defined before' if earlier == {_NONE} else f'before: {_each(before, states)}'})"


_NONE: Final = "not defined"


def _by_state(table: Table, name: bytes) -> str:
    found = table.get(name)
    if found is None:
        return _NONE
    return "stands for itself" if found.body == (name,) else _text(found.canonical.rstrip())


def _each(texts: Sequence[str], states: Sequence[State]) -> str:
    if len(set(texts)) <= 1:
        return texts[0] if texts else _NONE
    return "; ".join(f"{text} [{state.name}]" for text, state in zip(texts, states, strict=True))


def _calls(text: bytes, tables: Sequence[tuple[Table, State]], names: set[bytes]) -> list[str]:
    """Expand the calls of some macros in a text, under each table; calls that are cut off are left out."""
    columns = [_expanded(text, table, names) for table, _ in tables]
    states = [state for _, state in tables]
    if len({tuple(call for call, _ in column) for column in columns}) != 1:
        columns, states = columns[:1], states[:1]
    found = [
        f"{row[0][0]} becomes {_each([result for _, result in row], states)}"
        for row in zip(*columns, strict=True)
    ]
    return list(dict.fromkeys(found))


def _expanded(text: bytes, table: Table, names: set[bytes]) -> list[tuple[str, str]]:
    source = tokenize(text)
    lines = {index for one in directives(source) for index in range(one.first, one.last)}
    indexes = [
        index for index, token in enumerate(source) if KINDS[token] > TokenKind.COMMENT and index not in lines
    ]
    reader = Reader(source, indexes, 0)
    expander = Expander(table)
    found = []
    while reader.position < len(indexes):
        if source[indexes[reader.position]] not in names:
            reader.position += 1
            continue
        start = reader.position
        try:
            unit = expander.unit(reader)
        except Unexpandable:
            reader.position = start + 1
            continue
        call = b"".join(source[unit.first : unit.last])
        words = b"".join((b" " if tok.space and at else b"") + tok.text for at, tok in enumerate(unit.tokens))
        found.append((_text(b" ".join(call.split())), _text(words) or "nothing"))
    return found


# --- findings


_LINE: Final = re.compile(r"\bin line (\d+)\b")


def _findings(result: SplitResult, place: Place) -> Iterator[str]:
    """Say the warnings and order findings of this very line."""
    if place.old:
        return
    found = []
    for warning in result.warnings:
        line = _LINE.search(warning.text)
        if warning.path == place.path and line and int(line[1]) == place.lineno:
            found.append(f"warning: {warning.text}")
    for order in result.order:
        name, used, defined = order.identifier, order.used_in, order.defined_in
        if (order.used_path, order.used_lineno) == (place.path, place.lineno):
            where = f"({order.defined_path}:{order.defined_lineno})"
            found.append(f"order: {used} uses {name} here, which {defined} defines later {where}")
        if (order.defined_path, order.defined_lineno) == (place.path, place.lineno):
            where = f"({order.used_path}:{order.used_lineno})"
            found.append(f"order: {defined} defines {name} here, and {used} uses it before {where}")
    if found:
        yield ""
        yield from found


def _text(text: bytes) -> str:
    """Write bytes of the code for a reader: tabs as they are wide, what no terminal takes as escapes."""
    shown = text.rstrip(b"\r").decode("utf-8", "backslashreplace").expandtabs(8)
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in shown)
    return shown if len(shown) <= WIDE else f"{shown[: WIDE - 3]}..."
