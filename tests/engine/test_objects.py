"""``objects``: real compilers on small trees, and all that can go wrong with a command."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from vimagetrack import demo
from vimagetrack.engine.__main__ import main

COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
PLAN = """
[project]
name = "Test"
slug = "test"
{assume}
[[state]]
name = "off"
[[state]]
name = "on"
define = ["OPTION=1"]
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
table = '''
#define V_host host
'''
[[milestone]]
slug = "rest"
title = "The rest"
layer = "meat"
"""
HEADER = "#define V_host host\nextern int host, other;\n"
CC = ["-c", "-O1", "-w", "-I.", "{source}", "-o", "{object}"]


class Folder:
    """A tree, its plan and what split made of one edit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.base = root / "base tree"
        self.out = root / "out"

    def split(
        self, old: str, new: str, *, path: str = "sys/a.c", header: str = HEADER, assume: str = ""
    ) -> None:
        (self.base / path).parent.mkdir(parents=True)
        (self.base / "v.h").write_text(header)
        (self.base / path).write_text(old)
        (self.root / "plan.toml").write_text(PLAN.format(assume=assume))
        body = "".join(f"-{line}\n" for line in old.splitlines())
        body += "".join(f"+{line}\n" for line in new.splitlines())
        counts = f"@@ -1,{old.count(chr(10))} +1,{new.count(chr(10))} @@"
        (self.root / "diff").write_text(f"--- a/{path}\n+++ b/{path}\n{counts}\n{body}")
        plan = ["--plan", str(self.root / "plan.toml"), "--base", str(self.base), "--out", str(self.out)]
        assert main(["split", str(self.root / "diff"), *plan]) == 0

    def objects(self, *command: str, options: tuple[str, ...] = ()) -> int:
        return main(
            ["objects", "--base", str(self.base), "--patches", str(self.out), *options, "--", *command]
        )

    def plan(self) -> tuple[str, str]:
        return "--plan", str(self.root / "plan.toml")

    def written(self) -> dict[str, object]:
        return json.loads((self.out / "objects.json").read_bytes())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    capsys.readouterr()

    def lines() -> list[str]:
        return capsys.readouterr().out.splitlines()

    return lines


OLD = '#include "v.h"\nint f(void) { return host; }\n'
NEW = '#include "v.h"\nint f(void) { return V_host; }\n'


@pytest.mark.parametrize("compiler", COMPILERS)
def test_a_null_layer_is_equal(folder: Folder, said: Callable[[], list[str]], compiler: str) -> None:
    folder.split(OLD, NEW)
    before = {path: path.stat() for path in folder.base.rglob("*")}
    said()
    assert folder.objects(compiler, *CC) == 0
    line, summary = said()
    assert line.startswith("01-macros.patch: sys/a.c: equal (")
    assert summary == "1 comparisons: 1 equal"
    (row,) = folder.written()["objects"]
    assert row["equal"] is True
    assert row["before_sha256"] == row["after_sha256"]
    assert folder.written()["equal"] is True
    assert {path: path.stat() for path in folder.base.rglob("*")} == before


#: What the tree's header says of V_host, unlike the plan, and what the compiler shows of it.
LIES = {
    "rodata": (
        "const char *f(void) { return host; }\n",
        '#define host "one"\n#define V_host "two"\n',
        ".rodata",
    ),
    "data": ("int x = host;\n", "#define host 1\n#define V_host 2\n", ".data: 1 byte at 0x0 in x"),
    "relocation": ("int f(void) { return host; }\n", "extern int host, V_host;\n", "host became V_host"),
    "symbol": ("int host = 3;\n", "#define V_host other\n", "symbol host is gone"),
}


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("lie", LIES)
def test_a_table_that_is_not_the_trees_is_found_outside_of_text(
    folder: Folder, said: Callable[[], list[str]], lie: str, compiler: str
) -> None:
    text, header, shown = LIES[lie]
    old = f'#include "v.h"\n{text}'
    folder.split(old, old.replace("host", "V_host"), path=f"sys/{lie}.c", header=header)
    said()
    assert folder.objects(compiler, *CC) == 1
    line = said()[0]
    assert line.startswith(f"01-macros.patch: sys/{lie}.c: differs: ")
    assert shown in line
    (row,) = folder.written()["objects"]
    assert row["equal"] is False
    assert row["before_sha256"] != row["after_sha256"]


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    ("assume", "code", "words"),
    [
        ('assume = ["line-numbers"]', 0, "equal but for line numbers: .text: 1 byte"),
        ("", 1, "differs in line numbers"),
    ],
)
def test_line_numbers_are_explained(
    folder: Folder, said: Callable[[], list[str]], compiler: str, assume: str, code: int, words: str
) -> None:
    text = '#include "v.h"\n#include <assert.h>\n{}int f(void) {{ assert(host); return {}; }}\n'
    # Where line numbers count the kernel proves no moved assert: the layer is planted.
    folder.split(text.format("", "host"), text.format("", "V_host"), assume=assume)
    patch = folder.out / "01-macros.patch"
    moved = patch.read_bytes().replace(b"@@ -1,3 +1,3 @@", b"@@ -1,3 +1,4 @@").replace(b"+int", b"+\n+int")
    assert moved.count(b"\n") == patch.read_bytes().count(b"\n") + 1
    patch.write_bytes(moved)
    said()
    assert folder.objects(compiler, *CC, options=folder.plan()) == code
    (line, _) = said()
    assert words in line
    assert "the same with __LINE__ held still (as assert() has it)" in line


