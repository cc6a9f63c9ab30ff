"""Where vocabulary lands: an include or a ``#define V_x`` with the first layer that uses it in its file.

A definition never lands before its macro is in force, since until then it would be a macro like any other;
where only meat uses it, it lands with the null layer before. Wrong is harmless: the kernel refuses what lands
too early, and the order check tells what lands too late.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vimagetrack.engine.null.rules.vocabulary import header_of, included
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.meat import words_at
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.steps import Layers, Step
from vimagetrack.engine.split.windows import Window

_DEFINE = re.compile(rb"^[ \t]*#[ \t]*(?:define|undef)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


_USERS = (Kind.NULL_MACRO, Kind.MEAT)


_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*(?:include|import)([^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Use:
    """The macros that a change names, with those that they come to: of the transition, and all."""

    step: int
    names: frozenset[bytes]
    every: frozenset[bytes]


def placed(window: Window, edits: Sequence[Edit], layers: Layers, path: str) -> list[Edit]:
    """Give every vocabulary edit of a window its layer, the others as they are.

    What changes a definition of the base for all files that use it becomes meat, with step -1; what meat
    needs before there is a null layer for it lands with that meat.
    """
    if not any(edit.kind is Kind.VOCABULARY for edit in edits):
        return list(edits)
    edits = [_as_meat(window, edit, layers) if edit.kind is Kind.VOCABULARY else edit for edit in edits]
    uses = [_use(window, edit, layers) for edit in edits if edit.kind in _USERS and edit.step >= 0]
    return [
        _landed(window, edit, uses, layers, path) if edit.kind is Kind.VOCABULARY else edit for edit in edits
    ]


def _as_meat(window: Window, edit: Edit, layers: Layers) -> Edit:
    changed = layers.tables.changed
    names = changed and changed.intersection(
        _DEFINE.findall(_lines(window.new, edit.new_start, edit.new_end))
        + _DEFINE.findall(_lines(window.old, edit.start, edit.end))
    )
    return replace(edit, kind=Kind.MEAT, step=-1) if names else edit


def _use(window: Window, edit: Edit, layers: Layers) -> _Use:
    if edit.kind is Kind.MEAT:
        words = words_at(window.new, edit.new_start, edit.new_end)
    else:
        words = {name.encode("utf-8", "surrogateescape") for name in edit.macros}
    step = layers.steps[edit.step]
    tables = [layers.table_after(step, state) for state in layers.plan.states]
    every = {word for word in words if any(t.get(word) for t in tables)}
    # meat may use what the tree has anyway, and brought itself
    named = {word for word in every if edit.kind is Kind.NULL_MACRO or layers.is_transition(word)}
    return _Use(edit.step, _with_reached(named, tables), _with_reached(every, tables))


def _with_reached(names: set[bytes], tables: Sequence[Table]) -> frozenset[bytes]:
    return frozenset(names.union(*(table.reached(name) for table in tables for name in names)))


def _served(text: bytes, uses: Sequence[_Use], layers: Layers, path: str) -> list[int]:
    """List the steps that use what an include brings: where the header's text is known, what it defines."""
    match = _INCLUDE.search(text)
    named = included(match[1]) if match else None
    if named is None:
        return [use.step for use in uses if use.names]
    header = header_of(named[0], quoted=named[1], path=path, headers=layers.plan.project.headers)
    texts = layers.headers.texts.get(header or "")
    if texts is None:
        return [use.step for use in uses if use.names]
    brings = frozenset(name for found in texts if found for name in _DEFINE.findall(found))
    return [use.step for use in uses if not brings.isdisjoint(use.every)]


def _landed(window: Window, edit: Edit, uses: Sequence[_Use], layers: Layers, path: str) -> Edit:
    new = _lines(window.new, edit.new_start, edit.new_end)
    old = _lines(window.old, edit.start, edit.end)
    names = set(_DEFINE.findall(new) or _DEFINE.findall(old))
    users = [use.step for use in uses if names & use.every]
    if not names:
        users = _served(new or old, uses, layers, path)
    can = [step.index for step in layers.null_steps if _in_force(names, step, layers)]
    if not can:
        return edit
    if edit.new_start == edit.new_end:  # it goes: with the last of what it served
        return replace(edit, step=max([step for step in can if step in users], default=can[0]))
    own = layers.null_target(name.decode("utf-8", "surrogateescape") for name in sorted(names))
    wish = min(users, default=own.step if own else can[0])
    in_time = [step for step in can if step <= wish]
    if users and not in_time and not layers.steps[wish].null:
        return replace(edit, kind=Kind.MEAT, step=wish, reason="It lands with the meat that uses it first.")
    return replace(edit, step=max(in_time, default=can[0]))


def _in_force(names: set[bytes], step: Step, layers: Layers) -> bool:
    """Say whether all names are macros in a layer, in one of its states at least."""
    tables = [layers.table_after(step, state) for state in layers.states(step)]
    return all(any(table.get(name) for table in tables) for name in names)


def _lines(text: bytes, start: int, end: int) -> bytes:
    """Give the whole lines that a stretch touches."""
    if start == end:
        return b""
    last = text.find(b"\n", max(start, end - 1))
    return text[text.rfind(b"\n", 0, start) + 1 : last if last >= 0 else len(text)]
