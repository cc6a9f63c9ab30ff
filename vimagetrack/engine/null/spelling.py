"""How # spells an argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vimagetrack.engine.lex.ctokens import CHAR, KINDS, STRING

if TYPE_CHECKING:
    from vimagetrack.engine.null.units import Tok


def stringise(argument: Sequence[Tok]) -> bytes:
    """Write an argument as a string literal: white space as one blank, quotes and backslashes escaped.

    Equal for two arguments only if a compiler makes equal strings of them.
    """
    parts = []
    for number, tok in enumerate(argument):
        text = tok.text
        if KINDS[text] in (STRING, CHAR):
            text = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        parts.append(b" " + text if tok.space and number else text)
    return b'"' + b"".join(parts) + b'"'
