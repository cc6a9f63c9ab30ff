"""The laws on random trees and every real monolith: all adds up, and the answer is always the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.split.generated import Maker
from tests.engine.split.laws import composes, everything_has_one_place, null_is_null, null_is_proved
from tests.engine.split.regenerated import check_landing, git_diff
from tests.engine.split.test_landing import plan_of
from tests.engine.split.tools import REAL, unfold, write_tree
from vimagetrack.engine.__main__ import main
from vimagetrack.engine.output import report_json
from vimagetrack.engine.split import split

#: Seeds of the normal tests; the long one goes on behind them.
SEEDS = range(4)


def check_case(seed: int) -> int:
    """Hold every law on one random case; count what gcc compared."""
    case = Maker(seed).case()
    plan = case.plan
    monolith = git_diff(case.base, case.final)
    result = split(monolith, plan, base=case.base, second_opinion=False)
    composes(result, case.base, case.final)
    everything_has_one_place(result, monolith)
    null_is_proved(result)
    compared = null_is_null(result, plan, case.base)
    check_landing(result, plan, case.base, case.final, context=3)
    again = split(monolith, plan, base=case.base, second_opinion=False)
    assert report_json(again) == report_json(result)
    bare = split(monolith, plan, second_opinion=False)
    composes(bare, case.base, case.final, gnu=False)
    everything_has_one_place(bare, monolith)
    return compared


@pytest.mark.parametrize("seed", SEEDS)
def test_the_laws_on_a_random_tree(seed: int) -> None:
    check_case(seed)


@pytest.mark.long
def test_the_laws_on_many_random_trees() -> None:
    assert sum(map(check_case, range(SEEDS.stop, 60))) > 100


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    "shape",
    [
        "based",
        pytest.param("monolith.diff", marks=pytest.mark.long),
        pytest.param("full-context.diff", marks=pytest.mark.long),
    ],
)
def test_a_real_monolith_adds_up(name: str, shape: str, shared_dir: Path, tmp_path: Path) -> None:
    folder = shared_dir / "corpus" / name
    plan = (folder if (folder / "plan.toml").exists() else folder.parent) / "plan.toml"
    monolith = folder / ("monolith.diff" if shape == "based" else shape)
    base, _ = unfold((folder / "full-context.diff").read_bytes())
    write_tree(tmp_path / "base", base)
    arguments = [str(monolith), "--plan", str(plan), "--chunks", "--no-second-opinion"]
    arguments += ["--base", str(tmp_path / "base")] if shape == "based" else []
    outs = []
    for jobs in ("1", "2", "7", "1"):
        out = tmp_path / f"out{len(outs)}"
        assert main(["split", *arguments, "--jobs", jobs, "--out", str(out)]) == 0
        outs.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert outs.count(outs[0]) == len(outs)
    assert main(["verify", *arguments, "--out", str(tmp_path / "out0")]) == 0


@pytest.mark.parametrize("name", REAL)
def test_a_real_monolith_has_one_place_for_everything(name: str, shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / name
    plan = plan_of(folder)
    base, final = unfold((folder / "full-context.diff").read_bytes())
    monolith = (folder / "monolith.diff").read_bytes()
    whole = (folder / "full-context.diff").read_bytes()
    for diff, known in ((monolith, None), (monolith, base), (whole, None)):
        result = split(diff, plan, base=known, second_opinion=False)
        composes(result, base, final)
        everything_has_one_place(result, diff)
        null_is_proved(result)
