"""``objects``: compile every touched unit before and after each null layer, and compare whole objects.

Runs the user's own compiler on the user's machine, in a copy of the tree. Nothing here is for a server.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vimagetrack.engine import ENGINE_VERSION
from vimagetrack.engine.commands import DIFFERENT, DONE, REFUSED, inputs, printable
from vimagetrack.engine.commands.compiling import Command
from vimagetrack.engine.commands.layer_patches import LayerPatches
from vimagetrack.engine.commands.object_proof import BAD, ObjectProof, Outcome, Row
from vimagetrack.engine.errors import EngineError

SCHEMA = 1
#: How many differences of one object are told; objects.json has them all.
TOLD = 3

_TEXT = "compile every touched unit before and after each null layer, and compare whole objects"
_EPILOG = """The command runs in a copy of the tree, at its root, once for each unit and side. {source} is the
unit's path, {object} where the object goes; {state} (or {defines}) becomes the -D and -U of each state in
which the layer is null, {table} a file with the definitions in force on that side (both need --plan), {tree}
the copy. Compared is everything but debug sections and .comment. Exit 0: all equal; 1: a difference; 3:
refused, or a unit that does not compile before its layer."""


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("objects", help=_TEXT, description=_TEXT, epilog=_EPILOG)
    command.add_argument("--base", required=True, type=Path, metavar="DIR", help="the tree; never written")
    command.add_argument("--patches", required=True, type=Path, metavar="OUT", help="what split wrote")
    command.add_argument("--plan", type=Path, metavar="PLAN.toml", help="the plan that OUT was split with")
    command.add_argument(
        "--units", action="append", default=[], metavar="GLOB", help="more units than the patches touch"
    )
    command.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="SLUG",
        help="a milestone whose meat must change nothing",
    )
    command.add_argument(
        "--jobs", type=inputs.positive, default=1, metavar="N", help="compilers at a time (1)"
    )
    command.add_argument(
        "--timeout", type=_seconds, default=600.0, metavar="S", help="for one compilation (600)"
    )
    command.add_argument("command", nargs="+", metavar="COMMAND", help="after --: cc -c {source} -o {object}")
    command.set_defaults(run=run)


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("more than 0")
    return number


def run(options: argparse.Namespace) -> int:
    """Compile and compare; write OUT/objects.json, say one line a unit and layer."""
    inputs.check_folder(options.base)
    plan = inputs.read_plan(options.plan) if options.plan else None
    layers = LayerPatches(options.patches, plan)
    command = Command(tuple(options.command))
    command.check(options.base.resolve())
    if plan is None and (command.by_state or command.wants_table):
        raise EngineError("{state}, {defines} and {table} need the plan", hint="Give it with --plan.")
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="vimagetrack-") as folder:
        proof = ObjectProof(
            layers, command, options.base, Path(folder), jobs=options.jobs, timeout=options.timeout
        )
        for row in proof.rows(options.units, options.also):
            rows.append(row)
            print(printable(_line(row)), flush=True)
    (options.patches / "objects.json").write_bytes(_written(layers, command, rows))
    for line in _summary(rows, proof.empty):
        print(line)
    return _status(rows)


def _line(row: Row) -> str:
    state = f" [{row.state}]" if row.state else ""
    text = f"{row.patch}: {row.unit}{state}: {row.outcome.value}"
    if row.outcome is Outcome.EQUAL:
        text += f" ({row.after_sha256[:12]})"
    if row.differences:
        rest = len(row.differences) - TOLD
        text += ": " + "; ".join(row.differences[:TOLD]) + (f"; and {rest} more" if rest > 0 else "")
    return f"{text}: {row.why}" if row.why else text


def _summary(rows: Sequence[Row], empty: Sequence[str]) -> Iterator[str]:
    for name in empty:
        yield f"{name}: no unit: it touches no file that is compiled by itself; name some with --units"
    counted = Counter(row.outcome for row in rows)
    parts = [f"{counted[outcome]} {outcome.value}" for outcome in Outcome if counted[outcome]]
    yield f"{len(rows)} comparisons: {', '.join(parts) or 'nothing to compare'}"


def _status(rows: Sequence[Row]) -> int:
    """A difference found outranks what could not be compared."""
    if any(row.outcome in BAD for row in rows):
        return DIFFERENT
    return REFUSED if any(row.outcome is Outcome.REFUSED for row in rows) else DONE


def _written(layers: LayerPatches, command: Command, rows: Sequence[Row]) -> bytes:
    """Write objects.json: the same objects give the same bytes."""
    report = layers.report
    value = {
        "schema": SCHEMA,
        "engine": ENGINE_VERSION,
        "input_sha256": report.get("input_sha256"),
        "plan_sha256": report.get("plan_sha256"),
        "command": list(command.arguments),
        "objects": [row.as_json() for row in rows],
        "totals": {outcome.value: sum(row.outcome is outcome for row in rows) for outcome in Outcome},
        "equal": not any(row.outcome in (*BAD, Outcome.REFUSED) for row in rows),
    }
    return json.dumps(value, indent=1).encode("ascii") + b"\n"
