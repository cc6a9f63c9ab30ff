"""The table: definitions of the transition macros in force at a milestone, in a state."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.lex.directives import Directive, directives
from vimagetrack.engine.null import splices
from vimagetrack.engine.null.condition import ConditionError, evaluate
from vimagetrack.engine.null.definition import VARIADIC, Definition, define, read_definition, say
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.units import Unit

__all__ = ["VARIADIC", "Definition", "Family", "Table", "define", "read_definition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A pattern with one star: a name that matches stands for what the star matches (V_* -> *)."""

    pattern: str
    only: frozenset[bytes] | None  # the names that known text defines; None: every identifier (closed-world)

    def definition(self, name: bytes) -> Definition | None:
        """Make the definition of a name, or None where it is not of the family."""
        head, _, tail = self.pattern.encode("utf-8", "surrogateescape").partition(b"*")
        stem = name[len(head) : len(name) - len(tail)]
        if not (name.startswith(head) and name.endswith(tail) and len(head) + len(tail) < len(name)):
            return None
        if (self.only is not None and name not in self.only) or not _IDENTIFIER.fullmatch(stem):
            return None
        return Definition(name=name, params=None, variadic=False, body=(stem,), spaces=(False,), family=True)


_IDENTIFIER: Final = re.compile(rb"[A-Za-z_$\x80-\xff][A-Za-z0-9_$\x80-\xff]*")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Macros in force, by name, with what the state says.

    ``unknown`` are the names that a conditional of the table asked for and no one named: they were taken
    as undefined. ``twice`` are names that one text defines again, and otherwise. ``names`` leaves out what
    only the state defines. ``header_texts`` are the transition headers beside it, by their paths.

    All windows of a split share a table, so it keeps what it was asked.
    """

    definitions: Mapping[bytes, Definition]
    state: State
    unknown: frozenset[bytes] = frozenset()
    twice: frozenset[bytes] = frozenset()
    families: tuple[Family, ...] = ()
    header_texts: Mapping[str, bytes] = field(default_factory=dict)
    _of_state: Mapping[bytes, Definition] = field(default_factory=dict)
    _undefined: frozenset[bytes] = frozenset()

    @classmethod
    def empty(cls, state: State) -> Table:
        """Make a table that defines nothing beyond its state."""
        return cls(
            definitions=MappingProxyType({}),
            state=state,
            _of_state=MappingProxyType({d.name: d for d in (define(n, v) for n, v in state.define)}),
            _undefined=frozenset(name.encode() for name in state.undefine),
        )

    @classmethod
    def parse(cls, text: bytes, state: State, *, base: Table | None = None) -> Table:
        """Read preprocessor text in a state; later definitions replace those of ``base`` and earlier ones.

        ``#include`` and what is no directive are passed over. Raises TableError, with the line of the text
        in its message, for what no preprocessor would take.
        """
        return _Reader(text, base or cls.empty(state), state).read()

    @cached_property
    def names(self) -> frozenset[bytes]:
        """Give the names that the table's own text defines."""
        return frozenset(self.definitions)

    @cached_property
    def all_names(self) -> frozenset[bytes]:
        """Give the names that the table or its state defines, families left out."""
        return self.names.union(self._of_state)

    @cached_property
    def _meanings(self) -> _Meanings:
        return _Meanings(self)

    @cached_property
    def _reached(self) -> dict[bytes, frozenset[bytes]]:
        return {}

    @cached_property
    def units(self) -> dict[tuple[bytes, bool], Unit]:
        """Keep what names become that are ``is_fixed``, by name and blank."""
        return {}

    @cached_property
    def _fixed(self) -> dict[bytes, bool]:
        return {}

    @cached_property
    def _lookers(self) -> dict[bytes, bool]:
        return {}

    @cached_property
    def digest(self) -> str:
        """Give the sha256 of the canonical form: definitions by name, then families, then the state."""
        lines = [self.definitions[name].canonical for name in sorted(self.definitions)]
        lines += sorted(
            f"#family {f.pattern} {sorted(f.only) if f.only is not None else '*'}".encode()
            for f in self.families
        )
        return sha256(b"\n".join([*lines, *self.state_lines])).hexdigest()

    @cached_property
    def state_lines(self) -> list[bytes]:
        """Write what the state says, in its one spelling."""
        lines = [self._of_state[name].canonical for name in sorted(self._of_state)]
        return lines + [b"#undef " + name for name in sorted(self._undefined)]

    def with_families(
        self, patterns: Iterable[str], known_macro_names: Collection[bytes] = (), *, closed_world: bool
    ) -> Table:
        """Add patterns such as ``V_*``, which makes V_anything stand for anything.

        Without ``closed_world`` only names in ``known_macro_names`` are taken. The table's own definitions
        win. Raises TableError for a pattern that has not exactly one star.
        """
        made = []
        for pattern in patterns:
            if pattern.count("*") != 1 or pattern == "*":
                raise TableError(f"family {pattern!r} needs one star and more", hint="Write it like V_*.")
            made.append(Family(pattern=pattern, only=None if closed_world else frozenset(known_macro_names)))
        return replace(self, families=(*self.families, *made))

    def with_definitions(self, definitions: Iterable[Definition]) -> Table:
        """Add or replace definitions, as when a text defines a family's name itself."""
        merged = {**self.definitions, **{d.name: d for d in definitions}}
        return replace(self, definitions=MappingProxyType(merged))

    def get(self, name: bytes) -> Definition | None:
        """Give the definition that a name has in this table and state, None where it is no macro of them."""
        return self._meanings[name]

    def _find(self, name: bytes) -> Definition | None:
        if name in _NEVER:
            return None
        return self.definitions.get(name) or self._of_state.get(name) or self._of_family(name)

    def _of_family(self, name: bytes) -> Definition | None:
        if not self.families or not _IDENTIFIER.fullmatch(name):
            return None
        return next(filter(None, (family.definition(name) for family in self.families)), None)

    def is_transition(self, name: bytes) -> bool:
        """Say whether a name is a macro of the table or its families, not of the state alone."""
        return name in self.definitions or (name not in self._of_state and self.get(name) is not None)

    def active(self, tokens: Collection[bytes]) -> frozenset[bytes]:
        """Give the tokens, out of a text's different ones, that are macros here."""
        if self.families:
            return frozenset(filter(self._meanings.__getitem__, tokens))
        return self.all_names.intersection(tokens)

    @cached_property
    def operates(self) -> bool:
        """Say whether any of its macros sees how its arguments are written."""
        return any(definition.operates for definition in self.definitions.values())

    def is_fixed(self, name: bytes) -> bool:
        """Say whether a name becomes the same wherever it stands: no macro in it takes arguments, pastes or
        is of a family.
        """
        if name not in self._fixed:
            ways = map(self.get, {name} | self.reached(name))
            self._fixed[name] = not any(
                way.params is not None or way.family or way.operates for way in ways if way
            )
        return self._fixed[name]

    def looks(self, name: bytes) -> bool:
        """Say whether a name may come to a macro of the table that sees how its arguments are written."""
        if name not in self._lookers:
            ways = map(self.get, {name} | self.reached(name))
            self._lookers[name] = any(way.operates for way in ways if way)
        return self._lookers[name]

    def is_defined(self, name: bytes) -> bool | None:
        """Say whether a name is known to be a macro (True), known to be none (False), or unknown (None)."""
        known = self.get(name)
        if known:
            return None if known.family or known.body == (name,) else True  # it may be defined nowhere
        return False if name in self._undefined else None

    def reached(self, name: bytes) -> frozenset[bytes]:
        """Give every identifier that an expansion of the name can come to through bodies, without itself
        unless its body leads back to it."""
        if name not in self._reached:
            seen: set[bytes] = set()
            todo = [name]
            while todo:
                found = self.get(todo.pop())
                fresh = found.identifiers - seen if found else ()
                seen.update(fresh)
                todo += fresh
            self._reached[name] = frozenset(seen)
        return self._reached[name]

    def differing(self, other: Table, names: Iterable[bytes]) -> frozenset[bytes]:
        """Give those of the names that mean one thing here and another there."""
        return frozenset(name for name in names if _canonical(self.get(name)) != _canonical(other.get(name)))


