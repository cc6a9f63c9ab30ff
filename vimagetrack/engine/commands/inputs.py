"""What the commands read: the monolith, the plan with the files beside it, and the tree that is the base."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.plan import Plan, parse_plan
from vimagetrack.engine.split import SplitResult, split


class FolderBase(Mapping[str, bytes]):
    """The old texts of a tree on disk; a path that leaves the folder or goes through a link is absent."""

    def __init__(self, folder: Path, paths: Sequence[str]) -> None:
        self.folder = folder.resolve()
        self.paths = [path for path in paths if self._file(path) is not None]

    def _file(self, path: str) -> Path | None:
        found = (self.folder / path).resolve()
        inside = found.is_relative_to(self.folder) and found.is_file()
        return found if inside and not (self.folder / path).is_symlink() else None

    def __getitem__(self, path: str) -> bytes:
        found = self._file(path)
        if found is None:
            raise KeyError(path)
        return found.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class _Beside(Mapping[str, bytes]):
    """The files beside a plan, read when they are asked for; links and ``..`` are absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> bytes:
        path = self.folder / name
        if ".." in Path(name).parts or Path(name).is_absolute() or not path.is_file() or path.is_symlink():
            raise KeyError(name)
        return path.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return (
            str(path.relative_to(self.folder)) for path in sorted(self.folder.rglob("*")) if path.is_file()
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a split is made from, as read; ``base`` is None where no tree was given."""

    monolith: bytes
    plan: Plan
    base: dict[str, bytes] | None
    jobs: int
    second_opinion: bool

    def split(self) -> SplitResult:
        """Split it."""
        return split(
            self.monolith, self.plan, base=self.base, jobs=self.jobs, second_opinion=self.second_opinion
        )


def add_options(command: argparse.ArgumentParser) -> None:
    """Declare what every command takes that splits."""
    command.add_argument("monolith", metavar="MONOLITH", help="a unified diff; - reads standard input")
    command.add_argument("--plan", required=True, type=Path, metavar="PLAN.toml")
    command.add_argument("--base", type=Path, metavar="DIR", help="the tree that the diff applies to")
    command.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes (1)")
    command.add_argument("--no-second-opinion", action="store_true", help="leave unidiff out, for measuring")


def positive(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def read(options: argparse.Namespace) -> Inputs:
    """Read what the options of ``add_options`` name.

    Raises EngineError for what the files hold, OSError for what cannot be read.
    """
    plan = read_plan(options.plan)
    monolith = read_monolith(options.monolith)
    second = not options.no_second_opinion
    base = read_base(options.base, monolith, plan.base_paths, second_opinion=second)
    return Inputs(monolith=monolith, plan=plan, base=base, jobs=options.jobs, second_opinion=second)


def read_monolith(name: str) -> bytes:
    """Read a file, or standard input where it is named -."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def read_base(
    folder: Path | None, monolith: bytes, more: Iterable[str] = (), *, second_opinion: bool = False
) -> dict[str, bytes] | None:
    """Read the old texts of the files that a diff touches, and of some more; None without a folder."""
    if folder is None:
        return None
    check_folder(folder)
    touched = parse(monolith, second_opinion=second_opinion).files
    paths = [file.old_path for file in touched if file.old_path]
    return dict(FolderBase(folder, list(dict.fromkeys([*paths, *more]))))


def check_folder(folder: Path) -> None:
    """Raise NotADirectoryError where there is no folder."""
    if not folder.is_dir():
        raise NotADirectoryError(20, "is not a folder", str(folder))


def read_plan(path: Path) -> Plan:
    """Read a plan with the table files that stand beside it.

    Raises PlanError for the plan, OSError for a file that cannot be read.
    """
    return parse_plan(path.read_bytes(), files=_Beside(path.parent))
