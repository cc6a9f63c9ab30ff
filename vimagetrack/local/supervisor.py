"""Run all of it: start in order, restart what dies, stop everything on every way out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from vimagetrack.local import services
from vimagetrack.local.child import POLL_S, Child
from vimagetrack.local.errors import LocalError
from vimagetrack.local.home import PROJECT, Home, locked
from vimagetrack.local.leftovers import end_services
from vimagetrack.local.output import say
from vimagetrack.local.port import HOST, claimed
from vimagetrack.local.postgres import Server

BUSY = (
    "Another run (process {pid}) uses this data folder: stop that one, or set VIMAGETRACK_HOME to another "
    "folder."
)
START_S = 60.0
WINDOW_S = 60.0
MOST_DEATHS = 5  # within the window; then the cause is not a passing one
FIRST_DELAY_S = 0.5


class Stopped(BaseException):
    """A signal asked us to stop; no `except Exception` may swallow it."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Turn the first TERM, INT or HUP into `Stopped`; later ones are ignored, so that the clean-up ends."""
    caught = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def stop(signum: int, frame: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signum)

    before = {each: signal.signal(each, stop) for each in caught}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@dataclass(slots=True)
class Watched:
    """A child with the times of its deaths, and how to start it again."""

    child: Child
    start: Callable[[], None]
    deaths: list[float] = field(default_factory=list)
    due_at: float | None = None

    def check(self, now: float) -> None:
        """Note a death, and start again once its delay has passed; LocalError when it dies too often."""
        if self.due_at is None:
            code = self.child.ended()
            if code is not None:
                self._note(code, now)
        elif now >= self.due_at:
            self.due_at = None
            self.start()

    def _note(self, code: int, now: float) -> None:
        self.deaths = [*(at for at in self.deaths if now - at < WINDOW_S), now]
        if len(self.deaths) > MOST_DEATHS:
            raise LocalError(
                f"{self.child.name} ended {len(self.deaths)} times within a minute (last: {describe(code)}); "
                f"everything is stopped. The lines marked [{self.child.name}] above say why."
            )
        delay = FIRST_DELAY_S * 2 ** (len(self.deaths) - 1)
        self.due_at = now + delay
        say(f"{self.child.name} ended ({describe(code)}); it is started again in {delay:g} s.")


def describe(code: int) -> str:
    """Say an exit code in words."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def run(home: Home, port: int) -> int:
    """Run until a signal comes; give the exit code. LocalError says what cannot be done."""
    home.make()
    with stopping_on_signals():
        try:
            with locked(home, busy=BUSY), claimed(port):
                _run(home, port)
        except Stopped as stopped:
            say(f"Stopped ({signal.Signals(stopped.signum).name}); the data is in {home.folder}.")
    return 0


def _run(home: Home, port: int) -> None:
    with database(home) as (url, watched):
        env = services.environment(home, url)
        accounts = prepare(env)
        marked = services.supervised(env, home)
        children = [services.web(marked, port), services.worker(marked)]
        everything = [*watched, *(Watched(child, child.start) for child in children)]
        try:
            for child in children:
                child.start()
            wait_for_web(port, everything)
            say(f"\nVimageTrack is at http://{HOST}:{port}/ (Ctrl-C stops it)\n{accounts}")
            watch(everything)
        finally:
            stop(children)


@contextmanager
def database(home: Home) -> Iterator[tuple[str, list[Watched]]]:
    """Give the address of the database and what is to be watched for it: a given server, else our own."""
    ended = end_services(home.folder)
    given = os.environ.get("DATABASE_URL", "")
    if given:
        yield given, []
        return
    server = Server(folder=home.database, durable=True)
    ended += server.make_ready(home.read_address())
    if ended:
        say(f"An earlier run was killed; what was left of it has been ended ({ended}).")
    try:
        child = server.start(services.supervised(os.environ, home))
        home.write_address(server.url)
        yield server.url, [Watched(child, server.restart)]
    finally:
        home.address.unlink(missing_ok=True)
        server.stop()


def prepare(env: Mapping[str, str]) -> str:
    """Migrate and load the demo, in a process of their own; give the words about the demo's accounts."""
    done = subprocess.run(
        [sys.executable, "-m", "vimagetrack.local.prepare"],
        check=False,
        cwd=PROJECT,
        env={**env, "VIMAGETRACK_STATEMENT_TIMEOUT_MS": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        raise LocalError("The database could not be prepared: the lines above say why. Nothing was started.")
    return done.stdout


def wait_for_web(port: int, everything: list[Watched]) -> None:
    """Wait until the web server answers, while restarting what dies."""
    deadline = time.monotonic() + START_S
    while not services.answers(port):
        if time.monotonic() > deadline:
            raise LocalError(f"The web server did not answer within {START_S:.0f} s; everything is stopped.")
        check(everything)
        time.sleep(POLL_S)


def watch(everything: list[Watched]) -> None:
    """Restart what dies, for ever; ends by `Stopped` or LocalError."""
    while True:
        check(everything)
        time.sleep(0.2)


def check(everything: list[Watched]) -> None:
    """Look at each child once."""
    for each in everything:
        each.check(time.monotonic())


def stop(children: list[Child]) -> None:
    """Ask all to stop at once, then wait for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        if not child.wait_stopped():
            say(
                f"{child.name} did not stop in {child.grace_s:g} s and was killed; its job is taken up again."
            )
