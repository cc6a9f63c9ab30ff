"""Calls of names that may look at how their arguments are written.

Claim: inside the parentheses of a macro that is not in the table, nothing may change that it can see: no
expansion, no blank.

Argument: such a macro may stringise or paste its arguments, or count them. Known to do so, or to lead to
one that does: a macro that the text itself defines. Without ``closed-world``: every name that is followed
by a parenthesis. A macro of the text that only puts its arguments into its body sees nothing but their
commas.

Counter-example: ``KASSERT(V_foo > 0)`` with ``#define KASSERT(e) if (!(e)) panic(#e)``.
"""

from __future__ import annotations

from collections.abc import Sequence

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.expand import Unit
from vimagetrack.engine.null.rules.expansion import Expansion
from vimagetrack.engine.null.rules.reach import Macros, Reach
from vimagetrack.engine.null.shape import Shape
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.table import Definition
from vimagetrack.engine.null.words import ASSIGNS, BINARY, CONTROL, is_directive, is_name


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


def unbalanced(reach: Reach) -> frozenset[bytes]:
    """Give the macros of a text whose bodies open or close parentheses or braces of others."""
    return frozenset(
        name
        for name in reach.macros
        if any(
            way.body.count(one) != way.body.count(two)
            for way in reach.all_of(name)
            for one, two in ((b"(", b")"), (b"{", b"}"))
        )
    )


def strange(reach: Reach) -> frozenset[bytes]:
    """Give the macros of a text behind whose call a brace may open an initialiser, or a literal."""
    return frozenset(
        name
        for name, ways in reach.macros.items()
        if any(map(_wants_value, reach.all_of(name) if any(len(way.body) == 1 for way in ways) else ways))
    )


def _wants_value(way: Definition) -> bool:
    """Say whether a body assigns or returns outside of parentheses, or does not end as a head does."""
    depth = 0
    for word in way.body:
        depth += (word == b"(") - (word == b")")
        if not depth and (word in ASSIGNS or word == b"return"):
            return True
    return len(way.body) > 1 and way.body[-1] in BINARY | {b",", b"("}


def careless(macros: Macros) -> frozenset[bytes]:
    """Give the macros of a text that use an argument other than in parentheses of its own: ``(x)``, not
    ``x``.
    """
    return frozenset(name for name, ways in macros.items() if not all(_is_careful(way) for way in ways))


def _is_careful(definition: Definition) -> bool:
    """Say whether an operand stays one when it is put into a body with parentheses around it, or without."""
    body, params = definition.body, definition.params or ()
    if definition.operates or definition.params is None or definition.variadic:
        return False
    for place, word in enumerate(body):
        if word in params:
            before, after = body[max(place - 2, 0) : place], body[place + 1 : place + 2]
            called = len(before) > 1 and KINDS[before[0]] is TokenKind.IDENTIFIER
            if before[-1:] != (b"(",) or after != (b")",) or called:
                return False
    return True


def _is_one_operand(definition: Definition) -> bool:
    """Say whether a macro's body stays one argument, whatever it is given to: brackets balance around
    commas.
    """
    depth = 0
    if definition.variadic:
        return False
    for word in definition.body:
        depth += (word == b"(") - (word == b")")
        if depth < 0 or (word == b"," and not depth):
            return False
    return not depth


