"""The command line as the contract has it: files, exit codes, and what stands on stderr."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from vimagetrack.engine.__main__ import main
from vimagetrack.engine.commands import verifying
from vimagetrack.engine.verify import SelfTest

PLAN = """
[project]
name = "Test"
slug = "test"
assume = ["line-numbers"]
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
table_files = ["vimage.h"]
[[milestone]]
slug = "rest"
title = "The rest"
layer = "mixed"
table = "#define G_host host"
"""
OLD = "int f(void)\n{\n\treturn (host + 1);\n}\n\nint g(void)\n{\n\treturn (host);\n}\n"
# Written in pieces: an editor that trims white space would spoil the blank context line.
CHANGED = {3: "\treturn (V_host + 2);", 8: "\treturn (G_host);"}
BODY = "".join(
    f"-{line}\n+{CHANGED[number]}\n" if number in CHANGED else f" {line}\n"
    for number, line in enumerate(OLD.splitlines(), 1)
)
DIFF = "--- a/sys/a.c\n+++ b/sys/a.c\n@@ -1,9 +1,9 @@\n" + BODY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base/sys").mkdir(parents=True)
    (tmp_path / "base/sys/a.c").write_text(OLD)
    (tmp_path / "plan.toml").write_text(PLAN)
    (tmp_path / "vimage.h").write_text("#define V_host host\n")
    (tmp_path / "whole.diff").write_text(DIFF)
    return tmp_path


def run(folder: Path, command: str = "split", *more: str, monolith: str = "whole.diff") -> int:
    base = ["--base", str(folder / "base"), "--out", str(folder / "out")]
    return main([command, str(folder / monolith), "--plan", str(folder / "plan.toml"), *base, *more])


def written(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*") if path.is_file()
    )


def test_it_writes_what_the_contract_names(folder: Path) -> None:
    assert run(folder, "split", "--chunks") == 0
    assert written(folder) == [
        "01-macros.patch",
        "02-rest.1-null.patch",
        "02-rest.2-meat.patch",
        "chunks/01-macros/0001.patch",
        "chunks/02-rest/0001.patch",
        "chunks/02-rest/0002.patch",
        "digests.tsv",
        "report.json",
    ]
    report = json.loads((folder / "out/report.json").read_bytes())
    assert (report["schema"], report["files"], len(report["changes"])) == (1, 1, 3)
    assert [row["patch"] for row in report["milestones"]] == [
        "01-macros.patch",
        ["02-rest.1-null.patch", "02-rest.2-meat.patch"],
    ]
    change = report["changes"][0]
    assert change["layer"] == {"before": [3, 1], "after": [3, 1]}
    assert (change["part"], change["kind"], change["macros"]) == ("null", "null-macro", ["V_host"])


def test_older_results_go_and_other_files_stay(folder: Path) -> None:
    (folder / "out/chunks/09-old").mkdir(parents=True)
    (folder / "out/chunks/09-old/0001.patch").write_text("old")
    (folder / "out/09-old.patch").write_text("old")
    (folder / "out/mine.txt").write_text("mine")
    assert run(folder) == 0
    assert written(folder) == [
        "01-macros.patch",
        "02-rest.1-null.patch",
        "02-rest.2-meat.patch",
        "digests.tsv",
        "mine.txt",
        "report.json",
    ]


def test_digests_of_a_null_layer_are_equal_pairs(folder: Path) -> None:
    run(folder)
    rows = [line.split("\t") for line in (folder / "out/digests.tsv").read_text().splitlines()]
    assert rows[0] == ["path", "layer", "state", "md5", "sha256"]
    assert [row[1] for row in rows[1:]] == ["base", "macros", "macros", "rest"]
    assert rows[1][3:] == rows[2][3:]
    assert rows[3][3:] == rows[4][3:]


def test_verify_agrees_and_finds_a_changed_byte(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "split", "--chunks")
    capsys.readouterr()
    assert run(folder, "verify") == 0
    said = capsys.readouterr().out
    assert re.fullmatch(r"self-test: (\d+) of \1 mutations of null layers refused\n", said)
    patch = folder / "out/01-macros.patch"
    patch.write_bytes(patch.read_bytes().replace(b"V_host", b"W_host"))
    (folder / "out/chunks/01-macros/0001.patch").unlink()
    report = folder / "out/report.json"
    report.write_bytes(report.read_bytes().replace(b'"verdict":"proved"', b'"verdict":"refuted"', 1))
    assert run(folder, "verify", "--no-self-test") == 1
    spoilt, wanted = r'"+\treturn (W_host + 1);"', r'"+\treturn (V_host + 1);"'
    assert capsys.readouterr().out.splitlines() == [
        f"differs: 01-macros.patch: line 8 (in b/sys/a.c): {spoilt}, and it comes to {wanted}",
        "missing: chunks/01-macros/0001.patch",
        'differs: report.json: milestones[0] (macros).proof.verdict: "refuted", and it comes to "proved"',
    ]


def test_verify_says_when_the_kernel_proves_a_mutation(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(folder)
    lie = SelfTest(made=3, proved=["proved, and must not be: in 01-macros.patch ..."])
    monkeypatch.setattr(verifying, "self_test", lambda *_, **__: lie)
    capsys.readouterr()
    assert run(folder, "verify") == 1
    assert capsys.readouterr().out.splitlines() == [
        "self-test: proved, and must not be: in 01-macros.patch ...",
        "self-test: 2 of 3 mutations of null layers refused",
    ]
    assert run(folder, "verify", "--no-self-test") == 0


def test_results_that_cannot_be_read_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "verify") == 3
    assert "out: is not a folder" in capsys.readouterr().err
    run(folder)
    (folder / "out/report.json").unlink()
    (folder / "out/report.json").mkdir()
    assert run(folder, "verify") == 3
    assert "report.json: Is a directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "empty"),
        (b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n", "x"),
        (b"--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "passwd"),
    ],
)
def test_a_refusal_is_3_and_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], text: bytes, said: str
) -> None:
    (folder / "bad.diff").write_bytes(text)
    assert run(folder, monolith="bad.diff") == 3
    error = capsys.readouterr().err
    assert error.startswith("refused: ")
    assert said in error
    assert not (folder / "out").exists()


def test_a_plan_with_a_typo_is_refused_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plan.toml").write_text(PLAN.replace("layer =", "lajer =", 1))
    assert run(folder) == 3
    assert "plan line 9" in capsys.readouterr().err


def test_missing_files_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, monolith="nowhere.diff") == 3
    assert "nowhere.diff" in capsys.readouterr().err
    (folder / "vimage.h").unlink()
    assert run(folder) == 3
    assert "vimage.h" in capsys.readouterr().err


def test_usage_is_2() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["split"])
    assert stop.value.code == 2


def test_it_runs_as_a_module_and_reads_standard_input(folder: Path) -> None:
    command = [sys.executable, "-m", "vimagetrack.engine", "split", "-"]
    done = subprocess.run(
        [*command, "--plan", str(folder / "plan.toml"), "--out", str(folder / "out")],
        input=DIFF.encode(),
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "01-macros.patch" in written(folder)


def test_the_base_is_never_read_through_a_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link in the tree could lead anywhere: the file counts as unknown, and the hunks are all we have."""
    (folder / "secret").write_text("secret\n")
    (folder / "base/sys/a.c").unlink()
    (folder / "base/sys/a.c").symlink_to(folder / "secret")
    assert run(folder) == 0
    assert "secret" not in (folder / "out/report.json").read_text()


