"""The macros that the other known texts define: headers and files of the same diff, the rest of this one.

``closed-world`` vouches that an identifier which the known text does not define as a macro is none. So what
the known text does define has to be known wherever it may be used: a ``#define CHECK(e) ... #e`` in one file
looks at the arguments of every ``CHECK(...)`` of another.

Safe to be wrong by finding too many: which of them a file includes, in what order, and under which
condition, is not asked; a definition that ends out of sight is taken for one that looks at its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, tokenize
from vimagetrack.engine.lex.directives import directives
from vimagetrack.engine.null.table import Definition, Table, read_definition

_BLANK: Final = rb"(?:[ \t\f\v]++|\\\r?\n|/\*[^*\n]*+(?:\*(?!/)[^*\n]*+)*+\*/)*+"
#: A ``#define`` and the rest of its line, splices and all; comments that span lines are looked at below.
_DEFINE: Final = re.compile(
    rb"(?:^|\*/)(" + _BLANK + rb"(?:#|%:)" + _BLANK + rb"define\b(?:[^\\\n]++|\\(?:\r?\n|.)?)*+)",
    re.MULTILINE,
)
_REST: Final = re.compile(rb"(?:[^\\\n]++|\\(?:\r?\n|.)?)*+")


@dataclass(frozen=True)
class Known:
    """Definitions by name, each with all its variants. Immutable; may be sent to another process."""

    definitions: Mapping[bytes, tuple[Definition, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[bytes]) -> Known:
        """Collect what texts define, in any of their conditionals. Never raises for any text."""
        found: dict[bytes, dict[bytes, Definition]] = {}
        for line in {line for text in texts for line in _lines(text)}:
            definition = _read(line)
            if definition is not None:
                found.setdefault(definition.name, {})[definition.canonical] = definition
        return cls({name: tuple(ways[key] for key in sorted(ways)) for name, ways in sorted(found.items())})

    def reached(self, words: Collection[bytes], table: Table) -> dict[bytes, list[Definition]]:
        """Give the macros that words can come to, the table's own left out, as the table knows them better.

        Reaches through the bodies of the table as well.
        """
        found: dict[bytes, list[Definition]] = {}
        if not self.definitions:
            return found
        todo = [word for word in words if word in self.definitions or table.get(word)]
        seen = set(todo)
        while todo:
            name = todo.pop()
            known = table.get(name)
            ways = (known,) if known else self.definitions.get(name, ())
            if not known and ways:
                found[name] = list(ways)
            fresh = {word for way in ways for word in way.body if KINDS[word] is TokenKind.IDENTIFIER} - seen
            seen |= fresh
            todo += fresh
        return found

    @cached_property
    def look(self) -> bool:
        """Say whether any of them may see how its arguments are written."""
        return any(way.operates for ways in self.definitions.values() for way in ways)


def _lines(text: bytes) -> Iterator[bytes]:
    """Find the definitions of a text, each as a whole logical line."""
    at = 0
    while match := _DEFINE.search(text, at):
        end = match.end()
        while _open_comment(text[match.start(1) : end]):  # it goes on behind the end of a comment
            closed = text.find(b"*/", end)
            if closed < 0:
                end = len(text)
                break
            end = _rest(text, closed + 2)
        yield text[match.start(1) : end]
        at = max(end, at + 1)


def _rest(text: bytes, start: int) -> int:
    match = _REST.match(text, start)
    return match.end() if match else start


def _open_comment(line: bytes) -> bool:
    last = line.rfind(b"/*")
    return last >= 0 and line.find(b"*/", last + 2) < 0 and tokenize(line)[-1].startswith(b"/*")


def _read(line: bytes) -> Definition | None:
    """Read one definition; None for what no preprocessor takes."""
    cut = line.rstrip(b"\r").endswith(b"\\")
    tokens = tokenize(line.rstrip(b"\r\\ \t") + b"\n" if cut else line + b"\n")
    directive = next(iter(directives(tokens)), None)
    if directive is None or directive.name != b"define":
        return None
    try:
        found = read_definition(tokens, directive)
    except TableError:
        return None
    if not cut:
        return found
    return Definition(
        name=found.name,
        params=found.params,
        variadic=found.variadic,
        body=(*found.body, b"#"),
        spaces=(*found.spaces, True),
    )