class Callees:
    """Looks at the calls of one stream."""

    def __init__(self, made: Expansion, macros: Macros, *, closed: bool) -> None:
        self.stream = made.stream
        self.made = made
        self.macros = macros
        self.closed = closed
        self.reach = Reach(macros, made.table)
        self.lookers = lookers(self.reach)
        self.strange = strange(self.reach)

    def _looks(self, name: bytes) -> bool:
        return name in self.lookers or (not self.closed and is_name(name) and name not in CONTROL)

    def check(self, shape: Shape) -> None:
        """Note a problem for each expansion that a call may look at."""
        tokens = self.stream.tokens
        wild = unbalanced(self.reach)
        if wild and self.made.units and not wild.isdisjoint(tokens):
            self.stream.problem(
                "R02", self.made.units[0][2].first, "a macro of this text has unbalanced parentheses"
            )
        empties = {place for place, _ in self.made.empties}
        for opener, closer in shape.closed_at.items():
            name = tokens[opener - 1] if opener and tokens[opener] == b"(" else b""
            if (self._looks(name) or name in self.macros) and self._is_broken(opener, empties):
                self.stream.problem(
                    "R02", self.stream.first[opener], "a macro stands between a name and its parenthesis"
                )
            if self._looks(name):
                self._check_arguments(name, opener, closer, empties)
            elif name in self.macros:
                self._check_commas(name, opener, closer)
        self._check_units()

    def _is_broken(self, opener: int, empties: set[int]) -> bool:
        """Say whether a name is no call for what a macro does between it and its parenthesis."""
        stream = self.stream
        if opener in empties:
            return True
        if not stream.calls[opener]:
            return False
        return stream.first[opener - 1] != stream.first[opener] or len(stream.calls[opener]) > 1

    def _check_units(self) -> None:
        """A macro of this text inside of a call of the table's: its expansion is not seen, so it must not
        matter.
        """
        wild = frozenset(
            name for name in self.macros if not all(map(_is_one_operand, self.reach.all_of(name)))
        )
        for _, _, unit in self.made.units:
            words = {*self.stream.source[unit.first : unit.last], *(tok.text for tok in unit.tokens)}
            if unit.operators and not (self.closed and words.isdisjoint(self.macros)):
                why = "an operator # or ## takes part, and a name in it may be a macro"
                self.stream.problem("R03", unit.first, why)
            elif not words.isdisjoint(wild):
                self.stream.problem(
                    "R02", unit.first, "a macro of this text with commas is inside of this call"
                )
            elif not self.closed and any(is_name(word) for word in unit.handed):
                self.stream.problem("R02", unit.first, "a name in this call may be a macro with commas")
            self._check_loop(unit)

    def _check_loop(self, unit: Unit) -> None:
        """A macro of this text that leads back to one of the table's stops elsewhere when inside of it."""
        for word in {tok.text for tok in unit.tokens}:
            if word in self.macros and not self.reach.of(word).isdisjoint(unit.calls):
                self.stream.problem("R05", unit.first, "a macro of this text leads back to this one")

    def _check_arguments(self, name: bytes, opener: int, closer: int, empties: set[int]) -> None:
        for place in range(opener + 1, closer + 1):
            changed = (place < closer and self.stream.calls[place]) or place in empties
            if changed:
                text = name.decode("utf-8", "backslashreplace")
                why = "looks at" if name in self.lookers else "may be a macro that looks at"
                self.stream.problem(
                    "R02", self.stream.first[opener], f"the name {text} {why} how its arguments are written"
                )
                return

    def _check_commas(self, name: bytes, opener: int, closer: int) -> None:
        """A macro of the text counts its arguments before they are expanded."""
        commas = [
            i for i in range(opener + 1, closer) if self.stream.tokens[i] == b"," and self.stream.calls[i]
        ]
        if commas:
            self.stream.problem(
                "R31", self.stream.first[commas[0]], "a comma comes out of a macro inside of another"
            )

    def marked(self, shape: Shape, stream: Stream, tokens: Sequence[bytes]) -> list[bytes]:
        """Mark the blanks that a call may see: a token behind one gets a blank in front."""
        out = list(tokens)
        for opener, closer in shape.closed_at.items():
            if opener and tokens[opener] == b"(" and self._looks(tokens[opener - 1]):
                for place in range(opener + 1, closer):
                    if stream.first[place] > stream.last[place - 1] and not is_directive(out[place]):
                        out[place] = b" " + tokens[place]
        return out
