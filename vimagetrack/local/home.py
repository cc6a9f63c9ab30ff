"""The data folder: what lies where in it, and who may use it now."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vimagetrack.local.errors import LocalError

PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Places in the data folder; `folder` is absolute, and only `make` creates anything."""

    folder: Path

    @property
    def database(self) -> Path:
        """Give the folder of PostgreSQL's files."""
        return self.folder / "postgres"

    @property
    def address(self) -> Path:
        """Give the file that holds the database's address while the embedded server runs."""
        return self.folder / "database.url"

    @property
    def demo_mark(self) -> Path:
        """Give the file that says that the demo was loaded once; without it a deleted demo would return."""
        return self.folder / "demo-loaded"

    @property
    def mailboxes(self) -> tuple[Path, Path]:
        """Give the folders through which jobs are announced where no broker is named (settings/env.py)."""
        return self.folder / "broker" / "queue", self.folder / "broker" / "control"

    def make(self) -> None:
        """Make the folder if it is not there; an existing one keeps its mode, whatever that is.

        As root PostgreSQL runs under another account, which must pass through, not look: hence 0711.
        """
        try:
            if not self.folder.is_dir():
                self.folder.parent.mkdir(parents=True, exist_ok=True)
                self.folder.mkdir(mode=0o700)
                self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for mailbox in self.mailboxes:
                mailbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(
                f"The data folder {self.folder} cannot be made ({error.strerror}): "
                "set VIMAGETRACK_HOME to a folder that you can write."
            ) from None

    def read_address(self) -> str:
        """Give the address of the embedded server, or of one that was killed; empty without either."""
        try:
            return self.address.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def write_address(self, url: str) -> None:
        """Publish the address, whole or not at all: `manage.py` in another terminal reads it."""
        draft = self.address.with_suffix(".new")
        draft.write_text(url + "\n", encoding="utf-8")
        draft.replace(self.address)


def find_home() -> Home:
    """Give the data folder that VIMAGETRACK_HOME names; `var` in the project without it."""
    given = os.environ.get("VIMAGETRACK_HOME", "")
    return Home(folder=Path(given or PROJECT / "var").expanduser().absolute())


@contextmanager
def locked(home: Home, *, busy: str) -> Iterator[None]:
    """Hold the data folder for this process; `busy` is the sentence where another one holds it.

    The kernel drops the lock with the process, however that ends, and no child inherits it.
    """
    descriptor = os.open(home.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, busy)
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, busy: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise LocalError(busy.format(pid=holder)) from None
