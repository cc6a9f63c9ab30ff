"""A claim on the web server's port, taken before the server starts.

The server's workers share their port by SO_REUSEPORT, so a second instance of it would start in silence
beside the first and take half of its requests. The kernel allows that only within one user: one lock a user
and port.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vimagetrack.local.errors import LocalError

HOST = "127.0.0.1"


def read_port(text: str) -> int:
    """Read PORT; 8000 where it is empty."""
    text = text.strip() or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 65_535):
        raise LocalError(f"PORT is {text!r}: write a number from 1 to 65535, as in `PORT=8001 make run`.")
    return int(text)


@contextmanager
def claimed(port: int) -> Iterator[None]:
    """Hold the port against every other run of ours, after seeing that nobody listens on it."""
    taken = LocalError(
        f"Port {port} is taken by another program: stop that, or use `PORT={port + 1} make run`."
    )
    path = Path(tempfile.gettempdir()) / f"vimagetrack-{os.getuid()}-{port}.lock"
    try:
        descriptor = _lock(path)
    except BlockingIOError:
        raise taken from None
    except OSError as error:
        raise LocalError(f"{path} cannot be opened ({error.strerror}): remove it.") from None
    try:
        _see_that_nobody_listens(port, taken)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _lock(path: Path) -> int:
    """Lock a file that the holder before may just have removed: then the lock is on nothing, so try again."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _see_that_nobody_listens(port: int, taken: LocalError) -> None:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # REUSEADDR forgives the closed connections of a run just ended, never one who listens.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except PermissionError:
        raise LocalError(f"Port {port} needs rights that you do not have: use one above 1023.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise taken from None
        raise LocalError(f"Port {port} cannot be used: {error.strerror}.") from None
