"""Measure the parser beside others on the same input, interleaved in one run: medians and ratios.

``python -m tests.bench.bench_parse [DIFF ...]``; without a diff, one is made of C-like text, in 1, 10, 60
and 100 MB.
"""

from __future__ import annotations

import gc
import importlib.util
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.parse import parse

GOAL = 4.0
"""Times ``git apply --numstat``, from 10 MB up."""


def made(megabytes: int) -> bytes:
    """Make a diff like one of a kernel: a few hunks of some fifty lines a file, always the same bytes."""
    random_ = random.Random(20080616)
    words = [
        b"\tif (V_%s != NULL && rt->rt_ifp != ifp)\n",
        b"\t\tmtx_lock(&%s->if_addr_mtx);\n",
        b"\n",
        b"\tstruct in_ifaddr *%s;\n",
        b" * %s is protected by the lock of its interface.\n",
        b"\t}\n",
    ]  # some thirty bytes a line, as in kernels
    lines = [word % (b"name%d" % n) if b"%s" in word else word for n in range(200) for word in words]
    parts: list[bytes] = []
    size = number = 0
    while size < megabytes * 1_000_000:
        hunks = []
        for at in range(1, 9):
            signs = (
                [b" "] * 3 + random_.choices([b" ", b"-", b"+"], [6, 2, 2], k=40) + [b"-", b"+"] + [b" "] * 3
            )
            hunks.append(
                PatchHunk(
                    old_start=at * 100, new_start=at * 100, lines=[(s, random_.choice(lines)) for s in signs]
                )
            )
        path = f"sys/net{number % 40}/file{number}.c"
        part = file_patch(
            old_path=path,
            new_path=path,
            old_mode=None,
            new_mode=None,
            hunks=hunks,
            old_blob="1" * 11,
            new_blob="2" * 11,
        )
        parts.append(part)
        size, number = size + len(part), number + 1
    return b"".join(parts)


def contestants(path: Path, data: bytes) -> dict[str, Callable[[], object]]:
    """Name what is at hand; programs read the file, parsers in this process get bytes or text."""
    found: dict[str, Callable[[], object]] = {
        "parse": lambda: parse(data, second_opinion=False),
        "parse with second opinion": lambda: parse(data),
        "git apply --numstat": lambda: _run("git", "apply", "--numstat", str(path)),
    }
    if shutil.which("lsdiff"):
        found["lsdiff"] = lambda: _run("lsdiff", str(path))
    if len(data) < 20_000_000:
        text = data.decode("latin-1")
        from unidiff.patch import PatchSet

        found["unidiff"] = lambda: PatchSet.from_string(text)
        found["unidiff metadata_only"] = lambda: PatchSet.from_string(text, metadata_only=True)
        if importlib.util.find_spec("whatthepatch"):
            import whatthepatch

            found["whatthepatch"] = lambda: list(whatthepatch.parse_patch(text))
    return found


def _run(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def measure(path: Path, rounds: int) -> dict[str, float]:
    """Return the median of each contestant in seconds; they take turns in every round."""
    data = path.read_bytes()
    entries = contestants(path, data)
    times: dict[str, list[float]] = {name: [] for name in entries}
    for _ in range(rounds):
        for name, run in entries.items():
            gc.collect()
            start = time.perf_counter()
            result = run()
            times[name].append(time.perf_counter() - start)
            del result
    return {name: statistics.median(found) for name, found in times.items()}


def report(path: Path, rounds: int) -> None:
    size = path.stat().st_size / 1e6
    medians = measure(path, rounds)
    git = medians["git apply --numstat"]
    _say(f"\n{path.name}: {size:.1f} MB, median of {rounds}")
    for name, seconds in sorted(medians.items(), key=lambda item: item[1]):
        _say(f"  {name:28} {seconds * 1000:9.1f} ms {size / seconds:8.0f} MB/s {seconds / git:7.2f} x git")
    if size >= 10:
        _say(f"  goal: at most {GOAL} x git: {'met' if medians['parse'] <= GOAL * git else 'missed'}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(given: list[str]) -> None:
    if given:
        for name in given:
            report(Path(name), 7)
        return
    with tempfile.TemporaryDirectory() as folder:
        for megabytes, rounds in ((1, 15), (10, 7), (60, 3), (100, 3)):
            path = Path(folder) / f"made-{megabytes}.diff"
            path.write_bytes(made(megabytes))
            report(path, rounds)


if __name__ == "__main__":
    main(sys.argv[1:])
