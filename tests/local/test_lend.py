"""`exec` lends a database to a command and takes it back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.local.machine import PROJECT, clean_env
from vimagetrack.local.home import Home, locked
from vimagetrack.local.lend import PREFIX

LOOK = (
    "import os, psycopg; url = os.environ['DATABASE_URL']; "
    "print(psycopg.connect(url).execute('SHOW fsync').fetchone()[0], url)"
)


def lend(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vimagetrack.local", "exec", *words],
        cwd=PROJECT,
        env=clean_env(**env),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_temporary_server_is_thrown_away(tmp_path):
    done = lend("--temporary", "--", sys.executable, "-c", LOOK, TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("off postgresql://vimagetrack@/vimagetrack?host=")
    assert list(tmp_path.iterdir()) == []


def test_the_folders_own_server_is_started_and_keeps(tmp_path):
    home = {"VIMAGETRACK_HOME": str(tmp_path / "home")}
    write = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'], autocommit=True).execute('{}')"
    assert lend("--", sys.executable, "-c", write.format("CREATE TABLE kept ()"), **home).returncode == 0
    again = lend("--", sys.executable, "-c", write.format("TABLE kept"), **home)
    assert again.returncode == 0, again.stderr


def test_the_commands_exit_code_is_ours():
    assert lend("--temporary", "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_a_given_server_is_used_as_it_is(tmp_path):
    look = "import os; print(os.environ['DATABASE_URL'])"
    done = lend(
        "--",
        sys.executable,
        "-c",
        look,
        DATABASE_URL="postgresql://given/x",
        VIMAGETRACK_HOME=str(tmp_path / "h"),
    )
    assert done.stdout.strip() == "postgresql://given/x"
    assert not (tmp_path / "h").exists()


def test_a_command_that_is_not_there_is_said():
    done = lend("--temporary", "--", "no-such-command")
    assert done.returncode == 1
    assert done.stderr.strip() == "no-such-command cannot be started: No such file or directory."


def test_what_killed_commands_left_is_removed_and_what_is_in_use_is_not(tmp_path):
    for name in ("left", "used"):
        (tmp_path / f"{PREFIX}{name}").mkdir()
    used = Home(folder=Path(tmp_path / f"{PREFIX}used"))
    with locked(used, busy="busy"):
        done = lend("--temporary", "--", sys.executable, "-c", "", TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert [each.name for each in tmp_path.iterdir()] == [f"{PREFIX}used"]
