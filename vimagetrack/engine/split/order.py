"""Find identifiers that a layer uses and a later one defines. Reports; never moves anything.

Names are found by spelling: ``#define X``, a function's head at top level, a struct's tag; and the plan's
own macros, which come with their milestone. May miss a definition that is spelled otherwise; says nothing
of names that the base already has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from vimagetrack.engine.null.rules.vocabulary import header_of, included
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.filesplit import FileSplit
from vimagetrack.engine.split.model import PROVABLE, Kind, OrderFinding
from vimagetrack.engine.split.steps import Layers, Step

_DEFINE = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_FUNCTION = re.compile(rb"^(?:[A-Za-z_][\w \t*]*[ \t*])?([A-Za-z_]\w*)\([^;{}]*\)\s*\{", re.MULTILINE)
_TAG = re.compile(rb"^(?:struct|union|enum)[ \t]+([A-Za-z_]\w*)\s*\{", re.MULTILINE)
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*(?:include|import)([^\n]*)", re.MULTILINE)
_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
_KEYWORDS = frozenset(b"if while for switch return sizeof".split())

#: So many words are known at a time to be of no interest.
_REMEMBERED = 1 << 16

Place = tuple[int, str, int]


def findings(files: Sequence[FileSplit], layers: Layers) -> tuple[OrderFinding, ...]:
    """List what is used too early, each identifier once a layer, in the order of the report.

    A macro of the plan is defined in the table of the milestone that brings it, whatever the texts define, or
    where a scaffold has written it.
    """
    steps, written = layers.steps, _written(files)
    defined = _defined(files, layers)
    found: dict[tuple[bytes, int], OrderFinding] = {}
    clear: list[set[bytes]] = [set() for _ in steps]  # by step, what is known to come from no later layer
    for file, lineno, draft in _all(files):
        if draft.kind in PROVABLE or draft.of_scaffold:
            continue  # its tokens are those of the layer before: it uses nothing new but the macros
        if clear[draft.step].issuperset(_IDENTIFIER.findall(draft.after_text)):
            continue
        for match in _IDENTIFIER.finditer(draft.after_text):
            name, step = match[0], steps[draft.step]
            if name in clear[draft.step] or (name, draft.step) in found:
                continue
            place = None if written.get(name, len(steps)) <= draft.step else layers.brought_after(name, step)
            place = place or _after(defined.get(name), step, steps)
            if place:
                used = (file.path, lineno + draft.after_text.count(b"\n", 0, match.start()))
                found[name, draft.step] = _finding(name, step, used, place)
            else:
                clear[draft.step].add(name)
        if len(clear[draft.step]) > _REMEMBERED:
            clear[draft.step].clear()
    for name, step, used, place in _late_definitions(files, layers, written):
        found.setdefault((name, step.index), _finding(name, step, used, place))
    for name, step, used, place in _late_includes(files, layers):
        found.setdefault((name, step.index), _finding(name, step, used, place))
    return tuple(found.values())


Late = tuple[bytes, Step, tuple[str, int], tuple[str, str, int]]


def _late_definitions(
    files: Sequence[FileSplit], layers: Layers, written: Mapping[bytes, int]
) -> Iterator[Late]:
    """Find the plan's macros that null changes use before the monolith's own definition of them comes: it was
    not proved, or is part of something that was not. Nothing of what the base, or a scaffold, defines.
    """
    defined: dict[bytes, Place] = {}
    for file, lineno, draft in _all(files):
        if b"define" in draft.after_text and not draft.of_scaffold:
            for name, line in _definitions(draft.after_text):
                if name in layers.names and name not in layers.in_use:
                    here = (draft.step, file.path, lineno + line)
                    defined[name] = min(defined.get(name, here), here)
    for file, lineno, draft in _all(files) if defined else ():
        if draft.kind is Kind.NULL_MACRO:
            for name in sorted(_macros(draft) & defined.keys()):
                place = _after(defined[name], layers.steps[draft.step], layers.steps)
                if place and written.get(name, len(layers.steps)) > draft.step:
                    yield name, layers.steps[draft.step], (file.path, lineno), place


def _late_includes(files: Sequence[FileSplit], layers: Layers) -> Iterator[Late]:
    """Find macros that null changes of a file use before the include comes that brings them: it was refused.

    Gives the macro, where it is used and where the include stands; only where the header's text is known.
    """
    for file in files:
        for draft in file.drafts:
            for match in _INCLUDE.finditer(draft.after_text if draft.kind is Kind.MEAT else b""):
                brings = _brought(match[1], file.path, layers)
                early = (one for one in file.drafts if one.kind is Kind.NULL_MACRO and one.step < draft.step)
                first = next((one for one in early if brings.intersection(_macros(one))), None)
                if first is not None and match[0] not in draft.before_text:
                    name = min(brings.intersection(_macros(first)))
                    line = draft.after_text.count(b"\n", 0, match.start(1))
                    place = (layers.steps[draft.step].slug, file.path, draft.new[0] + draft.first[1] + line)
                    yield name, layers.steps[first.step], (file.path, first.new[0] + first.first[1]), place


def _macros(draft: Draft) -> set[bytes]:
    return {name.encode("utf-8", "surrogateescape") for edit in draft.edits for name in edit.macros}


def _brought(operand: bytes, path: str, layers: Layers) -> frozenset[bytes]:
    """Give the macros of the transition header that an include names; none of any other header."""
    named = included(operand)
    if named is None:
        return frozenset()
    header = header_of(named[0], quoted=named[1], path=path, headers=layers.plan.project.headers)
    texts = layers.headers.texts.get(header or "", ())
    return frozenset(name for text in texts if text for name in _DEFINE.findall(text))


def _defined(files: Sequence[FileSplit], layers: Layers) -> dict[bytes, Place]:
    """Give the first place of every definition that the monolith brings: of no name that it also removes,
    and of no macro of the plan.
    """
    defined: dict[bytes, Place] = {}
    for file, lineno, draft in _all(files):
        for name, line in _definitions(draft.after_text):
            if name not in layers.names:
                here = (draft.step, file.path, lineno + line)
                defined[name] = min(defined.get(name, here), here)
    for _, _, draft in _all(files):
        if draft.kind is not Kind.OPAQUE and not draft.of_scaffold:  # the names of files are no code
            for name in defined.keys() & _IDENTIFIER.findall(draft.before_text):
                del defined[name]
    return defined


def _written(files: Sequence[FileSplit]) -> dict[bytes, int]:
    """Map the macros that scaffolds define to the first step that has them; -1 is the base."""
    first: dict[bytes, int] = {}
    for _, _, draft in _all(files):
        for edit in draft.edits if draft.of_scaffold else ():
            if edit.own and (edit.own.puts or not edit.own.text):
                step = draft.step if edit.own.puts else -1
                first |= {name: min(first.get(name, step), step) for name in map(str.encode, edit.macros)}
    return first


def _after(defined: Place | None, step: Step, steps: Sequence[Step]) -> tuple[str, str, int] | None:
    """Give milestone, path and line of a definition in a later layer."""
    if defined is None or defined[0] <= step.index:
        return None
    return steps[defined[0]].slug, defined[1], defined[2]


def _all(files: Sequence[FileSplit]) -> Iterator[tuple[FileSplit, int, Draft]]:
    for file in files:
        for draft in file.drafts:
            yield file, draft.new[0] + draft.first[1], draft


def _definitions(text: bytes) -> Iterator[tuple[bytes, int]]:
    if b"define" not in text and b"{" not in text:
        return
    for pattern in (_DEFINE, _FUNCTION, _TAG):
        for match in pattern.finditer(text):
            if match[1] not in _KEYWORDS:
                yield match[1], text.count(b"\n", 0, match.start(1))


def _finding(name: bytes, step: Step, used: tuple[str, int], place: tuple[str, str, int]) -> OrderFinding:
    return OrderFinding(
        identifier=name.decode(),
        used_in=step.slug,
        used_path=used[0],
        used_lineno=used[1],
        defined_in=place[0],
        defined_path=place[1],
        defined_lineno=place[2],
    )
