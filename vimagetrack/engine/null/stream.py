"""What the kernel compares: one side of a change as a stream of tokens that know where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import md5, sha256
from itertools import accumulate, compress, repeat
from pathlib import PurePosixPath
from typing import Final

from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.hazards import Hazard
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.table import Table


class Language(StrEnum):
    """The languages whose tokens a proof can be about; for all else nothing is ever null."""

    C = "c"
    CXX = "c++"
    ASM = "S"  # assembly through the preprocessor: line by line

    @classmethod
    def of_path(cls, path: str) -> Language | None:
        """Tell the language from a file's name, None where no token proof applies."""
        return _SUFFIXES.get(PurePosixPath(path).suffix)


_SUFFIXES: Final = {
    ".c": Language.C,
    ".h": Language.C,
    ".cc": Language.CXX,
    ".cpp": Language.CXX,
    ".cxx": Language.CXX,
    ".C": Language.CXX,
    ".hh": Language.CXX,
    ".hpp": Language.CXX,
    ".hxx": Language.CXX,
    ".S": Language.ASM,
}


#: Other files that a compiler may come to read, through another tool or an include.
_GENERATED: Final = (".y", ".l", ".yy", ".ll", ".ypp", ".lpp", ".m", ".mm", ".cu", ".cuh", ".cl")
_INCLUDED: Final = (".inc", ".inl", ".def", ".tbl", ".x", ".ipp", ".tpp", ".ixx", ".s", ".sx", ".asm")


def may_be_code(path: str) -> bool:
    """Say whether a file may come before a C preprocessor, though no token proof applies to it."""
    return PurePosixPath(path).suffix in _GENERATED + _INCLUDED or Language.of_path(path) is not None


class Rule(StrEnum):
    """The normalisations, by the name that a report gives them."""

    WHITE_SPACE = "white-space"
    EXPANSION = "expansion"
    CONDITIONALS = "conditionals"
    EMPTY_CONDITIONALS = "empty-conditionals"
    EMPTY_STATEMENTS = "empty-statements"
    PARENTHESES = "parentheses"
    BARE_BLOCKS = "bare-blocks"
    BODIES_IN_FORCE = "bodies-in-force"
    VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a change: its text and the table in force there.

    ``whole`` False says that the text is a window of a file, with unknown text around it; ``tail`` True
    that its first line may be the end of a macro's body, since the line before it is out of sight.
    """

    text: bytes
    table: Table
    path: str = ""
    whole: bool = True
    tail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What holds for both sides; the defaults grant nothing.

    ``headers`` are the transition headers by their paths; what is known of their texts goes with the table.
    ``vocabulary`` False takes every definition of a table name in sight as one too many.
    ``unseen_observers`` False says that no text out of sight asks for its line number.
    ``known`` are the macros that the other known texts define.
    """

    language: Language = Language.C
    assumptions: frozenset[Assumption] = frozenset()
    headers: tuple[str, ...] = ()
    vocabulary: bool = True
    unseen_observers: bool = True
    known: Known = field(default_factory=Known)

    def grants(self, assumption: Assumption) -> bool:
        """Say whether the owner vouches for it."""
        return assumption in self.assumptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A place that keeps a text from being judged: guard, reason, and the source index where it is."""

    rule: str
    reason: str
    index: int
    lineno: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A normalisation that was due and that needs an assumption which was not granted."""

    assumption: Assumption
    index: int


