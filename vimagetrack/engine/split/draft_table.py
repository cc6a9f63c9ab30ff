"""Draft a table from the definitions that the monolith itself brings; what it says in two ways is shown.

A guess for a human to edit, never used by a split: the text is the end of the road, and what a macro is on
the way there is for the plan to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.lex.directives import directives
from vimagetrack.engine.null.kernel import Language
from vimagetrack.engine.null.table import Definition, read_definition
from vimagetrack.engine.plan import match_name
from vimagetrack.engine.plan.dump import table_lines
from vimagetrack.engine.split.scaffold import definition_lines


@dataclass(frozen=True, slots=True)
class _Found:
    """A definition of the monolith; ``condition`` is the nearest conditional around it, as it is spelt."""

    path: str
    lineno: int
    condition: str
    definition: Definition

    @property
    def place(self) -> str:
        """Say where it stands."""
        return f"{self.path}:{self.lineno}" + (f" ({self.condition})" if self.condition else "")


def draft_table(
    monolith: bytes, patterns: Sequence[str] = (), base: Mapping[str, bytes] | None = None
) -> bytes:
    """Write a ``table`` for a plan, with the names of one pattern at least and those that they come to.

    No pattern means every definition that the monolith adds. Of two files that define a name in different
    ways the first counts; what one file says under conditionals is kept with them. Raises ParseError, and
    ApplyError where diff and base disagree.
    """
    texts = dict(_texts(monolith, base or {}))
    found: dict[bytes, list[_Found]] = {}
    for path, (text, added) in texts.items():
        for one in _definitions(path, text):
            if one.lineno in added:
                found.setdefault(one.definition.name, []).append(one)
    wanted = _reached(found, patterns)
    lines: list[bytes] = []
    for path, (text, _) in texts.items():
        own = frozenset(name for name in wanted if found[name][0].path == path)
        lines += [line for line, _ in definition_lines(_without_guard(text), own)]
    comments = [line for name in sorted(wanted) for line in _conflict(name, found[name])]
    return b"".join([*comments, *table_lines(b"".join(lines))])


def _texts(monolith: bytes, base: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[bytes, Collection[int]]]]:
    """Give the new text of every file in C, by path, with the 1-based lines of it that were added.

    Of a file whose base is not known it is what the hunks show.
    """
    for file in parse(monolith, second_opinion=False).files:
        if file.new_path is None or Language.of_path(file.new_path) is None or file.binary:
            continue
        known = base.get(file.old_path or "")
        added = [
            range(run.new_start_lineno, run.new_start_lineno + len(run.new_lines))
            for hunk in file.hunks
            for run in hunk.runs()
        ]
        text = (apply_file(file, known) or b"") if known is not None else _shown(file)
        yield file.new_path, (text, frozenset(line for lines in added for line in lines))


def _shown(file: FileDiff) -> bytes:
    """Put the hunks at their places; what is out of sight is blank lines."""
    text = b""
    for hunk in file.hunks:
        text += b"\n" * max(hunk.new_start - 1 - text.count(b"\n"), 0) + hunk.new_text
    return text


def _definitions(path: str, text: bytes) -> Iterator[_Found]:
    tokens = tokenize(text)
    groups: list[str] = []
    lineno, done = 1, 0
    for directive in directives(tokens):
        spelt = b"".join(tokens[directive.first : directive.last])
        lineno += b"".join(tokens[done : directive.hash_index]).count(b"\n")
        done = directive.hash_index
        if directive.name in (b"if", b"ifdef", b"ifndef"):
            groups.append(_words(spelt))
        elif directive.name == b"endif" and groups:
            groups.pop()
        elif directive.name in (b"elif", b"else") and groups:
            groups[-1] = f"{_words(spelt)} of {groups[-1].rpartition(' of ')[2]}"
        elif directive.name == b"define":
            try:
                found = read_definition(tokens, directive)
            except TableError:
                continue
            condition = groups[-1] if groups else ""
            if condition != f"#ifndef {_words(found.name)}":  # an include guard, or a default
                yield _Found(path, lineno, condition, found)


def _words(text: bytes) -> str:
    """Write a text in one line that may stand in a comment of TOML."""
    line = " ".join(text.decode("utf-8", "backslashreplace").split())
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


def _reached(found: Mapping[bytes, Sequence[_Found]], patterns: Sequence[str]) -> frozenset[bytes]:
    """Choose the names that a pattern matches, and the monolith's own that these come to."""
    todo = [
        name
        for name in found
        if not patterns or any(match_name(p, name.decode("utf-8", "surrogateescape")) for p in patterns)
    ]
    wanted = set(todo)
    while todo:
        words = {word for one in found[todo.pop()] for word in one.definition.body} & found.keys() - wanted
        wanted |= words
        todo += words
    return frozenset(wanted)


def _conflict(name: bytes, found: Sequence[_Found]) -> Iterator[bytes]:
    """Write a name's ways as comments where there is more than one."""
    ways: dict[bytes, list[_Found]] = {}
    for one in found:
        ways.setdefault(one.definition.canonical, []).append(one)
    if len(ways) < 2:
        return
    yield f"# {_words(name)} is defined in {len(ways)} ways:\n".encode()
    for way, ones in ways.items():
        places = ", ".join(one.place for one in ones)
        yield f"#   {_words(way)}    in {places}\n".encode()


def _without_guard(text: bytes) -> bytes:
    """Take the include guard off a header, if it has one."""
    tokens = tokenize(text)
    found = list(directives(tokens))
    names = [tokens[one.words[0]] for one in found[:2] if one.words]
    if [one.name for one in [*found[:2], *found[-1:]]] != [b"ifndef", b"define", b"endif"]:
        return text
    if names != names[:1] * 2 or len(found[1].words) != 1:
        return text
    return b"".join(tokens[found[1].last : found[-1].first])
