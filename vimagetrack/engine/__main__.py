"""The engine's command line; with ``commands`` the only place of the engine that opens files and prints.

Exit 0 done, 1 ``verify`` or ``objects`` found a difference, 2 usage, 3 refused (the reason on stderr).
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from vimagetrack.engine.commands import (
    DONE,
    REFUSED,
    drafting,
    explaining,
    objects,
    printable,
    proving,
    splitting,
    verifying,
)
from vimagetrack.engine.commands.inputs import read_plan
from vimagetrack.engine.errors import EngineError

__all__ = ["main", "read_plan"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except EngineError as refusal:
        print(f"refused: {printable(str(refusal))}", file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        # Who reads the summary has seen enough; what was asked for is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as failure:
        print(f"refused: {printable(_words(failure))}", file=sys.stderr)
        return REFUSED


def _words(failure: OSError) -> str:
    """Say which file, what, and what to do; what has no file says it in its own words."""
    hint = _HINTS.get(type(failure), "")
    if failure.filename is None:
        return f"{failure}{hint}"
    return f"{failure.filename}: {failure.strerror}{hint}"


_HINTS = {
    FileNotFoundError: ". Name one that exists.",
    IsADirectoryError: ". MONOLITH and the plan are files.",
    NotADirectoryError: ". The base and OUT are folders.",
    FileExistsError: ". OUT is a folder, or not there yet.",
    PermissionError: ". Check who may read and write there.",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m vimagetrack.engine", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (splitting, verifying, explaining, proving, objects, drafting):
        module.add(commands)
    return parser


if __name__ == "__main__":
    # A split makes millions of small values and hardly a cycle: looking for cycles less often saves time.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.exit(main())
