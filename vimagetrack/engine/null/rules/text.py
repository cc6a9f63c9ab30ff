"""Directives that stay: what a line leaves in the stream, word by word.

Claim: a directive that is not resolved may only be compared as it is spelt.

Argument: most directives are not macro-expanded (``#define``, ``#undef``, ``#ifdef``, ``#include <...>``),
and where they are, how is up to the compiler (``#pragma``). White space between two words is kept as one
blank, since a macro's body may be stringised; at the ends of a line it means nothing.

Counter-example: ``#if defined(foo)`` and ``#if defined(V_foo)``: defined does not expand its operand.
"""

from __future__ import annotations

from typing import Final

from vimagetrack.engine.lex.ctokens import COMMENT, KINDS, SPACE
from vimagetrack.engine.lex.directives import Directive
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.rules import bodies, vocabulary
from vimagetrack.engine.null.rules.expansion import Expansion, body_word
from vimagetrack.engine.null.stream import Language, Options, Rule, Side, Stream
from vimagetrack.engine.null.table import Definition, read_definition
from vimagetrack.engine.null.units import Unexpandable

#: Pragmas that change what macros mean, or what a compiler says of their uses.
_STACKED: Final = frozenset(
    {b"push_macro", b"pop_macro", b"poison", b"deprecated", b"restrict_expansion", b"final"}
)
#: What else may stand behind a #; the null directive and line markers have no name.
_KNOWN: Final = (
    frozenset(b"define undef include include_next import embed line error warning pragma ident sccs".split())
    | {b"assert", b"unassert"}
    | {b"", b"elif", b"elifdef", b"elifndef", b"else", b"endif"}
)
_RAW: Final = frozenset(
    {b"error", b"warning", b"include", b"include_next", b"import", b"ident", b"sccs", b"embed"}
)


