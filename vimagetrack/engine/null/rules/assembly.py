"""Assembly: lines count.

Claim: two assembly texts are the same when each line has the same tokens with the same blanks between them.

Argument: a line end separates instructions and the assembler's own language is not ours, so nothing but the
amount of white space and what the preprocessor does is taken for granted; blanks between two tokens of the
source stay.

Counter-example: ``nop`` and ``ret`` in two lines, or in one.
"""

from __future__ import annotations

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import is_directive


def keep_lines(stream: Stream) -> list[bytes]:
    """Give the tokens with line ends and blanks marked in front of the token behind them."""
    out, before = [], 0
    for index, token in enumerate(stream.tokens):
        gap = stream.source[before : stream.first[index]]
        mark = b""
        if any(KINDS[blank] is TokenKind.NEWLINE for blank in gap):
            mark = b"\r"
        elif gap and not is_directive(token):
            mark = b" "
        out.append(mark + token)
        before = stream.last[index]
    return out
