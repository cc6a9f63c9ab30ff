"""Read the hunks of one file: numbers from the header, as many lines as the header promises.

A body ends where its promised lines are all there, never where something looks like a header: a
removed line ``-- x`` and an added line ``++ y`` are lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vimagetrack.engine.diff.model import Hunk, OpenHunk
from vimagetrack.engine.diff.source import MAX_HEADER, Source
from vimagetrack.engine.errors import ParseError

MAX_LINENO = 2**31 - 1
_HUNK = re.compile(
    rb"@@ -([0-9]{1,10}+)(?:,([0-9]{1,10}+))?+ \+([0-9]{1,10}+)(?:,([0-9]{1,10}+))?+ @@[^\n]*+\n"
)
_FOREIGN = re.compile(rb"[^ +\-\n]")
_MAIL = "This is what a mail program or a full disk does to a diff: send it again, as an attachment."
_AGAIN = "Make the diff again with its tool; do not edit hunks by hand."

_NEWLINE = 10
_NUMBERS: dict[bytes | None, int] = {None: 1, **{b"%d" % number: number for number in range(10_000)}}
"""Most numbers of most diffs: a look here is five times faster than ``int``. An omitted count is 1."""


@dataclass(slots=True)
class HunksRead:
    """The hunks of one file, the place behind them, and what is odd about them."""

    hunks: tuple[Hunk, ...]
    pos: int
    index: int
    shifted: bool
    idle: bool


def read_hunks(source: Source, pos: int, index: int) -> HunksRead:
    """Read all hunks from the first ``@@`` line on.

    ``shifted`` says that a new place is not the old one plus what the hunks before it added, ``idle``
    that a hunk changes nothing. Raises ParseError for numbers that lie, for hunks that overlap or run
    backwards, and for lines that no header promised.
    """
    data, firsts, match_header = source.data, source.firsts, _HUNK.match
    hunks: list[Hunk] = []
    old_end = new_end = 1
    ended = shifted = idle = False
    while data.startswith(b"@@", pos):
        if ended:
            message = "follows one that says that the file ends there"
            raise _fault(message, "marker", index + 1, len(hunks) + 1, _AGAIN)
        match = match_header(data, pos, pos + MAX_HEADER)
        if match is None:
            raise _header_fault(source, pos, index)
        one, two, three, four = match.groups()
        try:
            old_start, old_count = _NUMBERS[one], _NUMBERS[two]
            new_start, new_count = _NUMBERS[three], _NUMBERS[four]
        except KeyError:
            old_start, old_count, new_start, new_count = _large(match)
        old_first, new_first = old_start + (not old_count), new_start + (not new_count)
        if old_first < old_end or new_first < new_end or old_start > MAX_LINENO or new_start > MAX_LINENO:
            raise _order_fault(index, len(hunks) + 1, old_start, new_start)
        if new_first - old_first != new_end - old_end:
            shifted = True
        old_end, new_end = old_first + old_count, new_first + new_count
        start, first = match.end(), index + 1
        index = firsts.find(b"@", first)
        if _fills(firsts, first, index, old_count, new_count):
            end = data.find(b"@", start)  # for one byte alone, this is ten times faster than for two
            if data[end - 1] != _NEWLINE:
                end = data.find(b"\n@", end) + 1
        else:
            end, index = _leap(source, start, first, old_count, new_count)
            if not end:
                index = _walk(source, start, first, (old_count, new_count), len(hunks) + 1)
                end = source.skip(start, index - first)
                ended = b"\\" in firsts[first:index]
        if index - first == old_count == new_count:
            idle = True
        hunk: Any = OpenHunk(data, pos, start, end, old_start, old_count, new_start, new_count, first)
        hunk.__class__ = Hunk
        hunks.append(hunk)
        pos = end
    _check_end(source, pos, index, hunks)
    return HunksRead(tuple(hunks), pos, index, shifted, idle)


def _large(match: re.Match[bytes]) -> Iterator[int]:
    """Yield the four numbers of a header, however they are written."""
    return (1 if text is None else int(text) for text in match.groups())


def _fills(firsts: bytes, first: int, stop: int, old_count: int, new_count: int) -> bool:
    """Say whether the lines up to ``stop`` are the body: all of a body's kinds, and as many as promised.

    Every line uses up some of the promise, so that no shorter piece of them can be the body, either.
    """
    lines = stop - first
    added, removed = firsts.count(b"+", first, stop), firsts.count(b"-", first, stop)
    if lines - added != old_count or lines - removed != new_count or not lines:
        return False
    kept = lines - added - removed
    blanks = firsts.count(b" ", first, stop)
    return blanks == kept or blanks + firsts.count(b"\n", first, stop) == kept


def _leap(source: Source, start: int, first: int, old_count: int, new_count: int) -> tuple[int, int]:
    """Jump to the next line that no body can have, if that ends this one: its (position, index).

    (0, 0) says that the body must be walked through.
    """
    foreign = _FOREIGN.search(source.firsts, first)
    if foreign is None or foreign[0] == b"\\":  # the marker after the last line belongs to the body
        return 0, 0
    stop = foreign.start()
    if not _fills(source.firsts, first, stop, old_count, new_count):
        return 0, 0
    return source.data.find(b"\n" + foreign[0], start - 1) + 1, stop


def _walk(source: Source, pos: int, index: int, promised: tuple[int, int], number: int) -> int:
    """Return the index after the body that starts at ``index``, going line by line.

    Only hunks need it that hold a no-newline marker, or that are followed by lines which could be
    theirs: the last one of a file in a mail, for instance.
    """
    firsts, at = source.firsts, index
    old, new = promised
    seen, seen_pos = index, pos
    while old or new:
        first = firsts[at : at + 1]
        if first == b"+":
            new -= 1
        elif first == b"-":
            old -= 1
        elif first in (b" ", b"\n"):
            old -= 1
            new -= 1
        elif first == b"\r":
            seen, seen_pos = at, source.skip(seen_pos, at - seen)
            blank = source.data.startswith(b"\r\n", seen_pos)
            old, new = (old - 1, new - 1) if blank else (-1, new)
        elif first != b"\\" or at == index:
            old = -1
        if old < 0 or new < 0:
            raise _short_fault(source, index, at, promised, number)
        at += 1
    if at == index:
        raise _fault("has neither lines nor a promise of any", "empty-hunk", index, number, _AGAIN)
    if firsts[at : at + 1] == b"\\":
        at += 1
    elif at == len(firsts) and not source.data.endswith(b"\n"):
        raise _cut_fault(at, number)
    if b"\\" in firsts[index:at]:
        _check_markers(source, pos, index, at, number)
    return at


def _check_markers(source: Source, pos: int, index: int, end: int, number: int) -> None:
    """Refuse a no-newline marker after which its side still has lines."""
    closed = b""
    previous = b""
    for at in range(index, end):
        first = source.firsts[at : at + 1]
        if first == b"\\":
            if previous == b"\\" or not source.data.startswith(b"\\ ", source.skip(pos, at - index)):
                raise _fault("has a line that is no line of a diff", "marker", at + 1, number, _AGAIN)
            closed += {b"-": b"-", b"+": b"+"}.get(previous, b"-+")
        elif (first in closed) if first in b"-+" else closed:
            message = "goes on after its 'No newline at end of file'"
            raise _fault(message, "marker", at + 1, number, _AGAIN)
        previous = first


def _check_end(source: Source, pos: int, index: int, hunks: list[Hunk]) -> None:
    """Refuse lines behind the last hunk that look like more of it."""
    if source.firsts[index : index + 1] not in (b" ", b"-", b"+"):
        return
    after = source.skip(pos, 1)
    while source.data.startswith(b" ", pos) and source.data[pos:after].isspace():
        pos, index, after = after, index + 1, source.skip(after, 1)  # a blank between files hides nothing
    if source.firsts[index : index + 1] not in (b" ", b"-", b"+") or _is_rule(source, pos, after):
        return
    hunk = hunks[-1]
    promise = f"promises {_lines(hunk.old_count, 'old')} and {_lines(hunk.new_count, 'new')}"
    message = f"is longer than its header says: it {promise}, and more follow"
    raise _fault(message, "hunk-too-long", index + 1, len(hunks), _AGAIN)


def _is_rule(source: Source, pos: int, after: int) -> bool:
    """Say whether a line that begins like a removed one begins the next file or ends a mail's text."""
    line = source.data[pos : min(after, pos + 80)].rstrip()
    if line in (b"--", b"---") or line.startswith(b"----"):
        return True  # a mail's signature, the separator of a commit message, a rule between attachments
    if line.startswith(b"--- ") and source.data.startswith(b"+++ ", after):
        return True
    return line.startswith(b"--") and _is_boundary(source.data, pos, line[2:])


