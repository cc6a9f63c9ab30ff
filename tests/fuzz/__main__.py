"""Run fuzz targets one after the other: ``python -m tests.fuzz [-s SECONDS] [TARGET...]``.

A target that hangs or dies is started again until its time is over. Exit 1 where anything was found.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.harness import PROJECT, folder

TARGETS = ("parse", "lex", "kernel")


def main() -> int:
    """Run the targets, list what they found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("-s", "--seconds", type=int, default=600, help="a target (600)")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("atheris is not here: .venv/bin/python -m pip install atheris==3.0.0\n")
        return 2
    for name in options.targets or TARGETS:
        _run(name, options.seconds)
    found = [path for name in options.targets or TARGETS for path in _findings(name)]
    for path in found:
        sys.stdout.write(f"found: {path.relative_to(PROJECT)}\n")
    return 1 if found else 0


def _run(name: str, seconds: int) -> None:
    end = time.monotonic() + seconds
    while (left := int(end - time.monotonic())) > 0:
        command = [sys.executable, "-m", f"tests.fuzz.fuzz_{name}", f"-max_total_time={left}"]
        command += ["-print_final_stats=1"]
        done = subprocess.run(command, cwd=PROJECT, env={**os.environ, "VT_FUZZ": "1"}, check=False)
        if done.returncode == 0 or time.monotonic() - end > -5:
            return


def _findings(name: str) -> list[Path]:
    return sorted(path for path in (folder(name) / "findings").glob("*") if path.suffix != ".txt")


if __name__ == "__main__":
    sys.exit(main())
