"""The shortest way to a proof: plain code in which nothing changed but names that are one name for another.

Most null changes of a monolith are of this kind: ``hostname`` becomes ``V_hostname``, which a table makes
``hostname`` again. The kernel's whole machinery would find nothing to do in such a text, so it is enough to
see that this is so. ``Quick.prove`` gives the very judgement that ``kernel.prove`` gives, field by field, or
None, which says nothing at all: then the kernel has to look. Tests hold the two against each other.

Claim: two texts of tokens, blanks and comments that are equal but for names are null, if each such name is a
macro whose whole expansion is the other name.

Argument: ``kernel.stream`` of such a text is its tokens with these names replaced, if none of its rules finds
a place: no directive, splice or odd byte (``_is_plain``); no word that any table, any known text or any rule
knows for something else (``_strange``); no empty statement to drop. Blanks, comments and line ends are equal,
so whoever asks for a place is told the same. Parentheses and bare blocks are dropped only where a macro made
them; a call that looks at its arguments is ruled out by ``closed-world`` and by the words themselves.

Counter-example: ``#define F(x) #x`` in any known text, and ``F(hostname)``: F is a strange word then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vimagetrack.engine.lex.borders import doubtful
from vimagetrack.engine.lex.ctokens import CHAR, COMMENT, IDENTIFIER, KINDS, NUMBER, STRING, tokenize
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.rules.shadows import OFFSETS
from vimagetrack.engine.null.stream import Language, Options, Side
from vimagetrack.engine.null.table import Definition, Table
from vimagetrack.engine.null.words import BINARY, DECLARES, KEYWORDS, OBSERVERS, WATCHERS, is_name

#: All bytes of plain code: printable ASCII without the signs of directives and stray tokens.
_PLAIN: Final = bytes(byte for byte in range(32, 127) if byte not in b"#@`$") + b"\t\n"
#: A backslash stands in literals only, and never before the end of a line.
_SPLICE: Final = re.compile(rb"\\[ \t]*\n|\\\Z")
#: What is plain by its bytes and all the same not read as it looks, or not by every compiler.
_DECEPTIVE: Final = (b"??", b"%:", b"//*", b"*//", b'R"')
#: Words that bring a rule of the kernel into play wherever they stand.
_SPECIAL: Final = OBSERVERS | frozenset(
    b"\\ _Pragma __pragma __has_include __has_include_next __has_embed".split()
    + b"dependency import embed defined".split()
)
#: Where, in a joined stream, an empty statement may stand, or the body of an old-style function begin.
_EMPTY: Final = (b";\0;", b"{\0;", b"}\0;", b";\0{")
#: Behind these a name is used and never declared, whatever stands before them.
_USES: Final = (BINARY - {b"*", b"&", b"&&", b":"}) | {b"!", b"~", b"[", b"return"}
_JOINS: Final = frozenset({b"*", b"&", b"&&"})
#: Behind these a parenthesis holds an expression.
_GROUPS: Final = frozenset({b"if", b"while", b"switch", b"sizeof"})
#: How many tokens back a call is looked for.
_FAR: Final = 64
_LITERALS: Final = (CHAR, STRING)
_BORDERS: Final = frozenset({b";", b"{", b"}"})


@dataclass(frozen=True, slots=True)
class Same:
    """Two texts that come to the same tokens: how these are digested, and the different source tokens."""

    stream: bytes
    words: frozenset[bytes]
    expands: bool


class Quick:
    """Judges pairs under two tables and fixed options; knows their plain macros by name."""

    def __init__(self, before: Table, after: Table, options: Options) -> None:
        self.before = before
        self.after = after
        self.options = options
        known = options.known
        self._strange = _SPECIAL | known.definitions.keys() | known.undefined
        self._targets: dict[bytes, bytes | None] = {}
        self._possible = options.language is Language.C and options.grants(Assumption.CLOSED_WORLD)
        self._looked_at = known.look or before.operates or after.operates
        self._simple = not before.families and not after.families
        self._names = before.all_names | after.all_names

    def _macros(self, words: Collection[bytes]) -> Collection[bytes]:
        """Give the words that are macros under either table."""
        if self._simple:
            return self._names.intersection(words)
        return [word for word in words if self.before.get(word) or self.after.get(word)]

    def _target(self, name: bytes) -> bytes | None:
        """Give the one name that a macro of the tables stands for, None where it is anything else."""
        if name not in self._targets:
            self._targets[name] = self._find_target(name)
        return self._targets[name]

    def _find_target(self, name: bytes) -> bytes | None:
        ways = [table.get(name) for table in (self.before, self.after)]
        last = ways[1]
        if last is None or (ways[0] is not None and ways[0].canonical != last.canonical):
            return None
        body = _one_name(last)
        if body is None or body == name or self.before.get(body) or self.after.get(body):
            return None
        return (
            None if body in self._strange or body in KEYWORDS or not self.after.is_transition(name) else body
        )

    def plain_tokens(self, side: Side) -> list[bytes] | None:
        """Cut a text into tokens; None where it is not plain, or a rule may have something to do there."""
        text = side.text
        if not self._possible or (self._looked_at and not side.whole) or not _is_plain(text, side):
            return None
        tokens = tokenize(text)
        if not self._strange.isdisjoint(tokens) or not _ends(tokens, text):
            return None
        return tokens

    def translation(self, words: Collection[bytes]) -> dict[bytes, bytes] | None:
        """Map the macros among some words to the names that they stand for; None where one is not plain."""
        found = {}
        for name in self._macros(words):
            body = self._target(name)
            if body is None:
                return None
            found[name] = body
        return found

    def same(self, before: Side, after: Side) -> Same | None:
        """Compare two sides; None where they are not the same, or only the kernel can tell."""
        if before.text.count(b"\n") != after.text.count(b"\n"):
            return None
        tokens = self.plain_tokens(before)
        others = self.plain_tokens(after) if tokens else None
        if tokens is None or others is None or len(tokens) != len(others):
            return None
        words = frozenset(tokens).union(others)
        names = self.translation(words)
        if names is None:
            return None
        changed = [at for at, (one, two) in enumerate(zip(tokens, others, strict=True)) if one != two]
        if any(names.get(others[at]) != tokens[at] for at in changed):
            return None  # what was written out becomes a macro; the other way round warnings are asked for
        if changed and before.tail and b"\n" not in tokens[: changed[0]]:
            return None
        late = {name for name in names if not self.before.get(name)}
        if not late.isdisjoint(tokens):
            return None
        return self._same(others, names, words)

    def _same(
        self, tokens: list[bytes], names: Mapping[bytes, bytes], words: frozenset[bytes]
    ) -> Same | None:
        layout = {token for token in words if KINDS[token] <= COMMENT}
        code = [token for token in tokens if token not in layout]
        stream = b"\0".join([names.get(token, token) for token in code] if names else code)
        if any(pair in stream for pair in _EMPTY) or not _is_free_of_hazards(code, names):
            return None
        return Same(stream, words, bool(names))


def _one_name(definition: Definition) -> bytes | None:
    """Give the one identifier that an object-like macro stands for."""
    body = definition.body
    single = definition.params is None and len(body) == 1 and not definition.operates
    return body[0] if single and KINDS[body[0]] is IDENTIFIER else None


def _is_plain(text: bytes, side: Side) -> bool:
    """Say whether a text is code by its bytes alone, and whether it begins in code where it is a window."""
    if text.translate(None, _PLAIN) or any(sign in text for sign in _DECEPTIVE):
        return False
    if any(part in text for part in WATCHERS) or b"__LINE__" in text:
        return False
    if b"\\" in text and _SPLICE.search(text):
        return False
    if side.whole:
        return True
    closer, opener = text.find(b"*/"), text.find(b"/*")
    if closer >= 0 and not 0 <= opener < closer:
        return False  # it may begin in a comment
    first = text.partition(b"\n")[0]
    if first.count(b"/*") != first.count(b"*/"):
        return False
    quoted = b'"' in first or b"'" in first
    return not (side.tail and quoted) or doubtful(first) is None


def _ends(tokens: Sequence[bytes], text: bytes) -> bool:
    """Say whether every literal and comment of a plain text ends."""
    if (b'"' in text or b"'" in text) and not all(map(_is_closed, set(tokens))):
        return False
    closers = text.count(b"*/")
    if not closers and b"/*" not in text:
        return True
    comments = [token for token in tokens if token[:2] == b"/*"]
    return len(comments) == closers and all(len(one) > 3 and one.endswith(b"*/") for one in comments)


def _is_closed(token: bytes) -> bool:
    """Say whether a token is no literal that goes on, nor a number with a quote in it."""
    kind = KINDS[token]
    if kind not in _LITERALS:
        return kind is not NUMBER or b"'" not in token
    quote = b'"' if kind is STRING else b"'"
    rest = token.partition(quote)[2]
    open_end = b"\\" in rest and rest[:-1].replace(b"\\\\", b"").endswith(b"\\")
    return rest.endswith(quote) and not open_end


class _Uses:
    """Tells the places where a name is surely used and not declared, as ``rules.shadows`` reads them."""

    def __init__(self, code: Sequence[bytes]) -> None:
        self.code = code

    def _at(self, index: int) -> bytes:
        return self.code[index] if 0 <= index < len(self.code) else b""

    def is_use(self, index: int) -> bool:
        """Say whether a name is used here for sure."""
        before = self._at(index - 1)
        if self._at(index + 1) == b":":
            return False
        if before in _USES:
            return True
        if before == b"(":
            return self._is_group(index - 1)
        if before == b",":
            return self._is_argument(index - 1)
        return before in _JOINS and self._is_operand(index - 1)

    def _is_group(self, opener: int) -> bool:
        """Say whether a parenthesis holds an expression or the arguments of a call."""
        before = self._at(opener - 1)
        while before == b"(":
            opener -= 1
            before = self._at(opener - 1)
        if before in _USES or before in _GROUPS:
            return True
        return is_name(before) and before not in OFFSETS and self._at(opener - 2) not in DECLARES

    def _is_argument(self, comma: int) -> bool:
        """Say whether a comma stands between the arguments of a call."""
        depth = 0
        for index in range(comma - 1, max(comma - _FAR, -1), -1):
            token = self.code[index]
            if token in _BORDERS:
                return False
            depth += (token == b")") - (token == b"(")
            if depth < 0:
                return self._at(index - 1) != b"for" and self._is_group(index)
        return False

    def _is_operand(self, sign: int) -> bool:
        """Say whether ``&&``, ``&`` or ``*`` stands among operands."""
        before, token = self._at(sign - 1), self._at(sign)
        if before in _USES:
            return True
        if before == b"(":
            return token != b"*" and self._is_group(sign - 1)
        if before == b",":
            return token != b"*" and self._is_argument(sign - 1)
        return token != b"*" and before in (b")", b"]")


def _is_free_of_hazards(code: Sequence[bytes], names: Mapping[bytes, bytes]) -> bool:
    """Say whether no macro's name, nor the name that one stands for, can be a declaration here."""
    meant = {*names, *names.values()}
    uses = _Uses(code)
    return all(uses.is_use(index) for index, token in enumerate(code) if token in meant)
