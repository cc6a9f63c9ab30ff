"""Run a whole split: fan out by file, reduce once, check that everything adds up again."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from multiprocessing import get_context

from vimagetrack.engine import ENGINE_VERSION
from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.model import Diff, FileDiff, FileOp
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.null import KERNEL_VERSION
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split import assemble, chunks, inuse, order
from vimagetrack.engine.split.bound import Bond, bonds
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.filesplit import FileSplit, Shape, split_file
from vimagetrack.engine.split.headers import Headers
from vimagetrack.engine.split.layers import Layer, hunks, ranked_layers
from vimagetrack.engine.split.model import Progress, SplitResult
from vimagetrack.engine.split.opaque import Frame, framed_patch, is_piece
from vimagetrack.engine.split.report import totals
from vimagetrack.engine.split.scaffold import additions
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.tables import HeaderTexts
from vimagetrack.engine.split.windows import whole_hunks, windows

Report = Callable[[Progress], None]
#: Index, section, whole old text or None, whether the only hunk shows the whole file, what it waits for.
_Task = tuple[int, FileDiff, bytes | None, bool, Bond | None]

#: Files travel to other processes in batches of this many bytes of text; less is not worth a process.
BATCH_BYTES = 1 << 18
#: How many batches a process may be ahead of what is taken from it: the rest waits where it is.
AHEAD = 2


def split(
    monolith: bytes,
    plan: Plan,
    *,
    base: Mapping[str, bytes] | None = None,
    jobs: int = 1,
    progress: Report | None = None,
    second_opinion: bool = True,
) -> SplitResult:
    """Split a monolith under a plan.

    ``base`` maps paths to whole old texts; without it the diff's own context is all that is known.
    Raises ParseError, PlanError or TableError for what was given, ApplyError where diff and base
    disagree, SplitError where a law would break: nothing of such a split may be used.
    """
    say = progress or _silent
    say(Progress(stage="parse", done=0, total=1))
    diff = parse(monolith, second_opinion=second_opinion)
    work = _Work(diff, plan, dict(base or {}))
    files = work.split_files(jobs, say)
    return _reduce(monolith, work, files, say)


def _silent(_: Progress) -> None:
    """Report to nobody."""


class _Divided:
    """A file's layer that several chunks share, laid out chunk by chunk, the lowest rank first."""

    def __init__(
        self, place: tuple[int, int, int], layers: Iterator[tuple[int, list[Layer]]], frame: Frame | None
    ) -> None:
        self.place = place
        self.frame = frame
        self._layers = layers

    def layers_of(self, rank: int) -> list[Layer]:
        """Give the layers of one rank, higher than the last one; a rank may bring the frame alone."""
        self.place = (*self.place[:2], rank)
        for found, layers in self._layers:
            if found == rank:
                return layers
            if found > rank:
                self._layers = chain([(found, layers)], self._layers)
                break
        return []


