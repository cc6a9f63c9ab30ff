"""Pair equal tokens of two streams; the one place that knows rapidfuzz."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel, Levenshtein

#: From this product of lengths on, the quadratic memory of Indel is too much; Levenshtein's
#: opcodes come from Hirschberg's algorithm then.
QUADRATIC_LIMIT = 64_000_000


def equal_blocks(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int, int]]:
    """List (old index, new index, length) of equal runs, in order and disjoint.

    A proposal only: which of several best alignments comes out does not matter for truth, since
    the kernel judges what is made of it. Equality is checked again, as the aligner compares hashes.
    """
    head = 0
    limit = min(len(old), len(new))
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    blocks = [(0, 0, head)] if head else []
    blocks += [(i + head, j + head, n) for i, j, n in middle]
    if tail:
        blocks.append((len(old) - tail, len(new) - tail, tail))
    return blocks


def _middle(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int, int]]:
    if not old or not new:
        return []
    method = Indel if len(old) * len(new) <= QUADRATIC_LIMIT else Levenshtein
    blocks = []
    for code in method.opcodes(old, new):
        if code.tag == "equal":
            i, j, n = code.src_start, code.dest_start, code.src_end - code.src_start
            if list(old[i : i + n]) == list(new[j : j + n]):
                blocks.append((i, j, n))
    return blocks
