"""Pair equal tokens of two streams; the one place that knows rapidfuzz."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Indel

#: From this product of lengths on, an alignment costs seconds: longer texts are cut at anchors first.
QUADRATIC_LIMIT = 16_000_000
#: So many tokens in a row, if they stand once on each side, are an anchor.
GRAM = 4


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
    if len(old) * len(new) > QUADRATIC_LIMIT:
        return _anchored(old, new)
    blocks = []
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            i, j, n = code.src_start, code.dest_start, code.src_end - code.src_start
            if list(old[i : i + n]) == list(new[j : j + n]):
                blocks.append((i, j, n))
    return blocks


def _anchored(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int, int]]:
    """Align what lies between anchors; what is still too long has none and stays unpaired (it is meat)."""
    blocks: list[tuple[int, int, int]] = []
    i = j = 0
    for a, b in (*_anchors(old, new), (len(old), len(new))):
        left, right = old[i:a], new[j:b]
        if left and right and len(left) * len(right) <= QUADRATIC_LIMIT:
            blocks += ((i + x, j + y, n) for x, y, n in _middle(left, right))
        if a < len(old) and b < len(new):
            blocks.append((a, b, 1))
        i, j = a + 1, b + 1
    return _joined(blocks)


def _joined(blocks: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Make one block of those that touch."""
    found: list[tuple[int, int, int]] = []
    for block in blocks:
        i, j, length = found[-1] if found else (-1, -1, 0)
        if (i + length, j + length) == block[:2]:
            found[-1] = (i, j, length + block[2])
        else:
            found.append(block)
    return found


def _anchors(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Pair the places of runs of tokens that stand once on each side, in an order that both have."""
    theirs = _places(new)
    pairs = [(at, theirs[gram]) for gram, at in _places(old).items() if at >= 0 and theirs.get(gram, -1) >= 0]
    pairs.sort()
    ends: list[int] = []  # of the best chain of each length: its last place in new
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
    chain = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _places(tokens: Sequence[bytes]) -> dict[tuple[bytes, ...], int]:
    """Map each run of tokens to its only place, -1 where it stands more often."""
    found: dict[tuple[bytes, ...], int] = {}
    for at in range(len(tokens) - GRAM + 1):
        gram = tuple(tokens[at : at + GRAM])
        found[gram] = -1 if gram in found else at
    return found
