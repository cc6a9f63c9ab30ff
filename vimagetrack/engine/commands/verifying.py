"""``verify``: split again and compare everything with what stands in OUT."""

from __future__ import annotations

import argparse
from typing import Any

from vimagetrack.engine.commands import DIFFERENT, DONE, inputs
from vimagetrack.engine.commands.splitting import add_out, files, results


def add(commands: Any) -> None:
    """Declare the command."""
    text = "split again and compare everything with what stands in OUT"
    command = commands.add_parser("verify", help=text, description=text)
    command.set_defaults(run=run)
    inputs.add_options(command)
    add_out(command)


def run(options: argparse.Namespace) -> int:
    """Compare, and say each difference."""
    chunks = options.chunks or (options.out / "chunks").is_dir()
    wanted = files(inputs.read(options).split(), chunks=chunks)
    found = {str(path.relative_to(options.out)): path.read_bytes() for path in results(options.out)}
    differences = [f"missing: {name}" for name in wanted if name not in found]
    differences += [f"not expected: {name}" for name in found if name not in wanted]
    differences += [f"differs: {name}" for name in wanted if name in found and found[name] != wanted[name]]
    for line in sorted(differences):
        print(line)
    return DIFFERENT if differences else DONE
