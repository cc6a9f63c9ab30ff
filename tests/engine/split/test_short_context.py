"""Diffs with little context and no base: their layers apply with what the monolith itself applies with."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.engine.split.test_split import PLAN
from tests.engine.split.tools import QUIET, git_apply, gnu_patch, read_tree, run, write_tree
from vimagetrack.engine.output import chunk_files, patch_files
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import split
from vimagetrack.engine.split.lines import uneven

NULL = {"hostname": "V_hostname", "domain": "V_domain"}


def pair(seed: int) -> tuple[str, str]:
    """Make a file and what becomes of it: spellings, comments, statements, at both ends too."""
    chance = random.Random(seed)
    old, new = [], []
    for number in range(chance.choice((1, 2, 4, 12, 40))):
        line = f"\twork{number % 5}({chance.choice(('hostname', 'domain', 'x'))}, {number});\n"
        old.append(line)
        for name in NULL if chance.random() < 0.4 else ():
            line = line.replace(name, NULL[name])
        if chance.random() < 0.3:
            line = line.replace(");", " + 1);")
        if chance.random() < 0.15:
            new.append("\tINIT_VNET(v);\n")
        if chance.random() < 0.15:
            new.append(f"\tadded({number});\n")
        if chance.random() < 0.9:
            new.append(line)
    return "".join(old), "".join(new) or "x\n"


def unified(tmp_path: Path, old: str, new: str, context: int) -> bytes:
    write_tree(tmp_path, {"a/f.c": old.encode(), "b/f.c": new.encode()})
    command = ["git", "diff", "--no-index", f"-U{context}", "a/f.c", "b/f.c"]
    done = subprocess.run(command, cwd=tmp_path, env=QUIET, capture_output=True, check=False)
    return done.stdout.replace(b"a/a/f.c", b"a/f.c").replace(b"b/b/f.c", b"b/f.c")


def git_apply_zero(folder: Path, patch: bytes) -> None:
    run(["git", "apply", "--whitespace=nowarn", "--unidiff-zero"], folder, patch)


@pytest.mark.parametrize("context", [0, 1, 2])
def test_layers_need_no_more_than_the_monolith(context: int, tmp_path: Path) -> None:
    plan = parse_plan(PLAN)
    for seed in range(8, 16):
        old, new = pair(seed)
        monolith = unified(tmp_path / f"diff{seed}", old, new, context)
        if not monolith:
            continue
        result = split(monolith, plan, second_opinion=False)
        for program in (git_apply if context else git_apply_zero, gnu_patch):
            for patches in ([monolith], patch_files(result).values(), chunk_files(result).values()):
                folder = write_tree(
                    tmp_path / f"{seed}{program.__name__}{id(patches)}", {"f.c": old.encode()}
                )
                for patch in patches:
                    program(folder, patch)
                assert read_tree(folder) == {"f.c": new.encode()}


C, M, P = (b" ", b"x\n"), (b"-", b"x\n"), (b"+", b"x\n")


@pytest.mark.parametrize(
    ("lines", "at_start", "at_end", "cut"),
    [
        ([C, C, C, M, C, C, C], False, False, (0, 0)),
        ([C, M, C, C, C], False, False, (0, 2)),
        ([C, M, C, C, C], True, False, (0, 0)),
        ([C, C, C, P, C], True, False, (2, 0)),
        ([C, C, C, P, C, M], False, True, (0, 0)),
        ([C, C, P], False, False, (2, 0)),
    ],
)
def test_both_sides_are_as_short_but_at_the_ends_of_a_file(
    lines: list[tuple[bytes, bytes]], at_start: bool, at_end: bool, cut: tuple[int, int]
) -> None:
    assert uneven(lines, at_start=at_start, at_end=at_end) == cut
