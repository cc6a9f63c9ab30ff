"""``prove``: before/after pairs, one JSON object a line, judged by the kernel."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from vimagetrack.engine.commands import DONE
from vimagetrack.engine.errors import EngineError


def add(commands: Any) -> None:
    """Declare the command."""
    text = "judge before/after pairs"
    command = commands.add_parser("prove", help=text, description=text)
    command.add_argument(
        "--jsonl", action="store_true", required=True, help="one JSON object a line, in and out"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Judge what standard input gives."""
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
