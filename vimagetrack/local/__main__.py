"""`python -m vimagetrack.local run | exec [--temporary] -- COMMAND`."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from vimagetrack.local.errors import LocalError
from vimagetrack.local.home import find_home
from vimagetrack.local.launch import end_with
from vimagetrack.local.lend import lend
from vimagetrack.local.port import read_port
from vimagetrack.local.supervisor import run


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(prog="python -m vimagetrack.local", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="run database, web server and worker; PORT says where")
    execute = commands.add_parser("exec", help="run a command with DATABASE_URL set to an embedded server")
    execute.add_argument("--temporary", action="store_true", help="an empty server, thrown away afterwards")
    for each in (running, execute):
        each.add_argument("--end-with-parent", action="store_true", help="stop when `make` is killed")
    execute.add_argument("words", nargs="+", metavar="COMMAND")
    return top


def main() -> int:
    """Do what was asked; a LocalError is one sentence on stderr and exit code 1."""
    options = parser().parse_args()
    if options.end_with_parent:
        end_with(os.getppid(), signal.SIGTERM)
    try:
        if options.command == "run":
            return run(find_home(), read_port(os.environ.get("PORT", "")))
        return lend(find_home(), options.words, temporary=options.temporary)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
