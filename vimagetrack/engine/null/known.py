"""The macros that the other known texts define: headers and files of the same diff, the rest of this one.

``closed-world`` vouches that an identifier which the known text does not define as a macro is none. So what
the known text does define has to be known wherever it may be used: a ``#define CHECK(e) ... #e`` in one file
looks at the arguments of every ``CHECK(...)`` of another.

Safe to be wrong by finding too many: which of them a file includes, in what order, and under which
condition, is not asked; a definition that ends out of sight is taken for one that looks at its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import COMMENT, KINDS, tokenize
from vimagetrack.engine.lex.directives import directives
from vimagetrack.engine.null.table import Definition, Table, read_definition
from vimagetrack.engine.null.words import OBSERVERS, is_watcher

_SPLICE: Final = re.compile(rb"\\[ \t\f\v]*+\r?\n")
_NAMED: Final = re.compile(rb"(?:define|undef)\b")


#: Parts of the names that ask for a line, a column or a count; more is safe.
_ASKING: Final = (b"LINE", b"COUNTER", b"COLUMN", b"source_location", b"assert")


@dataclass(frozen=True)
class Known:
    """Definitions by name, each with all its variants. Immutable; may be sent to another process."""

    definitions: Mapping[bytes, tuple[Definition, ...]] = field(default_factory=dict)
    #: Names that a known text undefines.
    undefined: frozenset[bytes] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[bytes]) -> Known:
        """Collect what texts define, in any of their conditionals. Never raises for any text."""
        found: dict[bytes, dict[bytes, Definition]] = {}
        undefined: set[bytes] = set()
        for line in {line for text in texts for line in _lines(text)}:
            definition = _read(line)
            if isinstance(definition, bytes):
                undefined.add(definition)
            elif definition is not None:
                found.setdefault(definition.name, {})[definition.canonical] = definition
        ways = {name: tuple(found[name][key] for key in sorted(found[name])) for name in sorted(found)}
        return cls(ways, frozenset(undefined))

    def reached(self, words: Collection[bytes], table: Table) -> dict[bytes, Sequence[Definition]]:
        """Give the macros that words can come to, the table's own left out, as the table knows them better.

        Reaches through the bodies of the table as well.
        """
        found: dict[bytes, Sequence[Definition]] = {}
        if not self.definitions:
            return found
        seen = set(table.active(words) | self._defined.intersection(words))
        todo = list(seen)
        while todo:
            name = todo.pop()
            known = table.get(name)
            ways = (known,) if known else self.definitions.get(name, ())
            if not known and ways:
                found[name] = ways
            fresh = set().union(*(way.identifiers for way in ways)) - seen
            seen |= fresh
            todo += fresh
        return found

    def contradicts(self, words: Collection[bytes], table: Table) -> frozenset[bytes]:
        """Give those of some words of which the state says one thing, and a known text another.

        The table's own macros are the plan's word: known texts hold what later layers make of them.
        """
        said = self._named.intersection(words)
        return frozenset(word for word in said if self._contradicts(word, table))

    def _contradicts(self, word: bytes, table: Table) -> bool:
        said, own = table.is_defined(word), table.get(word)
        if said is None or table.is_transition(word):
            return said is not None and word in self.undefined
        if not said or own is None or word in self.undefined:
            return True
        return any(way.canonical != own.canonical for way in self.definitions[word])

    @cached_property
    def _defined(self) -> frozenset[bytes]:
        return frozenset(self.definitions)

    @cached_property
    def _named(self) -> frozenset[bytes]:
        """Give the names that a known text defines or undefines."""
        return self._defined | self.undefined

    @cached_property
    def look(self) -> bool:
        """Say whether any of them may see how its arguments are written."""
        return any(way.operates for ways in self.definitions.values() for way in ways)

    @cached_property
    def asks(self) -> bool:
        """Say whether any of them may ask where it stands, by a name that it holds."""
        return any(part in word for word in self.words for part in _ASKING)

    @cached_property
    def observes(self) -> bool:
        """Say whether any of them asks for its line."""
        return not OBSERVERS.isdisjoint(self.words)

    @cached_property
    def watches(self) -> bool:
        """Say whether any of them asks for more than its line."""
        return any(map(is_watcher, self.words))

    @cached_property
    def words(self) -> frozenset[bytes]:
        """Give the words of all bodies."""
        return frozenset(word for ways in self.definitions.values() for way in ways for word in way.body)


def _lines(text: bytes) -> Iterator[bytes]:
    """Find the definitions of a text, each as a whole logical line."""
    if b"#" not in text and b"%:" not in text:
        return
    ended = text.rstrip(b"\r\n")
    text = _SPLICE.sub(b"", ended) if ended.endswith(b"\\") else _SPLICE.sub(b"", text)
    at = 0
    while match := _NAMED.search(text, at):
        first = text.rfind(b"\n", 0, match.start()) + 1
        start, piece = first, _line_end(text, match.start())
        while _open_comment(text[start:piece]):  # it goes on behind the end of a comment
            closed = text.find(b"*/", piece)
            start, piece = (closed + 2, _line_end(text, closed)) if closed >= 0 else (len(text), len(text))
        at = piece
        line = text[first:piece]
        yield line
        _, ends, rest = line.partition(b"*/")  # a comment that begins above may end here, behind a # perhaps
        if ends:
            words = [token for token in tokenize(rest) if KINDS[token] > COMMENT]
            yield b"#" + rest if words[:1] in ([b"define"], [b"undef"]) else rest


def _line_end(text: bytes, place: int) -> int:
    end = text.find(b"\n", place)
    return end if end >= 0 else len(text)


def _open_comment(line: bytes) -> bool:
    """Say whether a text that begins outside of comments ends in one."""
    last = line.rfind(b"/*")
    return last >= 0 and line.find(b"*/", last + 2) < 0 and tokenize(line)[-1].startswith(b"/*")


def _read(line: bytes) -> Definition | bytes | None:
    """Read one definition, or the name of one that ends; None for what no preprocessor takes."""
    cut = line.rstrip(b"\r").endswith(b"\\")
    tokens = tokenize(line.rstrip(b"\r\\ \t") + b"\n")
    directive = next(iter(directives(tokens)), None)
    if directive is None or directive.name not in (b"define", b"undef"):
        return None
    if directive.name == b"undef":
        return tokens[directive.words[0]] if directive.words else None
    try:
        found = read_definition(tokens, directive)
    except TableError:
        return None
    if not cut:
        return found
    return replace(found, body=(*found.body, b"#"), spaces=(*found.spaces, True))
