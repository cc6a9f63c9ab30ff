"""The rules on statements, in their order; each works on expanded tokens."""

from __future__ import annotations

from collections.abc import Iterator

from vimagetrack.engine.null.hazards import Hazard
from vimagetrack.engine.null.rules.expansion import Expansion
from vimagetrack.engine.null.stream import Options, Side, Stream
from vimagetrack.engine.null.table import Table


def normalise(made: Expansion, side: Side, options: Options) -> None:
    """Drop what may go: nothing yet."""
    made.stream.strict = made.stream.tokens


def hazards(stream: Stream, table: Table) -> Iterator[Hazard]:
    """Give what is to be looked at."""
    yield from ()
