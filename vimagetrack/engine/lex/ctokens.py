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


#: The kinds by their own names: in a loop, a look into the enumeration costs more than all else.
SPACE, NEWLINE, COMMENT, IDENTIFIER, NUMBER, CHAR, STRING, PUNCTUATOR, OTHER = TokenKind


_BLANK: Final = rb"[\x20\t\f\v]"
_LETTER: Final = rb"[A-Za-z_$\x80-\xff]"
_WORD: Final = rb"[A-Za-z0-9_$\x80-\xff]"
_SPLICE: Final = rb"\\ %(blank)s*+ \r?\n"
#: A splice, or a backslash and what it escapes, which may stand behind splices.
_ESCAPE: Final = rb"(?: %(splice)s )++ | \\ (?: %(splice)s )*+ (?: \\ (?! %(blank)s*+ \r?\n ) | [^\\\n] )?+"
_STRING: Final = rb'" (?: [^"\\\n]++ | %(escape)s )*+ "?+'
_CHAR: Final = rb"' (?: [^'\\\n]++ | %(escape)s )*+ '?+"

#: Frequent tokens first. Each way begins with a byte or a set of bytes, which `re` tries without entering the
#: way. Names on u, U and L come after the literals whose prefix they may be, so no name needs to look ahead.
#: Where C and C++ cut ``::>``, ``<=>``, ``->*=`` and ``.*=`` in different places, all of it is one token.
_PATTERN: Final = rb"""
      [A-KM-TV-Za-tv-z_$\x80-\xff] %(word)s*+
    | %(blank)s++ (?: %(splice)s %(blank)s*+ )*+
    | [()\[\]{};,~\n]
    | /\* [^*]*+ (?: \*(?!/) [^*]*+ )*+ (?: \*/ )?+
    | // [^\\\n]*+ (?: (?: %(splice)s | \\ ) [^\\\n]*+ )*+
    | %(string)s
    | (?: u8?+ | [UL] ) (?: %(string)s | %(char)s )
    | %(letter)s %(word)s*+
    | \.?[0-9] (?: [eEpP][+-] | %(word)s | '%(word)s | \. )*+
    | = =?+ | & [&=]?+ | \+ [+=]?+ | \| [|=]?+ | ! =?+ | / =?+ | \* =?+ | \^ =?+ | \# \#?+
    | % (?: :%: | [=>:] )?+ | - (?: > (?: \*=*+ )?+ | [=-] )?+ | > (?: >=?+ | = )?+ | \. (?: \.\. | \*=*+ )?+
    | < (?: <=?+ | = (?: >[=>]*+ )?+ | [:%] )?+ | : (?: : (?: >[=>]*+ )?+ | > )?+
    | %(char)s
    | (?: %(splice)s %(blank)s*+ )++
    | \r\n
    | [\s\S]
    """


def _compile(pattern: bytes) -> re.Pattern[bytes]:
    parts = {"string": _STRING, "char": _CHAR, "escape": _ESCAPE, "splice": _SPLICE}
    for name, value in {**parts, "blank": _BLANK, "word": _WORD, "letter": _LETTER}.items():
        pattern = pattern.replace(b"%%(%s)s" % name.encode(), value)
    return re.compile(pattern, re.VERBOSE)


_TOKEN: Final = _compile(_PATTERN)
_RAW: Final = frozenset({b"R", b"u8R", b"uR", b"UR", b"LR"})
#: A raw string's mark. A quote may stand in it; the C standards say so and compilers do.
_MARK: Final = re.compile(rb'"([^()\\ \t\f\v\n]{0,16})\(')


def tokenize(text: bytes) -> list[bytes]:
    """Cut a text into tokens; ``b"".join(tokenize(text)) == text`` for every text.

    Never fails, and is linear in the text. A token depends on nothing before it: what follows a token has
    the same tokens alone. Raw strings are tokens in C as well (GNU C has them); an unterminated one reaches
    to the end of the text. It is safe to take too much into one token, since tokens are compared byte by
    byte, and not safe to take too little; where phases 1 and 2 make it too little, the caller refuses.
    """
    return _with_raw(text) if b'R"' in text else _TOKEN.findall(text)


def _with_raw(text: bytes) -> list[bytes]:
    """Go from one ``R"`` to the next: only the tokens before it can say whether a raw string begins there.

    No pattern knows where a raw string ends without a group, and a group costs four times the time.
    """
    tokens: list[bytes] = []
    done, found = 0, text.find(b'R"')
    while found >= 0:
        tokens += _TOKEN.findall(text, done, found + 1)
        cut = tokens.pop()  # ends with the R, and may go on behind it
        start = found + 1 - len(cut)
        done = _raw_end(text, found + 1) if cut in _RAW else next(_TOKEN.finditer(text, start)).end()
        tokens.append(text[start:done])
        found = text.find(b'R"', done)
    return tokens + _TOKEN.findall(text, done)


def _raw_end(text: bytes, quote: int) -> int:
    """Give the end of a raw string from its first quote on; without a proper mark it is clang's: a quote."""
    mark = _MARK.match(text, quote)
    end = b")" + mark[1] + b'"' if mark else b'"'
    place = text.find(end, mark.end() if mark else quote + 1)
    return place + len(end) if place >= 0 else len(text)


_PREFIXES: Final = (b"u8", b"u", b"U", b"L", b"R", b"u8R", b"uR", b"UR", b"LR")
_DIGITS: Final = frozenset(b"0123456789")
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$") | frozenset(
    range(128, 256)
)
_BLANKS: Final = frozenset(b" \t\f\v")
_STRAY: Final = frozenset(b"@`\\\r") | frozenset(range(9)) | frozenset(range(14, 32)) | {127}


def _kind_of_word(token: bytes) -> TokenKind:
    """Tell an identifier from a literal with a prefix."""
    for quote, kind in ((b'"', STRING), (b"'", CHAR)):
        head, found, _ = token.partition(quote)
        if found and head in _PREFIXES:
            return kind
    return IDENTIFIER


def _kind(token: bytes) -> TokenKind:
    if not token:
        return OTHER
    first = token[0]
    if first in _LETTERS:
        return _kind_of_word(token)
    if first in _BLANKS or (first == 0x5C and len(token) > 1):
        return SPACE
    if token in (b"\n", b"\r\n"):
        return NEWLINE
    if first in _DIGITS or (first == 0x2E and len(token) > 1 and token[1] in _DIGITS):
        return NUMBER
    if first == 0x22:
        return STRING
    if first == 0x27:
        return CHAR
    if token[:2] in (b"/*", b"//"):
        return COMMENT
    return OTHER if first in _STRAY else PUNCTUATOR


class _Kinds(dict[bytes, TokenKind]):
    """A memo from token to kind, emptied when comments and strings have filled it."""

    limit: Final = 1 << 15

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