def _is_boundary(data: bytes, pos: int, token: bytes) -> bool:
    """Say whether a mail's header, at the top or not far above, names this as the border of its parts."""
    token = token.removesuffix(b"--")
    top, near = min(pos, 1 << 16), max(0, pos - (1 << 16))
    for said in (b'boundary="' + token + b'"', b"boundary=" + token + b"\n", b"boundary=" + token + b";"):
        if data.find(said, 0, top) >= 0 or data.find(said, near, pos) >= 0:
            return True
    return False


def _lines(count: int, side: str) -> str:
    return f"{count} {side} line" if count == 1 else f"{count} {side} lines"


def _fault(text: str, code: str, lineno: int, number: int, hint: str) -> ParseError:
    return ParseError(f"hunk {number} {text}", code=code, diff_lineno=lineno, hint=hint)


def _short_fault(source: Source, index: int, at: int, promised: tuple[int, int], number: int) -> ParseError:
    found = source.firsts[index:at]
    plain = len(found) - found.count(b"\\")
    old, new = plain - found.count(b"+"), plain - found.count(b"-")
    message = (
        f"ends early: its header promises {_lines(promised[0], 'old')} and {_lines(promised[1], 'new')}, "
        f"{old} and {new} are there"
    )
    where = " before the diff ends" if at >= len(source.firsts) else ""
    code = "truncated" if where else "hunk-too-short"
    hint = (
        _MAIL if where else "A mail program may have wrapped or eaten lines: send the diff as an attachment."
    )
    return _fault(message + where, code, min(at + 1, len(source.firsts)), number, hint)


