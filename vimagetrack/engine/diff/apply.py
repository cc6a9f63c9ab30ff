"""Apply one file's section to its text: at the exact place, with no fuzz."""

from __future__ import annotations

from itertools import accumulate

from vimagetrack.engine.diff.model import FileDiff, FileOp, Hunk, body_lines
from vimagetrack.engine.errors import ApplyError

_OTHER_BASE = "The diff was made against another version of the file; state the base that it was made on."


def apply_file(file: FileDiff, old: bytes | None) -> bytes | None:
    """Return the file's text after the section; None stands for an absent file, on both sides.

    Raises ApplyError where the old text is not, to the byte, what the hunks say, and for binary
    sections with a payload, whose bytes ``apply_binary`` knows.
    """
    if file.binary:
        raise _refusal(file, file.diff_lineno, "the section is binary and has no lines to apply", "")
    text = _old_text(file, old)
    parts: list[bytes] = []
    starts = [0, *accumulate(len(line) for line in body_lines(text))]
    done = 0
    for number, hunk in enumerate(file.hunks, 1):
        start = _place(file, number, hunk, starts)
        old_side = hunk.old_text
        if (
            start < done
            or not text.startswith(old_side, start)
            or _cuts(text, start + len(old_side), old_side)
        ):
            raise _mismatch(file, number, hunk)
        parts += (text[done:start], hunk.new_text)
        done = start + len(old_side)
    parts.append(text[done:])
    return _new_text(file, parts)


def _old_text(file: FileDiff, old: bytes | None) -> bytes:
    if file.op is FileOp.CREATE:
        # Outside git's own format a creation cannot be told from the filling of an empty file.
        if old is not None and (old or file.header.startswith(b"diff --git ")):
            raise _refusal(
                file, file.diff_lineno, "the diff creates a file that is there already", _OTHER_BASE
            )
        return b""
    if old is None:
        raise _refusal(file, file.diff_lineno, "the diff changes a file that is not there", _OTHER_BASE)
    return old


def _place(file: FileDiff, number: int, hunk: Hunk, starts: list[int]) -> int:
    index = hunk.old_lineno - 1
    if index >= len(starts):
        raise _mismatch(file, number, hunk)
    return starts[index]


def _cuts(text: bytes, end: int, old_side: bytes) -> bool:
    """Say whether a side without a final newline ends anywhere but at the end of the file."""
    return bool(old_side) and not old_side.endswith(b"\n") and end != len(text)


def _new_text(file: FileDiff, parts: list[bytes]) -> bytes | None:
    for part, following in zip(parts, parts[1:], strict=False):
        if part and following and not part.endswith(b"\n"):
            raise _refusal(file, file.diff_lineno, "a line without a newline would stand inside the file", "")
    result = b"".join(parts)
    if file.op is not FileOp.DELETE:
        return result
    if result:
        raise _refusal(file, file.diff_lineno, "the diff deletes the file but leaves text in it", _OTHER_BASE)
    return None


def _mismatch(file: FileDiff, number: int, hunk: Hunk) -> ApplyError:
    message = f"hunk {number} does not fit at line {hunk.old_lineno} of the old text"
    return _refusal(file, hunk.diff_lineno, message, _OTHER_BASE)


def _refusal(file: FileDiff, diff_lineno: int, message: str, hint: str) -> ApplyError:
    return ApplyError(message, code="does-not-apply", path=file.path, diff_lineno=diff_lineno, hint=hint)
