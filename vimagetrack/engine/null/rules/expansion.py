"""Macro expansion.

Claim: replacing every macro call of the table by what the preprocessor makes of it leaves a text that
compiles to the same.

Argument: that is translation phase 4, done by the standard's algorithm on tokens (``null.expand``). Names
that are not in the table stay as they are on both sides; where one may be a macro that looks at the
spelling of its arguments, ``rules.callees`` refuses.

Counter-example: text substitution. ``x &EMPTY& foo`` is no ``x && foo``, and ``STR(V_foo)`` is no ``"foo"``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.stream import Rule, Stream
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.null.units import Reader, Unexpandable, Unit

#: So many calls of one text may have no result; what stands behind is left as it is, since nothing of the
#: text can be proved any more, and each try of a hostile call may read to the end of the text.
MOST_FAILED: Final = 8


class Expansion:
    """Expands the stretches of one text; knows where each significant token is."""

    def __init__(
        self,
        stream: Stream,
        table: Table,
        significant: list[int],
        active: frozenset[bytes],
    ) -> None:
        self.stream = stream
        self.table = table
        self.significant = significant
        self.active = active
        self.expander = Expander(table)
        #: Where macros vanished: stream position, source range, outermost macro.
        self.empties: list[tuple[int, Unit]] = []
        self.units: list[tuple[int, int, Unit]] = []
        self.failed = 0
        #: The macros that were replaced so far.
        self.called: set[bytes] = set()

    def code(self, first: int, last: int, *, open_end: bool) -> None:
        """Append what a stretch of source without directives becomes.

        ``open_end`` says that tokens may follow which this stretch does not show.
        """
        low, high = bisect_left(self.significant, first), bisect_left(self.significant, last)
        indexes = self.significant[low:high]
        source = self.stream.source
        calls = (
            [place for place, index in enumerate(indexes) if source[index] in self.active]
            if self.active
            else []
        )
        done = 0
        for place in calls:
            if place >= done:
                self._plain(indexes[done:place])
                done = self._call(indexes, place, open_end=open_end)
        self._plain(indexes[done:])

    def body(self, indexes: list[int]) -> None:
        """Append the words of a macro's body, expanded; ``rules.bodies`` has said that they may be."""
        source, place, blank = self.stream.source, 0, False
        while place < len(indexes):
            if source[indexes[place]] in self.active:
                reader = Reader(source, indexes, place)
                unit = self.expander.unit(reader)
                blank = blank or (place > 0 and indexes[place - 1] != indexes[place] - 1)
                words = [
                    body_word(tok.text, space=tok.space or (blank and not number))
                    for number, tok in enumerate(unit.tokens)
                ]
                self.append(unit, words)
                blank = blank and not words  # the blank before what vanished stays
                place = reader.position
            else:
                index = indexes[place]
                space = blank or (place > 0 and indexes[place - 1] != index - 1)
                blank = False
                self.stream.add([body_word(source[index], space=space)], [index], [index + 1])
                place += 1

    def _plain(self, indexes: Sequence[int]) -> None:
        source = self.stream.source
        self.stream.add([source[i] for i in indexes], list(indexes), [i + 1 for i in indexes])

    def _call(self, indexes: list[int], place: int, *, open_end: bool) -> int:
        """Append what the macro at a place becomes; give the place behind it."""
        stream = self.stream
        reader = Reader(stream.source, indexes, place, open_end=open_end)
        before = stream.source[indexes[place - 1]] if place else b""
        try:
            unit = self.expander.unit(reader, before=before)
        except Unexpandable as found:
            stream.problem(found.rule, indexes[place], found.why)
            self.failed += 1
            end = place + 1 if self.failed < MOST_FAILED else len(indexes)
            self._plain(indexes[place:end])
            return end
        self.append(unit)
        return reader.position

    def append(self, unit: Unit, texts: list[bytes] | None = None) -> None:
        """Append a unit's tokens, all with the unit's range; ``texts`` spells them another way."""
        stream, width = self.stream, len(unit.tokens)
        macro = next((name for name in unit.calls if self.table.is_transition(name)), None)
        if unit.calls:
            stream.rules.add(Rule.EXPANSION)
            self.called.update(unit.calls)
            self.units.append((len(stream.tokens), len(stream.tokens) + width, unit))
            words = [*stream.source[unit.first : unit.last], *(tok.text for tok in unit.tokens)]
            if b"__COUNTER__" in words:
                stream.problem("R13", unit.first, "a __COUNTER__ in this call counts once or more")
        if not width:
            stream.drop(unit.first, unit.last, Rule.EXPANSION, macro)
            self.empties.append((len(stream.tokens), unit))
        stream.tokens += texts if texts is not None else [tok.text for tok in unit.tokens]
        stream.first += [unit.first] * width
        stream.last += [unit.last] * width
        stream.macro += [macro] * width
        stream.calls += [unit.calls] * width
        stream.made += bytes(tok.made for tok in unit.tokens)
        stream.nested += bytes(len(tok.hide) > 1 for tok in unit.tokens)
        stream.spaced += bytes(tok.space and number > 0 for number, tok in enumerate(unit.tokens))


def body_word(word: bytes, *, space: bool) -> bytes:
    """Spell a word of a macro's body so that no word of the code is like it."""
    return (b"\n " if space else b"\n") + word
