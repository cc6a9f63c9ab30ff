"""The fan-out: files travel in batches, and come back in the order of the diff."""

from __future__ import annotations

import pytest

from vimagetrack.engine.output import pieces
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import Progress, SplitResult, split

PLAN = b"""
[project]
name = "p"
slug = "p"
assume = ["closed-world"]
[[milestone]]
slug = "null"
title = "null"
layer = "null"
table = "#define V_a a"
[[milestone]]
slug = "meat"
title = "meat"
layer = "meat"
"""
FILE = b"""diff --git a/f%d.c b/f%d.c
--- a/f%d.c
+++ b/f%d.c
@@ -1,3 +1,3 @@
 x = %d;
-y = a;
+y = %s;
 z = 1;
"""
DIFF = b"".join(FILE % (n, n, n, n, n, b"V_a" if n % 2 else b"b") for n in range(12))


def everything(result: SplitResult) -> dict[str, bytes]:
    return {name: b"".join(parts) for name, parts in pieces(result, chunks=True)}


@pytest.mark.parametrize("jobs", [2, 7])
def test_any_number_of_processes_gives_the_same_bytes(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = parse_plan(PLAN)
    alone = everything(split(DIFF, plan))
    monkeypatch.setattr("vimagetrack.engine.split.run.BATCH_BYTES", 1)
    told: list[Progress] = []
    result = split(DIFF, plan, jobs=jobs, progress=told.append)
    assert everything(result) == alone
    assert [one.done for one in told if one.stage == "prove"] == list(range(1, 13))


def test_what_is_small_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("vimagetrack.engine.split.run.ProcessPoolExecutor")
    assert len(split(DIFF, parse_plan(PLAN), jobs=7).changes) == 12
