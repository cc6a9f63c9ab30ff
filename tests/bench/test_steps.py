"""What the bench of splits rests on: figures of a step, and an end where one takes too long."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.bench import monolith
from tests.bench.bench_split import Row, steps_of, table, too_long
from tests.bench.steps import Run, peak, run_step


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("made")
    monolith.write(0.02, path)
    return path


def test_a_split_tells_its_figures(folder: Path) -> None:
    run = run_step(("split", False, 1), folder / "monolith.diff", folder / "plan.toml", 60)
    assert run.seconds > 0
    assert run.parent > 10
    assert run.proved is not None
    assert 0 < run.proved < 1


def test_the_command_line_proves_the_same(folder: Path) -> None:
    inside = run_step(("split", False, 1), folder / "monolith.diff", folder / "plan.toml", 60)
    whole = run_step(("command", False, 1), folder / "monolith.diff", folder / "plan.toml", 60)
    assert whole.proved == inside.proved
    assert whole.parent > 10


def test_what_takes_too_long_is_ended(folder: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_step(("command", False, 1), folder / "monolith.diff", folder / "plan.toml", 0.01)


def test_a_step_that_would_not_end_is_left_out_at_the_next_size() -> None:
    run = Run(seconds=10, cpu=9, parent=1, worker=0, proved=None)
    rows = {"fast": Row([run]), "slow": Row([run, run]), "stopped": Row(stopped="stopped after 5 s")}
    rows["slow"].runs[:] = [Run(seconds=99, cpu=9, parent=1, worker=0, proved=None)]
    left = too_long(rows, 10, 60, 100)
    assert set(left) == {"slow", "stopped"}
    assert left["slow"] == "left out: took 99 s at 10 MB, the limit is 100"
    assert left["stopped"] == "left out: stopped after 5 s at 10 MB"


def test_goals_stand_beside_the_figures() -> None:
    def run(seconds: float) -> Row:
        return Row([Run(seconds=seconds, cpu=seconds, parent=50, worker=0, proved=0.4)])

    rows = {"unidiff, parsing alone": run(1.0), "split, 1 job": run(0.9), "command, 2 jobs": run(0.8)}
    said = "\n".join(table(10, rows))
    assert "goal 1.0 met; stretch 0.8 missed" in said
    assert "goal 0.7 missed; stretch 0.5 missed; memory 75 MB met" in said
    assert "40.0%" in said


def test_at_100_mb_git_is_the_measure() -> None:
    assert steps_of(100)[0] == "git apply --numstat"
    assert steps_of(60)[0] == "unidiff, parsing alone"


def test_the_high_water_mark_of_nobody_is_nothing() -> None:
    assert peak("self") > 1
    assert peak(2**22 + 1) == 0
