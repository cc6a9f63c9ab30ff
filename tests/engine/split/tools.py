"""What the tests of the splitter share: trees on disk, and the two programs that apply patches."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.plan import Plan, parse_plan

QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "LC_ALL": "C",
    "PATH": os.environ["PATH"],
}

#: The real monoliths: one in the normal set, the others in the long one.
REAL = (
    "phpredis-tsrmls-add",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in (
            "freebsd-2008-A-nearpure",
            "bz-2010-curvnet",
            "bz-2010-whirl",
            "bz-series/v1",
            "bz-series/v2",
            "bz-series/v3",
            "git-unused-intro",
            "lua-likely",
            "osv-rename-notnull",
        )
    ),
)


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


def diff_of(base: dict[str, bytes], final: dict[str, bytes], *, context: int = 3) -> bytes:
    """Write the diff between two trees as any tool would; files that are equal are left out."""
    pieces = []
    for name in sorted(base.keys() | final.keys()):
        old, new = (body_lines(tree.get(name, b"")) for tree in (base, final))
        if old != new or (name in base) != (name in final):
            groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context)
            pieces.append(
                file_patch(
                    old_path=name if name in base else None,
                    new_path=name if name in final else None,
                    old_mode=None,
                    new_mode=None,
                    hunks=[_hunk(old, new, group) for group in groups],
                )
            )
    return b"".join(pieces)


def _hunk(old: list[bytes], new: list[bytes], group: list[tuple[str, int, int, int, int]]) -> PatchHunk:
    lines: list[tuple[bytes, bytes]] = []
    for tag, a, b, c, d in group:
        if tag == "equal":
            lines += ((b" ", line) for line in old[a:b])
        else:
            lines += ((b"-", line) for line in old[a:b])
            lines += ((b"+", line) for line in new[c:d])
    starts = group[0][1], group[0][3]
    counts = [sum(sign in signs for sign, _ in lines) for signs in ((b" ", b"-"), (b" ", b"+"))]
    first = [start + (count > 0) for start, count in zip(starts, counts, strict=True)]
    return PatchHunk(old_start=first[0], new_start=first[1], lines=tuple(lines))


def grown(base: dict[str, bytes], patches: Iterable[bytes]) -> list[dict[str, bytes]]:
    """Give the tree after each patch; the first is the base. Applies with the engine's own applier."""
    trees = [dict(base)]
    for patch in patches:
        tree = dict(trees[-1])
        for file in parse(patch, second_opinion=False).files:
            text = apply_file(file, tree.pop(file.old_path, None) if file.old_path else None)
            if text is not None and file.new_path:
                tree[file.new_path] = text
        trees.append(tree)
    return trees
