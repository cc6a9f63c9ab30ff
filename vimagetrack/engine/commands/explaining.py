"""``explain``: why a line of the monolith is what it is, in words."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from vimagetrack.engine.commands import DONE, inputs, printable
from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.split.explain import KnownText, Place, explain
from vimagetrack.engine.split.opaque import is_piece
from vimagetrack.engine.split.run import known_layers
from vimagetrack.engine.split.windows import whole_hunks, windows


def add(commands: Any) -> None:
    """Declare the command."""
    text = "say why a line of the monolith is what it is"
    command = commands.add_parser("explain", help=text, description=text)
    command.set_defaults(run=run)
    inputs.add_options(command)
    command.add_argument("place", type=_place, metavar="PATH:LINE", help="a line of the new side")
    command.add_argument("--old", action="store_true", help="a line of the old side instead")


def _place(text: str) -> tuple[str, int]:
    path, _, line = text.rpartition(":")
    if not path or not (line.isascii() and line.isdigit() and int(line) > 0):
        raise argparse.ArgumentTypeError(f"{printable(text)}: no PATH:LINE, such as sys/net/if.c:12")
    return path, int(line)


def run(options: argparse.Namespace) -> int:
    """Split, and explain one line."""
    given = inputs.read(options)
    place = Place(path=options.place[0], lineno=options.place[1], old=options.old)
    diff = parse(given.monolith, second_opinion=False)
    layers = known_layers(diff, given.plan, given.base or {})
    whole = whole_hunks(diff)
    texts: list[KnownText] = []
    for index, file in enumerate(diff.files):
        if (file.old_path if place.old else file.new_path) == place.path:
            base = (given.base or {}).get(file.old_path or file.path)
            texts += _texts(file, base, whole_hunk=whole.get(index, False), old=place.old)
    for line in explain(given.split(), layers, place, texts):
        print(printable(line))
    return DONE


def _texts(file: FileDiff, base: bytes | None, *, whole_hunk: bool, old: bool) -> Iterator[KnownText]:
    """Give what is known of one side of a file: whole, or window by window."""
    if is_piece(file):
        for hunk in file.hunks:
            text, first = (hunk.old_text, hunk.old_start) if old else (hunk.new_text, hunk.new_start)
            yield KnownText(text=text, first_lineno=first, whole=False)
        return
    for window in windows(file, base, whole_hunk=whole_hunk):
        text, first = (window.old, window.old_lineno) if old else (window.new, window.new_lineno)
        yield KnownText(text=text, first_lineno=first, whole=window.whole)
