"""Write diffs: a parsed one byte for byte, a new section in git's manner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.model import Diff
from vimagetrack.engine.diff.names import quote

NO_NEWLINE = b"\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchHunk:
    """One hunk to be written: 1-based first lines of both sides, and (sign, line) pairs.

    A sign is a blank, ``-`` or ``+``; a line without its newline is the last of its side. With no
    line on a side its start is the line before, as in the header of a unified diff.
    """

    old_start: int
    new_start: int
    lines: Sequence[tuple[bytes, bytes]]


def emit(diff: Diff) -> bytes:
    """Return the very bytes that the diff was parsed from."""
    parts: list[bytes] = []
    for file in diff.files:
        parts += (file.preamble, file.header)
        for hunk in file.hunks:
            parts += (hunk.header, hunk.body)
        parts.append(file.trailer)
    parts.append(diff.trailer)
    return b"".join(parts)


def file_patch(
    *,
    old_path: str | None,
    new_path: str | None,
    old_mode: str | None,
    new_mode: str | None,
    hunks: Sequence[PatchHunk],
    copy: bool = False,
    old_blob: str | None = None,
    new_blob: str | None = None,
) -> bytes:
    """Write one section as git does; a path of None is an absent file.

    Modes default to 100644. Different names are a rename, or a
    copy where asked for. The ``index`` line is written only when both
    blob ids are given. Returns nothing at all when the section would say nothing.
    """
    before, after = old_mode or new_mode or "100644", new_mode or old_mode or "100644"
    header = [*_operation(old_path, new_path, before, after, verb="copy" if copy else "rename")]
    body = b"".join(part for hunk in hunks for part in _hunk(hunk))
    if not header and not body:
        return b""
    if old_blob and new_blob:
        shown = f" {after}" if old_path and new_path and before == after else ""
        header.append(f"index {old_blob}..{new_blob}{shown}\n".encode())
    if body:
        header.append(b"--- " + _name("a/", old_path) + b"\n")
        header.append(b"+++ " + _name("b/", new_path) + b"\n")
    return b"".join([_title(old_path, new_path), *header, body])


def _title(old_path: str | None, new_path: str | None) -> bytes:
    old, new = old_path or new_path or "", new_path or old_path or ""
    return b"diff --git " + quote("a/" + old) + b" " + quote("b/" + new) + b"\n"


def _name(prefix: str, path: str | None) -> bytes:
    """Write a name of a ``---`` or ``+++`` line; one with blanks gets git's closing tab."""
    if path is None:
        return b"/dev/null"
    name = quote(prefix + path)
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name


def _operation(
    old_path: str | None, new_path: str | None, before: str, after: str, *, verb: str
) -> Iterator[bytes]:
    """Yield the extended header lines that say what becomes of the file and its mode."""
    if old_path is None:
        yield f"new file mode {after}\n".encode()
        return
    if new_path is None:
        yield f"deleted file mode {before}\n".encode()
        return
    if before != after:
        yield f"old mode {before}\nnew mode {after}\n".encode()
    if old_path != new_path:
        yield f"{verb} from ".encode() + quote(old_path) + b"\n"
        yield f"{verb} to ".encode() + quote(new_path) + b"\n"


def _hunk(hunk: PatchHunk) -> Iterator[bytes]:
    old_count = sum(sign != b"+" for sign, _ in hunk.lines)
    new_count = sum(sign != b"-" for sign, _ in hunk.lines)
    old, new = _range(hunk.old_start, old_count), _range(hunk.new_start, new_count)
    yield f"@@ -{old} +{new} @@\n".encode()
    for sign, line in hunk.lines:
        yield sign + line
        if not line.endswith(b"\n"):
            yield b"\n" + NO_NEWLINE


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"
