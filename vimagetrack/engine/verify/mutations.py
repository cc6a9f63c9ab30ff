"""Find places where one changed token surely changes what comes out of the preprocessor.

Nothing here asks the kernel: it is what the kernel is tried with. So the rule is plain: only what stands in
code that no known condition can drop, and in no argument that a macro in sight might drop. May leave out a
place that would do; must never offer a mutation that changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, tokenize
from vimagetrack.engine.lex.directives import Directive, directives
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.table import Definition, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """Put ``text`` for the bytes from ``start`` to ``end``; ``what`` says it in words."""

    start: int
    end: int
    text: bytes
    what: str

    def applied(self, text: bytes) -> bytes:
        """Give the mutated text."""
        return text[: self.start] + self.text + text[self.end :]


#: Operators that no rule drops, each with another one. Blanks stand around what is put in their place.
_OTHER: Final = {
    **dict.fromkeys((b"+", b"*", b"/", b"&", b"^"), b"-"),
    **dict.fromkeys((b"-", b"%", b"|"), b"+"),
    **dict.fromkeys((b"<", b"<=", b"==", b">="), b"!="),
    **dict.fromkeys((b">", b"!="), b"=="),
    **dict.fromkeys((b"=", b"-="), b"+="),
    b"+=": b"-=",
    b"&&": b"||",
    b"||": b"&&",
    b"->": b".",
    b".": b"->",
    b"!": b"~",
    b"~": b"!",
    b"<<": b">>",
    b">>": b"<<",
    b"++": b"--",
    b"--": b"++",
    b"?": b"+",
}
_LAYOUT: Final = frozenset({TokenKind.SPACE, TokenKind.NEWLINE, TokenKind.COMMENT})
_OPENING: Final = frozenset({b"if", b"ifdef", b"ifndef"})


class Mutator:
    """Lists the mutations of one text; ``tables`` are those of every state in which it has to stay null."""

    def __init__(self, text: bytes, tables: Sequence[Table], known: Known) -> None:
        self.tokens = tokenize(text)
        self.at = list(accumulate(map(len, self.tokens), initial=0))
        self.tables = tables
        self.known = known
        self.directives = list(directives(self.tokens))
        self.local = {self.tokens[d.words[0]] for d in self.directives if d.name in _NAMING and d.words}
        code = (token for token in dict.fromkeys(self.tokens) if KINDS[token] is TokenKind.IDENTIFIER)
        #: Names to put for others: plain ones, in the order of the text.
        self.plain = [token for token in code if not self.is_macro(token)]

    def mutations(self, lines: Collection[int]) -> Iterator[Mutation]:
        """List what may be done to the tokens of some lines (0-based), in the order of the text."""
        lineno = 0
        sure = self._sure()
        for index, token in enumerate(self.tokens):
            if lineno in lines and index in sure:
                yield from self._of_token(index, token, body=sure[index])
            lineno += token.count(b"\n")

    def is_macro(self, name: bytes) -> bool:
        """Say whether anybody in sight defines a name."""
        return name in self.local or name in self.known.definitions or any(t.get(name) for t in self.tables)

    def _sure(self) -> dict[int, bool]:
        """Give the tokens that surely count, each with whether it stands in a macro's body or an include."""
        found: dict[int, bool] = {}
        groups: list[bool] = []
        calls = _Calls(self)
        done = 0
        ends = [(directive.first, directive.last, directive) for directive in self.directives]
        for first, last, directive in [*ends, (len(self.tokens), len(self.tokens), None)]:
            for index in range(done, first):
                if calls.take(index) and all(groups):
                    found[index] = False
            done = last
            if directive is not None:
                self._group(directive, groups)
                if all(groups) and not calls.stack:
                    found |= dict.fromkeys(self._of_directive(directive), True)
        return found

    def _group(self, directive: Directive, groups: list[bool]) -> None:
        """Follow the conditionals; a group counts where no known condition could leave it out."""
        words = [self.tokens[index] for index in directive.words]
        if directive.name in _OPENING:
            groups.append(self._undecided(words) or self._is_guard(directive))
        elif directive.name.startswith(b"el") and groups:
            groups[-1] = groups[-1] and self._undecided(words)
        elif directive.name == b"endif" and groups:
            groups.pop()

    def _undecided(self, words: Sequence[bytes]) -> bool:
        """Say whether nobody here knows any name of a condition, which has one, and no number."""
        names = [word for word in words if KINDS[word] is TokenKind.IDENTIFIER and word != b"defined"]
        if words and not names:
            return False
        known = any(t.is_defined(name) is not None for t in self.tables for name in names)
        return not known and not any(self.is_macro(name) for name in names)

    def _is_guard(self, directive: Directive) -> bool:
        """Say whether it opens the guard of a header: the next line defines the name, empty."""
        after = next((other for other in self.directives if other.first >= directive.last), None)
        if (
            directive.name != b"ifndef"
            or after is None
            or after.name != b"define"
            or after.first > directive.last + 1
        ):
            return False
        words = [[self.tokens[index] for index in d.words] for d in (directive, after)]
        return (
            len(words[0]) == 1 and words[0] == words[1] and not any(t.get(words[0][0]) for t in self.tables)
        )

    def _of_directive(self, directive: Directive) -> Iterator[int]:
        """List the tokens of a macro's body, and the name of a file that is included."""
        words = directive.words
        if (
            directive.name == b"include"
            and len(words) == 1
            and KINDS[self.tokens[words[0]]] is TokenKind.STRING
        ):
            yield words[0]
        if directive.name != b"define" or len(words) < 2:
            return
        rest = list(words[1:])
        if rest[0] == words[0] + 1 and self.tokens[rest[0]] == b"(":
            closing = next(
                (place for place, index in enumerate(rest) if self.tokens[index] == b")"), len(rest)
            )
            rest = rest[closing + 1 :]
        yield from rest

    def _of_token(self, index: int, token: bytes, *, body: bool) -> Iterator[Mutation]:
        kind = KINDS[token]
        if kind is TokenKind.IDENTIFIER:
            yield self._put(index, token + b"_mutated")
            if not self.is_macro(token):
                other = next((name for name in self.plain if name not in (token, *_PARAMETERS)), None)
                if other and not body:
                    yield self._put(index, other)
                yield from self._more_or_less(index, token)
        elif kind is TokenKind.NUMBER:
            yield self._put(index, b"1" + token)
            yield from self._more_or_less(index, token)
        elif kind in (TokenKind.STRING, TokenKind.CHAR) and b"R" not in token.split(b'"')[0]:
            quote = token.index(b'"' if kind is TokenKind.STRING else b"'") + 1
            yield self._put(index, token[:quote] + b"x" + token[quote:])
        elif token in _OTHER and not body:
            yield self._put(index, b" " + _OTHER[token] + b" ")
            yield from self._more_or_less(index, token)

    def _more_or_less(self, index: int, token: bytes) -> Iterator[Mutation]:
        yield self._put(index, b" ", f"{_say(token)} left out")
        yield self._put(index, token + b" " + token, f"{_say(token)} doubled")

    def _put(self, index: int, text: bytes, what: str = "") -> Mutation:
        what = what or f"{_say(self.tokens[index])} became {_say(text)}"
        return Mutation(start=self.at[index], end=self.at[index + 1], text=text, what=what)


