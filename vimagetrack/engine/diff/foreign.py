"""Whatever is no unified diff: other dialects between the sections, and input that is no diff at all."""

from __future__ import annotations

import re

from vimagetrack.engine.diff import localized, names
from vimagetrack.engine.diff.model import DiffWarning
from vimagetrack.engine.diff.source import MAX_HEADER, Source
from vimagetrack.engine.errors import ParseError

_UNIFIED = "Make a unified diff: git diff, svn diff or diff -u."
_CONTEXT = re.compile(rb"\*{15}[^\n]*\n\*\*\* [0-9]")
_NORMAL = re.compile(rb"[0-9]++(?:,[0-9]++)?[acd][0-9]++(?:,[0-9]++)?\r?\n[<>]")
_ED = re.compile(rb"[0-9]++(?:,[0-9]++)?[acd]\r?\n")
_RCS = re.compile(rb"[ad][0-9]++ [0-9]++\r?\n")
_ORPHAN = re.compile(rb"@@ -[0-9]")
_BINARY = re.compile(
    rb"(?:Binary files? |Files |Symbolic links ).*(?: differ| has changed)$|Cannot display: "
)
_NAMED = re.compile(rb"==== .* ====$|=== (?:added|removed|renamed|modified|copied) file '")
"""Headings that stand above names where there is text to show."""
_ALONE = re.compile(
    rb"=== (?:added|removed|renamed|modified|copied) (?!file )[a-z]+ '|"
    rb"File (?:(?! while file ).)++ while file .* is a |"
    rb"cvs [a-z]++: .* no comparison available|"
    rb"Submodule .* (?:[0-9a-f]{6,64}\.{2,3}[0-9a-f]{6,64}|contains (?:untracked|modified) content)"
)
_TITLES = (b"Index: ", b"Modified: ", b"Added: ", b"Deleted: ", b"Copied: ")
"""Subversion's and its commit mails' lines above a rule, then the names."""
_OPENS = re.compile(
    rb"[A-Z][a-z]++: [^\n]*+\n"
    rb"(?:(?:={10,}|RCS file: |retrieving |Working file: |Prereq: |diff -(?!-git ))[^\n]*+\n)*+"
    rb"(?:--- |diff --git )"
)
_RULE = re.compile(rb"[^\n]*+\n={10,}")

_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xd0\xcf\x11\xe0", "an old Word, Excel or other Office document"),
    (0, b"%PDF", "a PDF document"),
    (0, b"{\\rtf", "a Rich Text document"),
    (0, b"\x1f\x8b", "a gzip archive: unpack it first"),
    (0, b"BZh", "a bzip2 archive: unpack it first"),
    (0, b"\xfd7zXZ", "an xz archive: unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"),
    (0, b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (257, b"ustar", "a tar archive: upload the diff alone"),
    (0, b"\x89PNG", "a picture"),
    (0, b"GIF8", "a picture"),
    (0, b"\xff\xd8\xff", "a picture"),
    (0, b"\x7fELF", "a compiled program"),
    (0, b"# v2 git bundle", "a git bundle: make a diff from it"),
    (0, b"# v3 git bundle", "a git bundle: make a diff from it"),
)


def is_unified(source: Source, plus: int) -> bool:
    """Say whether the ``+++`` line at this position is followed by a hunk, or by nothing at all."""
    after = source.data.find(b"\n", plus, plus + MAX_HEADER) + 1 or len(source.data)
    return after >= len(source.data) or source.data.startswith(b"@@", after)


def judge(source: Source, pos: int, index: int) -> DiffWarning | None:
    """Look at a line between sections: refuse another dialect, warn of changes that are not shown.

    Returns None for mere text.
    """
    data = source.data
    if _ORPHAN.match(data, pos):
        raise _refusal("a hunk has no file names above it", "orphan-hunk", index)
    if data.startswith(b"GIT binary patch\n", pos):
        raise _refusal("a binary patch has no 'diff --git' line above it", "orphan-binary", index)
    _refuse_dialects(source, pos, index)
    said = _unshown(source, pos)
    if said is None:
        return None
    code, text = said
    shown = names.shown(names.decode(data[pos : pos + 240].split(b"\n", 1)[0].strip()))
    return DiffWarning(path=None, diff_lineno=index + 1, code=code, text=f"{text}: {shown}")


def _refuse_dialects(source: Source, pos: int, index: int) -> None:
    data = source.data
    if data.startswith(b"*" * 15, pos) and _CONTEXT.match(data, pos, pos + MAX_HEADER):
        raise _refusal("this part is a context diff ('*** 1,5 ****')", "context-diff", index)
    window = pos + 256
    if _NORMAL.match(data, pos, window):
        raise _refusal(
            "this part is a plain diff without context ('1,2c3' and '<' lines)", "normal-diff", index
        )
    if _RCS.match(data, pos, window) and _follows_heading(data, pos):
        raise _refusal("this part is an RCS script ('d1 2' and 'a3 1')", "rcs-diff", index)
    if _ED.match(data, pos, window) and (_follows_heading(data, pos) or source.dot_after(pos)):
        message = "this part is an ed script, which some tools would run as commands"
        raise _refusal(message, "ed-script", index)


