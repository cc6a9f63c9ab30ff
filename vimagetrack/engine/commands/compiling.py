"""Run the user's compiler over units, on the user's machine: fill its command, wait, keep what it says."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from vimagetrack.engine.errors import EngineError
from vimagetrack.engine.null.state import State

#: How much of a compiler's words is told, and how long the words of one line may be.
WORDS_LINES, WORDS_CHARS = 20, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One unit to compile: its path in the tree, the state (None: the command as it is), the table's file."""

    unit: str
    state: State | None
    table: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What the command made of one job: the object, or None and the reason with the compiler's words."""

    data: bytes | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """The user's command with its placeholders: {source}, {object}, {state} or {defines}, {table}, {tree}."""

    arguments: tuple[str, ...]

    def check(self, source: Path) -> None:
        """Raise EngineError for a command that cannot compile a copy of the tree at ``source``."""
        for name in ("{source}", "{object}"):
            if not any(name in argument for argument in self.arguments):
                raise EngineError(
                    f"the command has no {name}", hint="Write it like: -- cc -c {source} -o {object}"
                )
        inside = re.compile(rf"{re.escape(str(source))}(?![\w.-])")
        for argument in self.arguments:
            if inside.search(argument):
                raise EngineError(
                    f"the command names the tree itself: {argument}",
                    hint="It runs in a copy, which alone has the layers: write relative paths, or {tree}.",
                )

    @property
    def by_state(self) -> bool:
        """Say whether the command differs from state to state."""
        return any(name in argument for name in _BY_STATE for argument in self.arguments)

    @property
    def wants_table(self) -> bool:
        """Say whether the command takes the tables from a file."""
        return any("{table}" in argument for argument in self.arguments)

    def filled(self, job: Job, tree: Path, result: Path) -> list[str]:
        """Give the arguments for one job."""
        flags = state_flags(job.state)
        source = f"./{job.unit}" if job.unit.startswith("-") else job.unit
        values = {
            "{source}": source,
            "{object}": str(result),
            "{tree}": str(tree),
            "{table}": str(job.table or os.devnull),
            **dict.fromkeys(_BY_STATE, shlex.join(flags)),
        }
        found: list[str] = []
        for argument in self.arguments:
            if argument in _BY_STATE:
                found += flags
                continue
            found.append(_replaced(argument, values))
        return found


_BY_STATE = ("{state}", "{defines}")


def _replaced(argument: str, values: dict[str, str]) -> str:
    """Fill the placeholders of one argument, each once: a value may look like a placeholder."""
    parts, rest = [], argument
    while rest:
        at, name = min(((rest.find(name), name) for name in values if name in rest), default=(-1, ""))
        if at < 0:
            break
        parts += [rest[:at], values[name]]
        rest = rest[at + len(name) :]
    return "".join([*parts, rest])


def state_flags(state: State | None) -> list[str]:
    """Write a state as -D and -U."""
    if state is None:
        return []
    defined = [f"-D{name}={value}" for name, value in state.define]
    return [*defined, *(f"-U{name}" for name in state.undefine)]


class Compiler:
    """Runs one command for many jobs at a time; ``stop`` ends what is still running."""

    def __init__(self, command: Command, tree: Path, results: Path, *, jobs: int, timeout: float) -> None:
        self.command = command
        self.tree = tree
        self.results = results
        self.jobs = jobs
        self.timeout = timeout
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self.environment = {"SOURCE_DATE_EPOCH": "0", **os.environ}

    def compile(self, jobs: Sequence[Job]) -> list[Compiled]:
        """Compile jobs, in parallel; the answers are in the jobs' order, whoever was first."""
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                return list(pool.map(self._one, jobs, range(len(jobs))))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise

    def stop(self) -> None:
        """End every process that still runs, with what it started."""
        with self._lock:
            for process in self._running:
                _end(process)

    def _one(self, job: Job, number: int) -> Compiled:
        # Both sides are made at one path: it may get into the object.
        result = self.results / str(number) / f"{Path(job.unit).stem or 'unit'}.o"
        result.parent.mkdir(parents=True, exist_ok=True)
        result.unlink(missing_ok=True)
        arguments = self.command.filled(job, self.tree, result)
        code, words = self._run(arguments)
        if code is None:
            return Compiled(data=None, reason=f"no end after {self.timeout:g} s")
        if code:
            said = f"exit {code}" if code > 0 else f"ended by signal {-code}"
            return Compiled(data=None, reason=f"{said}{_told(words)}")
        if not result.is_file():
            return Compiled(data=None, reason="the command ended well and made no object")
        return Compiled(data=result.read_bytes())

    def _run(self, arguments: list[str]) -> tuple[int | None, bytes]:
        """Run one command; exit status None: it was ended, since it took too long."""
        try:
            process = subprocess.Popen(
                arguments,
                cwd=self.tree,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise EngineError(
                f"the command {arguments[0]} cannot be run: {reason}",
                hint="Name a compiler that is installed here.",
            ) from error
        with self._lock:
            self._running.add(process)
        try:
            words, _ = process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            process.communicate()
            return None, b""
        finally:
            with self._lock:
                self._running.discard(process)
        return process.returncode, words


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _told(words: bytes) -> str:
    """Give the first lines of what a compiler said, indented below what is said of it."""
    lines = words.decode("utf-8", "backslashreplace").splitlines()
    told = [line[:WORDS_CHARS] for line in lines[:WORDS_LINES]]
    if len(lines) > WORDS_LINES:
        told.append(f"({len(lines) - WORDS_LINES} lines more)")
    return "".join(f"\n    {line}" for line in told)


def units_of(paths: Iterable[str]) -> list[str]:
    """Give the files that a compiler takes for themselves, out of some."""
    return [path for path in paths if Path(path).suffix in UNIT_SUFFIXES]


UNIT_SUFFIXES = frozenset({".c", ".cc", ".cpp", ".cxx", ".c++", ".C", ".m", ".mm", ".S", ".sx"})