def test_dates_are_no_difference(folder: Folder, said: Callable[[], list[str]], tmp_path: Path) -> None:
    """A compiler that knows nothing of SOURCE_DATE_EPOCH: here one that takes the time from a counter."""
    old = '#include "v.h"\nint f(void) { return host; }\nconst char *when = __TIME__;\n'
    folder.split(old, old.replace("return host", "return V_host"))
    (tmp_path / "cc").write_text(
        "import os, subprocess, sys, pathlib\n"
        "count = pathlib.Path(sys.argv[1])\n"
        "count.write_text(count.read_text() + '.' if count.exists() else '.')\n"
        "os.environ['SOURCE_DATE_EPOCH'] = str(len(count.read_text()))\n"
        "sys.exit(subprocess.run(sys.argv[2:]).returncode)\n"
    )
    said()
    command = [sys.executable, str(tmp_path / "cc"), str(tmp_path / "count"), "gcc", *CC]
    assert folder.objects(*command) == 0
    assert "equal" in said()[0]


def test_an_unstable_compiler_is_told(folder: Folder, said: Callable[[], list[str]]) -> None:
    folder.split(OLD, NEW)
    said()
    assert (
        folder.objects("sh", "-c", "cat /proc/sys/kernel/random/uuid > $2", "x", "{source}", "{object}") == 1
    )
    assert "another object of the same text each time" in said()[0]


def test_states_and_tables_come_from_the_plan(folder: Folder, said: Callable[[], list[str]]) -> None:
    """The header has no V_host: {table} brings it, on the side where it is in force."""
    old = (
        '#include "v.h"\n#ifdef OPTION\nint g(void) { return other; }\n#endif\nint f(void) { return host; }\n'
    )
    folder.split(old, old.replace("return host", "return V_host"), header="extern int host, other;\n")
    said()
    command = ["gcc", "{state}", "-include", "{table}", *CC]
    assert folder.objects(*command, options=folder.plan()) == 0
    lines = said()
    assert [line.split(": equal")[0] for line in lines[:2]] == [
        "01-macros.patch: sys/a.c [off]",
        "01-macros.patch: sys/a.c [on]",
    ]
    rows = folder.written()["objects"]
    assert rows[0]["after_sha256"] != rows[1]["after_sha256"]
    assert (
        folder.objects(
            "sh", "-c", "gcc {defines} -include {table} -c {source} -o {object}", options=folder.plan()
        )
        == 3
    )
    shell = "gcc {defines} -I. -include {table} -c {source} -o {object}"
    assert folder.objects("sh", "-c", shell, options=folder.plan()) == 0


@pytest.mark.parametrize(
    ("command", "said_on_stderr"),
    [
        (["gcc", "-c", "{source}"], "the command has no {object}"),
        (["gcc", "-o", "{object}"], "the command has no {source}"),
        (["no-such-compiler", "{source}", "{object}"], "no-such-compiler cannot be run: No such file"),
        (["/", "{source}", "{object}"], "cannot be run: Permission denied"),
        (["gcc", "{state}", "{source}", "-o", "{object}"], "need the plan"),
        (["gcc", "-I{base}/sys", "{source}", "-o", "{object}"], "the command names the tree itself"),
    ],
)
def test_a_command_that_cannot_do_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str], command: list[str], said_on_stderr: str
) -> None:
    folder.split(OLD, NEW)
    assert folder.objects(*(part.replace("{base}", str(folder.base)) for part in command)) == 3
    assert said_on_stderr in capsys.readouterr().err