@pytest.mark.parametrize(
    "line", [b"no json", b"[1]", b"[" * 100_000, b'{"name": "a", "lang": "c", "before": "\\udc80"}']
)
def test_a_line_that_is_no_case_is_refused_with_its_number(line: bytes) -> None:
    good = b'{"name": "n", "lang": "c", "macros": ["#define V_a a"], "before": "a = 1;", "after": "V_a = 1;"}'
    done = subprocess.run(
        [sys.executable, "-m", "vimagetrack.engine", "prove", "--jsonl"],
        input=good + b"\n" + line + b"\n",
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 3
    assert json.loads(done.stdout)["name"] == "n"
    assert b"refused: line 2 is no case" in done.stderr


SCAFFOLDED = PLAN.replace(
    'table_files = ["vimage.h"]', 'table_files = ["vimage.h"]\nscaffold = "sys/v.h"'
).replace('"line-numbers"', '"line-numbers", "warnings-not-errors"')


def test_a_scaffold_may_stand_in_a_file_that_only_the_base_has(folder: Path) -> None:
    (folder / "plan.toml").write_text(SCAFFOLDED)
    (folder / "base/sys/v.h").write_text("#ifndef V\n#define V\n#endif\n")
    assert run(folder) == 0
    assert b"+#define V_host host\n" in (folder / "out/01-macros.patch").read_bytes()
    report = json.loads((folder / "out/report.json").read_bytes())
    rows = [row for row in report["changes"] if row["rule"] == "scaffold"]
    assert [(row["milestone"], row["kind"], row["old"], row["new"]) for row in rows] == [
        ("macros", "vocabulary", [2, 0], [2, 0]), ("rest", "meat", [2, 0], [2, 0]),
    ]  # fmt: skip
    assert run(folder, "verify") == 0


def test_a_scaffold_without_its_file_is_a_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.toml").write_text(SCAFFOLDED)
    assert run(folder) == 0
    (told,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: sys/v.h:")]
    assert "scaffold of macros is not written" in told
