"""``verify``: split again, compare everything with what stands in OUT, try the kernel on mutated layers."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vimagetrack.engine.commands import DIFFERENT, DONE, inputs, printable
from vimagetrack.engine.commands.splitting import add_out, files, results
from vimagetrack.engine.verify import differences, self_test


def add(commands: Any) -> None:
    """Declare the command."""
    text = "split again and compare everything with what stands in OUT"
    command = commands.add_parser("verify", help=text, description=text)
    command.set_defaults(run=run)
    inputs.add_options(command)
    add_out(command)
    command.add_argument(
        "--no-self-test", action="store_true", help="leave out the mutations that the kernel must refuse"
    )


def run(options: argparse.Namespace) -> int:
    """Compare, and say each difference; then mutate null layers and ask the kernel."""
    inputs.check_folder(options.out)
    given = inputs.read(options)
    chunks = options.chunks or (options.out / "chunks").is_dir()
    found = {_name(path, options.out): path.read_bytes() for path in results(options.out)}
    wanted = files(given.split(), chunks=chunks)
    different = differences(found, wanted)
    for line in different:
        print(printable(line))
    sound = options.no_self_test or _self_test(given, wanted)
    return DONE if sound and not different else DIFFERENT


def _name(path: Path, out: Path) -> str:
    return path.relative_to(out).as_posix()


def _self_test(given: inputs.Inputs, wanted: Mapping[str, bytes]) -> bool:
    """Mutate what the split comes to now; say what was proved all the same, and how much was refused."""
    tested = self_test(given.monolith, given.plan, wanted, base=given.base)
    for line in tested.proved:
        print(printable(f"self-test: {line}"))
    print(f"self-test: {tested.refused} of {tested.made} mutations of null layers refused")
    return not tested.proved
