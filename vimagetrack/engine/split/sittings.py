"""Cut long runs of changed lines where functions end, so that they can be read in several sittings."""

from __future__ import annotations

import re

from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.split.align import equal_blocks
from vimagetrack.engine.split.functions import Blocks
from vimagetrack.engine.split.linediff import Run

#: A longer run of meat is cut where functions end.
LONG_RUN = 400


def sittings(old_text: bytes, new_text: bytes, run: Run) -> list[Run]:
    """Cut a long run of whole lines where both sides are between functions; a short one stays as it is.

    The cuts depend on the run's own text alone, so that they are the same after another layer has landed.
    """
    old, new = old_text[run[0] : run[1]], new_text[run[2] : run[3]]
    if old.count(b"\n") + new.count(b"\n") <= LONG_RUN:
        return [run]
    if not (_starts_line(old_text, run[0]) and _starts_line(new_text, run[2])):
        return [run]
    places = [(run[0] + a, run[2] + b) for a, b in _cuts(_ends(old), _ends(new))]
    starts, ends = [(run[0], run[2]), *places], [*places, (run[1], run[3])]
    return [(a, c, b, d) for (a, b), (c, d) in zip(starts, ends, strict=True)]


def _starts_line(text: bytes, offset: int) -> bool:
    return offset == 0 or text[offset - 1 : offset] == b"\n"


def _ends(text: bytes) -> list[tuple[int, str]]:
    """List where top-level blocks end, after their line and the blank lines below, with their names."""
    found: list[tuple[int, str]] = []
    for block in Blocks(tokenize(text)).blocks[:-1]:  # what follows the last one stays with it
        end = _BLANKS.match(text, block.end)
        if end:
            found.append((end.end(), block.name))
    return found


#: The rest of a block's last line (a ``;``, a name, a comment) and the blank lines that follow it.
_BLANKS = re.compile(rb"[^\n{}]*\n(?:[ \t\f\r]*\n)*")


def _cuts(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """Pair the ends of functions of the same name, in order; an insertion is cut at every end.

    What was deleted before a new function, or has no partner, stays with what follows it.
    """
    if not old:
        return [(0, end) for end, _ in new]
    if not new:
        return [(end, 0) for end, _ in old]
    names = [name.encode() for _, name in old], [name.encode() for _, name in new]
    return [(old[a + at][0], new[b + at][0]) for a, b, length in equal_blocks(*names) for at in range(length)]
