"""Cut edits along the changed lines of their own layers.

An edit of meat is cut along the monolith's runs, and these were aligned on other texts than the layer's.
Where it reaches over several places of its layer, it is divided, so that each place has edits of its own and
can go into a chunk of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from vimagetrack.engine.split.edits import Edit, LayerSpan
from vimagetrack.engine.split.layers import attached, layer
from vimagetrack.engine.split.linediff import Run
from vimagetrack.engine.split.windows import Window


def recut(window: Window, edits: Sequence[Edit]) -> list[Edit]:
    """Divide the edits that stand in several places of their layer; no text of any layer changes by it.

    What cannot be divided, since the lines between two places belong to it on one side only, stays.
    """
    current = list(edits)
    for step in sorted({edit.step for edit in edits if _may_part(window, edit)}):
        laid = layer(window, current, step=step)
        runs = laid.runs()
        places: dict[int, list[Run]] = {}
        for run, spans in attached(runs, laid.spans) if len(runs) > 1 else ():
            for span in spans:
                places.setdefault(id(span.edit), []).append(run)
        if any(len(own) > 1 for own in places.values()):
            pieces = {id(span.edit): list(_pieces(span, places[id(span.edit)])) for span in laid.spans}
            current = [piece for edit in current for piece in pieces.get(id(edit), [edit])]
    return current


def _may_part(window: Window, edit: Edit) -> bool:
    """Say whether an edit is long enough to hold an equal line between two that differ."""
    lines = (
        window.old.count(b"\n", edit.start, edit.end),
        window.new.count(b"\n", edit.new_start, edit.new_end),
    )
    return min(lines) >= 1 and max(lines) >= 2


def _pieces(span: LayerSpan, runs: Sequence[Run]) -> Iterator[Edit]:
    edit = span.edit
    start, new_start = edit.start, edit.new_start
    for left, right in pairwise(runs):
        gap = (left[1] - span.before_start, right[0] - span.before_start)
        new_gap = (left[3] - span.after_start, right[2] - span.after_start)
        within = gap[0] >= 0 and gap[1] <= edit.end - edit.start
        if within and new_gap[0] >= 0 and new_gap[1] <= edit.new_end - edit.new_start:
            yield replace(
                edit,
                start=start,
                end=edit.start + gap[0],
                new_start=new_start,
                new_end=edit.new_start + new_gap[0],
            )
            start, new_start = edit.start + gap[1], edit.new_start + new_gap[1]
    yield replace(edit, start=start, new_start=new_start)
