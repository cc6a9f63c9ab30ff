"""Find the lines of a TOML document's keys, which tomllib does not tell.

Only for messages: the document has been accepted by tomllib before, so this scanner trusts its grammar and
looks for structure alone. Where it is lost it knows fewer places; it never changes what is read.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

Key = str | int
Place = tuple[Key, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\r\n]+")
_KEY_PART = re.compile(r"[ \t]*(?:([A-Za-z0-9_-]+)|(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'))[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Where the keys of a document stand: place (keys, and 0-based indexes of arrays) -> 1-based line."""

    known: dict[Place, int]

    def lineno(self, place: Place) -> int | None:
        """Return the line of the place or of the nearest thing that holds it; None for the whole document."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.known:
                return self.known[place[:length]]
        return None


def locate(text: str) -> Lines:
    """Scan a document that tomllib has accepted."""
    scanner = _Scanner(text=text)
    scanner.document()
    return Lines(known=scanner.known)


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    known: dict[Place, int] = field(default_factory=dict)
    counts: dict[Place, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts = [0] + [match.end() for match in re.finditer("\n", self.text)]

    def document(self) -> None:
        prefix: Place = ()
        self.skip()
        while self.at < len(self.text):
            before = self.at
            if self.text.startswith("[", self.at):
                prefix = self.header()
            else:
                self.pair(prefix)
            self.skip()
            if self.at <= before:
                return  # lost: better a message without a line than none at all

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def note(self, place: Place, at: int) -> None:
        self.known.setdefault(place, bisect_right(self.starts, at))

    def header(self) -> Place:
        """Read [table] or [[array of tables]]; an array's name means its last element from here on."""
        start = self.at
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        *parents, last = self.keys()
        place = self.resolved(tuple(parents)) + (last,)
        if array:
            self.note(place, start)
            index = self.counts.get(place, 0)
            self.counts[place] = index + 1
            place += (index,)
        self.note(place, start)
        self.at += 2 if array else 1
        return place

    def resolved(self, keys: tuple[Key, ...]) -> Place:
        place: Place = ()
        for key in keys:
            place += (key,)
            if place in self.counts:
                place += (self.counts[place] - 1,)
        return place

    def keys(self) -> list[Key]:
        parts: list[Key] = []
        while match := _KEY_PART.match(self.text, self.at):
            self.at = match.end()
            parts.append(match[1] or _unquoted(match[2]))
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1
        return parts or [""]

    def pair(self, prefix: Place) -> None:
        start = self.at
        place = prefix
        for key in self.keys():
            place += (key,)
            self.note(place, start)
        self.at += 1  # the equals sign
        self.skip()
        self.value(place)

    def value(self, place: Place) -> None:
        if self.text.startswith("[", self.at):
            self.elements(place)
        elif self.text.startswith("{", self.at):
            self.inline_table(place)
        elif match := _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at):
            self.at = match.end()

    def elements(self, place: Place) -> None:
        self.at += 1
        self.skip()
        index = 0
        while self.at < len(self.text) and not self.text.startswith("]", self.at):
            self.note((*place, index), self.at)
            self.value((*place, index))
            index += 1
            self.comma()
        self.at += 1

    def inline_table(self, place: Place) -> None:
        self.at += 1
        self.skip()
        while self.at < len(self.text) and not self.text.startswith("}", self.at):
            self.pair(place)
            self.comma()
        self.at += 1

    def comma(self) -> None:
        self.skip()
        if self.text.startswith(",", self.at):
            self.at += 1
            self.skip()


def _unquoted(text: str) -> str:
    return str(tomllib.loads(f"key = {text}")["key"])
