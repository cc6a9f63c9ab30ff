"""The engine's laws as checks of one split, worked out without the engine's own means where that can be."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from tests.engine.split.regenerated import Tree, by_name
from tests.engine.split.tools import QUIET, git_apply, gnu_patch, read_tree, write_tree
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.output import chunk_files, patch_files
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split import PROVABLE, SplitResult
from vimagetrack.engine.split.steps import Layers

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def composes(result: SplitResult, base: Tree, final: Tree, *, gnu: bool = True) -> None:
    """Law 2: the milestones' patches in order, and the chunks one by one, give the final tree."""
    for files in (patch_files(result), chunk_files(result)):
        patches = list(files.values())
        for program in (git_apply, gnu_patch)[: 2 if gnu and _gnu_can(base, final) else 1]:
            with tempfile.TemporaryDirectory() as name:
                folder = write_tree(Path(name) / "tree", base)
                for patch in patches:
                    program(folder, patch)
                assert read_tree(folder) == final, program.__name__


def _gnu_can(base: Tree, final: Tree) -> bool:
    """Say whether GNU patch can do it at all: it makes no empty files, and knows no binary ones."""
    touched = [path for path in {*base, *final} if base.get(path) != final.get(path)]
    texts = [tree[path] for path in touched for tree in (base, final) if path in tree]
    return b"" not in texts and not any(b"\0" in text for text in texts)


def changed_lines(monolith: bytes) -> set[tuple[str, str, int]]:
    """Read which lines a git diff shows as changed: (side, path, 1-based line), by its letters alone."""
    found: set[tuple[str, str, int]] = set()
    path, old, new, left, left_new = "", 0, 0, 0, 0
    for line in monolith.split(b"\n"):
        if left or left_new:
            sign = line[:1]
            if sign == b"-":
                found.add(("old", path, old))
            elif sign == b"+":
                found.add(("new", path, new))
            if sign in b" -" and sign:
                old, left = old + 1, left - 1
            if sign in b" +" and sign:
                new, left_new = new + 1, left_new - 1
            continue
        if line.startswith((b"+++ b/", b"--- a/")):
            path = line[6:].rstrip(b"\t").decode()
        elif match := _HUNK.match(line):
            old, left, new, left_new = (int(value or 1) for value in match.groups(default=b"1"))
    return found


def everything_has_one_place(result: SplitResult, monolith: bytes) -> None:
    """Law 3: the changed lines are claimed, no other is, and no change is in two chunks or in none."""
    claimed = {
        (side, change.path, line)
        for change in result.changes
        for side, (first, count) in (("old", change.old), ("new", change.new))
        for line in range(first, first + count)
    }
    shown = changed_lines(monolith)
    assert shown - claimed == set()
    assert len(claimed - shown) <= len(shown) // 50, claimed - shown
    chunked = Counter(index for chunk in result.chunks for index in chunk.changes)
    assert chunked == Counter(range(len(result.changes)))
    by_name(result.changes)


def null_is_proved(result: SplitResult) -> None:
    """Laws 4 and 5: what a null layer carries is proved, and nothing else says so."""
    for change in result.changes:
        assert (change.verdict == "proved") == (change.kind in PROVABLE), change
    for row in result.layer_files:
        assert all(proof.verdict == "proved" for proof in row.proofs)


def null_is_null(result: SplitResult, plan: Plan, base: Tree) -> int:
    """Let gcc -E say that both sides of every null layer are the same tokens; count the comparisons."""
    layers = Layers(plan)
    tree, compared = dict(base), 0
    for step in layers.steps:
        slug = plan.milestones[step.position].slug
        names = {name for row in result.milestones for name, _ in row.patches if row.slug == slug}
        if step.patch_name not in names:
            continue
        patch = next(p for row in result.milestones for name, p in row.patches if name == step.patch_name)
        after = _patched(tree, patch)
        for path in sorted(tree) if step.null else ():
            if tree[path] == after.get(path) or not path.endswith((".c", ".h")):
                continue
            for state in layers.states(step):
                tables = (layers.table_before(step, state), layers.table_after(step, state))
                early = _words(tree[path]) & (tables[1].names - tables[0].names)
                sides = zip((tree[path], after[path]), tables, strict=True)
                told = [_expanded(text, table, state, early) for text, table in sides]
                assert told[0] == told[1], (slug, path, state.name)
                compared += 1
        tree = after
    return compared


def _patched(tree: Tree, patch: bytes) -> Tree:
    with tempfile.TemporaryDirectory() as name:
        folder = write_tree(Path(name) / "tree", tree)
        git_apply(folder, patch)
        return read_tree(folder)


def _words(text: bytes) -> set[bytes]:
    return set(re.findall(rb"\w+", re.sub(rb"(?s)/\*.*?\*/|\"[^\"\n]*\"", b" ", text)))


def _expanded(text: bytes, table: Table, state: State, early: set[bytes]) -> list[bytes]:
    """Expand a text; names that are used before they are in force are left as they are, as the split says."""
    lines = [row.canonical for name, row in table.definitions.items() if name not in early]
    code = re.sub(rb"(?m)^[ \t]*#[ \t]*include[^\n]*$", b"", text)
    flags = [f"-D{name}={value}" for name, value in state.define]
    done = subprocess.run(
        ["gcc", "-E", "-P", "-w", "-undef", *flags, "-"],
        input=b"\n".join([*lines, code]), capture_output=True, env=QUIET, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return _reduced(re.findall(rb'"(?:[^"\\]|\\.)*"|\w+|[^\w\s]', done.stdout))


def _reduced(tokens: list[bytes]) -> list[bytes]:
    """Leave out empty statements and bare blocks, as the plan's assumptions allow."""
    text = b" ".join(tokens)
    for _ in range(4):
        text = re.sub(rb"(?<=[;{}]) ;(?= |$)", b"", text)
    while True:
        bare = re.sub(rb"(?<=[;}]) \{ ([^{}]*;) \}", rb" \1", text)
        if bare == text:
            return text.split()
        text = bare
