"""Split one file: the unit of work that fans out over processes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.model import DiffWarning, FileDiff, FileOp
from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.null.kernel import Language
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.null.stream import may_be_code
from vimagetrack.engine.split import opaque, recompose, vocabulary
from vimagetrack.engine.split.bound import Bond
from vimagetrack.engine.split.changes import Draft, drafts, mark_parts
from vimagetrack.engine.split.claims import Changed, claim
from vimagetrack.engine.split.created import null_home
from vimagetrack.engine.split.edits import Edit, check
from vimagetrack.engine.split.functions import Blocks
from vimagetrack.engine.split.judge import Judge, Redefined, Verdict, prover_for, record
from vimagetrack.engine.split.layers import Layer, all_layers, hunks
from vimagetrack.engine.split.lines import Lined
from vimagetrack.engine.split.meat import complete, identifiers_of
from vimagetrack.engine.split.model import Kind, LayerFile, ProofRecord, StreamDigest
from vimagetrack.engine.split.nulls import NullEdits
from vimagetrack.engine.split.reasons import why_meat
from vimagetrack.engine.split.recut import recut
from vimagetrack.engine.split.scaffold import is_addition
from vimagetrack.engine.split.site import site_of
from vimagetrack.engine.split.steps import Layers, Step
from vimagetrack.engine.split.streams import Streamed, digest_rows
from vimagetrack.engine.split.weave import Parted, weave
from vimagetrack.engine.split.windows import Window, windows

_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")


class Shape(StrEnum):
    """How a file is treated: by its text, or as one piece that nothing may divide."""

    TEXT = "text"
    PIECE = "piece"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSplit:
    """What became of one file; ``edits`` are per window, ``drafts`` in step order, then by place."""

    index: int
    path: str
    old_path: str | None
    shape: Shape
    edits: tuple[tuple[Edit, ...], ...]
    drafts: tuple[Draft, ...]
    layer_files: tuple[LayerFile, ...]
    #: By step, then by window: what the kernel said.
    verdicts: dict[tuple[int, int], Verdict]
    digests: tuple[StreamDigest, ...] = ()
    whole: bool = True
    #: What null steps leave alone and may change all the same, by a macro that they redefine.
    redefined: tuple[Redefined, ...] = ()
    #: Where a rename, copy or mode of a file with text lands.
    frame: opaque.Frame | None = None
    bond: Bond | None = None
    notes: tuple[DiffWarning, ...] = ()

    def verdict_at(self, step: int, window_index: int) -> Verdict | None:
        """Give what the kernel said of one null layer of one window."""
        return self.verdicts.get((step, window_index))

    def layer_files_of(self, step: int) -> list[LayerFile]:
        """List the file's patch in one layer; empty where the layer leaves it alone."""
        return [row for row in self.layer_files if row.step == step]


def split_file(
    index: int,
    file: FileDiff,
    base: bytes | None,
    layers: Layers,
    *,
    whole_hunk: bool,
    bond: Bond | None = None,
) -> FileSplit:
    """Split one file of the monolith under a plan; ``bond`` holds it back where other files share its names.

    Raises ApplyError where the diff does not fit the base, SplitError where an edit list does not
    add up (a fault of ours, never of the input).
    """
    language = opaque.language_of(file)
    if opaque.is_piece(file) and not is_addition(file):
        return _piece(index, file, base, layers, bond)
    known = windows(file, base, whole_hunk=whole_hunk)
    splitter = _Splitter(file, language, layers, bond)
    parted, notes = splitter.windows(file, known)
    edits, verdicts = [], []
    redefined: list[Redefined] = []
    for window, (found_edits, judged, _) in zip(known, parted, strict=True):
        redefined += splitter.redefined(window, found_edits, judged)
        own = recut(window, found_edits)
        check(window.old, window.new, own)
        edits.append(tuple(own))
        verdicts.append(judged)
    laid = list(all_layers(known, edits, len(layers.steps)))
    found = _claimed(known, edits, laid, language)
    frame = _frame(file, edits, layers, bond)
    _name(found, file, frame)
    by_place = {
        (step, number): verdict for number, judged in enumerate(verdicts) for step, verdict in judged.items()
    }
    written = _layer_files(file, laid, by_place, layers, frame)
    recompose.check_layers(file, known, [row.patch for row in written], framed=frame is not None)
    digests = digest_rows(
        file.path,
        [rows for _, _, rows in parted],
        lambda number, step: splitter.streams(known[number], edits[number], layers.steps[step]),
    )
    return FileSplit(
        index=index,
        path=file.path,
        old_path=file.old_path if file.old_path != file.new_path else None,
        shape=Shape.TEXT,
        edits=tuple(edits),
        drafts=tuple(found),
        layer_files=tuple(written),
        verdicts=by_place,
        digests=tuple(opaque.named(digests, file, frame, layers)),
        whole=all(window.whole for window in known),
        redefined=tuple(redefined),
        frame=frame,
        bond=bond,
        notes=tuple(notes),
    )


