"""Vocabulary: definitions of transition macros, and includes of their headers.

Claim: a ``#define`` that says what the table says anyway, and an ``#include`` of a transition header that
adds nothing but such definitions, may be there or not.

Argument: the table is in force on this side by the plan, so the definition repeats it, which the standard
allows and which changes nothing; the header, once its directives are taken away, is empty in this state, and
what it defines the table says too. A header that is not known, or holds more, needs ``inert-headers``. That
the name meant nothing else before is checked between the two sides, in the kernel. The table is a promise,
and a text that seems to break it is not believed: a definition or an include below a use is not dropped, and
one that goes while uses stay is undecided, unless a transition header is included instead.

Counter-example: ``#define V_foo bar`` where the table says foo: every use below it changes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from typing import Final

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.lex.ctokens import COMMENT, IDENTIFIER, KINDS, tokenize
from vimagetrack.engine.lex.directives import Directive, directives
from vimagetrack.engine.null.condition import ConditionError
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.rules.conditionals import NAMES, Conditionals
from vimagetrack.engine.null.stream import Rule, Stream
from vimagetrack.engine.null.table import Definition, Table, read_definition
from vimagetrack.engine.null.units import Unexpandable

_INCLUDE: Final = re.compile(rb'\s*(?:<([^<>"\n]+)>|"([^<>"\n]+)")\s*')


def included(text: bytes) -> tuple[str, bool] | None:
    """Give the name in an include's operand, and whether it is quoted; None for an operand made of macros."""
    match = _INCLUDE.fullmatch(text)
    if not match:
        return None
    name = match[1] or match[2]
    return name.decode("utf-8", "surrogateescape"), match[2] is not None


def header_of(name: str, *, quoted: bool, path: str, headers: tuple[str, ...]) -> str | None:
    """Find the transition header that an include names; None where it is another header, or may be.

    ``headers`` are paths in the tree; an include names a tail of one with a folder in it. A bare name is
    only taken when it is quoted and the header stands beside ``path``.
    """
    for header in headers:
        if name == header or ("/" in name and header.endswith("/" + name)):
            return header
        if quoted and posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) == header:
            return header
    return None


def is_inert(
    text: bytes,
    table: Table,
    known: Known,
    *,
    words: Collection[bytes] = (),
    local: frozenset[bytes] = frozenset(),
) -> bool:
    """Say whether a header's text leaves nothing in this table's state but definitions that the table has,
    and its include guard.

    ``known`` are the macros of other texts, ``words`` what stands around the include, which must not ask for
    the guard, and ``local`` what is defined there: no condition on it is known. May say False of an inert
    one: where a condition is not known, both branches count, but for what they define where nobody names
    what it asks for (it is undefined then, as in any table); an include counts as something.
    """
    source = tokenize(text)
    found = list(directives(source))
    guard = _guard(source, found)
    if guard is not None and (guard in words or guard in known.words or guard in known.undefined):
        return False
    walk = Conditionals(source, table, local | _own_names(source) | known.contradicts(set(source), table))
    said = Table.empty(table.state)
    if _asked(source, found, guard).isdisjoint(local | known.definitions.keys() | known.undefined):
        try:
            said = Table.parse(text, table.state)
        except TableError:
            return False
    done = 0
    for directive in found:
        if walk.live and _has_code(source[done : directive.first]):
            return False
        done = directive.last
        try:
            if directive.name in NAMES:
                walk.take(directive)
            elif walk.live and not _is_known(source, directive, (table, said), guard):
                return False
        except (ConditionError, TableError):
            return False
    return not _has_code(source[done:])


def _asked(source: list[bytes], found: list[Directive], guard: bytes | None) -> set[bytes]:
    """Collect the names that conditionals ask for, but for the guard."""
    words = {source[index] for directive in found if directive.name in NAMES for index in directive.words}
    return {word for word in words if KINDS[word] is IDENTIFIER} - {guard}


def _is_known(
    source: list[bytes], directive: Directive, tables: tuple[Table, Table], guard: bytes | None
) -> bool:
    """Say whether a directive that may count is a definition of the table, or that of the guard; ``tables``
    are the one in force and what the header itself makes one.

    Raises TableError for a definition that no preprocessor takes.
    """
    if directive.name != b"define":
        return False
    found = read_definition(source, directive)
    known, said = tables[0].get(found.name), tables[1].definitions.get(found.name)
    if known is None:
        return found.name == guard and not found.body
    return known.canonical == found.canonical or (said is not None and known.canonical == said.canonical)


def _guard(source: list[bytes], found: list[Directive]) -> bytes | None:
    """Give the name of an include guard: #ifndef and #define of it come first."""
    if [directive.name for directive in found[:2]] != [b"ifndef", b"define"]:
        return None
    names = [source[directive.words[0]] for directive in found[:2] if directive.words]
    return names[0] if names == names[:1] * 2 else None


def _own_names(source: list[bytes]) -> frozenset[bytes]:
    """Collect the names that a text defines itself."""
    return frozenset(
        source[d.words[0]] for d in directives(source) if d.name in (b"define", b"undef") and d.words
    )


def _has_code(tokens: list[bytes]) -> bool:
    return any(KINDS[token] > COMMENT for token in tokens)


def repeats(found: Definition, table: Table) -> bool:
    """Say whether a definition in the text is the table's own, token by token and blank by blank."""
    known = table.definitions.get(found.name)
    return known is not None and known.canonical == found.canonical


def of_family(found: Definition, pattern: Definition, table: Table) -> Definition | None:
    """Give the definition to work with where the text defines a family's name; None where it says otherwise.

    ``#define V_x VNET(x)`` is V_* -> * when it expands to ``x`` or ``(x)``; uses are then expanded as it
    says.
    """
    own = table.with_definitions([found])
    try:
        words = [tok.text for tok in Expander(own).words([found.name])]
    except Unexpandable:
        return None
    stem = list(pattern.body)
    return found if words in (stem, [b"(", *stem, b")"]) else None


def lost(before: Stream, after: Stream) -> bytes | None:
    """Give a macro that is still used after what brought it has gone, None where there is none."""
    gone = before.vocabulary - after.vocabulary
    if not gone or b"#include" in after.vocabulary:
        return None
    used = {name for names in set(after.calls) for name in names}
    for (_, _, rule), name in zip(after.dropped, after.dropped_macros, strict=True):
        if name is not None and rule != Rule.VOCABULARY:
            used.add(name)  # of a macro that came to nothing no token tells
    wanted = used if b"#include" in gone else used & gone
    return min((name for name in wanted if name not in after.vocabulary), default=None)