class _Work:
    """What every stage of one split shares."""

    def __init__(self, diff: Diff, plan: Plan, base: dict[str, bytes]) -> None:
        self.diff = diff
        self.plan = plan
        self.base = base
        self.whole = whole_hunks(diff)
        #: Names that files of the base give up: who takes one is created all the same.
        self.vacated = {file.old_path for file in diff.files if file.op in (FileOp.DELETE, FileOp.RENAME)}
        self.scaffolds = Layers(plan).scaffolds
        #: What is split: the monolith's files, then those that only a scaffold touches.
        added, self.unwritten = additions(diff, self.scaffolds, base)
        self.files = (*diff.files, *added)
        headers = Headers(plan, self.files, base, self.whole)
        self.known = self._known(headers.untouched)
        self.bonds = bonds(diff.files, Layers(plan))
        self.scanned = False
        self.in_use: dict[bytes, tuple[str, int]] = {}
        settled = headers.settle(self._layers, lambda index, layers: _split_task(self.task(index), layers))
        self.layers, self.header_warnings = settled.layers, settled.warnings
        self.ranks: dict[tuple[int, int], list[tuple[int, Draft]]] = defaultdict(list)
        #: The file and step that were divided into chunks last, with what is known of it.
        self._divided: _Divided | None = None

    def _layers(self, headers: HeaderTexts, contested: frozenset[bytes]) -> Layers:
        """Give the layers under some texts of the headers, with the names that may not be believed."""
        first = Layers(self.plan, headers=headers)
        if not (self.plan.has_table and self.scanned):  # a table of the plan does not look at headers
            self.scanned = True
            self.in_use = inuse.names_in_use(self._old_texts(), first)
            self.in_use |= inuse.defined_otherwise(self._old_texts(), first)
        return Layers(first.plan, contested.union(self.in_use), self.known, headers)

    def _known(self, headers: Mapping[str, bytes]) -> Known:
        """Collect the macros of every known text, old and new: any of them may be used in any file."""
        texts = [self.scaffolds.without(path, text) for path, text in headers.items()]
        return Known.of(chain(texts, (text for file in self.files for text in self._texts(file))))

    def _texts(self, file: FileDiff) -> Iterator[bytes]:
        """Give all that is known of a file: whole where its base is at hand, so that no definition is cut."""
        base = self.base_of(file)
        if base is not None:
            yield self.scaffolds.without(file.old_path or file.path, base)
            if not is_piece(file):
                yield apply_file(file, base) or b""
                return
        for hunk in file.hunks:
            yield self.scaffolds.without(file.old_path or file.path, hunk.old_text)
            yield hunk.new_text

    def _old_texts(self) -> Iterator[tuple[str, bytes]]:
        """Give every known old text: the whole file, or what its hunks show."""
        for file in self.files:
            if file.old_path is not None:
                known = self.base_of(file)
                text = known if known is not None else b"".join(hunk.old_text for hunk in file.hunks)
                yield file.old_path, self.scaffolds.without(file.old_path, text)

    def base_of(self, file: FileDiff) -> bytes | None:
        """Give a file's whole old text, None where it is not known."""
        if file.op is FileOp.CREATE and file.path in self.vacated:
            return None
        return self.base.get(file.old_path or file.path)

    def task(self, index: int) -> _Task:
        """Give what one file's split needs, and nothing else: it may travel to another process."""
        file = self.files[index]
        return index, file, self.base_of(file), self.whole.get(index, False), self.bonds.get(index)

    def split_files(self, jobs: int, say: Report) -> list[FileSplit]:
        """Split every file; the order of the result is the diff's, whoever was first."""
        total = len(self.files)
        found: list[FileSplit] = []
        lines = 0
        for file in self._results(jobs):
            found.append(file)
            lines += sum(row.added + row.removed for row in file.layer_files)
            say(Progress(stage="prove", done=len(found), total=total, lines=lines))
        return found

    def _results(self, jobs: int) -> Iterator[FileSplit]:
        batches = self._batches()
        first = next(batches, [])
        second = next(batches, [])
        if jobs <= 1 or not second:
            for batch in chain([first, second], batches):
                yield from (_split_task(task, self.layers) for task in batch)
            return
        context = get_context("spawn")
        given = (self.layers.plan, self.layers.in_use, self.layers.known, self.layers.headers)
        waiting: deque[Future[list[FileSplit]]] = deque()
        with ProcessPoolExecutor(jobs, context, initializer=_read_plan, initargs=given) as pool:
            for batch in chain([first, second], batches):
                waiting.append(pool.submit(_split_elsewhere, batch))
                if len(waiting) > jobs * AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()

    def _batches(self) -> Iterator[list[_Task]]:
        """Give the files' tasks in order, so many at a time that sending them costs little."""
        batch: list[_Task] = []
        size = 0
        for index in range(len(self.files)):
            task = self.task(index)
            batch.append(task)
            size += len(task[2] or b"") + sum(hunk.end - hunk.body_at for hunk in task[1].hunks)
            if size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def rank(self, drafts: Sequence[chunks.ChunkDraft]) -> None:
        """Note in which chunk of its layer each change of a file is."""
        for chunk in drafts:
            for index, member in chunk.members:
                self.ranks[index, chunk.step].append((chunk.rank, member))

    def patch(self, split: FileSplit, step: int, rank: int) -> bytes:
        """Write one file's section of a chunk."""
        if split.shape is Shape.PIECE:
            return split.layer_files[0].patch
        file = self.files[split.index]
        last = self._divided
        if last is None or last.place[:2] != (split.index, step) or last.place[2] >= rank:
            known = windows(file, self.base_of(file), whole_hunk=self.whole.get(split.index, False))
            edits, frame = _ranked(split, self.ranks[split.index, step])
            last = _Divided((split.index, step, -1), ranked_layers(known, edits, step), frame)
        self._divided = last
        written, _, _ = hunks(last.layers_of(rank))
        return framed_patch(file, written, last.frame, step, rank)