class _Meanings(dict[bytes, Definition | None]):
    """What each name that was asked for means in a table, emptied when it has grown large."""

    limit: Final = 1 << 18

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table

    def __missing__(self, name: bytes) -> Definition | None:
        if len(self) >= self.limit:
            self.clear()
        found = self[name] = self.table._find(name)  # noqa: SLF001 - the memo of that very table
        return found


#: No macro of these names takes part in expansion: the compiler itself owns them.
_NEVER: Final = frozenset({b"defined", b"__LINE__", b"__FILE__", b"__COUNTER__", b"__DATE__", b"__TIME__"})


def _canonical(definition: Definition | None) -> bytes:
    return definition.canonical if definition else b""


class _Reader:
    """Read one table text: the only place that knows the order of its lines."""

    def __init__(self, text: bytes, base: Table, state: State) -> None:
        self.tokens = tokenize(text)
        self.base = base
        self.state = state
        self.definitions = dict(base.definitions)
        self.fresh: set[bytes] = set()
        self.unknown = set(base.unknown)
        self.twice: set[bytes] = set()
        #: One entry an open conditional: does its group count now, and has one counted already?
        self.groups: list[tuple[bool, bool]] = []
        self.guard: bytes | None = None
        self.table = base

    def read(self) -> Table:
        for directive in directives(self.tokens):
            try:
                self._line(directive)
            except (ConditionError, TableError) as error:
                lineno = b"".join(self.tokens[: directive.first]).count(b"\n") + 1
                text = f"line {lineno} of the table: {getattr(error, 'message', error)}"
                raise TableError(text, hint=getattr(error, "hint", "")) from error
        if self.groups:
            raise TableError("the table ends inside a conditional", hint="Close every #if with #endif.")
        return self._snapshot()

    def _snapshot(self) -> Table:
        return replace(
            self.base,
            definitions=MappingProxyType(dict(self.definitions)),
            unknown=frozenset(self.unknown),
            twice=frozenset(self.twice),
        )

    def _check_splices(self, directive: Directive) -> None:
        if next(splices.joining(self.tokens[directive.first : directive.last]), None) is not None:
            raise TableError("a spliced line may join two tokens", hint="Put a blank before the backslash.")

    def _line(self, directive: Directive) -> None:
        name = directive.name
        live = all(counts for counts, _ in self.groups)
        guard, self.guard = self.guard, None
        if name in (b"if", b"ifdef", b"ifndef"):
            holds = live and self._holds(name, directive)
            self.groups.append((holds, holds))
            self.guard = self._word(directive) if name == b"ifndef" and holds else None
        elif name in (b"elif", b"elifdef", b"elifndef", b"else", b"endif"):
            self._next_group(name, directive)
        elif live and name == b"define":
            self._check_splices(directive)
            self._define(directive, guard)
        elif live and name == b"undef":
            self.definitions.pop(self._word(directive), None)

    def _next_group(self, name: bytes, directive: Directive) -> None:
        if not self.groups:
            raise TableError(f"#{say(name)} without #if", hint="Balance the conditionals.")
        _, done = self.groups.pop()
        if name == b"endif":
            return
        if name in (b"elifdef", b"elifndef"):
            raise TableError(
                f"compilers before C23 pass over #{say(name)}", hint="Write #elif defined(NAME) instead."
            )
        live = all(counts for counts, _ in self.groups) and not done
        holds = live and (name == b"else" or self._holds(b"if", directive))
        self.groups.append((holds, done or holds))

    def _define(self, directive: Directive, guard: bytes | None) -> None:
        found = read_definition(self.tokens, directive)
        if found.name == guard and not found.body:
            self.unknown.discard(found.name)
            return  # an include guard is no macro of the transition
        before = self.definitions.get(found.name)
        if found.name in self.fresh and before and before.canonical != found.canonical:
            self.twice.add(found.name)
        self.fresh.add(found.name)
        self.definitions[found.name] = found

    def _word(self, directive: Directive) -> bytes:
        if not directive.words:
            raise TableError(f"#{say(directive.name)} without a name", hint="Name the macro.")
        return self.tokens[directive.words[0]]

    def _holds(self, name: bytes, directive: Directive) -> bool:
        table = self._snapshot()
        if name in (b"ifdef", b"ifndef"):
            return self._is_defined(table, self._word(directive)) == (name == b"ifdef")
        words = [self.tokens[index] for index in directive.words]
        value = evaluate(words, table, lambda word: self._is_defined(table, word))
        if value is None:
            raise TableError("the condition has no value that is known here", hint="Use integers and names.")
        return value != 0

    def _is_defined(self, table: Table, name: bytes) -> bool:
        """Say whether a name is a macro at this line; one that nobody names is none, and is noted."""
        known = table.is_defined(name)
        if known is None:
            self.unknown.add(name)
        return bool(known)
