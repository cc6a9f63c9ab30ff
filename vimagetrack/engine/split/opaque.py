"""What is no text of a language of ours: whole pieces, and what happens to a file beside its text.

A file that the monolith creates or deletes, a binary one and one without hunks is a *piece*: one change.
A rename, a copy and a mode stand in the *frame* of a file: one opaque change, in the first meat layer that
the file has; the text of the file is split as any other, under the old name before that layer, under the
new one from it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.model import FileDiff, FileOp, Hunk, body_lines
from vimagetrack.engine.diff.names import shown
from vimagetrack.engine.null.kernel import Language
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.model import Kind, StreamDigest
from vimagetrack.engine.split.steps import Layers

#: Modes whose contents are no text: a symbolic link's target, a submodule's commit.
_NO_TEXT = frozenset({"120000", "160000"})


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a file's rename, copy or mode lands: the layer, and the chunk's rank in it."""

    step: int
    rank: int = 0

    def is_before(self, step: int, rank: int | None) -> bool:
        """Say whether a layer (one rank of it, unless None) comes before the frame has landed."""
        return step < self.step or (step == self.step and rank is not None and rank < self.rank)

    def is_here(self, step: int, rank: int | None) -> bool:
        """Say whether a layer, or one rank of it, is the one that lands the frame."""
        return step == self.step and rank in (None, self.rank)


def is_piece(file: FileDiff) -> bool:
    """Say whether a file may not be divided between layers."""
    return file.binary or file.op in (FileOp.CREATE, FileOp.DELETE) or not file.hunks


def is_framed(file: FileDiff) -> bool:
    """Say whether a file gets another name or mode beside its text."""
    moved = file.old_mode is not None and file.new_mode is not None and file.old_mode != file.new_mode
    return moved or file.op in (FileOp.RENAME, FileOp.COPY)


def language_of(file: FileDiff) -> Language | None:
    """Tell the language that both names of a file have; None for links, submodules and all else."""
    if _NO_TEXT.intersection((file.old_mode, file.new_mode)):
        return None
    found = {Language.of_path(path) for path in (file.old_path, file.new_path) if path is not None}
    return found.pop() if len(found) == 1 else None


def why_opaque(file: FileDiff) -> str:
    """Say why no token proof can judge the text of a file."""
    if _NO_TEXT.intersection((file.old_mode, file.new_mode)):
        return "a symbolic link or a submodule: no token proof can judge it"
    if file.binary:
        return "a binary file: no token proof can judge it"
    if Language.of_path(file.path) is not None:
        return "the rename gives the file another language: no token proof can judge it"
    return "not C or C++: no token proof can judge it"


def frame_text(file: FileDiff) -> str:
    """Say in words what happens to a file beside its text."""
    said = []
    if file.op in (FileOp.RENAME, FileOp.COPY):
        verb = "renamed" if file.op is FileOp.RENAME else "copied"
        said.append(f"the file is {verb} from {shown(file.old_path or '')}")
    if file.old_mode is not None and file.new_mode is not None and file.old_mode != file.new_mode:
        said.append(f"the mode changes from {file.old_mode} to {file.new_mode}")
    return ", ".join(said)


def frame_draft(file: FileDiff, step: int) -> Draft:
    """Give the one change of a frame; its text is canonical, so that blob ids cannot move its fingerprint."""
    what = frame_text(file)
    reason = f"{what}: no token proof can judge it"
    return Draft(
        step=step,
        kind=Kind.OPAQUE,
        edits=[],
        old=(0, 0),
        new=(0, 0),
        before=(0, 0),
        after=(0, 0),
        before_text=what.encode("utf-8", "surrogateescape") + b"\n",
        reason=reason,
    )


def draft(file: FileDiff, step: int, *, bound: bool = False) -> tuple[Draft, int, int]:
    """Give the one change of a piece, with its added and removed lines.

    A file that makes room for a name which another takes is opaque: it goes together with the names.
    """
    if not file.hunks and not file.binary and file.op not in (FileOp.CREATE, FileOp.DELETE):
        return frame_draft(file, step), 0, 0
    removed = sum(len(run.old_lines) for hunk in file.hunks for run in hunk.runs())
    added = sum(len(run.new_lines) for hunk in file.hunks for run in hunk.runs())
    before = b"".join(line for hunk in file.hunks for run in hunk.runs() for line in run.old_lines)
    after = b"".join(line for hunk in file.hunks for run in hunk.runs() for line in run.new_lines)
    makes_room = bound and file.op is FileOp.DELETE
    opaque = makes_room or file.binary or language_of(file) is None
    kind = Kind.OPAQUE if opaque else Kind.MEAT
    verb = "creates" if file.op is FileOp.CREATE else "deletes"
    meat = f"The monolith {verb} this file: there is nothing to compare its tokens with."
    found = Draft(
        step=step,
        kind=kind,
        edits=[],
        old=(0, removed),
        new=(0, added),
        before=(0, removed),
        after=(0, added),
        before_text=before or _described(file),
        after_text=after,
        reason=meat if kind is Kind.MEAT or makes_room else why_opaque(file),
    )
    return found, added, removed


def _described(file: FileDiff) -> bytes:
    """Give the header of a piece that removes no line, without what depends on the tool that wrote it.

    Blob names are cut to another length in another repository; of a binary file they are all that there is.
    """
    lines = body_lines(file.header)
    return b"".join(line for line in lines if file.binary or not line.startswith(b"index "))


def patch(file: FileDiff) -> bytes:
    """Write a piece as one git section: its own header where it is git's, else a new one."""
    if file.header.startswith(b"diff --git ") and (file.binary or not file.hunks):
        return file.header + b"".join(hunk.header + hunk.body for hunk in file.hunks)
    return file_patch(
        old_path=file.old_path,
        new_path=file.new_path,
        old_mode=file.old_mode,
        new_mode=file.new_mode,
        copy=file.op is FileOp.COPY,
        hunks=[_as_written(hunk) for hunk in file.hunks],
    )


def framed_patch(
    file: FileDiff, written: Iterable[PatchHunk], frame: Frame | None, step: int, rank: int | None = None
) -> bytes:
    """Write one section of a layer's patch, under the names that the file has there."""
    here = frame is not None and frame.is_here(step, rank)
    early = frame is not None and frame.is_before(step, rank)
    return file_patch(
        old_path=file.old_path if here or early else file.new_path,
        new_path=file.old_path if early else file.new_path,
        old_mode=file.old_mode if here else None,
        new_mode=file.new_mode if here else None,
        copy=here and file.op is FileOp.COPY,
        hunks=list(written),
    )


def named(
    rows: Iterable[StreamDigest], file: FileDiff, frame: Frame | None, layers: Layers
) -> Iterator[StreamDigest]:
    """Give digests under the name that the file has in their layer."""
    early = {"base", *(step.slug for step in layers.steps if frame and step.index < frame.step)}
    for row in rows:
        old = frame is not None and row.layer in early
        yield replace(row, path=file.old_path or file.path) if old else row


def _as_written(hunk: Hunk) -> PatchHunk:
    return PatchHunk(old_start=hunk.old_start, new_start=hunk.new_start, lines=tuple(hunk.lines()))
