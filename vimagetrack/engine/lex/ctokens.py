"""Cut C text into tokens that join again to the same bytes.

Translation phases 1 and 2 (trigraphs, line splices) are *not* applied: a splice between two tokens
is white space, a splice inside a token leaves two tokens. Whoever gives meaning to the tokens
(``engine.null``) must refuse where that makes a difference; this module only promises to lose nothing.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final


class TokenKind(IntEnum):
    """What a token is, told from its first bytes alone."""

    SPACE = 0  # blanks, tabs, form feeds, and spliced line ends
    NEWLINE = 1  # the end of a line that no backslash continues
    COMMENT = 2  # both forms; an unterminated one reaches to the end of the text
    IDENTIFIER = 3  # keywords too; bytes from 0x80 up count as letters
    NUMBER = 4  # a preprocessing number
    CHAR = 5  # with its prefix; an unterminated one reaches to the end of the line
    STRING = 6  # with its prefix, raw ones too; unterminated as CHAR
    PUNCTUATOR = 7
    OTHER = 8  # a byte that starts no token: a stray backslash, @, a control character


_LETTER: Final = rb"[A-Za-z_$\x80-\xff]"
_WORD: Final = rb"[A-Za-z0-9_$\x80-\xff]"
_SPLICE: Final = rb"\\[ \t\f\v]*+\r?\n"
_RAW: Final = rb'(?:u8|[uUL])?R"(?P<mark>[^()\\\s"]{0,16})\([\s\S]*?\)(?P=mark)"'

#: Identifiers first: they are the most frequent token. One that a quote follows may be a prefix.
_BEFORE_RAW: Final = rb"""
      %(letter)s%(word)s*+ (?! ["'] )
    | (?: [ \t\f\v] | %(splice)s )++
    | \r?\n
    | [()\[\]{};,~]
    | /\* (?: [^*]++ | \*(?!/) )*+ (?: \*/ )?+
    | // (?: [^\\\n]++ | %(splice)s | \\ )*+
    """
_AFTER_RAW: Final = rb"""
    | (?: u8 | [uUL] )?+ " (?: [^"\\\n]++ | \\ (?: \r?\n | [^\n] )?+ )*+ "?+
    | (?: u8 | [uUL] )?+ ' (?: [^'\\\n]++ | \\ (?: \r?\n | [^\n] )?+ )*+ '?+
    | \.?[0-9] (?: [eEpP][+-] | '?%(word)s | \. )*+
    | %(letter)s%(word)s*+
    | %%:%%: | \.\.\. | <<= | >>= | <=> | ->\*
    | -> | \+\+ | -- | << | >> | <= | >= | == | != | && | \|\|
    | \+= | -= | \*= | /= | %%= | &= | \|= | \^= | \#\# | :: | \.\*
    | <: | :> | <%% | %%> | %%:
    | [\s\S]
    """


def _compile(*parts: bytes) -> re.Pattern[bytes]:
    text = b"".join(parts)
    for name, value in ((b"%(letter)s", _LETTER), (b"%(word)s", _WORD), (b"%(splice)s", _SPLICE)):
        text = text.replace(name, value.replace(b" ", rb"\x20"))
    text = text.replace(b"%%", b"%").replace(b"[ \\t", b"[\\x20\\t")
    return re.compile(text, re.VERBOSE)


_FLAT: Final = _compile(_BEFORE_RAW, _AFTER_RAW)
#: A raw string needs a back reference, so a group, which costs four times the time: only where one may be.
_WITH_RAW: Final = _compile(rb"(?:", _RAW.replace(b" ", rb"\x20"), rb")|", _BEFORE_RAW, _AFTER_RAW)
_MAYBE_RAW: Final = re.compile(rb'(?<![A-Za-z0-9_])(?:u8|[uUL])?R"')


def tokenize(text: bytes) -> list[bytes]:
    """Cut a text into tokens; ``b"".join(tokenize(text)) == text`` for every text.

    Never fails. Raw strings are tokens in C as well (GNU C has them). Wrong only where phases 1 and 2
    matter, and there the caller refuses.
    """
    if b'R"' in text and _MAYBE_RAW.search(text):
        return [match.group() for match in _WITH_RAW.finditer(text)]
    return _FLAT.findall(text)


_PREFIXES: Final = (b"u8", b"u", b"U", b"L", b"R", b"u8R", b"uR", b"UR", b"LR")
_DIGITS: Final = frozenset(b"0123456789")
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$") | frozenset(
    range(128, 256)
)
_BLANKS: Final = frozenset(b" \t\f\v")
_STRAY: Final = frozenset(b"@`\\\r") | frozenset(range(9)) | frozenset(range(14, 32)) | {127}


def _kind_of_word(token: bytes) -> TokenKind:
    """Tell an identifier from a literal with a prefix."""
    for quote, kind in ((b'"', TokenKind.STRING), (b"'", TokenKind.CHAR)):
        head, found, _ = token.partition(quote)
        if found and head in _PREFIXES:
            return kind
    return TokenKind.IDENTIFIER


def _kind(token: bytes) -> TokenKind:
    if not token:
        return TokenKind.OTHER
    first = token[0]
    if first in _LETTERS:
        return _kind_of_word(token)
    if first in _BLANKS or (first == 0x5C and len(token) > 1):
        return TokenKind.SPACE
    if token in (b"\n", b"\r\n"):
        return TokenKind.NEWLINE
    if first in _DIGITS or (first == 0x2E and len(token) > 1 and token[1] in _DIGITS):
        return TokenKind.NUMBER
    if first == 0x22:
        return TokenKind.STRING
    if first == 0x27:
        return TokenKind.CHAR
    if token[:2] in (b"/*", b"//"):
        return TokenKind.COMMENT
    return TokenKind.OTHER if first in _STRAY else TokenKind.PUNCTUATOR


class _Kinds(dict[bytes, TokenKind]):
    """A memo from token to kind, emptied when comments and strings have filled it."""

    limit: Final = 1 << 18

    def __missing__(self, token: bytes) -> TokenKind:
        if len(self) >= self.limit:
            self.clear()
        kind = self[token] = _kind(token)
        return kind


#: The memo itself, for loops where a function call a token would cost more than the work.
KINDS: Final = _Kinds()


def kind_of(token: bytes) -> TokenKind:
    """Tell the kind of one token that ``tokenize`` gave; the empty token, which it never gives, is OTHER."""
    return KINDS[token]
