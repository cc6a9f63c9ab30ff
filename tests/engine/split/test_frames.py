"""Names, modes and pieces: every shape of file has its place, and layers apply as the monolith does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.split.tools import QUIET, git_apply, run
from vimagetrack.engine.output import chunk_files, patch_files
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import Kind, SplitResult, split

PLAN = parse_plan("""
[project]
name = "Test"
slug = "test"
assume = ["line-numbers", "warnings-not-errors", "closed-world"]
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
table = '''
#define V_hostname hostname
#define V_domain domain
'''
macros = ["V_hostname"]
[[milestone]]
slug = "meat"
title = "Meat"
layer = "meat"
[[milestone]]
slug = "late"
title = "Late"
layer = "null"
macros = ["V_domain"]
[[milestone]]
slug = "jail"
title = "Jail"
layer = "meat"
[[rule]]
touches = ["jail_attach"]
milestone = "jail"
[defaults]
meat = "meat"
""")

#: A file of a tree: its bytes, and "x" for a program, "l" for a link.
Tree = dict[str, tuple[bytes, str]]

FRAME = "".join(f"int f{n}(void)\n{{\n\treturn ({n});\n}}\n" for n in range(8))


def text(*lines: str) -> bytes:
    """Write a function between two others, so that git sees how alike two files are."""
    return (FRAME + "int g(void)\n{\n" + "".join(f"\t{line}\n" for line in lines) + "}\n" + FRAME).encode()


OLD = text("a(hostname);", "b(1);", "c(domain);", "d(1);")
NEW = text("a(V_hostname);", "b(2);", "c(V_domain);", "jail_attach(1);")
EARLY = text("a(V_hostname);", "b(1);", "c(domain);", "d(1);")


def write(folder: Path, tree: Tree) -> Path:
    folder.mkdir(parents=True)
    for name, (data, sort) in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if sort == "l":
            path.symlink_to(os.fsdecode(data))
        else:
            path.write_bytes(data)
            path.chmod(0o755 if sort == "x" else 0o644)
    return folder


def read(folder: Path) -> Tree:
    return {
        str(path.relative_to(folder)): (os.fsencode(path.readlink()), "l")
        if path.is_symlink()
        else (path.read_bytes(), "x" if path.stat().st_mode & 0o100 else "")
        for path in sorted(folder.rglob("*"))
        if ".git" not in path.parts and (path.is_symlink() or path.is_file())
    }


def monolith(tmp_path: Path, old: Tree, new: Tree, *flags: str) -> bytes:
    """Let git write the diff of two trees."""
    folder = write(tmp_path / "repository", old)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]

    def git(*words: str) -> bytes:
        return subprocess.run(
            ["git", *identity, *words], cwd=folder, env=QUIET, check=True, capture_output=True
        ).stdout

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "base")
    for name in old:
        (folder / name).unlink()
    (folder / "new").mkdir()
    for path in write(tmp_path / "after", new).iterdir():
        path.rename(folder / path.name)
    git("add", "-A")
    return git("diff", "--cached", "--binary", "-M40", *flags)


def takes(program: Callable[[Path, bytes], None], tmp_path: Path, old: Tree, new: Tree, diff: bytes) -> bool:
    """Say whether a program applies the monolith itself."""
    folder = write(tmp_path / f"{program.__name__}-monolith", old)
    try:
        program(folder, diff)
    except AssertionError:
        return False
    return read(folder) == new


def patch_as_git(folder: Path, patch: bytes) -> None:
    """Apply with GNU patch, without the flag that takes empty files away."""
    run(["patch", "-p1", "-F0", "--no-backup-if-mismatch"], folder, patch)


def composes(tmp_path: Path, old: Tree, new: Tree, diff: bytes, result: SplitResult) -> int:
    """Apply layers and chunks with every program that takes the monolith itself; count these."""
    programs = [one for one in (git_apply, patch_as_git) if takes(one, tmp_path, old, new, diff)]
    for program in programs:
        for number, files in enumerate((patch_files(result), chunk_files(result))):
            folder = write(tmp_path / f"{program.__name__}{number}", old)
            for data in files.values():
                program(folder, data)
            assert read(folder) == new, (program.__name__, list(files))
    return len(programs)


def shown(result: SplitResult) -> list[tuple[str, str, str | None]]:
    return [(change.milestone, change.kind.value, change.old_path) for change in result.changes]


RENAMED = ({"a.c": (OLD, "")}, {"b.c": (NEW, "")})


@pytest.mark.parametrize("whole", [True, False])
def test_a_rename_lands_with_the_first_meat_and_null_edits_before_it(tmp_path: Path, whole: bool) -> None:
    old, new = RENAMED
    diff = monolith(tmp_path, old, new)
    result = split(diff, PLAN, base={"a.c": OLD} if whole else None)
    assert shown(result) == [
        ("macros", "null-macro", "a.c"),
        ("meat", "opaque", "a.c"),
        ("meat", "meat", "a.c"),
        ("late", "null-macro", "a.c"),
        ("jail", "meat", "a.c"),
    ]
    assert {change.path for change in result.changes} == {"b.c"}
    assert "renamed from a.c" in result.changes[1].reason
    assert (result.changes[1].old, result.changes[1].new) == ((0, 0), (0, 0))
    patches = patch_files(result)
    assert b"--- a/a.c\n+++ b/a.c\n" in patches["01-macros.patch"]
    assert b"rename from a.c\nrename to b.c\n--- a/a.c\n+++ b/b.c\n" in patches["02-meat.patch"]
    assert b"--- a/b.c\n+++ b/b.c\n" in patches["03-late.patch"]
    assert composes(tmp_path, old, new, diff, result) == 2


def test_what_follows_a_rename_that_has_landed_keeps_its_fingerprints(tmp_path: Path) -> None:
    old, new = RENAMED
    result = split(monolith(tmp_path, old, new), PLAN, base={"a.c": OLD})
    landed = {"a.c": (EARLY, "")}
    again = split(monolith(tmp_path / "again", landed, new), PLAN, base={"a.c": EARLY})
    assert [change.fingerprint for change in again.changes] == [
        change.fingerprint for change in result.changes if change.milestone != "macros"
    ]


def test_digests_name_the_file_as_the_layer_has_it(tmp_path: Path) -> None:
    result = split(monolith(tmp_path, *RENAMED), PLAN, base={"a.c": OLD})
    assert [(row.layer, row.path) for row in result.digests] == [
        ("base", "a.c"),
        ("macros", "a.c"),
        ("meat", "b.c"),
        ("late", "b.c"),
    ]


MANY: dict[str, tuple[Tree, Tree]] = {
    "a rename alone": ({"d/a.c": (OLD, "")}, {"e/b.c": (OLD, "")}),
    "a rename and null edits": ({"a.c": (OLD, "")}, {"b.c": (EARLY, "")}),
    "a rename and a mode": ({"a.c": (OLD, "")}, {"b.c": (NEW, "x")}),
    "a mode alone": ({"a.c": (OLD, "")}, {"a.c": (OLD, "x")}),
    "a mode and text": ({"a.c": (OLD, "x")}, {"a.c": (NEW, "")}),
    "no C": ({"a.txt": (OLD, "")}, {"b.txt": (NEW, "x")}),
    "C that becomes none": ({"a.c": (OLD, "")}, {"a.txt": (NEW, "")}),
    "C that becomes C++": ({"a.c": (OLD, "")}, {"a.cc": (NEW, "")}),
    "files that come": ({"k": (b"", "")}, {"k": (b"", ""), "a.c": (NEW, "x"), "empty.c": (b"", "")}),
    "files that go": ({"a.c": (OLD, ""), "empty.c": (b"", ""), "k": (b"", "")}, {"k": (b"", "")}),
    "what comes beside a rename": (RENAMED[0], {**RENAMED[1], "n.c": (text("jail_attach(2);"), "")}),
    "two renames": (
        {"a.c": (OLD, ""), "m.c": (OLD + b"int m;\n", "")},
        {"b.c": (NEW, ""), "n.c": (NEW + b"int m;\n", "")},
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_every_shape_of_file_has_its_place(name: str, tmp_path: Path) -> None:
    old, new = MANY[name]
    diff = monolith(tmp_path, old, new)
    for whole in (False, True):
        result = split(diff, PLAN, base={path: data for path, (data, _) in old.items()} if whole else None)
        assert composes(tmp_path / str(whole), old, new, diff, result) == 2
        placed = [index for chunk in result.chunks for index in chunk.changes]
        assert sorted(placed) == list(range(len(result.changes)))


#: Names that files take from one another; neither program can follow all of them in one patch.
BOUND: dict[str, tuple[Tree, Tree]] = {
    "a file becomes a link": (
        {"a.c": (OLD, ""), "t.c": (OLD + b"int t;\n", "")},
        {"a.c": (b"t.c", "l"), "t.c": (NEW + b"int t;\n", "")},
    ),
    "a link becomes a file": ({"a.c": (b"t.c", "l")}, {"a.c": (NEW, "")}),
    "another file takes the old name": (
        {"a.c": (OLD, "")},
        {"a.c": (b"int other;\n", ""), "b.c": (NEW, "")},
    ),
    "two files change their names": (
        {"a.c": (OLD, ""), "b.c": (OLD.replace(b"return", b"exit") * 2, "")},
        {"b.c": (NEW, ""), "a.c": (NEW.replace(b"return", b"exit") * 2, "")},
    ),
    "a copy whose source has null edits": (
        {"a.c": (OLD, "")},
        {"a.c": (NEW, ""), "b.c": (NEW + b"int b;\n", "")},
    ),
    "a copy and a rename of one file": (
        {"a.c": (OLD, "")},
        {"c.c": (NEW, ""), "b.c": (NEW + b"int b;\n", "")},
    ),
}


@pytest.mark.parametrize("name", BOUND)
def test_files_that_are_bound_by_names_land_together(name: str, tmp_path: Path) -> None:
    old, new = BOUND[name]
    diff = monolith(tmp_path, old, new, "-C", "-B")
    for base in (None, {path: data for path, (data, _) in old.items()}):
        result = split(diff, PLAN, base=base)
        assert {change.milestone for change in result.changes if change.kind is Kind.OPAQUE} == {"meat"}
        assert composes(tmp_path / str(bool(base)), old, new, diff, result)


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("a rename alone", ["b.c: the file is renamed from d/a.c"]),
        ("a mode alone", ["a.c: the mode changes from 100644 to 100755"]),
        ("files that come", ["New file a.c", "New file empty.c"]),
        ("a link becomes a file", ["a.c goes", "New file a.c"]),
    ],
)
def test_titles_say_what_becomes_of_a_file(name: str, titles: list[str], tmp_path: Path) -> None:
    old, new = MANY.get(name) or BOUND[name]
    assert sorted(chunk.title for chunk in split(monolith(tmp_path, old, new), PLAN).chunks) == sorted(titles)
