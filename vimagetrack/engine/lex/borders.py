"""Where a window of a file would be cut otherwise, if it did not begin in code.

Of a window nobody sees what is open where it begins: a comment, or a line that a backslash continues (of a
literal, of a ``//`` comment, of a macro's body). Each is a reading of the text: its first bytes belong to
what is open, the rest is code. No token depends on what is before it, so from a border on that two readings
share they are one; only a token that such a border cuts is in doubt.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from vimagetrack.engine.lex.ctokens import CHAR, KINDS, STRING, tokenize

_LINE: Final = re.compile(rb"(?: [^\\\n]++ | \\ (?: [\x20\t\f\v]*+ \r?\n )?+ )*+ \n?+", re.VERBOSE)
_QUOTES: Final = {STRING: b'"', CHAR: b"'"}


def doubtful(window: bytes, *, continued: bool = True, tokens: Sequence[bytes] | None = None) -> int | None:
    """Give the index of the first token of ``tokenize(window)`` that another reading cuts, None for none;
    ``tokens`` are these, where they are at hand.

    ``continued`` False says that the first line is a line of its own; it may begin in a comment all the same.

    Raw strings are left out: whatever text a window shows may be part of one. A reading in which a literal
    does not end on its line is none, since compilers refuse it. May doubt what is sure; never raises.
    """
    ends = list(accumulate(map(len, tokenize(window) if tokens is None else tokens), initial=0))
    readings = _readings(window, continued=continued)
    cut = min((end for end in readings if ends[bisect_left(ends, end)] != end), default=None)
    return None if cut is None else bisect_right(ends, cut) - 1


def _readings(window: bytes, *, continued: bool) -> Iterator[int]:
    """Yield where the code begins, for each thing that may be open at the start."""
    comment = window.find(b"*/")
    if comment >= 0 and _is_code(window, comment + 2):
        yield comment + 2
    if not continued:
        return
    line = _line(window, 0)
    yield len(line)
    for quote in _QUOTES.values():
        place = _closing(line, quote)
        if place is not None and _is_code(window, place):
            yield place


def _line(window: bytes, start: int) -> bytes:
    """Give what is left of a line, those that backslashes add to it, and its line end."""
    return next(_LINE.finditer(window, start)).group()


def _closing(line: bytes, quote: bytes) -> int | None:
    """Give the end of a literal that is open where the line begins, None where it does not end there."""
    if quote not in line:
        return None
    found = tokenize(quote + line)[0]
    return len(found) - 1 if _ends(found) else None


def _is_code(window: bytes, start: int) -> bool:
    """Say whether the line goes on as code can: with literals that end."""
    return all(_ends(token) for token in tokenize(_line(window, start)) if KINDS[token] in _QUOTES)


def _ends(literal: bytes) -> bool:
    quote = _QUOTES[KINDS[literal]]
    body = literal.partition(quote)[2]
    return body.endswith(quote) and not body[:-1].replace(b"\\\\", b"").endswith(b"\\")