@dataclass(slots=True)
class Stream:
    """The normalised tokens of one side. Built by the rules, then only read.

    ``tokens[i]`` stands for ``source[first[i]:last[i]]``; the ranges are in order, and equal for the tokens
    that one macro call became. ``macro[i]`` is the outermost transition macro of that call, ``calls[i]`` all
    that were replaced in it. A directive is one token that starts with a line end and #; the words of a
    macro's body are a token each and start with a line end. ``made[i]`` is 1 for a token that a macro's
    body brought, ``spaced[i]`` for one behind a blank inside of its expansion, ``nested[i]``
    for one in which more than the outermost macro of its call took part. ``dropped`` are source ranges that
    a rule took away (blanks and comments are not listed), ``dropped_macros`` the outermost macro of each or
    None. ``strict`` are the tokens before empty statements, parentheses, bare blocks and empty conditionals
    were dropped.
    """

    source: list[bytes]
    tokens: list[bytes] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    macro: list[bytes | None] = field(default_factory=list)
    calls: list[tuple[bytes, ...]] = field(default_factory=list)
    made: bytearray = field(default_factory=bytearray)
    spaced: bytearray = field(default_factory=bytearray)
    nested: bytearray = field(default_factory=bytearray)
    strict: list[bytes] = field(default_factory=list)
    strict_first: list[int] = field(default_factory=list)
    strict_last: list[int] = field(default_factory=list)
    dropped: list[tuple[int, int, str]] = field(default_factory=list)
    dropped_macros: list[bytes | None] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    assumptions: set[Assumption] = field(default_factory=set)
    rules: set[Rule] = field(default_factory=set)
    #: What of the vocabulary was dropped: the names of definitions, and ``#include``.
    vocabulary: set[bytes] = field(default_factory=set)
    _lines_above: list[int] = field(default_factory=list)
    _digest: tuple[str, str] | None = None
    #: The different tokens of the source.
    words: frozenset[bytes] = frozenset()
    #: Finds the hazards, in the tokens as they were before the rules on statements; no verdict asks for them.
    find_hazards: Callable[[], tuple[Hazard, ...]] = tuple
    _hazards: tuple[Hazard, ...] | None = None
    #: Macros of known texts that ask for their line, and those that ask for more than that.
    observers: frozenset[bytes] = frozenset()
    watchers: frozenset[bytes] = frozenset()
    #: The words in the bodies of the macros that take part and are not the table's.
    reached: frozenset[bytes] = frozenset()

    def add(self, tokens: list[bytes], first: list[int], last: list[int]) -> None:
        """Append source tokens as they are."""
        self.tokens += tokens
        self.first += first
        self.last += last
        self.macro += [None] * len(tokens)
        self.calls += [()] * len(tokens)
        self.made += bytes(len(tokens))
        self.spaced += bytes(len(tokens))
        self.nested += bytes(len(tokens))

    def drop(self, first: int, last: int, rule: Rule, macro: bytes | None = None) -> None:
        """Note a source range that a rule takes away."""
        self.dropped.append((first, last, rule.value))
        self.dropped_macros.append(macro)
        self.rules.add(rule)

    def remove(self, gone: Mapping[int, Rule]) -> None:
        """Take tokens out of the stream. A range that other tokens still stand for is not noted as
        dropped.
        """
        for index, rule in sorted(gone.items()):
            self.rules.add(rule)
            if not self._is_covered(index, gone):
                self.drop(self.first[index], self.last[index], rule, self.macro[index])
        kept = bytearray(b"\x01" * len(self.tokens))
        for index in gone:
            kept[index] = 0
        self.tokens = list(compress(self.tokens, kept))
        self.first = list(compress(self.first, kept))
        self.last = list(compress(self.last, kept))
        self.macro = list(compress(self.macro, kept))
        self.calls = list(compress(self.calls, kept))
        self.made = bytearray(compress(self.made, kept))
        self.spaced = bytearray(compress(self.spaced, kept))
        self.nested = bytearray(compress(self.nested, kept))

    def _is_covered(self, index: int, gone: Mapping[int, Rule]) -> bool:
        """Say whether another token of the same unit stays, or goes before this one (which notes the
        range).
        """
        for step in (-1, 1):
            place = index + step
            while 0 <= place < len(self.first) and self.first[place] == self.first[index]:
                if place not in gone or step < 0:
                    return True
                place += step
        return False

    def sort_dropped(self) -> None:
        """Bring what was dropped into the order of the source."""
        order = sorted(range(len(self.dropped)), key=lambda index: self.dropped[index][:2])
        self.dropped = [self.dropped[index] for index in order]
        self.dropped_macros = [self.dropped_macros[index] for index in order]

    def problem(self, rule: str, index: int, reason: str) -> None:
        """Note a place that keeps the text from being judged."""
        self.problems.append(Problem(rule=rule, reason=reason, index=index, lineno=self.lineno(index)))

    def lineno(self, index: int) -> int:
        """Give the 1-based line of the text in which a source token starts."""
        return self.lines_above[index] + 1

    @property
    def lines_above(self) -> list[int]:
        """Give for each source token how many line ends stand before it, and at the end the count of all."""
        if len(self._lines_above) != len(self.source) + 1:
            self._lines_above = list(accumulate(map(bytes.count, self.source, repeat(b"\n")), initial=0))
        return self._lines_above

    def withhold(self, assumption: Assumption, index: int) -> None:
        """Note that a rule was due and lacks its assumption."""
        self.withheld.append(Withheld(assumption=assumption, index=index))

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """Give what is null today and will be wrong on the day when a macro becomes real."""
        if self._hazards is None:
            self._hazards, self.find_hazards = self.find_hazards(), tuple
        return self._hazards

    @property
    def joined(self) -> bytes:
        """Give the tokens, joined by NULs; the stream must be ready."""
        return b"\x00".join(self.tokens)

    @property
    def digest(self) -> tuple[str, str]:
        """Give md5 and sha256 of the tokens, hexadecimal; the stream must be ready."""
        if self._digest is None:
            self._digest = digests(self.joined)
        return self._digest


def digests(joined: bytes) -> tuple[str, str]:
    """Give md5 and sha256 of tokens that NULs join, hexadecimal."""
    return md5(joined, usedforsecurity=False).hexdigest(), sha256(joined).hexdigest()


__all__ = ["Language", "Options", "Problem", "Rule", "Side", "Stream", "Withheld"]
