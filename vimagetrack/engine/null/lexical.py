"""Places where the token list is not what a compiler reads: each is a problem, none is mended.

Safe to be wrong by finding too many. Translation phases 1 and 2 (R09), bytes that a reader or a compiler sees
differently (R24), literals (R08, R27), and the borders of a window (R30).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Final

from vimagetrack.engine.lex.borders import doubtful
from vimagetrack.engine.lex.ctokens import (
    CHAR,
    COMMENT,
    IDENTIFIER,
    KINDS,
    NUMBER,
    OTHER,
    SPACE,
    STRING,
    TokenKind,
)
from vimagetrack.engine.lex.directives import places
from vimagetrack.engine.null import splices
from vimagetrack.engine.null.stream import Language, Side, Stream

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]|\r(?!\n)")
_SPLICED_BLANK: Final = re.compile(rb"\\[ \t\f\v]+\r?\n")
_TRIGRAPH: Final = re.compile(rb"\?\?[=/'()!<>-]")
#: One of these, or a control character, is in all that ``_SUSPECT`` finds, and found ten times as fast.
_SIGNS: Final = (b"'", b"\\", b"\r", b"??", b"//*", b'R"')
_CONTROLS: Final = bytes({*range(9), *range(14, 32), 127})
#: Finds all that ``_odd_anywhere`` may object to; what it does not find needs no second look.
_SUSPECT: Final = re.compile(
    rb"[\x00-\x08\x0e-\x1f\x7f]|\r(?!\n)|\?\?|\\[ \t\f\v]+\r?\n|//\*|\*\\[ \t\f\v]*\r?\n|[0-9A-Za-z]'|R\""
)
#: Where else than behind ``#include``, which is compared as it is spelt, a header's name may stand.
_HEADER: Final = re.compile(
    rb"(?:__has_include|__has_include_next|__has_embed|dependency|import|embed)\b[^<\n]*<[^>\n]*/[*/]"
)
#: One of these is in all that ``_HEADER`` finds.
_HEADER_SIGNS: Final = (b"__has_include", b"dependency", b"import", b"embed")
_CLOSED: Final = re.compile(rb"\*(?:\\[ \t\f\v]*\r?\n)+/")
#: Bidirectional controls, zero width, line separators, NEL, no-break space, byte order mark.
_UNSEEN: Final = re.compile(
    rb"\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xc2[\x80-\xa0\xad]|\xd8\x9c"
)
#: What ends a comment behind a star, and is rarer than that.
_SLASHES: Final = (b"/", b"/=")
_ODD_IN_ASCII: Final = (STRING, CHAR, OTHER)
_MAY_BE_ODD: Final = (IDENTIFIER, *_ODD_IN_ASCII)


def unseen_comments(source: list[bytes]) -> list[bytes]:
    """List the comments that hold characters which a reader does not see as the compiler does (R24)."""
    return [token for token in source if KINDS[token] is COMMENT and _UNSEEN.search(token)]


class Lexical:
    """Looks at one text, each different token once."""

    def __init__(self, stream: Stream, side: Side, language: Language, different: frozenset[bytes]) -> None:
        self.stream = stream
        self.side = side
        self.language = language
        self.different = different
        kinds = _ODD_IN_ASCII if side.text.isascii() else _MAY_BE_ODD
        odd = [token for token in different if KINDS[token] in kinds]
        self.odd_code = _reasons(odd, lambda token: _odd_in_code(token, language))
        self.spliced = {} if side.whole or b"\\" not in side.text else _window_splices(different)

    def check_text(self) -> None:
        """Note what is wrong wherever it stands, skipped groups and comments included."""
        stream, text = self.stream, self.side.text
        if _is_suspect(text):
            suspects = [token for token in self.different if b"'" in token or _SUSPECT.search(token)]
            self._note(
                _reasons(suspects, lambda token: _odd_anywhere(token, self.language)), 0, len(stream.source)
            )
        if stream.source and _is_open_comment(stream.source[-1]):
            stream.problem("R30", len(stream.source) - 1, "a comment is open at the end of the text")
        header = _HEADER.search(text) if any(part in text for part in _HEADER_SIGNS) else None
        if header:
            index = _index_at(stream.source, header.start())
            stream.problem("R09", index, "the name of a header holds what looks like a comment")
        doubt = None if self.side.whole else doubtful(text, continued=self.side.tail, tokens=stream.source)
        if doubt is not None:
            stream.problem("R30", doubt, "what is open above the window decides where this token ends")
        if not self.side.whole:  # in a group that is out, too: its #if may stand in that comment
            self._check_closers(0, len(stream.source))
        if not self.side.whole and text.rstrip(b"\r\n").endswith(b"\\"):
            stream.problem("R30", len(stream.source) - 1, "the last line goes on out of sight")
        if b"\\\n" in text or b"\\\r\n" in text:
            for index in splices.joining(stream.source):
                stream.problem("R09", index, "a spliced line may join two tokens")

    def check_code(self, first: int, last: int) -> None:
        """Note what is wrong in a stretch of live code without directives."""
        self._note(self.odd_code, first, last)
        for word in (b"_Pragma", b"__pragma"):
            for index in places(self.stream.source[first:last], word) if word in self.different else ():
                self._check_pragma(first + index)
        self._note(self.spliced, first, last)
        self._check_pairs(first, last)
        if self.language is Language.CXX:
            _check_cxx(self.stream, first, last)

    def _check_pragma(self, index: int) -> None:
        """A pragma among the code may change what macros mean; which one it is may be hidden in macros."""
        words = b" ".join(self.stream.source[index : index + 12])
        if b'"' not in words or b"macro" in words or b"poison" in words:
            self.stream.problem("R01", index, "a pragma may change what macros mean")

    def _check_pairs(self, first: int, last: int) -> None:
        """Find punctuators that touch and together are something else: ``*/`` and trigraphs."""
        self._check_closers(first, last)
        stretch = self.stream.source[first:last] if b"??" in self.side.text else []
        for index in places(stretch, b"?"):
            if _TRIGRAPH.match(b"".join(stretch[index : index + 3])):
                self.stream.problem("R09", first + index, "a trigraph stands here")

    def _check_closers(self, first: int, last: int) -> None:
        if b"*" not in self.different or self.different.isdisjoint(_SLASHES):
            return
        stretch = self.stream.source[first:last]
        for index in sorted(index for slash in _SLASHES for index in places(stretch, slash)):
            if index and stretch[index - 1] == b"*":
                self.stream.problem("R30", first + index - 1, "a comment ends here that began out of sight")

    def _note(self, odd: Mapping[bytes, tuple[str, str]], first: int, last: int) -> None:
        for index in range(first, last) if odd else ():
            token = self.stream.source[index]
            if token in odd:
                rule, reason = odd[token]
                self.stream.problem(rule, index, reason)


def _index_at(source: list[bytes], offset: int) -> int:
    """Find the token that holds a byte of the text."""
    ends = accumulate(map(len, source))
    return next(index for index, end in enumerate(ends) if end > offset)


def _is_suspect(text: bytes) -> bool:
    """Say whether there may be something odd anywhere in a text."""
    plain = not any(sign in text for sign in _SIGNS) and len(text.translate(None, _CONTROLS)) == len(text)
    return not plain and _SUSPECT.search(text) is not None


def _reasons(
    tokens: Iterable[bytes], judge: Callable[[bytes], tuple[str, str] | None]
) -> dict[bytes, tuple[str, str]]:
    judged = {token: judge(token) for token in tokens}
    return {token: reason for token, reason in judged.items() if reason}


def _window_splices(tokens: Iterable[bytes]) -> dict[bytes, tuple[str, str]]:
    """Give the spliced lines of a window, which may belong to a macro body that begins out of sight."""
    why = "R30", "this spliced line may belong to a macro body out of sight"
    return {token: why for token in tokens if b"\n" in token and KINDS[token] is SPACE}


def _is_open_comment(token: bytes) -> bool:
    return token.startswith(b"/*") and (len(token) < 4 or not token.endswith(b"*/"))


def _odd_anywhere(token: bytes, language: Language) -> tuple[str, str] | None:
    """Say what is odd about a token that may stand in a comment or a skipped group as well."""
    if _CONTROL.search(token):
        return "R24", "a control character stands here"
    kind = KINDS[token]
    if _SPLICED_BLANK.search(token) and not token.startswith(b"/*"):
        return "R09", "a backslash and blanks end a line: compilers differ"
    if b"??/" in token or (kind is not COMMENT and kind is not STRING and _TRIGRAPH.search(token)):
        return "R09", "a trigraph stands here"
    if kind is COMMENT:
        if token.startswith(b"//*"):
            return "R09", "//* is a comment since C99, a division before"
        return ("R09", "a spliced */ closes this comment") if _CLOSED.search(token) else None
    if kind is STRING and language is not Language.CXX and token.partition(b'"')[0].endswith(b"R"):
        return "R08", "a raw string is none in every C"
    if kind is NUMBER and b"'" in token and language is not Language.CXX:
        return "R09", "a digit separator, or a quote behind a number"
    return None


def _odd_in_code(token: bytes, language: Language) -> tuple[str, str] | None:
    kind = KINDS[token]
    if kind is IDENTIFIER and not token.isascii():
        text = token.decode("utf-8", "replace")
        if not text.replace("$", "_").isidentifier() or _UNSEEN.search(token):
            return "R24", "a character outside ASCII that is no letter stands here"
    if kind in (STRING, CHAR):
        return _odd_literal(token, kind, language)
    if kind is OTHER and token not in (b"@", b"`"):
        return "R24", "a stray character stands here"
    return None


def _odd_literal(token: bytes, kind: TokenKind, language: Language) -> tuple[str, str] | None:
    quote = b'"' if kind is STRING else b"'"
    head, _, rest = token.partition(quote)
    if head.endswith(b"R"):
        return ("R24", "a raw string holds a carriage return") if b"\r" in token else None
    body = rest[:-1].replace(b"\\\\", b"")
    if not rest.endswith(quote) or body.endswith(b"\\"):
        return "R08", "a literal does not end on its line"
    if b"\\\\\n" in rest or b"\\\\\r\n" in rest:
        return "R09", "a literal is spliced behind a backslash"
    return ("R09", "a trigraph may stand here") if b"??'" in token else None


def is_suffix(token: bytes) -> bool:
    """Say whether a token begins with what C++ takes for the suffix of a literal that it touches."""
    kind = KINDS[token]
    return kind is IDENTIFIER or (kind in (STRING, CHAR) and token[:1].isalpha())


def _check_cxx(stream: Stream, first: int, last: int) -> None:
    """Find what C++ reads by neighbours: a literal and its suffix, and ``<::``."""
    source = stream.source
    for index in range(first, last - 1):
        token, following = source[index], source[index + 1]
        literal = KINDS[token] in (STRING, CHAR)
        if literal and is_suffix(following):
            stream.problem("R27", index, "a literal touches a name, which may be its suffix")
        if token == b"<:" and following[:1] == b":":
            stream.problem("R09", index, "the digraph <:: is read differently since C++11")
