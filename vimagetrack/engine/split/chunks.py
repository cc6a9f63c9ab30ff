"""Cut layers into chunks: one milestone, one kind, one area, small enough to read in one sitting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.filesplit import FileSplit
from vimagetrack.engine.split.model import PROVABLE, Kind
from vimagetrack.engine.split.steps import Step

#: What one sitting holds. Proved null changes are accepted as a group, so theirs may be longer.
MEAT_LINES = 400
NULL_LINES = 1500


@dataclass(slots=True)
class ChunkDraft:
    """A chunk before it is written: (file index, draft) pairs in file order."""

    step: int
    kind: Kind
    area: str
    members: list[tuple[int, Draft]] = field(default_factory=list)
    lines: int = 0
    rank: int = 0
    oversize: str = ""

    def add(self, file_index: int, drafts: Iterable[Draft]) -> None:
        """Take the changes of one file."""
        for draft in drafts:
            self.members.append((file_index, draft))
            self.lines += size(draft)


def size(draft: Draft) -> int:
    """Count the changed lines of a change in its own layer: removed and added."""
    return (draft.before[1] - draft.before[0]) + (draft.after[1] - draft.after[0])


def cut(files: Sequence[FileSplit], plan: Plan, steps: Sequence[Step]) -> list[ChunkDraft]:
    """Cut every layer into chunks; ranks count from 0 in each step, in the order of application."""
    chunks: list[ChunkDraft] = []
    for step in steps:
        own = list(_step_chunks(files, plan, step))
        for rank, chunk in enumerate(own):
            chunk.rank = rank
        chunks += own
    return chunks


def _step_chunks(files: Sequence[FileSplit], plan: Plan, step: Step) -> Iterator[ChunkDraft]:
    rows = [
        (_review_kind(draft.kind), plan.area_of(file.path), _folder(file.path), file.index, draft)
        for file in files
        for draft in file.drafts
        if draft.step == step.index
    ]
    # Where nobody owns an area, the folders of the tree are what a reader knows best.
    rows = [(kind, area, "" if area else folder, index, draft) for kind, area, folder, index, draft in rows]
    rows.sort(key=lambda row: (_KIND_ORDER[row[0]], row[1] == "", *row[1:4]))
    for (kind, area, _), group in groupby(rows, key=lambda row: row[:3]):
        yield from _area_chunks(step, kind, area, [row[3:] for row in group])


def _folder(path: str) -> str:
    """Give the first two folders of a path: ``sys/netinet`` of ``sys/netinet/libalias/alias.c``."""
    return "/".join(path.split("/")[:-1][:2])


def _review_kind(kind: Kind) -> Kind:
    """Group the kinds that are read together: whatever is proved is accepted in one act."""
    return Kind.NULL_MACRO if kind in PROVABLE else kind


_KIND_ORDER = {kind: place for place, kind in enumerate(Kind)}


def _area_chunks(step: Step, kind: Kind, area: str, members: list[tuple[int, Draft]]) -> Iterator[ChunkDraft]:
    limit = NULL_LINES if kind in PROVABLE else MEAT_LINES
    chunk = ChunkDraft(step.index, kind, area)
    for index, group in groupby(members, key=lambda member: member[0]):
        for piece in _file_pieces([draft for _, draft in group], limit):
            lines = sum(map(size, piece))
            if chunk.members and chunk.lines + lines > limit:
                yield chunk
                chunk = ChunkDraft(step.index, kind, area)
            chunk.add(index, piece)
            if lines > limit:
                chunk.oversize = f"one contiguous change of {lines} lines cannot be divided"
    if chunk.members:
        yield chunk


def _file_pieces(drafts: Sequence[Draft], limit: int) -> Iterator[list[Draft]]:
    """Keep a file together where it fits, else cut it between functions, else between changes."""
    if sum(map(size, drafts)) <= limit:
        yield list(drafts)
        return
    for _, function in groupby(drafts, key=lambda draft: (draft.window_index, draft.function)):
        own = list(function)
        if sum(map(size, own)) <= limit:
            yield own
        else:
            yield from ([draft] for draft in own)


def title(chunk: ChunkDraft, files: Sequence[FileSplit]) -> str:
    """Name a chunk by what it touches: one function, one file, or the first files of several."""
    paths = list(dict.fromkeys(files[index].path for index, _ in chunk.members))
    functions = list(dict.fromkeys(draft.function for _, draft in chunk.members if draft.function))
    names = [path.rsplit("/", 1)[-1] for path in paths]
    if len(paths) == 1:
        if len(functions) == 1:
            return f"{functions[0]}() in {names[0]}"
        return names[0]
    rest = len(names) - 2
    return f"{names[0]}, {names[1]}" + (f" and {rest} more" if rest else "")
