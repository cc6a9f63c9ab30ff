"""Equal runs of two token lists: in order, disjoint, truly equal, and found in time by the size."""

from __future__ import annotations

import random

import pytest

from vimagetrack.engine.split import align


def check(old: list[bytes], new: list[bytes]) -> int:
    """Hold what every alignment must be; count the paired tokens."""
    i = j = total = 0
    for a, b, length in align.equal_blocks(old, new):
        assert a >= i
        assert b >= j
        assert length > 0
        assert old[a : a + length] == new[b : b + length]
        i, j, total = a + length, b + length, total + length
    assert i <= len(old)
    assert j <= len(new)
    return total


def mutated(rng: random.Random, old: list[bytes]) -> list[bytes]:
    new = list(old)
    for _ in range(max(len(old) // 20, 1)):
        place = rng.randrange(len(new) + 1)
        new[place : place + rng.randint(0, 2)] = [rng.choice(old)] * rng.randint(0, 2)
    return new


@pytest.mark.parametrize("seed", range(20))
def test_anchors_find_what_the_whole_alignment_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    old = [b"%d" % rng.randrange(rng.choice([3, 50, 1000])) for _ in range(rng.randint(1, 400))]
    new = mutated(rng, old)
    whole = check(old, new)
    monkeypatch.setattr(align, "QUADRATIC_LIMIT", 400)
    anchored = check(old, new)
    assert anchored <= whole
    if len(set(old)) > 200:
        assert anchored >= 0.9 * whole


def test_a_line_of_a_hundred_thousand_words_is_aligned() -> None:
    rng = random.Random(3)
    old = [b"w%d" % rng.randrange(40_000) for _ in range(100_000)]
    new = mutated(rng, old)
    assert check(old, new) > 80_000


def test_what_has_no_anchor_stays_unpaired() -> None:
    old, new = [b"x"] + [b"a", b"b"] * 3000 + [b"y"], [b"z"] + [b"b", b"a"] * 3000 + [b"q"]
    assert check(old, new) == 0
