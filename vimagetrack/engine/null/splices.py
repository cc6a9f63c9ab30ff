"""Line splices that may join what stands before and behind them (translation phase 2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from vimagetrack.engine.lex.ctokens import CHAR, KINDS, NEWLINE, PUNCTUATOR, SPACE, STRING, tokenize
from vimagetrack.engine.lex.directives import places

_LONE: Final = frozenset(b"(){}[];,")
_LAYOUT: Final = frozenset({SPACE, NEWLINE})

_LITERALS: Final = (STRING, CHAR)


def joining(source: Sequence[bytes]) -> Iterator[int]:
    """Find the splices of a text, by their indexes, that may make one token of two."""
    bare = {token for token in set(source) if token[:1] == b"\\" and token[-1:] == b"\n"}
    for token in bare:
        for index in places(source, token):
            if not _may_splice(source, index):
                yield index


def _may_splice(source: Sequence[bytes], index: int) -> bool:
    """Say whether a splice without blanks around it surely joins nothing."""
    before = source[index - 1] if index else b"\n"
    behind = source[index + 1] if index + 1 < len(source) else b"\n"
    kinds = {KINDS[before], KINDS[behind]}
    if kinds & _LAYOUT or before[-1] in _LONE or behind[0] in _LONE:
        return True
    if kinds == {PUNCTUATOR} or KINDS[before] in _LITERALS:
        return False  # C++ takes a name right behind a literal for its suffix
    return tokenize(before + behind) == [before, behind]