def _name(found: list[Draft], file: FileDiff, frame: opaque.Frame | None) -> None:
    """Put the change of the file's name or mode in its place, and give all changes their fingerprints."""
    if frame:
        place = sum(draft.step < frame.step for draft in found)
        found.insert(place, opaque.frame_draft(file, frame.step))
    for draft in found:
        draft.name(file.path)


def _frame(
    file: FileDiff, edits: Sequence[Sequence[Edit]], layers: Layers, bond: Bond | None
) -> opaque.Frame | None:
    """Place a rename, copy or mode in the file's first meat layer; None for a file that keeps all that."""
    if not opaque.is_framed(file):
        return None
    if bond:
        return opaque.Frame(bond.step)
    meat = [edit.step for own in edits for edit in own if not layers.steps[edit.step].null]
    return opaque.Frame(min(meat, default=layers.meat_step(file.path)))


def _piece(index: int, file: FileDiff, base: bytes | None, layers: Layers, bond: Bond | None) -> FileSplit:
    names = frozenset(name.decode() for hunk in file.hunks for name in _IDENTIFIER.findall(hunk.body))
    step = layers.steps[bond.step if bond else layers.meat_step(file.path, names)]
    texts = [b"".join(getattr(hunk, side) for hunk in file.hunks) for side in ("old_text", "new_text")]
    prover = prover_for(layers, Language.of_path(file.path) or Language.C)
    header = None if bond else null_home(file, texts[1], layers, prover)
    step = header[0] if header else step
    patch = opaque.patch(file)
    draft, added, removed = opaque.draft(file, step.index, bound=bond is not None)
    draft.name(file.path)
    if header:
        draft.kind, draft.reason = Kind.VOCABULARY, ""
    layer_file = LayerFile(
        path=file.path,
        milestone=step.slug,
        step=step.index,
        before_sha256=sha256(texts[0]).hexdigest(),
        after_sha256=sha256(texts[1]).hexdigest(),
        patch=patch,
        added=added,
        removed=removed,
        proofs=tuple(_proofs([header[1]] if header else [])),
    )
    old_path = file.old_path if file.old_path not in (None, file.new_path) else None
    return FileSplit(
        index=index,
        path=file.path,
        old_path=old_path,
        shape=Shape.PIECE,
        edits=(),
        drafts=(draft,),
        layer_files=(layer_file,),
        verdicts=dict.fromkeys([(step.index, 0)], header[1]) if header else {},
        redefined=tuple(_redefined_in_piece(file, _whole_texts(file, base) or texts, layers, step, prover)),
        bond=bond,
    )


def _whole_texts(file: FileDiff, base: bytes | None) -> list[bytes] | None:
    """Give both whole texts of a piece whose base is known; None where only its hunks are."""
    if base is None:
        return None
    return [base, (apply_file(file, base) or b"") if file.hunks else base]


def _redefined_in_piece(
    file: FileDiff, texts: Sequence[bytes], layers: Layers, own: Step, prover: Prover
) -> Iterator[Redefined]:
    """Judge the text that a piece has in each step that redefines what is used in it."""
    for step in layers.null_steps if may_be_code(file.path) else ():
        text = texts[step.index > own.index]
        if text:
            whole = file.op in (FileOp.CREATE, FileOp.DELETE)
            judge = Judge(Window(text, text, 1, 1, (), whole=whole), file.path, layers, prover)
            found = judge.unchanged(text, step)
            if found:
                yield found


