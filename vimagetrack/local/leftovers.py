"""End what a killed run left behind: its services, and a database that outlived its owner.

Called only while the data folder's lock is held, so nothing found here can belong to a run that lives. A
process is known by what it carries (the data folder's name in its environment, the database's folder as its
working directory), never by a stored id, which may be another process's by now.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil

MARK = "VIMAGETRACK_SUPERVISED"


def end_services(folder: Path) -> int:
    """End web server and worker of an earlier run on this data folder; give the number of processes."""
    found = [each for each in _others() if _marked(each, str(folder))]
    return _end(found, signal.SIGTERM, patience_s=5)


def end_database(database: Path) -> int:
    """End every PostgreSQL process that works in this folder; give their number.

    The one that the others descend from is asked for a fast shutdown, which ends all; orphans know no orders
    but SIGQUIT, and would keep the shared memory that a new server waits for.
    """
    found = [each for each in _others() if _works_in(each, database)]
    ids = {each.pid for each in found}
    heads = [each for each in found if _parent(each) not in ids and _leads(each, database)]
    orphans = [each for each in found if _parent(each) not in ids and each not in heads]
    _end(orphans, signal.SIGQUIT, patience_s=5)
    _end(heads, signal.SIGINT, patience_s=20)
    _end([each for each in found if each.is_running()], signal.SIGQUIT, patience_s=5)
    (database / "postmaster.pid").unlink(missing_ok=True)  # its id may be another process's by now
    return len(found)


def _others() -> Iterator[psutil.Process]:
    mine = {os.getpid(), *(each.pid for each in psutil.Process().parents())}
    return (each for each in psutil.process_iter() if each.pid not in mine)


def _marked(process: psutil.Process, mark: str) -> bool:
    try:
        return bool(process.environ().get(MARK) == mark)
    except (psutil.Error, OSError):
        return False


def _works_in(process: psutil.Process, database: Path) -> bool:
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == database.resolve()
    except (psutil.Error, OSError):
        return False


def _parent(process: psutil.Process) -> int:
    try:
        return int(process.ppid())
    except psutil.Error:
        return 0


def _leads(process: psutil.Process, database: Path) -> bool:
    """Tell whether this is the server's first process, by the file that it keeps."""
    try:
        return (database / "postmaster.pid").read_text().split("\n", 1)[0].strip() == str(process.pid)
    except OSError:
        return False


def _end(processes: list[psutil.Process], signum: signal.Signals, *, patience_s: float) -> int:
    for each in processes:
        _send(each, signum)
    _, stubborn = psutil.wait_procs(processes, timeout=patience_s)
    for each in stubborn:
        _send(each, signal.SIGKILL)
    psutil.wait_procs(stubborn, timeout=5)
    return len(processes)


def _send(process: psutil.Process, signum: signal.Signals) -> None:
    try:
        process.send_signal(signum)
    except psutil.NoSuchProcess:
        return
