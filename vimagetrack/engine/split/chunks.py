"""Cut layers into chunks: one milestone, one kind, one area, small enough to read in one sitting.

Inside an area a file stays together where it fits, else its functions do; a definition goes with its use,
as long as both fit. Nothing here can be wrong but the comfort of a reader: any division of a layer applies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.coherence import together
from vimagetrack.engine.split.filesplit import FileSplit, Shape
from vimagetrack.engine.split.model import PROVABLE, Kind
from vimagetrack.engine.split.steps import Step

#: What one sitting holds. Proved null changes are accepted as a group, so theirs may be longer.
MEAT_LINES = 400
NULL_LINES = 1500

#: What is included and named comes before what uses it, names and modes of files before their text.
_KIND_ORDER = {
    kind: place
    for place, kind in enumerate((Kind.VOCABULARY, Kind.NULL_MACRO, Kind.COSMETIC, Kind.OPAQUE, Kind.MEAT))
}

#: Kind, whether no area owns it, area, folder, whether its file is bound to others, file index.
_Key = tuple[int, bool, bool, str, str, int]
#: A change with the index of its file.
Member = tuple[int, Draft]


@dataclass(slots=True)
class ChunkDraft:
    """A chunk before it is written: (file index, draft) pairs in file order."""

    step: int
    kind: Kind
    area: str
    members: list[Member] = field(default_factory=list)
    lines: int = 0
    rank: int = 0
    oversize: str = ""

    def add(self, members: Iterable[Member]) -> None:
        """Take changes that belong together."""
        for member in members:
            self.members.append(member)
            self.lines += size(member[1])


def size(draft: Draft) -> int:
    """Count the changed lines of a change in its own layer: removed and added."""
    return (draft.before[1] - draft.before[0]) + (draft.after[1] - draft.after[0])


def cut(files: Sequence[FileSplit], plan: Plan, steps: Sequence[Step]) -> list[ChunkDraft]:
    """Cut every layer into chunks; ranks count from 0 in each step, in the order of application."""
    rows: defaultdict[int, list[tuple[_Key, Member]]] = defaultdict(list)
    places = _places(files, plan)
    for file in files:
        for draft in file.drafts:
            rows[draft.step].append((_key(file, draft, places), (file.index, draft)))
    chunks: list[ChunkDraft] = []
    for step in steps:
        own = list(_step_chunks(rows[step.index], step, files))
        for rank, chunk in enumerate(own):
            chunk.rank = rank
        chunks += own
    return chunks


def _places(files: Sequence[FileSplit], plan: Plan) -> dict[int, tuple[str, str]]:
    """Give every file its area and folder; where nobody owns it, a reader knows the tree's folders best."""
    areas = {file.index: plan.area_of(file.path) for file in files}
    return {
        file.index: (areas[file.index], "" if areas[file.index] else _folder(file.path)) for file in files
    }


def _key(file: FileSplit, draft: Draft, places: dict[int, tuple[str, str]]) -> _Key:
    """Say where a change is sorted; names that files take from one another change in one chunk, and first."""
    bound = file.bond is not None and draft.kind is Kind.OPAQUE and not draft.edits
    index = file.bond.leader if bound and file.bond else file.index
    area, folder = places[index]
    return _KIND_ORDER[draft.kind], not bound, area == "", area, folder, index


def _folder(path: str) -> str:
    """Give the first two folders of a path: ``sys/netinet`` of ``sys/netinet/libalias/alias.c``."""
    return "/".join(path.split("/")[:-1][:2])


def _step_chunks(
    rows: list[tuple[_Key, Member]], step: Step, files: Sequence[FileSplit]
) -> Iterator[ChunkDraft]:
    rows.sort(key=lambda row: row[0])
    for (_, free, _, area, _), group in groupby(rows, key=lambda row: row[0][:5]):
        own = list(group)
        kind = own[0][1][1].kind
        limit = NULL_LINES if kind in PROVABLE else MEAT_LINES
        if free:
            blocks = [block for _, file in _by(own, 5) for block in _file_blocks(file, limit)]
        else:  # what is bound by names is one block, however long
            blocks = [members for _, members in _by(own, 5)]
        if kind is Kind.MEAT:
            blocks = together(blocks, _lines, limit)
        yield from _packed(blocks, ChunkDraft(step.index, kind, area), limit, files)


