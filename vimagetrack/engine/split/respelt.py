"""Propose null edits where names became one-name macros and nothing else needs a look: run by run.

The short way beside ``propose``, for the many hunks of a rename: no streams, no functions, only the tokens of
the changed lines. A proposal like any other: the kernel judges the layer that it makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, tokenize
from vimagetrack.engine.null.quick import Quick
from vimagetrack.engine.split.align import equal_blocks
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.propose import Proposal
from vimagetrack.engine.split.windows import Span, Window

#: What may make a line depend on others, or be vocabulary.
_INVOLVED = (b"#", b"%:", b"\\\n")
_COMMENTS = (b"/*", b"//")


def propose_names(window: Window, quick: Quick) -> list[Proposal] | None:
    """List the names of a window that a macro respells; None where ``propose`` has to look."""
    found: list[Proposal] = []
    if not (_is_by_lines(window.old) and _is_by_lines(window.new)):
        return None
    for run in window.runs:
        old, new = window.old[run.start : run.end], window.new[run.new_start : run.new_end]
        if any(sign in text for text in (old, new) for sign in _INVOLVED):
            return None
        one, two = tokenize(old), tokenize(new)
        names = quick.translation({*one, *two})
        if names is None:
            return None
        own = _run(one, two, names, run, exact=window.whole)
        if own is None:
            return None
        found += own
    return found


def _is_by_lines(text: bytes) -> bool:
    """Say whether every comment begins and ends on one line, so that lines can be read alone."""
    place = text.find(b"*/")
    if 0 <= place < text.find(b"/*") or (place >= 0 and b"/*" not in text):
        return False
    at = text.find(b"/*")
    while at >= 0:
        end = text.find(b"*/", at + 2)
        if end < 0 or text.find(b"\n", at, end) >= 0:
            return False
        at = text.find(b"/*", end + 2)
    return True


def _run(
    one: list[bytes], two: list[bytes], names: Mapping[bytes, bytes], run: Span, *, exact: bool
) -> list[Proposal] | None:
    """Pair the tokens of a run; None where white space changes between two that agree.

    ``exact``: also where they do not all agree. How a diff was cut into runs must not count where the whole
    text is known, or what remains after a landing is cut otherwise.
    """
    left, right = _code(one), _code(two)
    meant = [
        [names.get(tokens[at], tokens[at]) for at in code] for tokens, code in ((one, left), (two, right))
    ]
    if exact and meant[0] != meant[1]:
        return None
    if not names and not any(token[:2] in _COMMENTS for token in {*one, *two}):
        return [] if meant[0] != meant[1] else None
    if meant[0] == meant[1] == []:
        return None
    at = list(accumulate(map(len, one), initial=run.start))
    new_at = list(accumulate(map(len, two), initial=run.new_start))
    found = []
    blocks = equal_blocks(*meant)
    for i, j, length in blocks:
        for step in range(length):
            a, b = left[i + step], right[j + step]
            if step and one[left[i + step - 1] + 1 : a] != two[right[j + step - 1] + 1 : b]:
                return None
            if one[a] != two[b]:
                macros = tuple(name.decode() for name in (one[a], two[b]) if name in names)
                span = Span(at[a], at[a + 1], new_at[b], new_at[b + 1])
                found.append(Proposal(span, Kind.NULL_MACRO, macros, 0))
    if blocks and _edges(one, left, two, right, blocks):
        return None
    return found


def _code(tokens: list[bytes]) -> list[int]:
    return [index for index, token in enumerate(tokens) if KINDS[token] > TokenKind.COMMENT]


def _edges(
    one: list[bytes], left: list[int], two: list[bytes], right: list[int], blocks: list[tuple[int, int, int]]
) -> bool:
    """Say whether what stands around all code changes, where the first or the last tokens agree."""
    (i, j, _), (m, n, length) = blocks[0], blocks[-1]
    if not i and not j and one[: left[0]] != two[: right[0]]:
        return True
    ends = m + length == len(left) and n + length == len(right)
    return ends and one[left[-1] + 1 :] != two[right[-1] + 1 :]
