"""Say in words why meat that has to do with the plan's macros is meat. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.rules.vocabulary import header_of
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.null.units import Unexpandable
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.windows import Window

_LAYOUT = frozenset({TokenKind.SPACE, TokenKind.NEWLINE, TokenKind.COMMENT})
_LITERALS = frozenset({TokenKind.STRING, TokenKind.CHAR})
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
_DEFINE = re.compile(rb"[ \t]*#[ \t]*define\b")
_WORD_END = re.compile(rb"\w*")
_PARENTHESES = frozenset({b"(", b")"})
#: A longer edit is told by its macros alone; nobody would read what differs in it.
_LONGEST = 4000
#: So many tokens and names are shown; the rest is counted.
_SHOWN, _NAMED = 6, 3


class Why(NamedTuple):
    """A rule and a sentence; both empty where there is nothing to be said but that the text changes."""

    rule: str = ""
    reason: str = ""


def why_meat(window: Window, edit: Edit, macros: Sequence[str], layers: Layers, path: str) -> Why:
    """Say why an edit is meat; ``macros`` are the plan's names that it adds or removes, sorted."""
    if not macros:
        return _include(window.new[edit.new_start : edit.new_end], layers, path)
    used = [name for name in macros if name.encode("utf-8", "surrogateescape") in layers.in_use]
    if used:
        verb, them = ("is", "it") if len(used) == 1 else ("are", "them")
        what = f"before the milestone that brings {them}, or otherwise than the table says"
        return Why("name-in-use", f"{_list(used)} {verb} in the base {what}: no use is judged.")
    table = layers.table(len(layers.plan.milestones) - 1, layers.plan.states[0])
    other = _otherwise(window, edit, macros, table)
    if other:
        verb = "is" if len(other) == 1 else "are"
        return Why("definition", f"{_list(other)} {verb} defined here otherwise than in the plan's table.")
    if Assumption.BODIES_IN_FORCE not in layers.plan.project.assume and _in_body(window.new, edit.new_start):
        what = f"{_list(macros)} in the body of a macro is replaced wherever that is used"
        return Why("bodies-in-force", f"{what}, and nobody vouches that the table is in force there.")
    return Why("tokens", _difference(window, edit, table, _list(macros)))


def _in_body(text: bytes, offset: int) -> bool:
    """Say whether the line at an offset is a ``#define``, or goes on from one."""
    start = text.rfind(b"\n", 0, offset) + 1
    while text[max(start - 2, 0) : start] == b"\\\n":
        start = text.rfind(b"\n", 0, start - 1) + 1
    return _DEFINE.match(text, start) is not None


def _list(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _include(text: bytes, layers: Layers, path: str) -> Why:
    """Explain an include of a transition header that the kernel did not take for vocabulary."""
    headers = layers.plan.project.headers
    for match in _INCLUDE.finditer(text) if b"include" in text else ():
        name = match[2].decode("utf-8", "surrogateescape")
        header = header_of(name, quoted=match[1] == b'"', path=path, headers=headers)
        if header:
            where = "it stands below a use of its macros, or beside other new text"
            return Why("vocabulary", f"The include of {header} is no vocabulary here: {where}.")
    return Why()


def _otherwise(window: Window, edit: Edit, macros: Sequence[str], table: Table) -> list[str]:
    """List the macros that the edit's lines define in another way than the table."""
    new = _lines(window.new, edit.new_start, edit.new_end)
    if b"define" not in new:
        return []
    found = Known.of([new]).definitions
    other = []
    for name in macros:
        raw = name.encode("utf-8", "surrogateescape")
        known = table.get(raw)
        if any(known is None or way.canonical != known.canonical for way in found.get(raw, ())):
            other.append(name)
    return other


def _lines(text: bytes, start: int, end: int) -> bytes:
    last = text.find(b"\n", max(start, end - 1))
    return text[text.rfind(b"\n", 0, start) + 1 : last + 1 if last >= 0 else len(text)]


def _difference(window: Window, edit: Edit, table: Table, named: str) -> str:
    """Say what is left of an edit when the macros in it are replaced."""
    plain = f"The tokens are not the same after replacing {named}."
    line = _lines(window.new, edit.new_start, edit.new_end)
    if line.lstrip(b" \t").startswith(b"#"):
        return f"{named} stands in a directive, which is compared as it is written."
    if _in_literal(line, edit.new_start - window.new.rfind(b"\n", 0, edit.new_start) - 1):
        return f"{named} stands in a literal, where no macro is replaced."
    texts = _widened(window.old, edit.start, edit.end), _widened(window.new, edit.new_start, edit.new_end)
    if sum(map(len, texts)) > _LONGEST or any(b"#" in text for text in texts):
        return plain
    try:
        old, new = (_expanded(text, table) for text in texts)
    except Unexpandable:
        return plain
    gone, come = _trimmed(old, new)
    if [word for word in gone if word not in _PARENTHESES] == [w for w in come if w not in _PARENTHESES]:
        if gone != come:
            return f"After replacing {named} only parentheses differ, and no rule surely allows that here."
        return f"After replacing {named} the words are the same, but perhaps not the tokens where they stand."
    if gone and come:
        return f"After replacing {named}, {_shown(come)} stands where {_shown(gone)} stood."
    return f"After replacing {named}, {_shown(come or gone)} is {'new' if come else 'gone'}."


def _in_literal(line: bytes, offset: int) -> bool:
    """Say whether a byte of some lines stands inside of a string or a character."""
    end = 0
    for token in tokenize(line):
        end += len(token)
        if offset < end:
            return kind_of(token) in _LITERALS and offset > end - len(token)
    return False


def _widened(text: bytes, start: int, end: int) -> bytes:
    """Take an edit's text with the whole of the words that it begins and ends in."""
    first = start
    while first > 0 and text[first - 1 : first].isalnum() | (text[first - 1 : first] == b"_"):
        first -= 1
    rest = _WORD_END.match(text, end)
    return text[first : rest.end() if rest else end]


def _expanded(text: bytes, table: Table) -> list[bytes]:
    words = [token for token in tokenize(text) if kind_of(token) not in _LAYOUT]
    return [token.text for token in Expander(table).words(words)]


def _trimmed(old: list[bytes], new: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Drop what both begin and end with."""
    limit = min(len(old), len(new))
    head = next((index for index in range(limit) if old[index] != new[index]), limit)
    limit -= head
    tail = next((index for index in range(limit) if old[-1 - index] != new[-1 - index]), limit)
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _shown(words: Sequence[bytes]) -> str:
    text = b" ".join(words[:_SHOWN]).decode("utf-8", "replace")
    return f"`{text}`" if len(words) <= _SHOWN else f"`{text} ...` ({len(words)} tokens)"
