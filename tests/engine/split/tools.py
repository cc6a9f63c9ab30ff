"""What the tests of the splitter share: trees on disk, and the two programs that apply patches."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.plan import Plan, parse_plan

QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "LC_ALL": "C",
    "PATH": os.environ["PATH"],
}


def read_plan(folder: Path) -> Plan:
    """Read plan.toml with the table files beside it."""
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.glob("headers/**/*")
        if path.is_file()
    }
    return parse_plan((folder / "plan.toml").read_bytes(), files=files)


def unfold(diff: bytes) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Give the trees before and after a diff whose hunks show whole files."""
    base: dict[str, bytes] = {}
    final: dict[str, bytes] = {}
    for file in parse(diff, second_opinion=False).files:
        if file.old_path is not None:
            base[file.old_path] = b"".join(hunk.old_text for hunk in file.hunks)
        if file.new_path is not None:
            final[file.new_path] = b"".join(hunk.new_text for hunk in file.hunks)
    return base, final


def write_tree(folder: Path, tree: dict[str, bytes]) -> Path:
    """Write a tree into a new folder."""
    for name, data in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def read_tree(folder: Path) -> dict[str, bytes]:
    """Read a tree back, without what the programs leave."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def git_apply(folder: Path, patch: bytes) -> None:
    """Apply with git, exactly: no fuzz, no white space mended."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True, env=QUIET)
    run(["git", "apply", "--whitespace=nowarn"], folder, patch)


def gnu_patch(folder: Path, patch: bytes) -> None:
    """Apply with GNU patch without fuzz; any offset is a failure too."""
    said = run(["patch", "-p1", "-F0", "-E", "--no-backup-if-mismatch"], folder, patch)
    assert b"offset" not in said, said.decode()
    assert b"fuzz" not in said, said.decode()


def run(command: list[str], folder: Path, data: bytes) -> bytes:
    done = subprocess.run(command, cwd=folder, input=data, capture_output=True, env=QUIET, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
    return done.stdout + done.stderr


def check_composes(
    tmp_path: Path, base: dict[str, bytes], final: dict[str, bytes], patches: Iterable[bytes]
) -> None:
    """Apply patches in order with both programs and compare the trees byte for byte."""
    patches = list(patches)
    for program, name in ((git_apply, "git"), (gnu_patch, "patch")):
        if shutil.which(name) is None:
            pytest.skip(f"There is no {name} here to apply the patches with.")
        folder = write_tree(tmp_path / name, base)
        for patch in patches:
            program(folder, patch)
        assert read_tree(folder) == final
