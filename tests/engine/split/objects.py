"""Compile a tree after each patch: what the layers promise of objects, said by a compiler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engine.split.tools import git_apply, read_tree, write_tree
from vimagetrack.engine.split import SplitResult


def objects(
    tmp_path: Path, base: dict[str, bytes], result: SplitResult, *options: str
) -> dict[str, dict[str, bytes]]:
    """Give the objects of all sources after each patch, by the patch's name; "base" comes first.

    An object that does not compile is its first error.
    """
    gcc = shutil.which("gcc")
    if gcc is None:
        pytest.skip("There is no gcc here, and only a compiler can say what an object is.")
    tree = write_tree(tmp_path / "tree", base)
    found = {"base": _compiled(gcc, tree, options)}
    for milestone in result.milestones:
        for name, patch in milestone.patches:
            git_apply(tree, patch)
            found[name] = _compiled(gcc, tree, options)
    return found


def _compiled(gcc: str, tree: Path, options: tuple[str, ...]) -> dict[str, bytes]:
    made = {}
    for name in read_tree(tree):
        if not name.endswith(".c"):
            continue
        out = tree.with_name("object.o")
        command = [gcc, "-c", "-O", "-w", "-I.", "-Isys", *options, name, "-o", str(out)]
        done = subprocess.run(command, cwd=tree, capture_output=True, check=False)
        error = [line for line in done.stderr.splitlines() if b"error" in line]
        made[name] = error[0] if done.returncode else out.read_bytes()
    return made
