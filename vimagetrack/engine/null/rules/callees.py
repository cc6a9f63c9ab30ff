"""Calls of names that may look at how their arguments are written.

Claim: inside the parentheses of a macro that is not in the table, nothing may change that it can see: no
expansion, no blank.

Argument: such a macro may stringise or paste its arguments, or count them. Known to do so, or to lead to
one that does: a macro that the text itself or another known text defines. Without ``closed-world``: every
name that is followed by a parenthesis. A macro of the text that only puts its arguments into its body sees
nothing but their commas. A call that one macro's body brought as a whole sees what stands in the stream, if
nothing in it was expanded on the way: it may be written out.

In a window the name may be out of sight: what stands before a parenthesis that closes one above the window
is taken for arguments of a macro that looks, and so is a window that shows no end of a statement.

Counter-example: ``KASSERT(V_foo > 0)`` with ``#define KASSERT(e) if (!(e)) panic(#e)``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.rules.expansion import Expansion
from vimagetrack.engine.null.rules.looks import Looks
from vimagetrack.engine.null.rules.pairs import Pairs
from vimagetrack.engine.null.rules.reach import Macros, Reach
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.table import Definition
from vimagetrack.engine.null.units import Unit
from vimagetrack.engine.null.words import CONTROL, is_directive, is_name

#: Every call is looked at with all that is in it; so many in each other are no code, and cost their square.
MOST_NESTED: Final = 256
_SHARES: Final = frozenset({b",", b"(", b")"})


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
            called = len(before) > 1 and KINDS[before[0]] is IDENTIFIER
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


def _unseen_arguments(tokens: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Find the stretches of a window that may be inside of a parenthesis above it, both ends included.

    What stands before a closing parenthesis that none opens is; what no end of a statement, brace or
    directive stands in may be. The other branch of a conditional that begins above may have opened one, too.
    """
    first, depth, ended = 0, 0, False
    groups: list[int] = []
    wanted = _UNSEEN_EVENTS.union(token for token in set(tokens) if is_directive(token))
    for index, token in [(index, token) for index, token in enumerate(tokens) if token in wanted]:
        if token == b"(":
            depth += 1
        elif token == b")":
            depth -= 1
            if depth < 0:
                yield first, index
                first, depth, ended = index + 1, 0, False
        elif token.startswith(b"\n#if"):
            groups.append(depth)
        elif token.startswith((b"\n#el", b"\n#endif")):
            if groups:
                depth = groups[-1] if token.startswith(b"\n#el") else depth
                del groups[len(groups) - token.startswith(b"\n#endif") :]
            else:
                if not ended:
                    yield first, index
                first, depth, ended = index + 1, 0, False
        elif not depth:
            ended = True
    if not ended:
        yield first, len(tokens)


_UNSEEN_EVENTS: Final = frozenset({b"(", b")", b";", b"{", b"}"})


