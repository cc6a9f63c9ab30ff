"""A site for the pictures: the demo on a database that the environment names, a web server and a worker.

Everything is a process of its own, so that this module, like all of ``local``, knows nothing of the apps.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vimagetrack.local.errors import LocalError
from vimagetrack.local.port import HOST, claimed
from vimagetrack.local.services import web, worker

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PASSWORD: Final = "a-password-for-pictures"  # of a site that is thrown away
_PATIENCE_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site to take pictures of; ``work`` starts its worker, where it is ours."""

    url: str
    user: str
    password: str
    environment: Mapping[str, str] | None = None  # None: somebody else runs it
    stack: ExitStack | None = None

    def work(self) -> None:
        """Start the worker; before that a new revision waits, which is a picture, too."""
        if self.environment is None or self.stack is None:
            return
        child = worker(self.environment)
        self.stack.enter_context(_process(list(child.command), child.env))


@contextmanager
def own_site() -> Iterator[Site]:
    """Run the demo's site on a free port until the pictures are taken."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="vimagetrack-shots-") as home, ExitStack() as stack:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vimagetrack.settings.dev",
            "VIMAGETRACK_HOME": home,
            "VIMAGETRACK_DEMO_PASSWORD": PASSWORD,
            "VIMAGETRACK_DEBUG": "0",  # our own error pages, not the framework's
        }
        for name in ("queue", "control"):  # the broker is a folder, and wants to find it
            (Path(home) / "broker" / name).mkdir(parents=True)
        manage("migrate", environment)
        manage("load_demo", environment)
        stack.enter_context(claimed(port))  # the server would share a taken port in silence
        child = web(environment, port)
        stack.enter_context(_process(list(child.command), child.env))
        url = f"http://{HOST}:{port}"
        wait_for(url)
        yield Site(url=url, user="julian", password=PASSWORD, environment=environment, stack=stack)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def manage(command: str, environment: Mapping[str, str]) -> None:
    """Run a management command; LocalError with the end of what it said where it fails."""
    words = [sys.executable, str(ROOT / "manage.py"), command]
    done = subprocess.run(words, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(f"`manage.py {command}` failed: {done.stderr.strip()[-400:]}")


@contextmanager
def _process(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(url: str) -> None:
    """Wait until the server answers; LocalError where it does not in a minute."""
    ends = time.monotonic() + _PATIENCE_S
    while not answers(url):
        if time.monotonic() > ends:
            raise LocalError(f"No server answers at {url}, and none could be started.")
        time.sleep(0.2)


def answers(url: str) -> bool:
    """Tell whether a server of ours is there."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