def _cut_fault(index: int, number: int) -> ParseError:
    message = "ends in the middle of a line: the diff's last line has no newline"
    hint = _MAIL + " If it is whole, end its last line."
    return _fault(message, "truncated", index, number, hint)


def _order_fault(index: int, number: int, old_start: int, new_start: int) -> ParseError:
    if max(old_start, new_start) > MAX_LINENO:
        return _number_fault(index, number)
    if not old_start or not new_start:
        message = "has lines on a side that its header puts at line 0"
        return _fault(message, "hunk-numbers", index + 1, number, _AGAIN)
    message = "begins before the hunk above it ends: hunks must not overlap or run backwards"
    return _fault(message, "hunk-order", index + 1, number, _AGAIN)


def _number_fault(index: int, number: int) -> ParseError:
    message = f"has a number in its header that no file reaches (the limit is {MAX_LINENO})"
    return _fault(message, "hunk-numbers", index + 1, number, _AGAIN)


def _header_fault(source: Source, pos: int, index: int) -> ParseError:
    line, after = source.line(pos, index)
    number = 1
    if line.startswith(b"@@@"):
        return combined_fault(index)
    if after == len(source.data) and not source.data.endswith(b"\n"):
        return ParseError(
            "the diff ends inside a hunk header",
            code="truncated",
            diff_lineno=index + 1,
            hint=_MAIL,
        )
    if re.match(rb"@@ -[0-9,]+ \+[0-9,]+ @@", line):
        return _number_fault(index, number)
    return ParseError(
        "a hunk header is not of the form '@@ -LINE,COUNT +LINE,COUNT @@' with plain numbers",
        code="hunk-header",
        diff_lineno=index + 1,
        hint=_AGAIN,
    )


def combined_fault(index: int) -> ParseError:
    """Refuse the diff of a merge, which has a column of signs for each parent."""
    return ParseError(
        "this is a combined diff of a merge: it has a column of signs for each parent",
        code="combined-diff",
        diff_lineno=index + 1,
        hint="Make a plain diff against one parent: git diff PARENT MERGE.",
    )
