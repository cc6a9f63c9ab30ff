"""``split``: a monolith becomes one patch a milestone, with its report."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vimagetrack.engine.commands import DONE, inputs, printable
from vimagetrack.engine.output import pieces
from vimagetrack.engine.split import LayerFile, SplitResult


def add(commands: Any) -> None:
    """Declare the command."""
    text = "split a monolith into one patch a milestone"
    command = commands.add_parser("split", help=text, description=text)
    command.set_defaults(run=run)
    inputs.add_options(command)
    add_out(command)


def add_out(command: argparse.ArgumentParser) -> None:
    """Declare where results stand, and which."""
    command.add_argument("--out", required=True, type=Path, metavar="OUT")
    command.add_argument("--chunks", action="store_true", help="write the chunks as well")


def run(options: argparse.Namespace) -> int:
    """Split, and write OUT anew."""
    result = inputs.read(options).split()
    options.out.mkdir(parents=True, exist_ok=True)
    _remove_older(options.out)
    for name, parts in pieces(result, chunks=options.chunks):
        path = options.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(parts)
    for line in _summary(result):
        print(line)
    return DONE


def files(result: SplitResult, *, chunks: bool) -> dict[str, bytes]:
    """Give all that belongs into OUT, by name."""
    return {name: b"".join(parts) for name, parts in pieces(result, chunks=chunks)}


def results(out: Path) -> list[Path]:
    """List what an earlier split wrote: nothing else in the folder is ours to touch."""
    own = [*out.glob("[0-9][0-9]*-*.patch"), *out.glob("chunks/*/[0-9]*.patch")]
    return sorted([*own, *(path for path in (out / "report.json", out / "digests.tsv") if path.exists())])


def _remove_older(out: Path) -> None:
    # The object proof is about patches that go.
    for path in [*results(out), out / "objects.json"]:
        path.unlink(missing_ok=True)
    for folder in sorted((out / "chunks").glob("*")):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    if (out / "chunks").is_dir() and not any((out / "chunks").iterdir()):
        (out / "chunks").rmdir()


def _patches(result: SplitResult) -> Iterator[str]:
    """Say what is in each patch; a mixed milestone has two, in the order of its steps."""
    layers: dict[str, dict[int, list[LayerFile]]] = {}
    for row in result.layer_files:
        layers.setdefault(row.milestone, {}).setdefault(row.step, []).append(row)
    for milestone in result.milestones:
        own = [rows for _, rows in sorted(layers.get(milestone.slug, {}).items())]
        for name, rows in zip(milestone.patch_names, own, strict=True):
            added, removed = sum(row.added for row in rows), sum(row.removed for row in rows)
            yield f"{name}: {len({row.path for row in rows})} files, +{added} -{removed}"


def _summary(result: SplitResult) -> Iterator[str]:
    yield from _patches(result)
    for kind, row in result.totals.items():
        yield f"{kind}: {row['changes']} changes, +{row['added']} -{row['removed']}"
    for warning in result.warnings:
        yield printable(f"warning: {warning.path or ''}:{warning.diff_lineno or ''}: {warning.text}")
    for finding in result.order:
        yield printable(
            f"order: {finding.used_in} uses {finding.identifier} ({finding.used_path}:{finding.used_lineno}),"
            f" which {finding.defined_in} defines ({finding.defined_path}:{finding.defined_lineno})"
        )
