"""One step of a bench as a process: what it took, how much memory it and its workers had, what it proved.

``python -m tests.bench.steps KIND DIFF PLAN JOBS OPINION`` runs one and prints its figures as JSON; used by
bench_split.py. Time is of the work alone, without starting Python and reading the file, but for the command
line, which is measured whole.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LOOK_S = 0.02
Step = tuple[str, bool, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run; memory is the high-water mark of resident pages in MB, ``proved`` a share of changed lines."""

    seconds: float
    cpu: float
    parent: float
    worker: float
    proved: float | None


def peak(pid: int | str = "self") -> float:
    """Give a process's high-water mark in MB (1,000,000 bytes), 0 where it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def descendants(pid: int) -> list[int]:
    """List the processes below one, as /proc knows them."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def run_step(step: Step, diff: Path, plan: Path, limit: float) -> Run:
    """Run one step, looking at the memory of its processes all the while.

    Raises TimeoutExpired after ``limit`` seconds; nothing of it is left running then.
    """
    kind, opinion, jobs = step
    if kind in ("command", "numstat"):
        return _program(kind, diff, plan, jobs, limit)
    command = [
        sys.executable,
        "-m",
        "tests.bench.steps",
        kind,
        str(diff),
        str(plan),
        str(jobs),
        str(int(opinion)),
    ]
    said, _, marks = _watched(command, limit)
    figures = json.loads(said)
    return Run(
        seconds=figures["seconds"],
        cpu=figures["cpu"],
        parent=figures["peak"],
        worker=max((mark for pid, mark in marks.items() if pid), default=0.0),
        proved=figures["proved"],
    )


def _program(kind: str, diff: Path, plan: Path, jobs: int, limit: float) -> Run:
    """Measure a program from its start to its end."""
    with tempfile.TemporaryDirectory() as out:
        command = ["git", "apply", "--numstat", str(diff)]
        if kind == "command":
            command = [sys.executable, "-m", "vimagetrack.engine", "split", str(diff), "--plan", str(plan)]
            command += ["--no-second-opinion", "--jobs", str(jobs), "--out", out]
        before = os.times()
        _, seconds, marks = _watched(command, limit)
        after = os.times()
        report = Path(out) / "report.json"
        proved = _share(json.loads(report.read_bytes())["changes"]) if report.exists() else None
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    workers = [mark for pid, mark in marks.items() if pid]
    return Run(
        seconds=seconds, cpu=cpu, parent=marks.get(0, 0.0), worker=max(workers, default=0.0), proved=proved
    )


def _watched(command: list[str], limit: float) -> tuple[bytes, float, dict[int, float]]:
    """Run a program; give what it said, its seconds, and peaks by process, its own under 0."""
    marks: dict[int, float] = {}
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, start_new_session=True)
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK_S)
                    break
                marks[0] = max(marks.get(0, 0.0), peak(process.pid))
                for pid in descendants(process.pid):
                    marks[pid] = max(marks.get(pid, 0.0), peak(pid))
                if time.perf_counter() - start > limit:
                    raise subprocess.TimeoutExpired(command, limit)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.perf_counter() - start
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        said.seek(0)
        return said.read(), seconds, marks


# --- inside the process


def work(
    kind: str, diff: Path, plan: Path, jobs: int, *, opinion: bool
) -> tuple[Callable[[], object], Callable]:
    """Give what is timed, and what tells the share of proved lines from its result."""
    data = diff.read_bytes()
    if kind == "unidiff":
        from unidiff.patch import PatchSet

        return lambda: PatchSet.from_string(data.decode("latin-1")), lambda _: None
    from vimagetrack.engine.plan import parse_plan
    from vimagetrack.engine.split import split

    read = parse_plan(plan.read_bytes())
    return lambda: split(data, read, jobs=jobs, second_opinion=opinion), lambda result: _share(
        [{"verdict": c.verdict, "old": c.old, "new": c.new} for c in result.changes]
    )


def _share(changes: list[dict]) -> float:
    """Give the share of changed lines whose change is proved."""
    lines = {True: 0, False: 0}
    for change in changes:
        lines[change["verdict"] == "proved"] += change["old"][1] + change["new"][1]
    return lines[True] / max(1, sum(lines.values()))


def main(arguments: list[str]) -> None:
    """Run one step in this process, and print its figures."""
    kind, diff, plan, jobs, opinion = arguments
    run, proved = work(kind, Path(diff), Path(plan), int(jobs), opinion=opinion == "1")
    gc.collect()
    begun, start = os.times(), time.perf_counter()
    result = run()
    seconds, ended = time.perf_counter() - start, os.times()
    cpu = sum(ended[:4]) - sum(begun[:4])
    figures = {"seconds": seconds, "cpu": cpu, "peak": peak(), "proved": proved(result)}
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