def known_layers(diff: Diff, plan: Plan, base: Mapping[str, bytes]) -> Layers:
    """Read a plan with all that a diff and its base show of macros, as a split of them does."""
    return _Work(diff, plan, dict(base)).layers


def _split_task(task: _Task, layers: Layers) -> FileSplit:
    index, file, base, whole_hunk, bond = task
    return split_file(index, file, base, layers, whole_hunk=whole_hunk, bond=bond)


#: The plan of a worker process, read once when it starts; tables do not travel.
_LAYERS: list[Layers] = []


def _read_plan(plan: Plan, in_use: frozenset[bytes], known: Known, headers: HeaderTexts) -> None:
    _LAYERS[:] = [Layers(plan, in_use, known, headers)]


def _split_elsewhere(tasks: Sequence[_Task]) -> list[FileSplit]:
    return [_split_task(task, _LAYERS[0]) for task in tasks]


def _reduce(monolith: bytes, work: _Work, files: list[FileSplit], say: Report) -> SplitResult:
    layers, plan = work.layers, work.layers.plan
    assemble.number_equals(files)
    say(Progress(stage="chunk", done=0, total=len(files)))
    drafts = chunks.cut(files, plan, layers.steps)
    work.rank(drafts)
    found = assemble.changes(files, layers, assemble.chunk_ids(drafts, layers))
    index_of = {id(draft): index for index, draft in enumerate(d for file in files for d in file.drafts)}
    written = assemble.written_chunks(drafts, files, layers, work.patch, index_of)
    say(Progress(stage="recompose", done=len(files), total=len(files)))
    return SplitResult(
        engine=ENGINE_VERSION,
        kernel=KERNEL_VERSION,
        input_sha256=sha256(monolith).hexdigest(),
        plan_sha256=plan.digest,
        table_sha256=layers.digests(),
        warnings=(
            *work.diff.warnings,
            *work.header_warnings,
            *inuse.warnings(work.in_use),
            *assemble.redefinitions(files, layers),
            *work.scaffolds.warnings(),
            *work.unwritten,
            *(note for file in files for note in file.notes),
        ),
        order=order.findings(files, layers),
        files=len(work.diff.files),
        milestones=tuple(assemble.milestones(files, layers)),
        changes=tuple(found),
        chunks=tuple(written),
        layer_files=tuple(row for file in files for row in file.layer_files),
        digests=tuple(row for file in files for row in file.digests),
        totals=totals(found),
        whole=all(file.whole for file in files),
    )


def _ranked(split: FileSplit, members: Sequence[tuple[int, Draft]]) -> tuple[list[list[Edit]], Frame | None]:
    """Write the chunks' order into the edits of one file's layer, so that a chunk is a finer layer."""
    ranks = {(member.window_index, edit): rank for rank, member in members for edit in member.edits}
    edits = [
        [replace(edit, rank=ranks.get((number, edit), edit.rank)) for edit in own]
        for number, own in enumerate(split.edits)
    ]
    framed = next((rank for rank, member in members if not member.edits), None)
    frame = split.frame
    return edits, frame if frame is None or framed is None else replace(frame, rank=framed)