def _by(rows: Iterable[tuple[_Key, Member]], part: int) -> Iterator[tuple[object, list[Member]]]:
    for key, group in groupby(rows, key=lambda row: row[0][part]):
        yield key, [member for _, member in group]


def _lines(block: Iterable[Member]) -> int:
    return sum(size(draft) for _, draft in block)


def _file_blocks(members: list[Member], limit: int) -> Iterator[list[Member]]:
    """Keep a file together where it fits, else cut it between functions, else between changes."""
    if _lines(members) <= limit:
        yield members
        return
    for (_, name), function in groupby(members, key=lambda one: (one[1].window_index, one[1].function)):
        own = list(function)
        if name and _lines(own) <= limit:
            yield own
        else:
            yield from ([member] for member in own)


def _packed(
    blocks: Iterable[list[Member]], pattern: ChunkDraft, limit: int, files: Sequence[FileSplit]
) -> Iterator[ChunkDraft]:
    """Fill chunks with blocks in their order; what is longer than a chunk may be stands alone."""
    chunk = ChunkDraft(pattern.step, pattern.kind, pattern.area)
    for block in blocks:
        lines = _lines(block)
        if chunk.members and chunk.lines + lines > limit:
            yield _finished(chunk)
            chunk = ChunkDraft(pattern.step, pattern.kind, pattern.area)
        chunk.add(block)
        if lines > limit:
            chunk.oversize = _why(block, lines, files)
    if chunk.members:
        yield _finished(chunk)


def _finished(chunk: ChunkDraft) -> ChunkDraft:
    """Put the members back into file order, as their patch is written."""
    chunk.members.sort(key=lambda member: member[0])
    return chunk


def _why(block: Sequence[Member], lines: int, files: Sequence[FileSplit]) -> str:
    """Say why a block is longer than a chunk should be."""
    index, draft = block[0]
    name = files[index].path.rsplit("/", 1)[-1]
    if len(block) > 1:
        return f"{len(block)} files take names from one another, so their {lines} changed lines land together"
    if files[index].shape is Shape.PIECE:
        return f"{name} is created, deleted or replaced as a whole: one change of {lines} lines"
    where = f"{draft.function} in {name}" if draft.function else name
    return f"one contiguous change of {lines} lines in {where}, which no end of a function divides"


# --- names


def title(chunk: ChunkDraft, files: Sequence[FileSplit]) -> str:
    """Name a chunk by what it touches: what becomes of a file, its functions, the first of several files."""
    paths = list(dict.fromkeys(files[index].path for index, _ in chunk.members))
    names = [path.rsplit("/", 1)[-1] for path in paths]
    if len(paths) == 1:
        return _one_file(names[0], files[chunk.members[0][0]], chunk)
    rest = len(names) - 2
    listed = f"{names[0]}, {names[1]}" + (f" and {rest} more" if rest else "")
    folders = {_folder(path) for path in paths}
    listed += f" in {folders.pop()}" if not chunk.area and len(folders) == 1 and paths[0].count("/") else ""
    return f"{_WORDS[chunk.kind]} {listed}" if chunk.kind in _WORDS else listed


_WORDS = {Kind.VOCABULARY: "Includes and definitions in", Kind.COSMETIC: "Comments and white space in"}


def _one_file(name: str, file: FileSplit, chunk: ChunkDraft) -> str:
    draft = chunk.members[0][1]
    if len(chunk.members) == 1 and not draft.edits:
        return _whole_file(name, file, draft)
    functions = list(dict.fromkeys(one.function for _, one in chunk.members if one.function))
    if chunk.kind in _WORDS and not 1 <= len(functions) <= _NAMED:
        return f"{_WORDS[chunk.kind]} {name}"
    if not functions or len(functions) > _NAMED:
        return name
    return ", ".join(f"{function}()" for function in functions) + f" in {name}"


#: So many functions are named in a title; a file with more is named alone.
_NAMED = 3


def _whole_file(name: str, file: FileSplit, draft: Draft) -> str:
    """Say what becomes of a file as a whole, or of its name and mode."""
    if draft.kind is Kind.OPAQUE and draft.before == draft.after == (0, 0):
        return f"{name}: {draft.reason.partition(': no token')[0]}"
    return f"{name} goes" if file.old_path == file.path else f"New file {name}"
