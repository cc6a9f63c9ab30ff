"""Which macros of a text see how their arguments are written, and which of their arguments.

Claim: a macro sees the spelling of an argument only where ``#`` or ``##`` touches its parameter, or where a
body hands the parameter on to a macro that does.

Argument: every other parameter is replaced by its argument fully expanded (C 6.10.3.1), and what was expanded
is the same however it was written. Handing on alone would do the same, since the argument is expanded on the
way; it is counted all the same, which is safe.

Counter-example: ``#define SYSCTL_INT(parent, name, ptr) OID(parent, name, ptr)`` with ``#define OID(p, n, a)
int oid_##p##_##n = { #n, a }``: the name counts as it is written, the pointer does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from vimagetrack.engine.null.rules.reach import Reach
from vimagetrack.engine.null.table import Definition

_TOUCHES: Final = frozenset({b"#", b"%:", b"##", b"%:%:"})


def lookers(reach: Reach) -> frozenset[bytes]:
    """Give the macros of a text that see how an argument is written, by themselves or through others."""
    macros = reach.macros
    found = {name for name, ways in macros.items() if any(way.operates or _hands(way, reach) for way in ways)}
    while True:
        more = {
            name
            for name, ways in macros.items()
            if name not in found and any(not found.isdisjoint(way.body) for way in ways)
        }
        if not more:
            return frozenset(found)
        found |= more


def _hands(way: Definition, reach: Reach) -> bool:
    """Say whether a body hands what it is given, or what follows it, to an operator of the table."""
    given = {*(way.params or ()), *reach.macros}
    for place, word in enumerate(way.body):
        known = reach.table.get(word)
        if known is None or not any(one.operates for one in reach.all_of(word)):
            continue
        if known.params is None and (not known.body or known.body[-1] == b")"):
            continue  # it ends its own calls
        if way.body[place + 1 : place + 2] != (b"(",):
            return True
        if not given.isdisjoint(_argument_words(way.body, place + 1)):
            return True
    return False


def _argument_words(body: Sequence[bytes], opener: int) -> set[bytes]:
    """Collect the words between a parenthesis of a body and its end."""
    depth, words = 0, set()
    for word in body[opener:]:
        depth += (word == b"(") - (word == b")")
        if not depth:
            break
        words.add(word)
    return words


class Looks:
    """Answers for the lookers of one text: at which of their arguments they look."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.lookers = lookers(reach)
        self._memo: dict[bytes, frozenset[int] | None] = {}

    def at(self, name: bytes) -> frozenset[int] | None:
        """Give the positions, from 0, of the arguments that a macro looks at; None for all of them.

        May give one too many.
        """
        if name not in self._memo:
            self._memo[name] = None  # while it is being asked for: a macro that leads back to itself
            self._memo[name] = self._find(name)
        return self._memo[name]

    def _find(self, name: bytes) -> frozenset[int] | None:
        found: set[int] = set()
        for way in self.reach.definitions(name):
            own = self._of_way(way)
            if own is None:
                return None
            found |= own
        return frozenset(found)

    def _of_way(self, way: Definition) -> set[int] | None:
        """Give the positions that one definition looks at; None where its body is more than calls and
        operators.
        """
        if way.params is None or way.variadic or b"__VA_OPT__" in way.body:
            return None
        body, place_of = way.body, {name: at for at, name in enumerate(way.params)}
        touched = {
            body[at + step]
            for at, word in enumerate(body)
            if word in _TOUCHES
            for step in (-1, 1)
            if 0 <= at + step < len(body)
        }
        found = {place_of[word] for word in touched if word in place_of}
        for at, word in enumerate(body):
            called = body[at + 1 : at + 2] == (b"(",)
            if word in place_of and called:
                return None  # what it calls is not known
            if not self._may_look(word):
                continue
            own = self._of_call(body, at, place_of) if called else None
            if own is None:
                return None
            found |= own
        return found

    def _may_look(self, word: bytes) -> bool:
        known = self.reach.table.get(word)
        if known is not None:
            return any(way.operates for way in self.reach.all_of(word))
        return word in self.lookers

    def _of_call(self, body: Sequence[bytes], at: int, place_of: dict[bytes, int]) -> set[int] | None:
        """Give the positions of the parameters that a call in a body hands to where its macro looks."""
        arguments = list(_arguments(body, at + 1))
        inner = self.at(body[at])
        if not arguments:
            return None
        return {
            place_of[word]
            for position, words in enumerate(arguments)
            if inner is None or position in inner
            for word in words
            if word in place_of
        }


def _arguments(body: Sequence[bytes], opener: int) -> Iterator[list[bytes]]:
    """Cut the arguments of a call in a body; nothing where it does not end there."""
    depth, groups = 0, [[]]  # type: ignore[var-annotated]
    for word in body[opener:]:
        depth += (word == b"(") - (word == b")")
        if not depth:
            yield from groups
            return
        if word == b"," and depth == 1:
            groups.append([])
        else:
            groups[-1].append(word)
