from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.engine.diff.tools import kept
from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.model import FileOp

CHANGE = PatchHunk(old_start=1, new_start=1, lines=((b" ", b"a\n"), (b"-", b"b"), (b"+", b"c\n")))


def patch(**given: object) -> bytes:
    values: dict[str, object] = {
        "old_path": "x",
        "new_path": "x",
        "old_mode": None,
        "new_mode": None,
        "hunks": (),
    }
    return file_patch(**(values | given))  # type: ignore[arg-type]


def test_a_changed_file_is_written_as_git_writes_it() -> None:
    assert patch(hunks=[CHANGE], old_blob="1111111", new_blob="2222222") == (
        b"diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n"
        b"@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
    )


@pytest.mark.parametrize(
    ("given", "op", "path"),
    [
        ({"hunks": [CHANGE]}, FileOp.MODIFY, "x"),
        ({"old_path": None}, FileOp.CREATE, "x"),
        ({"new_path": None}, FileOp.DELETE, "x"),
        ({"new_path": "y z"}, FileOp.RENAME, "y z"),
        ({"new_path": "y z", "hunks": [CHANGE]}, FileOp.RENAME, "y z"),
        ({"old_mode": "100644", "new_mode": "100755"}, FileOp.MODE, "x"),
        ({"old_path": "caf\u00e9", "new_path": "caf\u00e9", "hunks": [CHANGE]}, FileOp.MODIFY, "caf\u00e9"),
        (
            {"old_path": None, "hunks": [PatchHunk(old_start=0, new_start=1, lines=((b"+", b"a\n"),))]},
            FileOp.CREATE,
            "x",
        ),
        (
            {"new_path": None, "hunks": [PatchHunk(old_start=1, new_start=0, lines=((b"-", b"a\n"),))]},
            FileOp.DELETE,
            "x",
        ),
    ],
)
def test_what_is_written_is_read_as_what_was_meant(given: dict[str, object], op: FileOp, path: str) -> None:
    file = kept(patch(**given)).files[0]
    assert (file.op, file.path) == (op, path)


def test_a_section_that_would_say_nothing_is_not_written() -> None:
    assert patch() == b""


def test_git_applies_names_with_blanks_quotes_and_other_bytes(tmp_path: Path) -> None:
    name = 'd r/q"uo\\te caf\u00e9'
    (tmp_path / "d r").mkdir()
    (tmp_path / name).write_bytes(b"a\nb")
    written = patch(old_path=name, new_path=name, hunks=[CHANGE])
    done = subprocess.run(
        ["git", "apply", "-"], input=written, cwd=tmp_path, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / name).read_bytes() == b"a\nc\n"
