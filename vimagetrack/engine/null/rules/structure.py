"""The rules on statements, in their order; each works on expanded tokens and says what may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.rules import (
    assembly,
    bare_blocks,
    bodies,
    body_parentheses,
    empty_conditionals,
    empty_statements,
    parentheses,
)
from vimagetrack.engine.null.rules.callees import Callees, careless
from vimagetrack.engine.null.rules.declarations import Names
from vimagetrack.engine.null.rules.expansion import Expansion
from vimagetrack.engine.null.rules.hidden import Hidden
from vimagetrack.engine.null.rules.reach import Macros
from vimagetrack.engine.null.shape import Shape, shapes
from vimagetrack.engine.null.stream import Language, Options, Rule, Side
from vimagetrack.engine.null.table import Definition
from vimagetrack.engine.null.words import is_name


class Structure:
    """Applies the rules to one stream."""

    def __init__(
        self, made: Expansion, side: Side, options: Options, macros: Macros, local: frozenset[bytes]
    ) -> None:
        self.made = made
        self.stream = made.stream
        self.side = side
        self.options = options
        self.local = local
        self.closed = options.grants(Assumption.CLOSED_WORLD)
        self.callees = Callees(made, macros, options.known, closed=self.closed, whole=side.whole)
        self.hidden = Hidden(self.callees.reach)
        self._shapes: list[Shape] | None = None
        self._names: Names | None = None

    def apply(self) -> None:
        """Bring the stream into its normal form."""
        stream = self.stream
        stream.strict_first, stream.strict_last = stream.first, stream.last
        if self.options.language is Language.ASM:
            self._calls()
            assembly.check_lines(self.made)
            stream.strict = stream.tokens = assembly.keep_lines(self.made)
            return
        looked_at, whole = self._calls(), stream.tokens
        stream.strict = self._marked() if looked_at else list(stream.tokens)
        self._bodies()
        self._remove({**self._parentheses(), **self._statements()})
        self._conditionals()
        self._blocks()
        if looked_at:
            stream.tokens = self._marked() if stream.tokens is not whole else list(stream.strict)

    def _calls(self) -> bool:
        """Check what calls may see; say whether any may."""
        self._check_counts()
        self._check_bodies()
        self.callees.check_unseen()
        looked_at = self._is_looked_at()
        if looked_at:
            self.callees.check()
        return looked_at

    def _check_counts(self) -> None:
        """A macro that counts (``__COUNTER__``) in a call of the table's may count once there, or more."""
        for _, _, unit in self.made.units if self.stream.watchers else ():
            words = {*self.stream.source[unit.first : unit.last], *(tok.text for tok in unit.tokens)}
            if not self.stream.watchers.isdisjoint(words):
                self.stream.problem("R13", unit.first, "a macro in this call may count once or more")

    def _check_bodies(self) -> None:
        """What a macro's body hands to another macro must not matter to it as it was written."""
        if Rule.BODIES_IN_FORCE not in self.stream.rules:
            return
        macros = self.callees.macros
        for way in [way for name in sorted(self.local & macros.keys()) for way in macros[name]]:
            for word, callee in bodies.handed(way, self.made.table):
                if self._may_matter(way, word, callee):
                    text = b"in the body of %s, %s may look at its arguments" % (way.name, callee)
                    self.stream.problem("R03", 0, text.decode("utf-8", "backslashreplace"))

    def _may_matter(self, way: Definition, word: bytes, callee: bytes) -> bool:
        """Say whether it may matter to what is called in a body that a word there is a transition macro."""
        if callee in self.callees.lookers or callee in (way.params or ()):
            return True
        if callee in self.callees.macros:  # it counts its arguments before they are expanded
            return not bodies.is_one_operand(word, self.made.table)
        return not self.closed and is_name(callee)

    def _may_see(self) -> bool:
        """Say whether a macro looks at spellings, or a call may have come about otherwise."""
        looks = bool(self.callees.lookers) or self.made.table.operates
        return looks or bool(self.made.units) or bool(self.stream.dropped)

    def _is_looked_at(self) -> bool:
        """Say whether any call of this text may see how its arguments are written, or what was expanded in
        them.
        """
        if not self.closed or self.callees.may_begin_above:
            return True
        return self._may_see() and not self.callees.macros.keys().isdisjoint(self.stream.tokens)

    def _marked(self) -> list[bytes]:
        return self.callees.marked(self.stream, self.stream.tokens)

    @property
    def shapes(self) -> Sequence[Shape]:
        """Give the shapes of the stream as it is now."""
        if self._shapes is None:
            self._shapes = shapes(
                self.stream.tokens,
                whole=self.side.whole,
                closed=self.closed,
                local=self.local,
                strange=self.hidden.strange,
            )
        return self._shapes

    @property
    def names(self) -> Names:
        """Give what the stream shows of its names, before anything was dropped."""
        if self._names is None:
            self._names = Names.of(self.stream.tokens)
        return self._names

    def _remove(self, gone: Mapping[int, Rule]) -> None:
        if gone:
            self.stream.remove(gone)
            self._shapes = None

    def _bodies(self) -> None:
        if self.options.language is Language.C and self.closed and Rule.BODIES_IN_FORCE in self.stream.rules:
            gone = body_parentheses.find_in_bodies(self.stream, self.names)
            if gone and self.callees.lookers:
                self._check_spelling(min(gone))
            self._remove(dict.fromkeys(gone, Rule.PARENTHESES))

    def _check_spelling(self, index: int) -> None:
        """A body that loses parentheses must not come to what looks at spellings (XSTR, not STR alone)."""
        reach, lookers = self.callees.reach, self.callees.lookers
        rewritten = {
            name
            for name in reach.macros
            if any(bodies.transition_words(way, reach.table) for way in reach.macros[name])
        }
        seen = {name for name in lookers if not lookers.isdisjoint(reach.of(name))}
        words = {token.lstrip(b"\n ") for token in self.stream.tokens}
        if seen & words and rewritten & words:
            self.stream.problem("R03", self.stream.first[index], "a macro of this text may write this body")

    def _statements(self) -> dict[int, Rule]:
        if not empty_statements.candidates(self.stream.tokens):
            return {}
        finder = empty_statements.EmptyStatements(
            self.stream, self.shapes, self.options, self.names.types, self.hidden
        )
        return dict.fromkeys(finder.find(), Rule.EMPTY_STATEMENTS)

    def _conditionals(self) -> None:
        gone = empty_conditionals.find(self.stream.tokens)
        if not gone:
            return
        if self.options.grants(Assumption.EMPTY_CONDITIONALS):
            self.stream.assumptions.add(Assumption.EMPTY_CONDITIONALS)
            self._remove(dict.fromkeys(gone, Rule.EMPTY_CONDITIONALS))
        else:
            self.stream.withhold(Assumption.EMPTY_CONDITIONALS, self.stream.first[min(gone)])

    def _parentheses(self) -> dict[int, Rule]:
        if self.options.language is not Language.C or next(parentheses.candidates(self.stream), None) is None:
            return {}
        if not self.closed:
            self.stream.withhold(Assumption.CLOSED_WORLD, 0)
            return {}
        finder = parentheses.Parentheses(
            self.stream, self.shapes, self.names, self.hidden, careless=careless(self.callees.macros)
        )
        gone = finder.find()
        if gone:
            self.stream.assumptions.add(Assumption.CLOSED_WORLD)
        return dict.fromkeys(gone, Rule.PARENTHESES)

    def _blocks(self) -> None:
        vanished = sorted(unit.last for _, unit in self.made.empties)
        if vanished and bare_blocks.candidates(self.stream, vanished):
            finder = bare_blocks.BareBlocks(
                self.stream, self.shapes, self.options, self.names.types, self.callees.reach
            )
            self._remove(dict.fromkeys(finder.find(vanished), Rule.BARE_BLOCKS))
