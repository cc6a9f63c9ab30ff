"""What mail does to diffs: encodings that change bytes, and diffs quoted in a commit message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vimagetrack.engine.diff.model import DiffWarning, FileDiff
from vimagetrack.engine.errors import ParseError

_ENCODING = re.compile(rb"^content-transfer-encoding:[ \t]*([a-z0-9-]+)", re.IGNORECASE | re.MULTILINE)
_SOFT = re.compile(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)")
_SEPARATOR = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)
_BEGIN = re.compile(
    rb"^(?:From [^\n]*[0-9]:[0-9]{2}|Subject: |From: |Message-I[dD]: |# HG changeset|commit [0-9a-f]{7})",
    re.MULTILINE,
)
_LINE_OF_CHANGE = re.compile(rb"(?:\r?\n)+[+-](?![-+ \r\n])")


def check_mail(files: list[FileDiff], trailer: bytes) -> Iterator[DiffWarning]:
    """Refuse a diff that a mail's encoding has changed; flag what may be a quotation."""
    encoding = b""
    for file in files:
        if b"format=flowed" in file.preamble:
            sentence = (
                "the mail says format=flowed: its program may have added blanks before lines or wrapped them"
            )
            yield DiffWarning(path=file.path, diff_lineno=file.diff_lineno, code="mail-flowed", text=sentence)
        said = _ENCODING.findall(file.preamble) if b"ontent-" in file.preamble.lower() else []
        encoding = said[-1].lower() if said else encoding
        if encoding == b"quoted-printable" and _encoded(file):
            raise ParseError(
                "the diff stands in a mail as quoted-printable text, which is not the diff itself",
                code="mail-encoding",
                path=file.path,
                diff_lineno=file.diff_lineno,
                hint="Save the decoded text or the attachment, and send that.",
            )
    following = [*(file.preamble for file in files[1:]), trailer]
    for file, text in zip(files, following, strict=True):
        if text:
            yield from _after(file, text)


def explain(error: ParseError, data: bytes) -> ParseError:
    """Give a better hint where a mail's encoding, not the diff, is what cannot be read."""
    said = _ENCODING.search(data[: 1 << 16])
    if said is not None and said[1].lower() == b"quoted-printable" and error.code.startswith("hunk"):
        error.hint = (
            "The mail is quoted-printable text: save the decoded text or the attachment, and send that."
        )
    return error


def _encoded(file: FileDiff) -> bool:
    return any(_SOFT.search(part) for part in (file.header, *(hunk.body for hunk in file.hunks)))


def _after(file: FileDiff, text: bytes) -> Iterator[DiffWarning]:
    """Flag text after a file that makes the file look like a quotation, or that may hold a change."""
    if any(said.lower() == b"base64" for said in _ENCODING.findall(text)):
        sentence = "behind this file the mail has a part in base64, which is not read: is a diff in it?"
        yield DiffWarning(
            path=file.path, diff_lineno=file.diff_lineno, code="mail-part-unread", text=sentence
        )
    separator, begin = _SEPARATOR.search(text), _BEGIN.search(text)
    if separator is not None and (begin is None or separator.start() < begin.start()):
        sentence = "a commit message seems to end only after this section: a quotation? git would apply it"
        yield DiffWarning(
            path=file.path, diff_lineno=file.diff_lineno, code="quoted-in-message", text=sentence
        )
    if file.hunks and _LINE_OF_CHANGE.match(text):
        sentence = "behind the last hunk and an empty line stands text like changed lines; no tool applies it"
        yield DiffWarning(
            path=file.path, diff_lineno=file.diff_lineno, code="text-like-change", text=sentence
        )
