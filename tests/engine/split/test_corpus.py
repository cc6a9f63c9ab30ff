"""The real monoliths: layers and chunks compose, truth is met, any number of jobs agrees."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.engine.split.tools import check_composes, read_plan, unfold
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.output import chunk_files, patch_files, report_json
from vimagetrack.engine.split import PROVABLE, SplitResult, split

CASES = (
    "freebsd-2008-A-nearpure",
    "phpredis-tsrmls-add",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in (
            "bz-2010-curvnet",
            "bz-2010-whirl",
            "git-unused-intro",
            "lua-likely",
            "osv-rename-notnull",
        )
    ),
)


@pytest.mark.parametrize("name", CASES)
def test_a_real_monolith(name: str, shared_dir: Path, tmp_path: Path) -> None:
    """All that is asked of a case, in one test: its split is what takes the time."""
    folder = shared_dir / "corpus" / name
    result = split((folder / "full-context.diff").read_bytes(), read_plan(folder))
    layers_and_chunks_give_the_final_tree(folder, result, tmp_path)
    every_changed_line_has_its_place(folder, result)
    what_a_null_layer_carries_is_proved(result)
    if name == "freebsd-2008-A-nearpure":
        the_2008_landing_is_mostly_null_and_never_wrong(folder, result)


def layers_and_chunks_give_the_final_tree(folder: Path, result: SplitResult, tmp_path: Path) -> None:
    base, final = unfold((folder / "full-context.diff").read_bytes())
    check_composes(tmp_path / "layers", base, final, patch_files(result).values())
    check_composes(tmp_path / "chunks", base, final, chunk_files(result).values())


def every_changed_line_has_its_place(folder: Path, result: SplitResult) -> None:
    claimed: Counter[tuple[str, str, int]] = Counter()
    for change in result.changes:
        for side, (first, count) in (("old", change.old), ("new", change.new)):
            claimed.update((side, change.path, line) for line in range(first, first + count))
    changed: set[tuple[str, str, int]] = set()
    for file in parse((folder / "full-context.diff").read_bytes(), second_opinion=False).files:
        for hunk in file.hunks:
            for run in hunk.runs():
                for side, first, lines in (
                    ("old", run.old_start_lineno, run.old_lines),
                    ("new", run.new_start_lineno, run.new_lines),
                ):
                    changed |= {(side, file.path, first + number) for number in range(len(lines))}
    assert set(claimed) == changed
    chunked = [index for chunk in result.chunks for index in chunk.changes]
    assert sorted(chunked) == list(range(len(result.changes)))


def what_a_null_layer_carries_is_proved(result: SplitResult) -> None:
    for change in result.changes:
        assert (change.verdict == "proved") == (change.kind in PROVABLE), change
    for row in result.layer_files:
        assert all(proof.verdict == "proved" for proof in row.proofs)
        assert all(proof.before_digest == proof.after_digest for proof in row.proofs)


@pytest.mark.long
def test_the_control_has_nothing_null(shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / "osv-rename-notnull"
    result = split((folder / "full-context.diff").read_bytes(), read_plan(folder))
    assert not [change for change in result.changes if change.kind == "null-macro"]


def test_jobs_and_runs_agree(shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / "phpredis-tsrmls-add"
    monolith, plan = (folder / "full-context.diff").read_bytes(), read_plan(folder)
    results = [split(monolith, plan, jobs=jobs) for jobs in (1, 2, 1)]
    assert len({report_json(result) for result in results}) == 1
    assert len({tuple(chunk_files(result).items()) for result in results}) == 1


def the_2008_landing_is_mostly_null_and_never_wrong(folder: Path, result: SplitResult) -> None:
    """Nearly all lines that history calls null; of its meat only what is token-equal."""
    kinds: dict[tuple[str, str, int], set[str]] = {}
    for change in result.changes:
        for side, (first, count) in (("old", change.old), ("new", change.new)):
            for line in range(first, first + count):
                kinds.setdefault((side, change.path, line), set()).add(change.kind.value)
    null = {kind.value for kind in PROVABLE}
    found: Counter[str] = Counter()
    wrong = []
    guards = {b"#ifdef VIMAGE_GLOBALS", b"#endif"}
    _, final = unfold((folder / "full-context.diff").read_bytes())
    with (folder / "truth.tsv").open() as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for side in ("old", "new"):
                first, count = int(row[f"{side}_start"]), int(row[f"{side}_lines"])
                for line in range(first, first + count):
                    mine = kinds.get((side, row["file"], line), set())
                    if row["class"] == "null":
                        found["null" if mine and mine <= null else "missed"] += 1
                    if row["class"] == "meat" and "null-macro" in mine:
                        text = final[row["file"]].split(b"\n")[line - 1] if side == "new" else b""
                        if text.strip() not in guards and text.strip():
                            wrong.append((row["file"], side, line, text))
    assert wrong == []
    assert found["null"] >= 0.95 * found.total(), found