def test_a_compiler_that_fails_is_refused_in_its_own_words(
    folder: Folder, said: Callable[[], list[str]]
) -> None:
    folder.split(
        '#include "none.h"\nint f(void) { return host; }\n',
        '#include "none.h"\nint f(void) { return V_host; }\n',
    )
    said()
    assert folder.objects("gcc", *CC) == 3
    text = "\n".join(said())
    assert "refused: it does not compile before the layer: exit 1" in text
    assert "none.h: No such file" in text
    assert folder.written()["equal"] is False


def test_a_layer_that_breaks_the_build_is_a_difference(folder: Folder, said: Callable[[], list[str]]) -> None:
    folder.split(OLD, NEW, header="extern int host;\n")
    said()
    assert folder.objects("gcc", *CC) == 1
    text = "\n".join(said())
    assert "does not compile any more: exit 1" in text
    assert "V_host" in text


def test_a_command_without_end_is_ended(
    folder: Folder, said: Callable[[], list[str]], tmp_path: Path
) -> None:
    """With what it started: a pipe that a child keeps open would make us wait for the child."""
    folder.split(OLD, NEW)
    said()
    command = ["sh", "-c", f"sleep 60 & echo $! > {tmp_path}/pid; wait", "x", "{source}", "{object}"]
    assert folder.objects(*command, options=("--timeout", "0.3")) == 3
    assert "no end after 0.3 s" in said()[0]
    child = int((tmp_path / "pid").read_text())
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().rsplit(") ", 1)[1].startswith("Z")


def test_odd_names_and_links(folder: Folder, said: Callable[[], list[str]]) -> None:
    """Blanks, a leading dash, bytes that are no UTF-8; links in the tree lead into the copy."""
    name = os.fsdecode(b"-sys \xff/a b.c")
    folder.base.mkdir()
    (folder.base / "real").mkdir()
    (folder.base / "real" / "more.h").write_text("extern int more;\n")
    (folder.base / "inc").symlink_to(folder.base / "real")
    (folder.base / "pipe").parent.mkdir(exist_ok=True)
    os.mkfifo(folder.base / "pipe")
    (folder.base / name).parent.mkdir()
    (folder.base / name).write_text(OLD)
    (folder.base / "v.h").write_text(HEADER + '#include "inc/more.h"\n')
    (folder.root / "plan.toml").write_text(PLAN.format(assume=""))
    quoted = "-sys \\377/a b.c"
    body = "".join(f"-{line}\n" for line in OLD.splitlines()) + "".join(
        f"+{line}\n" for line in NEW.splitlines()
    )
    (folder.root / "diff").write_text(f'--- "a/{quoted}"\n+++ "b/{quoted}"\n@@ -1,2 +1,2 @@\n{body}')
    options = ["--plan", str(folder.root / "plan.toml"), "--base", str(folder.base), "--out", str(folder.out)]
    assert main(["split", str(folder.root / "diff"), *options]) == 0
    said()
    assert folder.objects("gcc", *CC, options=("--jobs", "2")) == 0
    assert "equal" in said()[0]
    assert folder.written()["objects"][0]["unit"] == name


def test_units_that_only_include_what_is_touched(folder: Folder, said: Callable[[], list[str]]) -> None:
    text = "static int f(void) { return host; }\n"
    folder.split(text, text.replace("host", "V_host"), path="sys/in.h")
    (folder.base / "sys/user.c").write_text('#include "v.h"\n#include "in.h"\nint g(void) { return f(); }\n')
    said()
    assert folder.objects("gcc", *CC) == 0
    assert said()[0].startswith("01-macros.patch: no unit")
    assert folder.objects("gcc", *CC, options=("--units", "sys/*.c")) == 0
    assert said()[0].startswith("01-macros.patch: sys/user.c: equal (")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda out: (out / "report.json").unlink(), "report.json: No such file"),
        (lambda out: (out / "report.json").write_text("{"), "is no report"),
        (lambda out: (out / "report.json").write_text('{"schema": 1}'), "its milestones lack"),
        (lambda out: (out / "01-macros.patch").unlink(), "01-macros.patch: No such file"),
        (lambda out: (out.parent / "base tree/sys/a.c").write_text("int other;\n"), "sys/a.c"),
        (
            lambda out: (out.parent / "plan.toml").write_text(PLAN.format(assume="public = true")),
            "another plan",
        ),
    ],
)
def test_results_that_do_not_fit_are_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], words: str
) -> None:
    folder.split(OLD, NEW)
    spoil(folder.out)
    assert folder.objects("gcc", *CC, options=folder.plan()) == 3
    assert words in capsys.readouterr().err