class _Splitter:
    """Splits the windows of one file."""

    def __init__(self, file: FileDiff, language: Language | None, layers: Layers, bond: Bond | None) -> None:
        self.path = path = file.path
        self.language = language
        self.layers = layers
        self.bond = bond
        self.opaque = "" if language else opaque.why_opaque(file)
        #: What a copy makes is new, and what others copy or take the name of waits for them: no null edits.
        self.held = bond is not None or file.op is FileOp.COPY
        self.prover = prover_for(layers, language or Language.C)
        self.nulls = NullEdits(path, layers, self.prover)

    def window(self, window: Window) -> Parted:
        """Give a window's edits, the verdicts on its null layers and their digests."""
        null = self.nulls.edits(window) if self.language and not self.held else []
        edits = complete(window, null, meat=self._meat_pattern())
        edits = [self._placed(window, edit) for edit in edits]
        edits = vocabulary.placed(window, edits, self.layers, self.path)
        return self.judged(window, [self._placed(window, edit) for edit in edits])

    def windows(self, file: FileDiff, known: Sequence[Window]) -> tuple[list[Parted], list[DiffWarning]]:
        """Split all windows of a file; tell of scaffolds that are not written."""
        held = self.held or opaque.is_framed(file)
        site, unwritten = (None, []) if held else site_of(file, known, self.layers)
        if site is None:
            return [self.window(window) for window in known], unwritten
        parted, refused = weave(file, site, known, self.layers, self)
        return parted, [*unwritten, *refused]

    def judged(self, window: Window, edits: list[Edit]) -> Parted:
        """Let the kernel judge the null layers that edits make."""
        if not any(self.layers.steps[edit.step].null for edit in edits):
            return edits, {}, []
        judge = Judge(window, self.path, self.layers, self.prover)
        edits, verdicts = judge.settle(edits)
        rows = [
            row
            for step in self.layers.null_steps
            if step.index in verdicts
            for row in judge.streams(edits, step, self._layer_before(step), verdicts[step.index])
        ]
        return edits, verdicts, rows

    def streams(self, window: Window, edits: Sequence[Edit], step: Step) -> list[Streamed]:
        """Give the streams of a window that a null step leaves alone."""
        judge = Judge(window, self.path, self.layers, self.prover)
        return judge.streams(edits, step, self._layer_before(step), None)

    def redefined(
        self, window: Window, edits: Sequence[Edit], judged: Mapping[int, Verdict]
    ) -> list[Redefined]:
        """Judge the steps that change nothing here and redefine what is used here."""
        if not may_be_code(self.path):
            return []
        return Judge(window, self.path, self.layers, self.prover).redefined(edits, judged)

    def _layer_before(self, step: Step) -> str:
        return self.layers.steps[step.index - 1].slug if step.index else "base"

    def _meat_pattern(self) -> Edit:
        kind = Kind.MEAT if self.language else Kind.OPAQUE
        return Edit(start=0, end=0, new_start=0, new_end=0, step=-1, kind=kind, reason=self.opaque)

    def _placed(self, window: Window, edit: Edit) -> Edit:
        """Send meat to its milestone by the plan's rules; say why what names a macro is meat."""
        if edit.step >= 0:
            return edit
        names = identifiers_of(window, edit)
        step = max(self.layers.meat_step(self.path, names), self.bond.step if self.bond else 0)
        macros = sorted(name for name in names if self.language and name.encode() in self.layers.names)
        if not self.language:
            return replace(edit, step=step)
        why = why_meat(window, edit, macros, self.layers, self.path)
        return replace(
            edit,
            step=step,
            macros=tuple(macros),
            rule=why.rule or edit.rule,
            reason=why.reason or edit.reason,
        )


# --- what came of it


def _drafts(
    known: Sequence[Window],
    edits: Sequence[Sequence[Edit]],
    laid_steps: Sequence[Sequence[Layer]],
    language: Language | None,
    changed: Sequence[Changed],
) -> list[Draft]:
    found: list[Draft] = []
    texts = [(Lined(window.old), Lined(window.new)) for window in known]
    blocks: dict[bytes, Blocks] = {}
    for step, laid_windows in enumerate(laid_steps):
        for number, laid in enumerate(laid_windows):
            old, new = texts[number]
            if not laid.spans:
                continue
            if laid.before not in blocks:
                blocks[laid.before] = Blocks(
                    tokenize(laid.before) if language and b"{" in laid.before else []
                )
            own = drafts(
                known[number],
                laid,
                edits[number],
                step=step,
                old=old,
                new=new,
                blocks=blocks[laid.before],
                changed=changed[number],
            )
            for draft in own:
                draft.window_index = number
            found += own
    return found


def _claimed(
    known: Sequence[Window],
    edits: Sequence[Sequence[Edit]],
    laid_steps: Sequence[Sequence[Layer]],
    language: Language | None,
) -> list[Draft]:
    """Make the changes of a file and give each changed line of the monolith to one of them."""
    changed = [Changed(window) for window in known]
    found = _drafts(known, edits, laid_steps, language, changed)
    for number, runs in enumerate(changed):
        claim(found, runs, number)
    mark_parts(found)
    return found


def _layer_files(
    file: FileDiff,
    laid_steps: Sequence[Sequence[Layer]],
    verdicts: dict[tuple[int, int], Verdict],
    layers: Layers,
    frame: opaque.Frame | None,
) -> list[LayerFile]:
    rows = []
    for step, laid in zip(layers.steps, laid_steps, strict=True):
        written, added, removed = hunks(laid)
        if not written and not (frame and frame.is_here(step.index, None)):
            continue
        rows.append(
            LayerFile(
                path=file.path,
                milestone=step.slug,
                step=step.index,
                before_sha256=sha256(b"".join(one.before for one in laid)).hexdigest(),
                after_sha256=sha256(b"".join(one.after for one in laid)).hexdigest(),
                patch=opaque.framed_patch(file, written, frame, step.index),
                added=added,
                removed=removed,
                proofs=tuple(_proofs([v for (at, _), v in verdicts.items() if at == step.index])),
            )
        )
    return rows


def _proofs(verdicts: Sequence[Verdict]) -> list[ProofRecord]:
    return [
        record(judgement, state, premises)
        for verdict in verdicts
        for state, judgement, premises in zip(
            verdict.states, verdict.judgements, verdict.premises, strict=True
        )
    ]


__all__ = ["FileOp", "FileSplit", "Shape", "split_file"]
