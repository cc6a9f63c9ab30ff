"""Monoliths as they are made anew: the diff of two trees, and a plan of which a part has landed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.engine.split.tools import QUIET, read_tree, write_tree
from vimagetrack.engine.plan import Layer, Plan
from vimagetrack.engine.split import Change, SplitResult, split

Tree = dict[str, bytes]
WHOLE = 1_000_000
_NOBODY = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "core.autocrlf=false")


def git_diff(base: Tree, final: Tree, *options: str, context: int = 3) -> bytes:
    """Diff two trees as git does for a commit: renames are found, binary files are whole."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _git(folder, "init", "-q")
        write_tree(folder, base)
        _git(folder, "add", "-A", "-f")
        _git(folder, "commit", "-qm", "base", "--allow-empty")
        for path in folder.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        write_tree(folder, final)
        _git(folder, "add", "-A", "-f")
        return _git(folder, "diff", "--cached", "--binary", f"-U{context}", *options)


def applied(tree: Tree, patches: Iterable[bytes]) -> Tree:
    """Give the tree after some patches, by git."""
    with tempfile.TemporaryDirectory() as name:
        folder = write_tree(Path(name) / "tree", tree)
        _git(folder, "init", "-q")
        for patch in patches:
            run = subprocess.run(
                ["git", "apply", "--whitespace=nowarn"],
                cwd=folder, input=patch, capture_output=True, env=QUIET, check=False,
            )  # fmt: skip
            assert run.returncode == 0, run.stderr.decode("utf-8", "replace")
        return read_tree(folder)


def _git(folder: Path, *arguments: str) -> bytes:
    done = subprocess.run(
        ["git", *_NOBODY, *arguments], cwd=folder, capture_output=True, env=QUIET, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout


def landed(plan: Plan, count: int = 1) -> Plan:
    """Let the first milestones of a plan land, announcements not counted."""
    rows = list(plan.milestones)
    steps = [index for index, milestone in enumerate(rows) if milestone.layer is not Layer.ANNOUNCE]
    for index in steps[:count]:
        rows[index] = replace(rows[index], landed_on=date(2008, 6, 15))
    return replace(plan, milestones=tuple(rows))


def patches_of(result: SplitResult, slugs: Collection[str]) -> list[bytes]:
    """List the patches of some milestones in order."""
    return [patch for row in result.milestones if row.slug in slugs for _, patch in row.patches]


def by_name(changes: Iterable[Change]) -> dict[str, Change]:
    """Give changes by fingerprint; no two of a split may share one."""
    rows = list(changes)
    found = {change.fingerprint: change for change in rows}
    assert len(found) == len(rows)
    return found


def told(change: Change) -> tuple[object, ...]:
    """Say where a change stands and what it is, for a failing assertion."""
    return (
        change.path, change.milestone, change.kind.value, change.function, change.layer_before,
        change.layer_after, change.before[:300], change.after[:300],
    )  # fmt: skip


def check_landing(
    result: SplitResult, plan: Plan, base: Tree, final: Tree, *, context: int, count: int = 1
) -> None:
    """Land the first milestones of a split on its base, regenerate, split again, compare.

    No patch of theirs, no change lost, and every remaining change has the name that it had.
    """
    later = landed(plan, count)
    closed = {milestone.slug for milestone in later.milestones if milestone.is_closed}
    tree = applied(base, patches_of(result, closed))
    if tree == final or not any(row.layer.takes_meat and not row.is_closed for row in later.milestones):
        return  # an empty diff is refused, and so is a plan that has no place for what remains
    monolith = git_diff(tree, final, context=context)
    again = split(monolith, later, base=None if context == WHOLE else tree, second_opinion=False)
    assert patches_of(again, closed) == []
    wanted = by_name(change for change in result.changes if change.milestone not in closed)
    found = by_name(again.changes)
    assert [told(wanted[name]) for name in wanted.keys() - found.keys()] == []
    assert [told(found[name]) for name in found.keys() - wanted.keys()] == []
    assert applied(tree, patches_of(again, {row.slug for row in again.milestones})) == final