class Callees:
    """Looks at the calls of one stream."""

    def __init__(self, made: Expansion, macros: Macros, known: Known, *, closed: bool, whole: bool) -> None:
        self.stream = made.stream
        self.made = made
        self.macros = macros
        self.known = known
        self.closed = closed
        self.whole = whole
        self.reach = Reach(macros, made.table)
        self.looks = Looks(self.reach)
        self.lookers = self.looks.lookers
        #: Without a macro of a text, and with all others known, nothing looks at a call of this text.
        self.none = closed and not macros
        self._paired: tuple[Sequence[bytes], Pairs] | None = None
        self._above: tuple[Sequence[bytes], list[tuple[int, int]]] | None = None
        self.unit_at = {unit.first: unit for _, _, unit in made.units}

    def _looks(self, name: bytes, *, direct: bool) -> bool:
        """Say whether a name may look at its arguments. What ``M(x)(y)`` hands y to is up to M."""
        unknown = not self.closed and is_name(name) and name not in CONTROL
        return unknown or name in self.lookers or (not direct and name in self.macros)

    @cached_property
    def unbalanced(self) -> frozenset[bytes]:
        """Give the macros of this text that open or close parentheses or braces of others."""
        return unbalanced(self.reach)

    def _pairs(self, tokens: Sequence[bytes]) -> Pairs | None:
        """Pair the parentheses; None where no call is looked at and they are too few to nest too deep."""
        if self.none and tokens.count(b"(") <= MOST_NESTED:
            return None
        if self._paired is None or self._paired[0] is not tokens:
            self._paired = (tokens, Pairs(tokens))
        return self._paired[1]

    def _unseen(self, tokens: Sequence[bytes]) -> list[tuple[int, int]]:
        """Give the stretches that may be arguments of a call above the window."""
        if self._above is None or self._above[0] is not tokens:
            self._above = (tokens, list(_unseen_arguments(tokens)))
        return self._above[1]

    def check(self) -> None:
        """Note a problem for each expansion that a call may look at."""
        tokens = self.stream.tokens
        wild = self.unbalanced
        if wild and self.made.units and not wild.isdisjoint(tokens):
            self.stream.problem(
                "R02", self.made.units[0][2].first, "a macro of this text has unbalanced parentheses"
            )
        pairs = self._pairs(tokens)
        if pairs and pairs.deepest > MOST_NESTED:
            self.stream.problem("R05", self.stream.first[-1], "calls are nested too deep in this text")
            return
        if pairs and not self.none:
            self._check_calls(pairs)
        if self.made.units:
            self._check_units()

    def _check_calls(self, pairs: Pairs) -> None:
        tokens = self.stream.tokens
        empties = {place for place, _ in self.made.empties}
        eyes = self._eyes(tokens)
        for opener, closer in pairs.closed_at.items():
            name, direct = pairs.callee(opener)
            if not self._looks(name, direct=direct) and name not in self.macros:
                continue
            handed = not eyes.isdisjoint(tokens[opener:closer])
            if self._is_broken(opener, empties):
                self.stream.problem(
                    "R02", self.stream.first[opener], "a macro stands between a name and its parenthesis"
                )
            seen = None if handed else self._seen(name, direct=direct)
            self._check_call(name, (opener, closer), empties, seen)
            self._check_commas(pairs, opener, closer)
            self._check_empty(name, (opener, closer), empties)

    @property
    def may_begin_above(self) -> bool:
        """Say whether a call of a macro that looks at its arguments may begin above the window."""
        looks = bool(self.lookers) or self.known.look or self.made.table.operates
        return not self.whole and (not self.closed or looks)

    def check_unseen(self) -> None:
        """Note what was expanded in a window where the arguments of a call may be that begins above it.

        Nothing where no macro is known to look at its arguments, and others are none by ``closed-world``.
        """
        if not self.made.units or not self.may_begin_above:
            return
        changed = [low for low, _, _ in self.made.units]
        for first, last in self._unseen(self.stream.tokens):
            number = bisect_left(changed, first)
            if number < len(changed) and changed[number] <= last:
                why = "this may be an argument of a macro whose call begins out of sight"
                self.stream.problem("R30", self.made.units[number][2].first, why)

    def _is_broken(self, opener: int, empties: set[int]) -> bool:
        """Say whether a name is no call for what a macro does between it and its parenthesis."""
        stream = self.stream
        gap = stream.source[stream.last[opener - 1] : stream.first[opener]]
        if opener in empties or b"#" in gap or b"%:" in gap:  # no macro's call goes on behind a directive
            return True
        if not stream.calls[opener]:
            return bool(stream.calls[opener - 1]) and not self._ends_in_name(opener - 1)
        return stream.first[opener - 1] != stream.first[opener] or not (
            len(stream.calls[opener]) == 1 or (self._stands(opener - 1) and self._stands(opener))
        )

    def _ends_in_name(self, place: int) -> bool:
        """Say whether nothing may have vanished behind a name that ends an expansion: it is one word for
        another, or the last of its macro's body.
        """
        calls = self.stream.calls[place]
        ways = [way for name in calls if (way := self.made.table.get(name))]
        if all(way.params is None and len(way.body) == 1 for way in ways):
            return True
        return len(calls) == 1 and ways[0].params is None and ways[0].body[-1] == self.stream.tokens[place]

    def _stands(self, place: int) -> bool:
        """Say whether a token of an expansion is one that its outermost macro put there as it stands."""
        return not self.stream.nested[place] and self._is_steady(self.unit_at[self.stream.first[place]])

    def _is_steady(self, unit: Unit) -> bool:
        """Say whether nothing in a call has vanished, and its own name has not come back."""
        table = self.made.table
        inner = [definition for name in unit.calls[1:] if (definition := table.get(name))]
        return not any(tok.text == unit.calls[0] for tok in unit.tokens) and not any(
            all(word in (way.params or ()) or table.get(word) or word in self.macros for word in way.body)
            for way in inner
        )

    def _check_units(self) -> None:
        """A macro of this text inside of a call of the table's: its expansion is not seen, so it must not
        matter.
        """
        wild = frozenset(
            name for name in self.macros if not all(map(_is_one_operand, self.reach.all_of(name)))
        )
        for _, _, unit in self.made.units:
            words = {*self.stream.source[unit.first : unit.last], *(tok.text for tok in unit.tokens)}
            seen = {word for word in unit.indirect if KINDS[word] is IDENTIFIER}
            if seen and not (self.closed and self.macros.keys().isdisjoint(seen)):
                why = "an operator # or ## takes part, and a name in it may be a macro"
                self.stream.problem("R03", unit.first, why)
            elif not wild.isdisjoint(words - self._called(unit)):
                self.stream.problem(
                    "R02", unit.first, "a macro of this text with commas is inside of this call"
                )
            elif not self.closed and any(is_name(word) for word in unit.handed):
                self.stream.problem("R02", unit.first, "a name in this call may be a macro with commas")
            self._check_loop(unit)

    def _called(self, unit: Unit) -> set[bytes]:
        """Give the macros that a call's outermost body itself calls, and nothing else names: what they
        become is handed to no one.
        """
        if not self._is_steady(unit):
            return set()
        texts = [tok.text for tok in unit.tokens]
        found: dict[bytes, bool] = {}
        for place, tok in enumerate(unit.tokens):
            stands = tok.made and len(tok.hide) == 1 and texts[place + 1 : place + 2] == [b"("]
            found[tok.text] = stands and found.get(tok.text, True)
        given = self.stream.source[unit.first + 1 : unit.last]
        return {name for name, stands in found.items() if stands and name not in given}

    def _check_loop(self, unit: Unit) -> None:
        """A macro of this text that leads back to one of the table's stops elsewhere when inside of it."""
        for word in {tok.text for tok in unit.tokens}:
            if word in self.macros and not self.reach.of(word).isdisjoint(unit.calls):
                self.stream.problem("R05", unit.first, "a macro of this text leads back to this one")

    def _seen(self, name: bytes, *, direct: bool) -> frozenset[int] | None:
        """Give the positions of the arguments that may be looked at, None for all."""
        if not direct:
            return None
        if not self._looks(name, direct=direct):
            return frozenset()
        return self.looks.at(name) if self.closed and name in self.lookers else None

    def _check_call(
        self, name: bytes, pair: tuple[int, int], empties: set[int], seen: frozenset[int] | None
    ) -> None:
        """Note where an argument that its macro looks at does not stand as it was written."""
        tokens, depth, position = self.stream.tokens, 0, 0
        opener, closer = pair
        for place in range(opener + 1, min(closer + 1, len(tokens))):
            changed = place in empties or (place < closer and not self._is_as_written(place, opener))
            if changed and (seen is None or position in seen):
                text = name.decode("utf-8", "backslashreplace")
                why = "looks at" if name in self.lookers else "may be a macro that looks at"
                why = f"the name {text} {why} how its arguments are written"
                self.stream.problem("R02", self.stream.first[opener], why)
                return
            depth += (tokens[place] == b"(") - (tokens[place] == b")")
            position += tokens[place] == b"," and not depth

    def _check_empty(self, name: bytes, pair: tuple[int, int], empties: set[int]) -> None:
        """A macro without parameters is given nothing, not even what vanishes."""
        opener, closer = pair
        takes_nothing = any(way.params == () for way in self.macros.get(name, ()))
        if takes_nothing and any(opener < place <= closer for place in empties):
            self.stream.problem(
                "R31", self.stream.first[opener], "this macro takes no argument, and is given one"
            )

    def _check_commas(self, pairs: Pairs, opener: int, closer: int) -> None:
        """A macro counts its arguments before what is in them is expanded."""
        stream = self.stream
        for place in range(opener + 1, min(closer + 1, len(stream.tokens))):
            token = stream.tokens[place]
            if token not in _SHARES or not stream.calls[place] or self._is_handed(place, opener):
                continue
            partner = pairs.partner(place)
            if token == b"," or partner < 0 or stream.first[partner] != stream.first[place]:
                why = "a comma or a parenthesis comes out of a macro inside of another"
                stream.problem("R31", stream.first[place], why)
                return

    def _is_as_written(self, place: int, opener: int) -> bool:
        """Say whether a token is what the macro sees, however the call came about."""
        if not self.stream.calls[place]:
            return True
        known = self.closed and self.stream.tokens[place] not in self.macros
        return known and self._is_handed(place, opener)

    def _is_handed(self, place: int, opener: int) -> bool:
        """Say whether a token came with its call, out of the same macro, and no other had a part in it."""
        return self.stream.first[place] == self.stream.first[opener] and self._stands(place)

    def marked(self, stream: Stream, tokens: Sequence[bytes]) -> list[bytes]:
        """Mark the blanks that a call may see: a token behind one gets a blank in front."""
        out = list(tokens)
        eyes = self._eyes(tokens)
        if eyes and not self.unbalanced.isdisjoint(tokens):
            _mark(out, stream, 1, len(tokens))  # where a call begins and ends is up to those macros
            return out
        for first, last in self._unseen(tokens) if self.may_begin_above else ():
            _mark(out, stream, first + 1, last)
        pairs = None if self.none else self._pairs(tokens)
        if pairs is None or pairs.deepest > MOST_NESTED:
            return out  # ``check`` has made it a problem
        for opener, closer in pairs.closed_at.items():
            name, direct = pairs.callee(opener)
            given = name in self.macros and not eyes.isdisjoint(tokens[opener:closer])
            if given or self._looks(name, direct=direct):
                _mark(out, stream, opener + 1, closer)
        return out

    def _eyes(self, tokens: Sequence[bytes]) -> frozenset[bytes]:
        """Give the macros that see blanks, and that another macro may be handed by name: those of the
        table that are no call here, too.
        """
        table = self.made.table
        if not table.operates:
            return self.lookers
        return self.lookers.union(filter(self._is_eye, table.active(set(tokens))))

    def _is_eye(self, name: bytes) -> bool:
        """Say whether a macro of the table comes to one that sees blanks, there or through the text's."""
        if self.macros.keys().isdisjoint(self.made.table.reached(name)):  # and the name is none of them
            return self.made.table.looks(name)
        return any(way.operates for way in self.reach.all_of(name))


def _mark(out: list[bytes], stream: Stream, first: int, last: int) -> None:
    """Put a blank in front of the tokens of a stretch that stand behind one."""
    for place in range(first, last):
        blank = stream.first[place] > stream.last[place - 1] or stream.spaced[place]
        if blank and not is_directive(out[place]) and out[place][:1] != b" ":
            out[place] = b" " + out[place]
