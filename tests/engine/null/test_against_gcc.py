# ruff: noqa: E501
"""What the kernel proves, a compiler must compile to the same object: the only evidence that is not our own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.engine.null.pairs import Compiler, Generator, Pair, is_proved

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None, reason="There is no gcc here to hold proofs against."
)
PER_FILE = 60
#: gcc is there; where clang is, too, it has its say.
COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]


def _proved(seed: int, count: int) -> list[Pair]:
    generator = Generator(seed)
    return [pair for pair in (generator.pair() for _ in range(count)) if is_proved(pair)]


def _check(folder: Path, seed: int, count: int, name: str = "gcc") -> int:
    proved = _proved(seed, count)
    compiler = Compiler(folder, name)
    batches = [proved[start : start + PER_FILE] for start in range(0, len(proved), PER_FILE)]
    wrong = [found for batch in batches for found in compiler.wrong(batch)]

    assert len(proved) > count // 20
    assert [(pair.before, pair.after, pair.macros, context) for pair, context in wrong] == []
    return len(proved)


def test_500_pairs(tmp_path: Path) -> None:
    _check(tmp_path, seed=2008, count=500)


@pytest.mark.long
@pytest.mark.parametrize("name", COMPILERS)
def test_2000_pairs_or_as_many_as_are_asked_for(tmp_path: Path, name: str) -> None:
    """VT_PAIRS=100000 takes the better part of an hour."""
    pairs = int(os.environ.get("VT_PAIRS", "2000"))
    proved = sum(_check(tmp_path, 1_000_000 + seed, 1000, name) for seed in range(0, pairs, 1000))
    print(f"{name}: {pairs} pairs, {proved} proved, 0 wrong")  # noqa: T201 - the figure is what it is run for


def test_the_compiler_sees_a_wrong_proof(tmp_path: Path) -> None:
    """The oracle itself can fail: an edit that changes the code, called a proof."""
    base = {"macros": (), "whole": True, "at_file": False, "assumptions": frozenset()}
    same = Pair(before="x = 1;", after="x =  1;", **base)
    other = Pair(before="x = 1;", after="x = 2;", **base)
    broken = Pair(before="x = 1;", after="x = ;", **base)
    both = Pair(before="x = ;", after="y = ;", **base)

    found = Compiler(tmp_path).wrong([same, other, broken, both])

    assert [pair for pair, _ in found] == [broken, other]