_NAMING: Final = frozenset({b"define", b"undef"})
#: Words that some compilers take for nothing, or for a macro of their own.
_PARAMETERS: Final = (b"defined", b"__VA_ARGS__", b"__VA_OPT__", b"__extension__")


@dataclass(slots=True)
class _Open:
    """One open parenthesis: the macros that it may be a call of (none: plain), the argument's index."""

    ways: Sequence[Definition | None]
    argument: int = 0


class _Calls:
    """Follows parentheses through code: does every macro call around a token surely keep it?"""

    def __init__(self, text: Mutator) -> None:
        self.text = text
        self.stack: list[_Open] = []
        self.callee: Sequence[Definition | None] = ()

    def take(self, index: int) -> bool:
        """Take the next token of code; say whether it surely counts."""
        token = self.text.tokens[index]
        if KINDS[token] in _LAYOUT:
            return False
        callee, self.callee = self.callee, ()
        if token == b"(":
            self.stack.append(_Open(callee))
        elif token == b")" and self.stack:
            self.stack.pop()
        elif token == b"," and self.stack:
            self.stack[-1].argument += 1
        elif KINDS[token] is TokenKind.IDENTIFIER:
            self.callee = self._ways(token)
        return all(self._uses(way, call.argument) for call in self.stack for way in call.ways)

    def _ways(self, name: bytes) -> Sequence[Definition | None]:
        """Give all that a name may be; None stands for what is not known."""
        text = self.text
        found: list[Definition | None] = [table.get(name) for table in text.tables]
        found += text.known.definitions.get(name, ())
        if name in text.local and name not in text.known.definitions:
            found.append(None)
        elif not any(found):
            return ()
        return found

    def _uses(self, way: Definition | None, place: int) -> bool:
        """Say whether a macro surely has an argument in its expansion: itself, or as part of a word."""
        if way is None or not way.params:
            return False
        name = way.params[min(place, len(way.params) - 1)]
        others = [word for word in way.body if word not in way.params and KINDS[word] is TokenKind.IDENTIFIER]
        pasted = way.operates
        return name in way.body and not pasted and not any(self.text.is_macro(word) for word in others)


def _say(token: bytes) -> str:
    return token.strip().decode("utf-8", "backslashreplace")