class DirectiveText:
    """Turns the directives of one text into tokens; knows what the text defines itself."""

    def __init__(self, stream: Stream, side: Side, options: Options, found: list[Directive]) -> None:
        self.stream = stream
        self.source = stream.source
        self.side = side
        self.options = options
        own = [d for d in found if d.name in (b"define", b"undef") and d.words]
        #: Names that the text itself defines or undefines: a conditional on one is never known.
        self.local = frozenset(self.source[d.words[0]] for d in own)
        #: The macros that the text defines and the table does not, each with all its definitions that may
        #: count.
        self.macros: dict[bytes, list[Definition]] = {}
        self.table = side.table
        if side.table.families:
            self._overlay(own)

    def _overlay(self, own: list[Directive]) -> None:
        """Expand a family's names as the text itself defines them, where that is what the family says."""
        found = []
        for directive in own:
            pattern = self.side.table.get(self.source[directive.words[0]])
            if directive.name == b"define" and pattern is not None and pattern.family:
                found.append(self._as_defined(directive, pattern))
        self.table = self.side.table.with_definitions([definition for definition in found if definition])

    def _as_defined(self, directive: Directive, pattern: Definition) -> Definition | None:
        if self.source[directive.words[0] + 1 :][:1] == [b"("]:
            return (
                None  # a function-like macro is no member of a family; it will be a problem where it stands
            )
        return vocabulary.of_family(read_definition(self.source, directive), pattern, self.side.table)

    def take(self, directive: Directive, expansion: Expansion) -> None:
        """Append what a directive leaves. Raises TableError for a ``#define`` that is none."""
        if directive.name == b"define":
            self._define(directive, expansion)
        elif (
            directive.name == b"undef" and directive.words and self.table.get(self.source[directive.words[0]])
        ):
            self.stream.problem("R01", directive.words[0], "the text undefines a macro of the table")
        elif directive.name in (b"include", b"import") and self._is_vocabulary(directive, expansion):
            self.stream.drop(directive.first, directive.last, Rule.VOCABULARY)
            self.stream.vocabulary.add(b"#include")
        else:
            self._guard(directive)
            self.keep(directive)

    def keep(self, directive: Directive) -> None:
        """Append a directive as one token, as it is spelt."""
        text = b"#" + directive.name + b" " + self._spelt(directive)
        self.stream.add([b"\n" + text], [directive.first], [directive.last])

    def _spelt(self, directive: Directive) -> bytes:
        if directive.name in _RAW and directive.words:
            return b"".join(self.source[directive.words[0] : directive.last]).strip()
        return b"".join(self._blank(index) + self.source[index] for index in directive.words).strip()

    def _blank(self, index: int) -> bytes:
        return b" " if KINDS[self.source[index - 1]] in (SPACE, COMMENT) else b""

    def _guard(self, directive: Directive) -> None:
        words = [self.source[index] for index in directive.words]
        if directive.name == b"pragma" and not _STACKED.isdisjoint(words):
            self.stream.problem("R01", directive.hash_index, "a #pragma changes what macros mean")
        if directive.name not in _KNOWN and self.options.language is not Language.ASM:
            self.stream.problem("R07", directive.hash_index, "no preprocessor knows this directive")

    def _is_vocabulary(self, directive: Directive, expansion: Expansion) -> bool:
        """Say whether an include of a transition header may be dropped; note where only an assumption
        lacks. One that stands below a macro of the table is not where the macro comes from.
        """
        if any(map(self.table.is_transition, expansion.called)):
            return False
        named = vocabulary.included(self._spelt(directive))
        if named is None:
            return False
        name, quoted = named
        header = vocabulary.header_of(name, quoted=quoted, path=self.side.path, headers=self.options.headers)
        if header is None:
            return False
        text = self.side.table.header_texts.get(header)
        if text is not None and self._is_inert(text):
            return True
        if self.options.grants(Assumption.INERT_HEADERS):
            self.stream.assumptions.add(Assumption.INERT_HEADERS)
            return True
        self.stream.withhold(Assumption.INERT_HEADERS, directive.first)
        return False

    def _is_inert(self, text: bytes) -> bool:
        words = set(self.source)
        return vocabulary.is_inert(text, self.side.table, self.options.known, words=words, local=self.local)

    def _define(self, directive: Directive, expansion: Expansion) -> None:
        found = read_definition(self.source, directive)
        if self.table.get(found.name) is None:
            self.macros.setdefault(found.name, []).append(found)
            self._body(directive, found, expansion)
        elif self.options.vocabulary and vocabulary.repeats(found, self.table):
            if found.name in expansion.called:  # it stands below a use, which it does not serve
                self.keep(directive)
                return
            self.stream.drop(directive.first, directive.last, Rule.VOCABULARY, found.name)
            self.stream.vocabulary.add(found.name)
        else:
            self.stream.problem("R01", directive.words[0], "the text defines a macro of the table")
            self._body(directive, found, expansion)

    def _body(self, directive: Directive, found: Definition, expansion: Expansion) -> None:
        """Append the definition of a macro that is not in the table: its head, then its words."""
        indexes = list(directive.words[len(directive.words) - len(found.body) :])
        self.stream.add([b"\n" + found.head], [directive.first], [indexes[0] if indexes else directive.last])
        if self._replaced(directive, found):
            expansion.body(indexes)
            return
        texts = [body_word(word, space=space) for word, space in zip(found.body, found.spaces, strict=True)]
        self.stream.add(texts, indexes, [index + 1 for index in indexes])

    def _replaced(self, directive: Directive, found: Definition) -> bool:
        """Say whether the body's transition macros may be replaced in it."""
        if not bodies.transition_words(found, self.table):
            return False
        if not self.options.grants(Assumption.BODIES_IN_FORCE):
            self.stream.withhold(Assumption.BODIES_IN_FORCE, directive.first)
            return False
        try:
            bodies.expanded(found, self.table)
        except Unexpandable as refusal:
            self.stream.problem(refusal.rule, directive.words[0], refusal.why)
            return False
        self.stream.assumptions.add(Assumption.BODIES_IN_FORCE)
        self.stream.rules.add(Rule.BODIES_IN_FORCE)
        return True