def test_a_copy_inside_of_the_tree_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.split(OLD, NEW)
    (folder.base / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder.base / "tmp"))
    assert folder.objects("gcc", *CC) == 3
    assert "Set TMPDIR" in capsys.readouterr().err
    assert list((folder.base / "tmp").iterdir()) == []


def test_other_files_of_a_layer_are_laid_too(folder: Folder, said: Callable[[], list[str]]) -> None:
    """A header that meat renames, a binary file that only differs: the null layer behind finds its tree."""
    folder.split(OLD, NEW)
    plan = PLAN.format(assume="") + PLAN[PLAN.index("[[milestone]]") :].replace("macros", "more").replace(
        "rest", "last"
    ).replace("V_host host", "W_host host")
    old, new = OLD.replace("v.h", "w.h"), OLD.replace("v.h", "w.h").replace("host", "W_host")
    (folder.base / "sys/b.c").write_text(old)
    (folder.base / "icon.png").write_bytes(b"\0\1")
    body = "".join(f"-{line}\n" for line in old.splitlines()) + "".join(
        f"+{line}\n" for line in new.splitlines()
    )
    (folder.root / "plan.toml").write_text(plan + '[defaults]\nmeat = "rest"\n')
    (folder.root / "diff").write_text(
        "diff --git a/v.h b/w.h\nsimilarity index 100%\nrename from v.h\nrename to w.h\n"
        "diff --git a/icon.png b/icon.png\nindex 1234567..89abcde 100644\n"
        "Binary files a/icon.png and b/icon.png differ\n"
        f"diff --git a/sys/b.c b/sys/b.c\n--- a/sys/b.c\n+++ b/sys/b.c\n@@ -1,2 +1,2 @@\n{body}"
    )
    options = [*folder.plan(), "--base", str(folder.base), "--out", str(folder.out)]
    assert main(["split", str(folder.root / "diff"), *options]) == 0
    said()
    assert folder.objects("gcc", "-include", "{table}", *CC, options=folder.plan()) == 0
    assert said()[0].startswith("03-more.patch: sys/b.c [off]: equal (")


def test_a_new_split_removes_the_proof_of_older_patches(folder: Folder) -> None:
    folder.split(OLD, NEW)
    assert folder.objects("gcc", *CC) == 0
    plan = ["--plan", str(folder.root / "plan.toml"), "--base", str(folder.base), "--out", str(folder.out)]
    assert main(["verify", str(folder.root / "diff"), *plan]) == 0
    assert main(["split", str(folder.root / "diff"), *plan]) == 0
    assert not (folder.out / "objects.json").exists()


@pytest.mark.parametrize(
    "compiler",
    [pytest.param(name, marks=pytest.mark.long) if name == "clang" else name for name in COMPILERS],
)
def test_the_demo(tmp_path: Path, said: Callable[[], list[str]], compiler: str) -> None:
    """Every null layer, and the structures with the option off, as the mail promises."""
    plan = ["--plan", str(demo.FOLDER / "plan.toml"), "--base", str(demo.BASE)]
    assert main(["split", str(demo.FOLDER / "monolith-v1.diff"), *plan, "--out", str(tmp_path)]) == 0
    said()
    more = ["--patches", str(tmp_path), "--also", "structs", "--units", "sys/**/*.c", "--jobs", "2"]
    flags = ["-c", "-O", "-w", "-ffreestanding", "-nostdinc", "-D_KERNEL", "-Isys", "-include", "{table}"]
    command = [compiler, *flags, "{state}", "{source}", "-o", "{object}"]
    assert main(["objects", *plan, *more, "--", *command]) == 0
    *lines, summary = said()
    assert [line for line in lines if ": equal (" not in line] == []
    assert summary == f"{len(lines)} comparisons: {len(lines)} equal"
    patches = {line.split(":")[0] for line in lines}
    assert patches >= {"02-macros.patch", "03-structs.2-meat.patch", "04-cleanup.1-null.patch"}
