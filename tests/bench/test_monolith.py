"""The made monolith: it applies, a seed gives the same bytes, and it is what its docstring says it is."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

from tests.bench import monolith
from tests.bench.csource import table
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split.steps import Layers

SIZE = 0.2


def made(seed: int) -> bytes:
    return b"".join(file.section for file in monolith.files(SIZE, seed))


def test_git_applies_it_to_its_base(tmp_path: Path) -> None:
    monolith.write(SIZE, tmp_path, base=True)
    base = tmp_path / "base"
    subprocess.run(["git", "init", "-q"], cwd=base, check=True)
    check = ["git", "apply", "--check", "--whitespace=nowarn", "../monolith.diff"]
    subprocess.run(check, cwd=base, check=True)


def test_a_seed_is_its_bytes(tmp_path: Path) -> None:
    assert made(1) == made(1)
    assert made(1) != made(2)
    monolith.write(SIZE, tmp_path, 1, base=True)
    assert (tmp_path / "monolith.diff").read_bytes() == made(1)


def test_larger_begins_like_smaller() -> None:
    larger = b"".join(file.section for file in monolith.files(2 * SIZE))
    assert larger.startswith(b"".join(file.section for file in monolith.files(SIZE)))


def test_the_shares_are_as_wanted() -> None:
    hunks: Counter[str] = Counter()
    for file in monolith.files(3):
        hunks.update(file.hunks)
    null, rest = hunks["null"], hunks.total() - hunks["null"]
    assert 0.31 < null / hunks.total() < 0.36
    assert 0.22 < hunks["mixed"] / rest < 0.28
    assert hunks["cosmetic"] < 0.05 * rest


def test_no_memo_wins_by_repetition() -> None:
    lines = [line for line in made(3).split(b"\n") if line.strip(b" +-\t{}")]
    assert len(set(lines)) > 0.8 * len(lines)


def test_files_have_one_to_thirty_hunks() -> None:
    counts = [file.hunks.total() for file in monolith.files(2)]
    assert min(counts) == 1
    assert 20 < max(counts) <= 30
    assert sum(counts) / len(counts) > 5


def test_hunks_show_three_lines_around() -> None:
    for file in parse(made(4), second_opinion=False).files:
        for hunk in file.hunks:
            signs = [line[:1] for line in hunk.body.split(b"\n")[:-1]]
            if file.old_path and file.new_path:
                assert signs[:3] == signs[-3:] == [b" "] * 3
                assert signs[3] != b" "
                assert signs[-4] != b" "


def test_the_plan_reads_and_has_200_macros() -> None:
    plan = parse_plan(monolith.PLAN.encode())
    assert table().count("\n") == 200
    assert len(Layers(plan).names) == 200
