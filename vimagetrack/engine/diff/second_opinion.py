"""Ask unidiff about every file, and refuse the file on which the two readings differ.

unidiff never sees the input: it gets, file by file, names and hunks that we have read, as latin-1.
Its known faults lie elsewhere: a quadratic pattern on ``Binary files`` lines, numbers of thousands
of digits, prose, and headers of merges.
"""

from __future__ import annotations

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from vimagetrack.engine.diff.header import Name
from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.diff.sections import Draft
from vimagetrack.engine.errors import ParseError


def check_second_opinion(drafts: list[Draft], files: list[FileDiff]) -> None:
    """Raise ParseError, with both readings, for the first file that unidiff reads otherwise."""
    for draft, file in zip(drafts, files, strict=True):
        old, new = draft.head.old, draft.head.new
        if old is None or new is None:
            continue
        ours = _reading((old, new), file)
        theirs = _their_reading((old, new), file)
        if ours != theirs:
            raise ParseError(
                f"two parsers read this file differently: ours {ours}; unidiff {theirs}",
                code="second-opinion",
                path=file.path,
                diff_lineno=file.diff_lineno,
                hint="Make the diff again with git diff; if that does not help, report it with the diff.",
            )


def _reading(pair: tuple[Name, Name], file: FileDiff) -> str:
    names = " and ".join(repr(name.token.decode("latin-1")) for name in pair)
    return f"{len(file.hunks)} hunks, +{file.added} -{file.removed} lines, names {names}"


def _their_reading(pair: tuple[Name, Name], file: FileDiff) -> str:
    """Let unidiff read the file's names and hunks, and put its answer as we put ours."""
    parts = [b"--- " + pair[0].token + b"\n+++ " + pair[1].token + b"\n"]
    for hunk in file.hunks:
        parts += (hunk.header, hunk.body)
    try:
        read = PatchSet.from_string(b"".join(parts).decode("latin-1"), metadata_only=True)
    except UnidiffParseError as error:
        return f"an error, {error}"
    hunks = sum(len(one) for one in read)
    names = " and ".join(repr(name) for one in read for name in (one.source_file, one.target_file))
    return f"{hunks} hunks, +{read.added} -{read.removed} lines, names {names}"
