"""Files that are one piece: created, deleted, renamed, binary, or with another mode.

What the monolith creates or deletes is one change; what no token proof can judge is opaque.
"""

from __future__ import annotations

from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.model import FileDiff, FileOp, Hunk
from vimagetrack.engine.null.kernel import Language
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.model import Kind


def is_piece(file: FileDiff) -> bool:
    """Say whether a file may not be divided between layers."""
    moved = file.old_mode is not None and file.new_mode is not None and file.old_mode != file.new_mode
    return file.binary or file.op is not FileOp.MODIFY or moved or not file.hunks


def is_opaque(file: FileDiff, language: Language | None) -> bool:
    """Say whether no token proof can judge a piece; a new or deleted C file is meat instead."""
    return language is None or file.binary or file.op not in (FileOp.CREATE, FileOp.DELETE)


def draft(file: FileDiff, step: int, kind: Kind) -> tuple[Draft, int, int]:
    """Give the one change of a piece, with its added and removed lines."""
    removed = sum(len(run.old_lines) for hunk in file.hunks for run in hunk.runs())
    added = sum(len(run.new_lines) for hunk in file.hunks for run in hunk.runs())
    whole = file.op in (FileOp.CREATE, FileOp.DELETE)
    old = (0, removed) if whole and removed else (0, 0)
    new = (0, added) if whole and added else (0, 0)
    if not whole and file.hunks:
        old, new = _hull(file, "old"), _hull(file, "new")
    before = b"".join(line for hunk in file.hunks for run in hunk.runs() for line in run.old_lines)
    after = b"".join(line for hunk in file.hunks for run in hunk.runs() for line in run.new_lines)
    found = Draft(
        step=step,
        kind=kind,
        edits=[],
        old=old,
        new=new,
        before=old,
        after=new,
        before_text=before or file.header,
        after_text=after,
    )
    return found, added, removed


def _hull(file: FileDiff, side: str) -> tuple[int, int]:
    first, last = file.hunks[0], file.hunks[-1]
    start = getattr(first, f"{side}_start") - 1
    return start, getattr(last, f"{side}_start") - 1 + getattr(last, f"{side}_count")


def patch(file: FileDiff) -> bytes:
    """Write a piece as one git section: its own header where it is git's, else a new one."""
    if file.header.startswith(b"diff --git ") and (file.binary or not file.hunks):
        return file.header + b"".join(hunk.header + hunk.body for hunk in file.hunks)
    return file_patch(
        old_path=file.old_path,
        new_path=file.new_path,
        old_mode=file.old_mode,
        new_mode=file.new_mode,
        hunks=[_as_written(hunk) for hunk in file.hunks],
    )


def _as_written(hunk: Hunk) -> PatchHunk:
    return PatchHunk(old_start=hunk.old_start, new_start=hunk.new_start, lines=tuple(hunk.lines()))
