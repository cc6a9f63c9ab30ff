"""Assembly: lines count.

Claim: two assembly texts are the same when each line has the same tokens with the same blanks between them.

Argument: a line end separates instructions and the assembler's own language is not ours, so nothing but the
amount of white space and what the preprocessor does is taken for granted; blanks between two tokens of the
source stay. Line ends and blanks within a call that vanished are none. What a call that spans lines leaves
of them is up to the preprocessor, so that is undecided.

Counter-example: ``nop`` and ``ret`` in two lines, or in one; ``nop E(`` and ``) ret`` in two, with
``#define E(x)``.
"""

from __future__ import annotations

from vimagetrack.engine.lex.ctokens import KINDS, NEWLINE
from vimagetrack.engine.null.rules.expansion import Expansion
from vimagetrack.engine.null.words import is_directive


def check_lines(made: Expansion) -> None:
    """Note each call that spans lines."""
    stream = made.stream
    for _, _, unit in made.units:
        if any(KINDS[token] is NEWLINE for token in stream.source[unit.first : unit.last]):
            stream.problem("R19", unit.first, "a call spans lines, and in assembly lines count")


def keep_lines(made: Expansion) -> list[bytes]:
    """Give the tokens with line ends and blanks marked in front of the token behind them."""
    stream = made.stream
    vanished = {index for _, unit in made.empties for index in range(unit.first, unit.last)}
    out, before = [], 0
    for index, token in enumerate(stream.tokens):
        gap = range(before, stream.first[index])
        kinds = {KINDS[stream.source[place]] for place in gap if place not in vanished}
        mark = b""
        if NEWLINE in kinds:
            mark = b"\r"
        elif (kinds or stream.spaced[index]) and not is_directive(token):
            mark = b" "
        out.append(mark + token)
        before = stream.last[index]
    return out
