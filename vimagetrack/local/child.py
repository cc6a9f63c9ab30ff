"""One process of ours: started so that it ends with us, watched, stopped, and its descendants with it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vimagetrack.local.home import PROJECT
from vimagetrack.local.output import forward

LAUNCH = Path(__file__).with_name("launch.py")
POLL_S = 0.05


@dataclass(slots=True, kw_only=True)
class Child:
    """A process that may be started again; `command[0]` is an absolute path.

    `stop_signal` asks for an orderly end, also by the kernel when we die; after `grace_s` seconds it is
    forced. Start only from the main thread: the kernel counts the starting *thread* as the parent.
    """

    name: str
    command: list[str]
    env: Mapping[str, str]
    stop_signal: signal.Signals
    grace_s: float
    launch_options: list[str] = field(default_factory=list)
    quiet: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a session of its own, so that Ctrl-C in the terminal reaches us alone."""
        launcher = [sys.executable, "-I", "-S", str(LAUNCH), "--parent", str(os.getpid())]
        ending = ["--signal", str(int(self.stop_signal)), *self.launch_options, "--"]
        self.process = subprocess.Popen(
            [*launcher, *ending, *self.command],
            cwd=PROJECT,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.quiet else subprocess.PIPE,
            stderr=subprocess.DEVNULL if self.quiet else subprocess.STDOUT,
        )
        if self.process.stdout is not None:
            forward(self.process.stdout, self.name)

    @property
    def pid(self) -> int:
        """Give the process id; 0 before the first start."""
        return self.process.pid if self.process else 0

    def ended(self) -> int | None:
        """Give the exit code if it has ended (minus the signal's number if killed); else None.

        What it left in its process group is killed before the id is given back to the system: a web server
        that was killed leaves workers that would answer on the same port, with old code.
        """
        process = self.process
        if process is None or process.returncode is not None:
            return process.returncode if process else 0
        with contextlib.suppress(ChildProcessError):  # another part of us has waited for it
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()

    def ask_to_stop(self) -> None:
        """Send the signal for an orderly end; nothing happens to one that has ended."""
        if self.process is not None and self.ended() is None:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self) -> bool:
        """Wait for the end, forced after the grace; tell whether it came in order."""
        deadline = time.monotonic() + self.grace_s
        while self.ended() is None:
            if time.monotonic() > deadline:
                self._force()
                return False
            time.sleep(POLL_S)
        return True

    def _force(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
