"""A whole run of ours, as a person at the terminal has it: real processes, a folder and a port of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60.0
KINDS = {"database": "bin/postgres", "web": "granian", "worker": "celery"}


def wait_for(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience_s:g} s: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_env(**changes: str) -> dict[str, str]:
    dropped = {"DATABASE_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE", "VIMAGETRACK_SUPERVISED"}
    return {**{name: value for name, value in os.environ.items() if name not in dropped}, **changes}


def ask(address: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


class Run:
    """`python -m vimagetrack.local run` on a folder; `log` is what it has said so far."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.output = home.with_name(f"{home.name}-{self.port}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Run:
        env = clean_env(VIMAGETRACK_HOME=str(self.home), PORT=str(self.port))
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vimagetrack.local", "run"],
                cwd=PROJECT,
                env=env,
                stdout=out,
                stderr=out,
            )
        wait_for(lambda: self.is_up() or self.process.poll() is not None, "the run is up")
        assert self.process.poll() is None, self.log
        return self

    @property
    def log(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def is_up(self) -> bool:
        return (
            "VimageTrack is at" in self.log.rpartition("----- started again")[2]
            and self.get("/healthz") == 200
        )

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except OSError as error:
            return int(getattr(error, "code", 0))

    def family(self) -> dict[str, list[psutil.Process]]:
        """Give the processes below the supervisor by what they are; the first of a list is the head."""
        kinds: dict[str, list[psutil.Process]] = {"database": [], "web": [], "worker": []}
        for head in psutil.Process(self.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = " ".join(head.cmdline())
                kind = next(kind for kind, word in KINDS.items() if word in words)
                kinds[kind] += [head, *head.children(recursive=True)]
        return kinds

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        return ask((self.home / "database.url").read_text().strip(), statement)

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(timeout=PATIENCE_S)

    def mark_log(self) -> None:
        with self.output.open("ab") as out:
            out.write(b"----- started again\n")

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.stop()


def try_run(home: Path, port: int) -> subprocess.CompletedProcess[str]:
    """Run in the foreground where it is expected to be refused."""
    return subprocess.run(
        [sys.executable, "-m", "vimagetrack.local", "run"],
        cwd=PROJECT,
        env=clean_env(VIMAGETRACK_HOME=str(home), PORT=str(port)),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    found = []
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if each.is_running() and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found
