"""Measure whole splits with proofs beside unidiff's parsing of the same bytes, and the memory that they take.

``python -m tests.bench.bench_split [--sizes 1,10,60,100] [--rounds N] [--limit SECONDS] [--steps NAMES]``.
Every step is a process of its own, they take turns, and the median is told beside the goals. A step that is
not done within the limit is stopped, and larger ones of its kind are left out: that is said in words. CPU
seconds are told too, of the process and its workers, with their ratio: neighbours take wall time only.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import monolith
from tests.bench.steps import Run, run_step

ROUNDS = 5
LIMIT_S = 600.0
SIZES = (1, 10, 60, 100)
GIT_DIFF = Path(__file__).resolve().parents[2].parent / "shared/corpus/big/git-2.30_2.31.diff.xz"
GIT_PLAN = """[project]
name = "git"
slug = "git"
assume = ["mixed-declarations", "closed-world", "line-numbers", "warnings-not-errors"]
[[milestone]]
slug = "null"
title = "Macros that change nothing"
layer = "null"
table = '''
#define UNUSED(var) var
#define MAYBE_UNUSED
#define V_the_hash_algo the_hash_algo
'''
[[milestone]]
slug = "meat"
title = "Everything else"
layer = "meat"
"""
REFERENCE, GIT = "unidiff, parsing alone", "git apply --numstat"
#: Steps by name: what steps.py runs, whether with unidiff's opinion, and processes.
SPLITS = {
    "split, 1 job": ("split", False, 1),
    "split, 2 jobs": ("split", False, 2),
    "split, opinion, 1 job": ("split", True, 1),
    "split, opinion, 2 jobs": ("split", True, 2),
    "command, 1 job": ("command", False, 1),
    "command, 2 jobs": ("command", False, 2),
}
#: By size in MB and jobs: the goal and the stretch goal, times the reference.
GOALS = {(10, 1): (1.0, 0.8), (10, 2): (0.7, 0.5), (60, 1): (0.8, 0.6), (60, 2): (0.5, 0.35)}
GIT_GOAL = (20.0, 10.0)
PEAK_BASE, PEAK_SHARE = 60.0, 1.5


@dataclass(slots=True)
class Row:
    """What came of one step at one size; ``stopped`` says why there is no figure, or no more of them."""

    runs: list[Run] = field(default_factory=list)
    stopped: str = ""

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def peaks(self) -> tuple[float, float]:
        """Give the largest parent and the largest worker, in MB."""
        return max(run.parent for run in self.runs), max(run.worker for run in self.runs)


def steps_of(megabytes: int) -> list[str]:
    """Name what is measured at a size: at 100 MB two jobs beside git, below that all beside unidiff."""
    if megabytes >= 100:
        return [GIT, "split, 2 jobs", "command, 2 jobs"]
    return [REFERENCE, *SPLITS]


def chosen(names: list[str], options: argparse.Namespace) -> list[str]:
    """Keep the steps that are wanted, and what they are measured against."""
    return [name for name in names if not options.steps or name in (REFERENCE, GIT, *options.steps)]


def measure(diff: Path, plan: Path, names: list[str], options: argparse.Namespace) -> dict[str, Row]:
    """Run every step in turns; one that was stopped, or would take too long, is not run again."""
    rows = {name: Row() for name in names}
    for _ in range(options.rounds):
        for name, row in rows.items():
            if row.stopped or (row.runs and row.seconds > options.once):
                continue
            try:
                row.runs.append(run_step(_command(name), diff, plan, options.limit))
            except subprocess.TimeoutExpired:
                row.stopped = f"stopped after {options.limit:.0f} s"
    return rows


def _command(name: str) -> tuple[str, bool, int]:
    return {REFERENCE: ("unidiff", False, 1), GIT: ("numstat", False, 1)}.get(name) or SPLITS[name]


def too_long(before: dict[str, Row], last: int, size: int, limit: float) -> dict[str, str]:
    """Say which steps cannot end within the limit, from what became of them at a smaller size."""
    found = {}
    for name, row in before.items():
        expected = row.seconds * size / last if row.runs else 0.0
        if row.stopped:
            found[name] = (
                f"left out: {row.stopped} at {last} MB" if "left out" not in row.stopped else row.stopped
            )
        elif expected > limit:
            found[name] = f"left out: took {row.seconds:.0f} s at {last} MB, the limit is {limit:.0f}"
    return found


def table(megabytes: float, rows: dict[str, Row]) -> Iterator[str]:
    """Write a line a step, with the goals beside it."""
    reference = REFERENCE if REFERENCE in rows else GIT
    base = rows[reference].seconds if rows[reference].runs else float("nan")
    of = {REFERENCE: "unidiff", GIT: "git"}[reference]
    base_cpu = rows[reference].cpu if rows[reference].runs else float("nan")
    heads = f"{'s':>8} {'x ' + of:>10} {'cpu s':>8} {'x cpu':>7}"
    yield f"  {'':24} {heads}  {'proved':>6}  {'parent':>7} {'worker':>7} MB"
    for name, row in rows.items():
        if not row.runs:
            yield f"  {name:24} {row.stopped}"
            continue
        parent, worker = row.peaks
        proved = f"{row.runs[-1].proved:6.1%}" if row.runs[-1].proved is not None else f"{'':6}"
        line = f"  {name:24} {row.seconds:8.3f} {row.seconds / base:10.2f}"
        line += f" {row.cpu:8.3f} {row.cpu / base_cpu:7.2f}  {proved}"
        line += f"  {parent:7.0f} {worker or 0:7.0f}   median of {len(row.runs)}"
        yield f"{line}  {'; '.join(verdicts(name, megabytes, row, base))}".rstrip()


def verdicts(name: str, megabytes: float, row: Row, base: float) -> Iterator[str]:
    """Say which goals a step meets."""
    if name not in SPLITS:
        return
    kind, opinion, jobs = SPLITS[name]
    goals = GIT_GOAL if megabytes >= 100 else GOALS.get((round(megabytes), jobs))
    if goals and not opinion:
        yield f"goal {goals[0]} {_met(row.seconds / base, goals[0])}"
        yield f"stretch {goals[1]} {_met(row.seconds / base, goals[1])}"
    most = PEAK_BASE + PEAK_SHARE * megabytes
    if kind == "command":
        yield f"memory {most:.0f} MB {_met(max(row.peaks), most)}"


def _met(found: float, goal: float) -> str:
    return "met" if found <= goal else "missed"


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def made(options: argparse.Namespace) -> None:
    """Measure made monoliths, the small ones first, so that what would never end is known."""
    before: dict[str, Row] = {}
    last = 0
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)
            monolith.write(size, path)
            skipped = too_long(before, last, size, options.limit)
            names = chosen(steps_of(size), options)
            rows = measure(
                path / "monolith.diff", path / "plan.toml", [n for n in names if n not in skipped], options
            )
            rows = {name: rows.get(name) or Row(stopped=skipped[name]) for name in names}
            say(f"\nmade monolith, {(path / 'monolith.diff').stat().st_size / 1e6:.1f} MB")
        for line in table(size, rows):
            say(line)
        before, last = before | rows, size


def real(options: argparse.Namespace) -> None:
    """Measure a real diff of git, where it is at hand."""
    if not GIT_DIFF.is_file():
        say(f"\nno {GIT_DIFF.name} here ({GIT_DIFF.parent}): its row is left out")
        return
    import lzma

    data = lzma.decompress(GIT_DIFF.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        diff, plan = Path(folder) / "git.diff", Path(folder) / "plan.toml"
        diff.write_bytes(data)
        plan.write_text(GIT_PLAN)
        rows = measure(diff, plan, chosen(steps_of(10), options), options)
    say(f"\n{GIT_DIFF.name}: {len(data) / 1e6:.1f} MB, a plan of three macros")
    for line in table(round(len(data) / 1e7) * 10, rows):
        say(line)


def main(arguments: list[str]) -> None:
    """Measure all sizes, then the real diff."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_split")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--limit", type=float, default=LIMIT_S, help="seconds that a step may take")
    parser.add_argument("--once", type=float, default=120.0, help="longer steps are run once")
    parser.add_argument("--steps", type=lambda text: text.split(";"), default=(), help="some, with ; between")
    parser.add_argument("--no-real", action="store_true", help="leave the diff of git out")
    options = parser.parse_args(arguments)
    say(f"medians of {options.rounds}, taken in turns; goals are times {REFERENCE}")
    made(options)
    if not options.no_real:
        real(options)


if __name__ == "__main__":
    main(sys.argv[1:])
