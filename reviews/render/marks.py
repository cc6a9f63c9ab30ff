"""Find what differs inside a pair of lines, and which lines make a pair. For the eye, never a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reviews.render.lines import text_of
from reviews.render.tokens import Cell
from vimagetrack.engine.split.align import equal_blocks

#: Half-open range of cell indexes in a line.
Span = tuple[int, int]

#: Lines with more cells than this are generated ones; aligning them costs more than it shows.
LONGEST_LINE: Final = 2_000
#: A pair of lines that share less than this is two lines, not one that was edited.
LEAST_SHARED: Final = 0.35
#: Above this product of lines a run is paired by position.
MOST_PAIRS: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Indexes into a run's old and new lines, None where the line stands alone, and what differs inside."""

    old_index: int | None
    new_index: int | None
    old_spans: tuple[Span, ...] = ()
    new_spans: tuple[Span, ...] = ()


def pair_up(old: Sequence[list[Cell]], new: Sequence[list[Cell]]) -> list[Pair]:
    """Put the lines of a run side by side, in order; every line is in exactly one pair."""
    if not old or not new:
        return [_alone(i, None) for i in range(len(old))] + [_alone(None, j) for j in range(len(new))]
    if len(old) == len(new) or len(old) * len(new) > MOST_PAIRS:
        matched = [(i, i) for i in range(min(len(old), len(new)))]
    else:
        matched = _best_pairs(old, new)
    return _fill(old, new, matched)


def _alone(old_index: int | None, new_index: int | None) -> Pair:
    return Pair(old_index=old_index, new_index=new_index)


def _fill(
    old: Sequence[list[Cell]], new: Sequence[list[Cell]], matched: Sequence[tuple[int, int]]
) -> list[Pair]:
    pairs: list[Pair] = []
    i = j = 0
    for old_index, new_index in [*matched, (len(old), len(new))]:
        pairs += [_alone(index, None) for index in range(i, old_index)]
        pairs += [_alone(None, index) for index in range(j, new_index)]
        if old_index < len(old):
            old_spans, new_spans = differences(old[old_index], new[new_index])
            pairs.append(
                Pair(old_index=old_index, new_index=new_index, old_spans=old_spans, new_spans=new_spans)
            )
        i, j = old_index + 1, new_index + 1
    return pairs


def _best_pairs(old: Sequence[list[Cell]], new: Sequence[list[Cell]]) -> list[tuple[int, int]]:
    """Pair by likeness, keeping the order: the heaviest common subsequence."""
    bags = [_bag(line) for line in new]
    scores = [[_alike(_bag(line), bag) for bag in bags] for line in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            taken = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= LEAST_SHARED else 0.0
            best[i][j] = max(taken, best[i + 1][j], best[i][j + 1])
    return _walk(best, scores)


def _walk(best: list[list[float]], scores: list[list[float]]) -> list[tuple[int, int]]:
    pairs, i, j = [], 0, 0
    while i < len(scores) and j < len(scores[0]):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _bag(line: list[Cell]) -> frozenset[bytes]:
    return frozenset(word for word in text_of(line).replace(b"(", b" ( ").replace(b")", b" ) ").split())


def _alike(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def differences(old: list[Cell], new: list[Cell]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Give the spans that differ on each side; none where nearly all does: the row says that already."""
    if max(len(old), len(new)) > LONGEST_LINE:
        return (), ()
    blocks = [(i, j, n) for i, j, n in equal_blocks(_keys(old), _keys(new))]
    shared = sum(len(text_of(old[i : i + n]).strip()) for i, _, n in blocks)
    longest = max(len(text_of(old).strip()), len(text_of(new).strip()), 1)
    if shared < LEAST_SHARED * longest:
        return (), ()
    old_spans = _gaps([(i, n) for i, _, n in blocks], old)
    return old_spans, _gaps([(j, n) for _, j, n in blocks], new)


def _keys(line: list[Cell]) -> list[bytes]:
    return [cell if isinstance(cell, bytes) else cell.text for cell in line]


def _gaps(blocks: Sequence[tuple[int, int]], line: list[Cell]) -> tuple[Span, ...]:
    """Turn equal blocks into the spans between them; spans with only blanks between them become one."""
    spans: list[Span] = []
    end = 0
    for start, length in [*blocks, (len(line), 0)]:
        if start > end:
            joined = spans and not text_of(line[spans[-1][1] : end]).strip()
            spans[-1:] = [(spans[-1][0], start)] if joined else [*spans[-1:], (end, start)]
        end = start + length
    return tuple(spans)
