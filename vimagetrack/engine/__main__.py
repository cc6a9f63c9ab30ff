"""The engine's command line: the only place of the engine that opens files and prints.

Exit 0 done, 1 ``verify`` found a difference, 2 usage, 3 refused (the reason on stderr).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import EngineError
from vimagetrack.engine.output import chunk_files, patch_files, report_files
from vimagetrack.engine.plan import Plan, parse_plan
from vimagetrack.engine.split import SplitResult, split

DONE, DIFFERENT, REFUSED = 0, 1, 3


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EngineError as refusal:
        print(f"refused: {_printable(str(refusal))}", file=sys.stderr)
        return REFUSED
    except OSError as failure:
        print(f"refused: {failure.filename}: {failure.strerror}", file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m vimagetrack.engine", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("split", _split, "split a monolith into one patch a milestone"),
        ("verify", _verify, "split again and compare everything with what stands in OUT"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        _add_split_options(command)
    prove = commands.add_parser(
        "prove", help="judge before/after pairs", description="judge before/after pairs"
    )
    prove.add_argument(
        "--jsonl", action="store_true", required=True, help="one JSON object a line, in and out"
    )
    prove.set_defaults(run=_prove)
    return parser


def _add_split_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("monolith", metavar="MONOLITH", help="a unified diff; - reads standard input")
    command.add_argument("--plan", required=True, type=Path, metavar="PLAN.toml")
    command.add_argument("--base", type=Path, metavar="DIR", help="the tree that the diff applies to")
    command.add_argument("--out", required=True, type=Path, metavar="OUT")
    command.add_argument("--jobs", type=_positive, default=1, metavar="N", help="processes (1)")
    command.add_argument("--chunks", action="store_true", help="write the chunks as well")
    command.add_argument("--no-second-opinion", action="store_true", help="leave unidiff out, for measuring")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _split(options: argparse.Namespace) -> int:
    result = _result(options)
    options.out.mkdir(parents=True, exist_ok=True)
    _remove_older(options.out)
    for name, data in _files(options, result).items():
        path = options.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for line in _summary(result):
        print(line)
    return DONE


def _verify(options: argparse.Namespace) -> int:
    options.chunks = options.chunks or (options.out / "chunks").is_dir()
    wanted = _files(options, _result(options))
    found = {str(path.relative_to(options.out)): path.read_bytes() for path in _results(options.out)}
    differences = [f"missing: {name}" for name in wanted if name not in found]
    differences += [f"not expected: {name}" for name in found if name not in wanted]
    differences += [f"differs: {name}" for name in wanted if name in found and found[name] != wanted[name]]
    for line in sorted(differences):
        print(line)
    return DIFFERENT if differences else DONE


def _result(options: argparse.Namespace) -> SplitResult:
    plan = read_plan(options.plan)
    monolith = sys.stdin.buffer.read() if options.monolith == "-" else Path(options.monolith).read_bytes()
    base = None
    if options.base is not None:
        if not options.base.is_dir():
            raise NotADirectoryError(20, "is not a folder", str(options.base))
        second = not options.no_second_opinion
        paths = [file.old_path for file in parse(monolith, second_opinion=second).files if file.old_path]
        base = FolderBase(options.base, paths)
    return split(monolith, plan, base=base, jobs=options.jobs, second_opinion=not options.no_second_opinion)


def read_plan(path: Path) -> Plan:
    """Read a plan with the table files that stand beside it.

    Raises PlanError for the plan, OSError for a file that cannot be read.
    """
    return parse_plan(path.read_bytes(), files=_Beside(path.parent))


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


def _files(options: argparse.Namespace, result: SplitResult) -> dict[str, bytes]:
    files = patch_files(result) | report_files(result)
    return files | chunk_files(result) if options.chunks else files


def _results(out: Path) -> list[Path]:
    """List what an earlier split wrote: nothing else in the folder is ours to touch."""
    own = [*out.glob("[0-9][0-9]*-*.patch"), *out.glob("chunks/*/[0-9]*.patch")]
    return sorted([*own, *(path for path in (out / "report.json", out / "digests.tsv") if path.exists())])


def _remove_older(out: Path) -> None:
    for path in _results(out):
        path.unlink()
    for folder in sorted((out / "chunks").glob("*")):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    if (out / "chunks").is_dir() and not any((out / "chunks").iterdir()):
        (out / "chunks").rmdir()


def _summary(result: SplitResult) -> Iterator[str]:
    for milestone in result.milestones:
        for name, _ in milestone.patches:
            yield f"{name}: {milestone.files} files, +{milestone.added} -{milestone.removed}"
    for kind, row in result.totals.items():
        yield f"{kind}: {row['changes']} changes, +{row['added']} -{row['removed']}"
    for warning in result.warnings:
        yield _printable(f"warning: {warning.path or ''}:{warning.diff_lineno or ''}: {warning.text}")
    for finding in result.order:
        yield (
            f"order: {finding.used_in} uses {finding.identifier} ({finding.used_path}:{finding.used_lineno}),"
            f" which {finding.defined_in} defines ({finding.defined_path}:{finding.defined_lineno})"
        )


def _prove(options: argparse.Namespace) -> int:
    from vimagetrack.engine.null.prove_jsonl import judge_case  # only this command needs it

    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            try:
                answer = judge_case(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise EngineError(
                    f"line {number} is no case: {error}", hint="One JSON object a line, as the cases have it."
                ) from error
            print(json.dumps(answer, sort_keys=True))
    return DONE


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


if __name__ == "__main__":
    sys.exit(main())
