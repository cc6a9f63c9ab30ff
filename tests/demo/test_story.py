"""The mail's own story, compiled: what each step of the demo's plan promises of the objects.

Nothing but the patches is compiled: what the steps need of macros the scaffolds write into <sys/vimage.h>.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from vimagetrack import demo
from vimagetrack.demo import regenerate
from vimagetrack.engine.objects import compare
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split import SplitResult, split

OPTION = "-DVIMAGE_USE_STRUCTS=1"
CFLAGS = ["-c", "-O", "-g", "-w", "-ffreestanding", "-nostdinc", "-D_KERNEL", "-Isys"]
HEADER = "sys/sys/vimage.h"

Objects = dict[str, bytes]


@dataclass(frozen=True)
class Story:
    """A split, and the tree after each patch by the patch's name, in order; "base" comes first."""

    result: SplitResult
    trees: dict[str, Path]


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    """Split the demo's monolith and apply its patches."""
    result = split(demo.monolith(), demo.plan(), base=demo.base_files())
    return Story(result, grown(result, demo.BASE, tmp_path_factory.mktemp("story")))


def grown(result: SplitResult, base: Path, root: Path) -> dict[str, Path]:
    """Apply every patch to a copy of the tree before it."""
    trees = {"base": shutil.copytree(base, root / "base")}
    for milestone in result.milestones:
        for name, patch in milestone.patches:
            before = list(trees.values())[-1]
            trees[name] = shutil.copytree(before, root / name)
            (root / "patch").write_bytes(patch)
            regenerate.git(trees[name], "apply", "--whitespace=nowarn", "../patch")
    return trees


@pytest.fixture(scope="module")
def objects(tmp_path_factory) -> Callable[..., Objects]:
    """Give a function that compiles every source of a tree."""
    gcc = shutil.which("gcc")
    if gcc is None:
        pytest.skip("There is no gcc here, and only a compiler can say what an object is.")

    def compiled(tree: Path, *options: str) -> Objects:
        work = shutil.copytree(tree, tmp_path_factory.mktemp("objects") / "tree")
        sources = sorted(path.relative_to(work).as_posix() for path in work.glob("sys/**/*.c"))
        subprocess.run([gcc, *CFLAGS, *options, *sources], cwd=work, check=True)
        return {source: (work / Path(source).with_suffix(".o").name).read_bytes() for source in sources}

    return compiled


def same(before: Objects, after: Objects) -> list[str]:
    """Return what differs among the units that stand on both sides, but for debug sections and .comment."""
    shared = before.keys() & after.keys()
    return sorted(source for source in shared if not compare(before[source], after[source]).equal)


def test_every_step_keeps_what_it_promises(story, objects):
    names = list(story.trees)
    assert [name.split(".")[0] for name in names] == [
        "base", "02-macros", "03-structs", "03-structs", "04-cleanup", "04-cleanup", "05-jail", "06-many",
        "07-modules",
    ]  # fmt: skip
    base, macros, *later = story.trees.values()
    before, after = objects(base), objects(macros)
    assert len(before) == 16
    assert same(before, after) == []
    after_macros_every_step_keeps_what_it_promises(macros, later, objects)


def after_macros_every_step_keeps_what_it_promises(macros, later, objects):
    structs_null, structs, cleanup_null, cleanup, jail, many, modules = later
    after = objects(macros)
    assert same(after, objects(structs_null)) == []
    assert same(after, objects(structs)) == []
    with_option = objects(structs, OPTION)
    assert same(after, with_option) != []
    assert same(with_option, objects(cleanup_null, OPTION)) == []
    in_the_end = objects(cleanup, OPTION)
    assert same(with_option, in_the_end) == []
    assert same(in_the_end, objects(cleanup)) == []
    assert same(in_the_end, objects(jail)) != []
    assert same(objects(many), objects(modules)) == ["sys/net/route.c"]


def test_the_last_step_is_the_final_tree(story):
    last = list(story.trees.values())[-1]
    assert regenerate.digest_lines(last) == (demo.FOLDER / "final-v1.sha256").read_text()


def test_warnings_of_redefinition_are_none(story, tmp_path):
    """No layer defines a macro of <sys/vimage.h> otherwise while an earlier definition stands."""
    gcc = shutil.which("gcc")
    if gcc is None:
        pytest.skip("There is no gcc here to say what it thinks of the header.")
    check = [gcc, "-E", "-Werror", "-nostdinc", "-D_KERNEL", "-Isys", HEADER]
    for tree in story.trees.values():
        for options in ([], [OPTION]):
            subprocess.run([*check, *options, "-o", str(tmp_path / "out")], cwd=tree, check=True)


# --- macros lands


@pytest.fixture(scope="module")
def landed(story, tmp_path_factory) -> Story:
    """Land macros: its tree is the base, the monolith is made anew, and split again."""
    base, final = story.trees["02-macros.patch"], story.trees["07-modules.patch"]
    monolith = regenerate.make_diff(final, base)
    texts = {
        path.relative_to(base).as_posix(): path.read_bytes() for path in base.rglob("*") if path.is_file()
    }
    result = split(monolith, _landed(demo.plan()), base=texts)
    return Story(result, grown(result, base, tmp_path_factory.mktemp("landed")))


def _landed(plan: Plan) -> Plan:
    day = date(2008, 6, 16)
    milestones = (replace(m, landed_on=day) if m.slug == "macros" else m for m in plan.milestones)
    return replace(plan, milestones=tuple(milestones))


def test_after_the_landing_there_is_no_patch_for_it_and_no_change_is_lost(story, landed):
    assert [name for name in landed.trees if name.startswith("02")] == []
    assert list(landed.trees)[1:] == list(story.trees)[2:]
    before = Counter(
        (change.milestone, change.fingerprint, change.kind)
        for change in story.result.changes
        if change.milestone != "macros"
    )
    after = Counter((change.milestone, change.fingerprint, change.kind) for change in landed.result.changes)
    assert before - after == Counter()
    assert [change.straggler_of for change in landed.result.changes if change.straggler_of] == []


def test_the_header_is_as_it_was_but_for_what_landed(story, landed):
    def told(result: SplitResult) -> list[tuple[object, ...]]:
        return [
            (c.milestone, c.kind, c.rule, c.reason, c.fingerprint, c.neighbourhood, c.before, c.after)
            for c in result.changes
            if c.path == HEADER and c.milestone != "macros"
        ]

    assert told(story.result) == told(landed.result)
    in_header = partial(filter, lambda change: change.path == HEADER)
    assert [c.old for c in in_header(story.result.changes) if c.rule == "scaffold" and c.old[1]] == []
    deleted = [c.old[1] for c in in_header(landed.result.changes) if c.rule == "scaffold"]
    assert sum(deleted) == 48


def test_after_the_landing_every_step_keeps_what_it_promises(landed, objects):
    base, *later = landed.trees.values()
    after_macros_every_step_keeps_what_it_promises(base, later, objects)
    last = list(landed.trees.values())[-1]
    assert regenerate.digest_lines(last) == (demo.FOLDER / "final-v1.sha256").read_text()
