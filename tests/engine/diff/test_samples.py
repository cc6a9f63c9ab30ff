"""The collected diffs: hostile ones as their manifest says, real ones kept and counted as git counts."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.engine.diff import page
from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.model import FileOp
from vimagetrack.engine.diff.parse import parse

UNIFIED = ("git", "plain-unified", "svn", "gnu", "hg", "p4", "bzr", "diffx", "index+cvs+gnu")


def test_hostile_diffs_are_accepted_flagged_or_refused_as_they_deserve(shared_dir: Path) -> None:
    wrong = {
        sample.name: (sample.expect, verdict.answer, verdict.sentence)
        for sample in page.samples(shared_dir)
        if sample.expect and (verdict := page.judge(sample.data)).answer != sample.expect
    }
    assert not wrong


def test_real_diffs_come_back_or_are_refused_and_are_counted_as_git_counts(shared_dir: Path) -> None:
    answers: Counter[tuple[str, str]] = Counter()
    differing = {}
    for sample in page.samples(shared_dir):
        if sample.expect:
            continue
        data = sample.data
        verdict = page.judge(data)
        answers[sample.dialect, verdict.answer] += 1
        if verdict.diff is not None and (theirs := page.git_counts(data)) not in (
            None,
            page.counts(verdict.diff),
        ):
            differing[sample.name] = theirs, page.counts(verdict.diff)
    assert not differing
    assert {answer for _, answer in answers} == {"accept", "flag", "reject"}
    for dialect in UNIFIED:
        taken, refused = answers[dialect, "accept"] + answers[dialect, "flag"], answers[dialect, "reject"]
        assert taken > refused, f"{dialect}: more refused than taken"
    assert not any(
        answers[dialect, "accept"] for dialect in ("context-diff", "normal-diff", "rcs-diff", "ed-script")
    )


def test_full_context_diffs_give_the_trees_that_they_show(shared_dir: Path, tmp_path: Path) -> None:
    """``unfold.py`` of the corpus is another reading of the same diffs."""
    corpus = shared_dir / "corpus"
    for whole in (corpus / "lua-likely", corpus / "phpredis-tsrmls-add"):
        data = (whole / "full-context.diff").read_bytes()
        out = tmp_path / whole.name
        subprocess.run(
            [sys.executable, corpus / "unfold.py", whole / "full-context.diff", out], check=True, timeout=60
        )
        for file in parse(data).files:
            base = None if file.op is FileOp.CREATE else (out / "base" / file.path).read_bytes()
            final = apply_file(file, base)
            assert final == (None if file.op is FileOp.DELETE else (out / "final" / file.path).read_bytes())


@pytest.mark.parametrize("name", ["monolith.diff", "full-context.diff"])
def test_the_corpus_is_counted_as_git_counts(shared_dir: Path, name: str) -> None:
    found = sorted((shared_dir / "corpus").glob(f"*/{name}"))
    assert found
    for path in found:
        data = path.read_bytes()
        assert page.counts(parse(data, second_opinion=False)) == page.git_counts(data), path


def test_ten_megabytes_are_counted_as_git_counts(shared_dir: Path) -> None:
    import lzma

    data = lzma.decompress((shared_dir / "corpus" / "big" / "git-2.30_2.31.diff.xz").read_bytes())
    verdict = page.judge(data)
    assert verdict.diff is not None
    assert page.counts(verdict.diff) == page.git_counts(data)
    assert sum(len(file.hunks) for file in verdict.diff.files) == data.count(b"\n@@ -")
