"""Measure parser and lexer beside others on the same input, interleaved in one run: medians and ratios.

``python -m tests.bench.bench_parse [DIFF ...]``; without a diff, one is made of C-like text, in 1, 10,
60 and 100 MB, and a table of growth is printed. A tool that is missing, or too slow for the size, is said
in words.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.lex.ctokens import tokenize

GOAL = 4.0
"""Times ``git apply --numstat``, from 10 MB up."""
ROUNDS = ((1, 9), (10, 5), (60, 3), (100, 3))
"""Megabytes, and how often each contestant has its turn."""
Steps = dict[str, Callable[[], object]]


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


def parsers(path: Path, data: bytes, left_out: list[str]) -> Steps:
    """Name what parses and is at hand; programs read the file, parsers in this process get bytes or text."""
    found: Steps = {
        "parse": lambda: parse(data, second_opinion=False),
        "parse with second opinion": lambda: parse(data),
        "git apply --numstat": lambda: _run("git", "apply", "--numstat", str(path)),
    }
    if shutil.which("lsdiff"):
        found["lsdiff"] = lambda: _run("lsdiff", str(path))
    else:
        left_out.append("lsdiff is not installed (patchutils)")
    from unidiff.patch import PatchSet

    found["unidiff metadata_only"] = lambda: PatchSet.from_string(data.decode("latin-1"), metadata_only=True)
    if _small(data, 20, "unidiff whole takes twelve bytes of memory a byte", left_out):
        found["unidiff"] = lambda: PatchSet.from_string(data.decode("latin-1"))
    if importlib.util.find_spec("whatthepatch") is None:
        left_out.append("whatthepatch is not installed (requirements-dev.txt)")
    elif _small(data, 20, "whatthepatch keeps a tuple for every line", left_out):
        whatthepatch = importlib.import_module("whatthepatch")
        found["whatthepatch"] = lambda: list(whatthepatch.parse_patch(data.decode("latin-1")))
    return found


def lexers(path: Path, data: bytes, left_out: list[str]) -> Steps:
    """Name what lexes: ours over the diff itself and over its C, file by file, as a split does; others over
    the same C, whose path is given.
    """
    files = parse(data, second_opinion=False).files
    sections = [b"".join((hunk.header + hunk.body) for hunk in file.hunks) for file in files]
    texts = [b"".join(hunk.new_text for hunk in file.hunks) for file in files]
    code = b"".join(texts)
    path.write_bytes(code)
    found: Steps = {"lex the diff": lambda: _lex(sections), "lex its C": lambda: _lex(texts)}
    if shutil.which("gcc"):
        found["gcc -fpreprocessed -E"] = lambda: _run(
            "gcc", "-fpreprocessed", "-E", str(path), "-o", "/dev/null"
        )
    else:
        left_out.append("gcc is not installed")
    if not shutil.which("clang"):
        left_out.append("clang is not installed")
    elif _small(code, 2, "clang prints a line for every token", left_out):
        found["clang -dump-raw-tokens"] = lambda: _run(
            "clang", "-Xclang", "-dump-raw-tokens", "-fsyntax-only", str(path)
        )
    if importlib.util.find_spec("pygments") is None:
        left_out.append("pygments is not installed (requirements-dev.txt)")
    elif _small(code, 2, "pygments lexes about a megabyte a second", left_out):
        lexer = importlib.import_module("pygments.lexers.c_cpp").CLexer()
        found["pygments"] = lambda: sum(1 for _ in lexer.get_tokens(code.decode("latin-1")))
    return found


def _lex(texts: Sequence[bytes]) -> None:
    for text in texts:
        tokenize(text)


def _small(data: bytes, megabytes: int, reason: str, left_out: list[str]) -> bool:
    """Say whether it is small enough for a slow contestant; if not, the reason is told."""
    small = len(data) < megabytes * 1_000_000
    if not small:
        left_out.append(f"from {megabytes} MB up: {reason}")
    return small


def _run(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def measure(entries: Steps, rounds: int) -> dict[str, float]:
    """Return the median of each contestant in seconds; they take turns in every round."""
    times: dict[str, list[float]] = {name: [] for name in entries}
    for _ in range(rounds):
        for name, run in entries.items():
            gc.collect()
            start = time.perf_counter()
            result = run()
            times[name].append(time.perf_counter() - start)
            del result
    return {name: statistics.median(found) for name, found in times.items()}


def report(path: Path, rounds: int) -> dict[str, float]:
    """Print the figures of one diff, and return the speed of our own steps, in MB/s."""
    data = path.read_bytes()
    size = len(data) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code.c"
        left_out: list[str] = []
        parsing, lexing = parsers(path, data, left_out), lexers(code, data, left_out)
        medians = measure(parsing | lexing, rounds)
        code_size = code.stat().st_size / 1e6
    _say(f"\n{path.name}: {size:.1f} MB, {code_size:.1f} MB of C in it; median of {rounds}, taken in turns")
    _table({name: medians[name] for name in parsing}, size, "git apply --numstat", {})
    _table({name: medians[name] for name in lexing}, code_size, "lex its C", {"lex the diff": size})
    for reason in left_out:
        _say(f"  left out: {reason}")
    if size >= 10:
        met = medians["parse"] <= GOAL * medians["git apply --numstat"]
        _say(f"  goal: parse at most {GOAL} x git: {'met' if met else 'missed'}")
    sizes = {"parse": size, "parse with second opinion": size, "lex the diff": size, "lex its C": code_size}
    return {name: sizes[name] / medians[name] for name in sizes}


def _table(medians: dict[str, float], size: float, measure_of: str, sizes: dict[str, float]) -> None:
    """Print a line a contestant, with its ratio to one of them by speed."""
    reference = size / medians[measure_of]
    _say(f"  {'':28} {'ms':>9} {'MB/s':>8}   time a MB, x {measure_of}")
    for name, seconds in sorted(medians.items(), key=lambda item: item[1]):
        speed = sizes.get(name, size) / seconds
        _say(f"  {name:28} {seconds * 1000:9.1f} {speed:8.0f} {reference / speed:7.2f}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(given: list[str]) -> None:
    """Measure the diffs that are named, or made ones in four sizes."""
    for name in given:
        report(Path(name), 7)
    if given:
        return
    speeds: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for megabytes, rounds in ROUNDS:
            path = Path(folder) / f"made-{megabytes}.diff"
            path.write_bytes(made(megabytes))
            speeds[megabytes] = report(path, rounds)
            path.unlink()
    _say("\ngrowth, MB/s: " + ", ".join(f"{size} MB" for size in speeds))
    for name in speeds[1]:
        _say(f"  {name:28} " + " ".join(f"{speed[name]:8.0f}" for speed in speeds.values()))


if __name__ == "__main__":
    main(sys.argv[1:])