def _follows_heading(data: bytes, pos: int) -> bool:
    start = data.rfind(b"\n", max(0, pos - MAX_HEADER), max(0, pos - 1)) + 1
    return not pos or data.startswith((b"Index: ", b"diff ", b"=====", b"retrieving ", b"--- "), start)


def _unshown(source: Source, pos: int) -> tuple[str, str] | None:
    """Say (code, what) of a line that speaks of a change without showing it."""
    data = source.data
    line = data[pos : pos + MAX_HEADER].split(b"\n", 1)[0].rstrip()
    if _BINARY.match(line):
        return "binary-not-shown", "a binary change is named but not shown"
    if line.startswith(b"Only in "):
        return "only-in", "a file is on one side only and is not shown"
    if _ALONE.match(line) or (_NAMED.match(line) and not data.startswith(b"--- ", pos + len(line) + 1)):
        return "not-shown", "a change is named but not shown"
    if line.startswith(b"Property changes on: "):
        return "properties", "properties change, which are no part of any patch"
    if (
        line.startswith(_TITLES)
        and _RULE.match(data, pos, pos + MAX_HEADER)
        and not _OPENS.match(data, pos, pos + 2 * MAX_HEADER)
    ):
        return "not-shown", "a file is named but no change of it is shown"
    if line.startswith(b"--- ") and data.startswith(b"+++ ", pos + len(line) + 1):
        return "not-shown", "a file is named but no change of it is shown"
    return localized.unshown(line)


def refuse_outright(data: bytes) -> None:
    """Refuse what can be no diff by its first bytes."""
    if not data or data.isspace():
        raise _whole(
            "the input is empty", "empty", "Choose the file again, or look whether the diff command failed."
        )
    for at, magic, name in _KINDS:
        if data.startswith(magic, at):
            raise _whole(f"the input is no diff: it seems to be {name}", "not-a-diff", _UNIFIED)
    if data.startswith(b"PK\x03\x04"):
        raise _whole(f"the input is no diff: it seems to be {_zip_kind(data)}", "not-a-diff", _UNIFIED)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:64].count(0) >= len(data[:64]) // 3 > 2:
        hint = "Save it as UTF-8; on Windows, redirect the diff with cmd rather than PowerShell."
        raise _whole("the input is UTF-16 or UTF-32 text", "utf-16", hint)


def _zip_kind(data: bytes) -> str:
    for part, name in (
        (b"word/", "a Word document"),
        (b"xl/", "an Excel sheet"),
        (b"ppt/", "a presentation"),
    ):
        if part in data[:65536] or part in data[-65536:]:
            return name
    return "a zip archive: unpack it first"


def refuse_without_sections(source: Source, *, named: bool) -> ParseError:
    """Say why an input without any section of a file is none that we can take."""
    data = source.data
    head = data[:4096].lstrip().lower()
    if head.startswith((b"<!doctype", b"<html")):
        text, hint = "it seems to be a web page", "Download the raw diff instead of the page that shows it."
    elif re.search(rb"(?im)^content-transfer-encoding:[ \t]*(?:base64|quoted-printable)", data):
        text, hint = (
            "it seems to be a mail whose text is encoded",
            "Save the decoded text or the attachment alone.",
        )
    elif re.search(rb"\n> ?(?:--- |diff )", data):
        text, hint = "it seems to be a diff quoted in a reply", "Take it from the mail that sent it first."
    elif re.search(rb"(?:^|\n)(?:\*\*\* [^\n]++\n--- |\*{15})", data):
        text, hint = "it seems to be a context diff", _UNIFIED
    elif named:
        text, hint = (
            "it names changes and shows no line of them",
            "Binary files and properties need another way.",
        )
    elif b"\0" in data[:8192]:
        text, hint = "it seems to be a binary file", _UNIFIED
    elif data.count(b"\r") > data.count(b"\n"):
        text, hint = "its lines end with a lone carriage return", "Convert the line ends to newlines."
    else:
        text, hint = "no line in it begins the diff of a file", _UNIFIED
    return _whole(f"the input is no unified diff: {text}", "not-a-diff", hint)


def _whole(message: str, code: str, hint: str) -> ParseError:
    return ParseError(message, code=code, diff_lineno=1, hint=hint)


def _refusal(message: str, code: str, index: int) -> ParseError:
    return ParseError(message, code=code, diff_lineno=index + 1, hint=_UNIFIED)
