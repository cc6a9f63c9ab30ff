"""Measure the engine on what is at hand: parse, parse with the second opinion, and a whole split.

    python -m vimagetrack.local.bench [DIFF PLAN]...

Without arguments: the demo, and the corpus beside the checkout where it is there. Each step is run three
times (once where it takes long) and the median told, since machines have neighbours; megabytes are of the
diff.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from vimagetrack.engine.__main__ import read_plan
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.split import split
from vimagetrack.local.home import PROJECT

ROUNDS = 3
LONG_S = 5.0


def seconds(step: Callable[[], object]) -> float:
    """Give the median time of some runs."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
        if times[-1] > LONG_S:
            break
    return statistics.median(times)


def cases(arguments: list[str]) -> Iterator[tuple[Path, Path]]:
    """Yield pairs of diff and plan."""
    yield from zip(map(Path, arguments[::2]), map(Path, arguments[1::2]), strict=True)
    if not arguments:
        demo = PROJECT / "vimagetrack" / "demo"
        yield demo / "monolith-v1.diff", demo / "plan.toml"
        corpus = Path(os.environ.get("SHARED_DIR") or PROJECT.parent / "shared") / "corpus"
        for folder in sorted(corpus.glob("*/")):
            if (folder / "full-context.diff").is_file() and (folder / "plan.toml").is_file():
                yield folder / "full-context.diff", folder / "plan.toml"


def measure(diff: Path, plan_file: Path) -> None:
    """Print one line a step."""
    data = diff.read_bytes()
    plan = read_plan(plan_file)
    megabytes = len(data) / 2**20
    steps: dict[str, Callable[[], object]] = {
        "parse": lambda: parse(data, second_opinion=False),
        "parse, twice read": lambda: parse(data),
        "split": lambda: split(data, plan),
    }
    print(f"{diff.parent.name}/{diff.name}: {megabytes:.2f} MiB")
    for name, step in steps.items():
        taken = seconds(step)
        print(f"  {name:<18} {taken:8.3f} s {megabytes / taken:8.2f} MiB/s", flush=True)


def main() -> int:
    """Measure every case; 2 where the arguments are no pairs."""
    arguments = sys.argv[1:]
    if len(arguments) % 2:
        print(f"DIFF without PLAN: {arguments[-1]}. Give pairs.", file=sys.stderr)
        return 2
    for diff, plan in cases(arguments):
        measure(diff, plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    print(f"peak memory {peak:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
