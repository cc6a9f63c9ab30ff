"""The embedded server: version 18, its own account, private, and never a widened folder."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.local.machine import ask
from vimagetrack.local import postgres
from vimagetrack.local.account import choose_account
from vimagetrack.local.errors import LocalError
from vimagetrack.local.postgres import Server

AS_ROOT = os.geteuid() == 0


def serve(folder: Path) -> Server:
    server = Server(folder=folder, durable=False)
    server.make_ready()
    server.start(os.environ)
    return server


def modes(folder: Path) -> dict[str, int]:
    return {str(place): stat.S_IMODE(place.stat().st_mode) for place in (folder, *folder.parents)}


def test_it_is_version_18_and_the_application_is_no_superuser(tmp_path):
    server = serve(tmp_path / "db")
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.info.server_version // 10_000 == 18
            row = connection.execute(
                "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            )
            assert row.fetchone() == (False, True)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    finally:
        server.stop()
    assert server.socket is None


def test_folders_above_keep_their_modes_even_where_no_other_account_may_pass(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    server = serve(closed / "db")
    try:
        assert server.account.reach is AS_ROOT
        uids = psutil.Process(server.child.pid).uids()
        assert 0 not in uids
        assert ask(server.url, "SELECT 1") == [(1,)]
        assert modes(closed) == before
        assert stat.S_IMODE((closed / "db").stat().st_mode) == 0o700
    finally:
        server.stop()


def test_only_the_power_over_files_is_kept_and_only_where_needed(tmp_path):
    server = serve(tmp_path / "db")
    try:
        status = Path(f"/proc/{server.child.pid}/status").read_text()
        kept = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
        assert int(kept, 16) == (2 if server.account.reach else 0)
    finally:
        server.stop()


def test_the_owner_of_an_existing_database_stays(tmp_path):
    (tmp_path / "db").mkdir()
    owner = 65_534 if AS_ROOT else os.geteuid()
    os.chown(tmp_path / "db", owner, -1)
    assert choose_account(tmp_path / "db", postgres.programs()).uid == owner


def test_a_database_of_another_version_is_refused_and_untouched(tmp_path):
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "PG_VERSION").write_text("16\n")
    with pytest.raises(LocalError, match="is of PostgreSQL 16, this is 18"):
        serve(tmp_path / "db")
    assert [each.name for each in (tmp_path / "db").iterdir()] == ["PG_VERSION"]


def test_a_folder_that_is_no_database_is_refused_and_untouched(tmp_path):
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "letters").write_text("dear")
    with pytest.raises(LocalError, match="is there, but is no database"):
        serve(tmp_path / "db")
    assert (tmp_path / "db" / "letters").read_text() == "dear"


def test_a_draft_that_a_killed_start_left_is_made_again(tmp_path):
    draft = tmp_path / "db.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    server = serve(tmp_path / "db")
    server.stop()
    assert not draft.exists()
    assert (tmp_path / "db" / "base").is_dir()


def test_what_was_written_is_there_after_a_restart(tmp_path):
    server = serve(tmp_path / "db")
    ask(server.url, "CREATE TABLE kept AS SELECT 7 AS seven")
    server.stop()
    again = serve(tmp_path / "db")
    try:
        assert ask(again.url, "SELECT seven FROM kept") == [(7,)]
    finally:
        again.stop()


def test_missing_programs_are_said(monkeypatch):
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LocalError, match="is not installed for this system"):
        postgres.programs()


def test_only_a_socket_of_ours_is_removed(tmp_path):
    ours = tmp_path / "vimagetrack-x.sock"
    theirs = tmp_path / "precious"
    for folder in (ours, theirs):
        folder.mkdir()
        postgres.remove_socket(f"postgresql://v@/v?host={str(folder).replace('/', '%2F')}")
    postgres.remove_socket("")
    assert not ours.exists()
    assert theirs.exists()
    shutil.rmtree(theirs)
