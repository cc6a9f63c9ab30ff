"""Find files that are bound together: one takes, leaves or copies the name of another.

git reads all names of a patch at once, as they were before it; layer by layer, names change one after the
other. So what is bound by names lands in one layer, in one chunk, and nothing of it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.split.steps import Layers


@dataclass(frozen=True, slots=True)
class Bond:
    """What a bound file waits for: the index of its group's first file, and the group's layer."""

    leader: int
    step: int


def bonds(files: Sequence[FileDiff], layers: Layers) -> dict[int, Bond]:
    """Map the index of every bound file to its bond; other files are not there."""
    parent: dict[int, int] = {}
    first: dict[str, int] = {}
    for index, file in enumerate(files):
        for name in {file.old_path, file.new_path} - {None}:
            other = first.setdefault(name or "", index)
            if other != index:
                _join(parent, other, index)
    groups: dict[int, list[int]] = {}
    for index in sorted(parent):
        groups.setdefault(_find(parent, index), []).append(index)
    return {
        index: Bond(leader, max(layers.meat_step(files[member].path) for member in group))
        for leader, group in groups.items()
        for index in group
    }


def _find(parent: dict[int, int], index: int) -> int:
    while parent.setdefault(index, index) != index:
        index = parent[index]
    return index


def _join(parent: dict[int, int], left: int, right: int) -> None:
    roots = sorted((_find(parent, left), _find(parent, right)))
    parent[roots[1]] = roots[0]
