"""Which changes of a chunk stand in which run of its patch: a run may hold several that touch each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    whole = [(b"".join(run.old_lines), b"".join(run.new_lines)) for run in runs]
    left = list(whole)  # what no change has taken yet: equal insertions stand in different runs
    found: list[list[ChangeNote]] = [[] for _ in runs]
    index = 0
    for note in notes if runs else ():
        places = (*_fitting(note, left, index), *_fitting(note, whole, index), index)
        index = places[0]
        old, new = left[index]
        left[index] = old.replace(note.before, b"", 1), new.replace(note.after, b"", 1)
        found[index].append(note)
    return found


def _fitting(note: ChangeNote, sides: Sequence[tuple[bytes, bytes]], start: int) -> Iterator[int]:
    """Give the runs from ``start`` on in which a change's lines stand."""
    for index in range(start, len(sides)):
        if note.before in sides[index][0] and note.after in sides[index][1]:
            yield index
