"""``draft-table``: the definitions that the monolith itself brings, as a table for a plan to start from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from vimagetrack.engine.commands import DONE, inputs
from vimagetrack.engine.split.draft_table import draft_table


def add(commands: Any) -> None:
    """Declare the command."""
    text = "write a table from the monolith's own definitions, with what it says in two ways"
    command = commands.add_parser("draft-table", help=text, description=text)
    command.add_argument("monolith", metavar="MONOLITH", help="a unified diff; - reads standard input")
    command.add_argument("--base", type=Path, metavar="DIR", help="the tree that the diff applies to")
    command.add_argument(
        "--pattern", action="append", default=[], metavar="'V_*'", help="only such names; may be given again"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the draft to standard output, byte for byte."""
    monolith = inputs.read_monolith(options.monolith)
    base = inputs.read_base(options.base, monolith)
    sys.stdout.buffer.write(draft_table(monolith, options.pattern, base))
    sys.stdout.buffer.flush()
    return DONE
