"""Lend a database to one command: the data folder's, or one that is made for it and thrown away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from vimagetrack.local import services
from vimagetrack.local.errors import LocalError
from vimagetrack.local.home import Home, locked
from vimagetrack.local.leftovers import end_database
from vimagetrack.local.postgres import Server, remove_socket
from vimagetrack.local.supervisor import BUSY, Stopped, database, stopping_on_signals

PREFIX = "vimagetrack-temporary-"


def lend(home: Home, command: list[str], *, temporary: bool) -> int:
    """Run the command with DATABASE_URL set; give its exit code, 128 + N where signal N ended it.

    A DATABASE_URL that is set already is used as it is.
    """
    with stopping_on_signals():
        try:
            if os.environ.get("DATABASE_URL"):
                return _call(command, dict(os.environ))
            with temporary_server() if temporary else _of(home) as url:
                return _call(command, {**os.environ, "DATABASE_URL": url})
        except Stopped as stopped:
            return 128 + stopped.signum


@contextmanager
def _of(home: Home) -> Iterator[str]:
    """Use the server of the run that holds the data folder; start one for as long as needed without it."""
    home.make()
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(home, busy=BUSY))
        except LocalError:
            url = home.read_address()
            if not url:
                raise
        else:
            url, _ = stack.enter_context(database(home))
        yield url


@contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server on a new folder, without any care for a crash, and remove both."""
    parent = Path(tempfile.gettempdir())
    _sweep(parent)
    home = Home(folder=Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)))
    if os.geteuid() == 0:
        home.folder.chmod(0o711)
    server = Server(folder=home.database, durable=False)
    try:
        with locked(home, busy=BUSY):
            server.make_ready()
            server.start(services.supervised(os.environ, home))
            home.write_address(server.url)
            yield server.url
    finally:
        server.stop()
        shutil.rmtree(home.folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove what killed commands left: folders of ours whose lock nobody holds."""
    for folder in parent.glob(f"{PREFIX}*"):
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            continue
        home = Home(folder=folder)
        try:
            with locked(home, busy=BUSY):
                end_database(home.database)
                remove_socket(home.read_address())
                shutil.rmtree(folder, ignore_errors=True)
        except LocalError:
            continue  # in use


def _call(command: list[str], env: dict[str, str]) -> int:
    """Run the command in our own group, so that Ctrl-C reaches it; wait for it also after a signal."""
    try:
        process = subprocess.Popen(command, env=env)
    except OSError as error:
        raise LocalError(f"{command[0]} cannot be started: {error.strerror}.") from None
    try:
        code = process.wait()
    except Stopped as stopped:
        if stopped.signum != signal.SIGINT:
            process.send_signal(stopped.signum)
        _wait(process)
        raise
    return code if code >= 0 else 128 - code


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
