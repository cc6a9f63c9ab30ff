"""The mail's own story, compiled: what each step of the demo's plan promises of the objects."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from vimagetrack import demo
from vimagetrack.demo import regenerate
from vimagetrack.engine.objects import compare
from vimagetrack.engine.split import split

OPTION = "-DVIMAGE_USE_STRUCTS=1"
CFLAGS = ["-c", "-O", "-g", "-w", "-ffreestanding", "-nostdinc", "-D_KERNEL", "-Isys"]


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """Give the tree after each patch by the patch's name, in order; "base" comes first."""
    plan = demo.plan()
    result = split(demo.monolith(), plan, base=demo.base_files())
    root = tmp_path_factory.mktemp("story")
    trees = {"base": shutil.copytree(demo.BASE, root / "base")}
    for milestone in result.milestones:
        for name, patch in milestone.patches:
            before = list(trees.values())[-1]
            trees[name] = shutil.copytree(before, root / name)
            (root / "patch").write_bytes(patch)
            regenerate.git(trees[name], "apply", "--whitespace=nowarn", "../patch")
    return trees


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """Give a function that compiles a tree under the tables that are in force after a milestone."""
    gcc = shutil.which("gcc")
    if gcc is None:
        pytest.skip("There is no gcc here, and only a compiler can say what an object is.")

    def compiled(tree: Path, slug: str | None, *options: str) -> dict[str, bytes]:
        plan = demo.plan()
        work = shutil.copytree(tree, tmp_path_factory.mktemp("objects") / "tree")
        # until a scaffold writes them into <sys/vimage.h>, the tables are what the steps are compiled under
        (work / "table.h").write_bytes(plan.table_text(plan.index_of(slug)) if slug else b"")
        sources = sorted(path.relative_to(work).as_posix() for path in work.glob("sys/**/*.c"))
        subprocess.run([gcc, *CFLAGS, "-include", "table.h", *options, *sources], cwd=work, check=True)
        return {source: (work / Path(source).with_suffix(".o").name).read_bytes() for source in sources}

    return compiled


def same(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return what differs among the units that stand on both sides, but for debug sections and .comment."""
    shared = before.keys() & after.keys()
    return sorted(source for source in shared if not compare(before[source], after[source]).equal)


def test_every_step_keeps_what_it_promises(steps, objects):
    names = list(steps)
    assert [name.split(".")[0] for name in names] == [
        "base", "02-macros", "03-structs", "04-cleanup", "04-cleanup", "05-jail", "06-many", "07-modules",
    ]  # fmt: skip
    base, macros, structs, cleanup_null, cleanup, jail, many, modules = steps.values()
    before, after = objects(base, None), objects(macros, "macros")
    assert len(before) == 16
    assert same(before, after) == []
    assert same(after, objects(structs, "structs")) == []
    with_option = objects(structs, "structs", OPTION)
    assert same(after, with_option) != []
    assert same(with_option, objects(cleanup_null, "cleanup", OPTION)) == []
    in_the_end = objects(cleanup, "cleanup", OPTION)
    assert same(with_option, in_the_end) == []
    assert same(in_the_end, objects(cleanup, "cleanup")) == []
    assert same(in_the_end, objects(jail, "jail")) != []
    assert same(objects(many, None), objects(modules, None)) == ["sys/net/route.c"]


def test_the_last_step_is_the_final_tree(steps):
    last = list(steps.values())[-1]
    assert regenerate.digest_lines(last) == (demo.FOLDER / "final-v1.sha256").read_text()
