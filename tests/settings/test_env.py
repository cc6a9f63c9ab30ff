"""The environment is read typed, and nonsense stops the start with one sentence."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vimagetrack.settings import env

PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 5), ("1", 1), ("256M", 256 * 2**20), ("256 MiB", 256 * 2**20), ("2g", 2 * 2**30), ("10kb", 10240)],
)
def test_sizes(monkeypatch, text, number):
    monkeypatch.setenv("X", text)
    assert env.size("X", 5) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5M", "M", "many", "١٢", "1T", "9" * 30])
def test_a_size_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("X", text)
    with pytest.raises(env.SettingError, match=r"^X is .*: write a number of bytes"):
        env.size("X", 5)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False), ("", True)])
def test_flags(monkeypatch, text, value):
    monkeypatch.setenv("X", text)
    assert env.flag("X", default=True) is value


def test_a_flag_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("X", "maybe")
    with pytest.raises(env.SettingError, match="X is 'maybe'"):
        env.flag("X", default=False)


@pytest.mark.parametrize("text", ["-1", "11", "1e1", "ten", "²", "9" * 5000])
def test_a_number_out_of_bounds_is_refused(monkeypatch, text):
    monkeypatch.setenv("X", text)
    with pytest.raises(env.SettingError, match="write a whole number from 0 to 10"):
        env.integer("X", 1, least=0, most=10)


def test_an_address_becomes_djangos_entry():
    entry = env.database_entry(
        "postgresql://me:p%40ss@db.example:5433/x?sslmode=require", statement_timeout_ms=7
    )
    given = {name: entry[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert given == {"USER": "me", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433", "NAME": "x"}
    assert entry["OPTIONS"]["sslmode"] == "require"
    assert "-c statement_timeout=7 " in entry["OPTIONS"]["options"]


def test_a_socket_is_a_host():
    assert (
        env.database_entry("postgresql://v@/v?host=%2Ftmp%2Fa.sock", statement_timeout_ms=0)["HOST"]
        == "/tmp/a.sock"
    )


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite:///db", "postgresql://me:secret@[host/x"])
def test_an_address_that_is_none_is_refused_without_its_password(url):
    with pytest.raises(env.SettingError, match=r"^DATABASE_URL") as caught:
        env.database_entry(url, statement_timeout_ms=0)
    assert "secret" not in str(caught.value)


def test_the_data_folders_server_is_found_by_its_file(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(env.SettingError, match=r"start one with .make run."):
        env.database(tmp_path, statement_timeout_ms=0)
    (tmp_path / "database.url").write_text("postgresql://v@/found\n")
    assert env.database(tmp_path, statement_timeout_ms=0)["NAME"] == "found"


def test_a_broker_of_another_kind_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("BROKER_URL", "sqs://x")
    with pytest.raises(env.SettingError, match="BROKER_URL starts with 'sqs'"):
        env.broker(tmp_path)


def test_the_secret_is_made_once_by_however_many(tmp_path):
    path = tmp_path / "new" / "secret"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: env.kept_secret(path), range(32)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret"]


@pytest.mark.parametrize(
    ("settings", "variables", "said"),
    [
        ("dev", {"VIMAGETRACK_MAX_UPLOAD": "lots"}, "VIMAGETRACK_MAX_UPLOAD is 'lots'"),
        ("dev", {"DATABASE_URL": "oracle:x"}, "DATABASE_URL starts with 'oracle'"),
        ("prod", {}, "VIMAGETRACK_SECRET_KEY is not set"),
        ("prod", {"VIMAGETRACK_SECRET_KEY": "x" * 60}, "VIMAGETRACK_HOSTS is not set"),
    ],
)
def test_the_start_stops_with_one_sentence(tmp_path, settings, variables, said):
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": f"vimagetrack.settings.{settings}",
            "VIMAGETRACK_HOME": str(tmp_path),
            "DATABASE_URL": "postgresql:///x",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1
