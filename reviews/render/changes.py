"""Which changes of a chunk stand in which run of its patch: a run may hold several that touch each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.model import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNote:
    """What a page says of one change; ``number`` is 1-based in the chunk, the texts are its touched lines."""

    number: int
    name: str  # of the function around it
    tone: str  # class suffix of its kind or verdict
    word: str
    before: bytes
    after: bytes


def assign(runs: Sequence[Run], notes: Sequence[ChangeNote]) -> list[list[ChangeNote]]:
    """Give each run its changes, both in order; one whose lines are in no run stays with the last one found.

    For display only: nothing is decided by it.
    """
    sides = [(b"".join(run.old_lines), b"".join(run.new_lines)) for run in runs]
    found: list[list[ChangeNote]] = [[] for _ in runs]
    index = 0
    for note in notes:
        fits = (
            i for i in range(index, len(runs)) if note.before in sides[i][0] and note.after in sides[i][1]
        )
        index = next(fits, index)
        if found:
            found[index].append(note)
    return found
