"""Cut a diff into the sections of its files; whatever stands between them is kept and looked through.

Text between files is accepted as it is, but never what would be a change in another dialect, or a
hunk without a file: a change that is read over is a change that nobody reviews.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vimagetrack.engine.diff import foreign, names
from vimagetrack.engine.diff.header import Head, fault, read_git, read_pair, read_usual, says_no_text
from vimagetrack.engine.diff.hunks import combined_fault, read_hunks
from vimagetrack.engine.diff.localized import OPENINGS
from vimagetrack.engine.diff.model import DiffWarning, Hunk
from vimagetrack.engine.diff.source import MAX_HEADER, Source, too_long
from vimagetrack.engine.errors import ParseError

_LANDMARK = re.compile(
    rb"\n(?=diff |--- |@@|Index: |GIT binary patch|Binary files? |Files |File |Symbolic links |Only in |"
    rb"====? |Cannot display: |Submodule |cvs |(?:Modified|Added|Deleted|Copied): |"
    + OPENINGS
    + rb"|Property changes on: |\*{15}|[0-9]|[ad][0-9])"
)
_LEAD = re.compile(
    rb"={10,}|Index: |diff -|RCS file: |retrieving revision |Working file: |cvs (?:\S+ )*diff|Prereq: |File: "
)
_BOM = b"\xef\xbb\xbf"
_NEXT = re.compile(rb"\n(?=Index: |diff |--- |From |@@|\*{15})")
_SVN_PROPERTIES = b"\nProperty changes on: "


@dataclass(slots=True)
class Draft:
    """One file's section as read, before its names are understood."""

    head: Head
    preamble: bytes
    header: bytes
    hunks: tuple[Hunk, ...]
    trailer: bytes = b""


@dataclass(slots=True)
class Sections:
    """All sections, the text after the last one, and what was met between them."""

    drafts: list[Draft] = field(default_factory=list)
    trailer: bytes = b""
    warnings: list[DiffWarning] = field(default_factory=list)


def read_sections(source: Source) -> Sections:
    """Read every section; raises ParseError for anything that is neither a section nor mere text."""
    found = Sections()
    floor = index = 0
    pos = len(_BOM) if source.data.startswith(_BOM) else 0
    while head := _next_head(source, pos, index, found):
        draft = _read(source, floor, head)
        found.drafts.append(draft)
        pos, index = _take_properties(source, draft, found)
        floor = pos
    found.trailer = source.data[floor:]
    return found


def _read(source: Source, floor: int, head: Head) -> Draft:
    if source.data.startswith(b"diff --git ", head.pos):
        if not read_usual(source, head):
            read_git(source, head)
    else:
        read_pair(source, head)
    header = source.data[head.start : head.pos]
    hunks: tuple[Hunk, ...] = ()
    if head.old is not None and head.new is not None:
        if source.data.startswith(b"@@", head.pos):
            hunks = _hunks(source, head)
        elif not says_no_text(head):
            raise _no_hunks(source, head, _shown(head))
    return Draft(head, source.data[floor : head.start], header, hunks)


def _hunks(source: Source, head: Head) -> tuple[Hunk, ...]:
    try:
        read = read_hunks(source, head.pos, head.next_index)
    except ParseError as error:
        error.path = _shown(head)
        raise
    head.pos, head.next_index = read.pos, read.index
    if read.shifted:
        text = "the line numbers of the hunks do not follow from each other: was it edited by hand?"
        head.notes.append(("hunk-shifted", text))
    if read.idle:
        head.notes.append(("hunk-without-change", "a hunk changes nothing"))
    return read.hunks


def _shown(head: Head) -> str:
    """Name the file in a message: without prefixes where the two names agree about the rest."""
    assert head.old is not None
    assert head.new is not None
    old, new = names.decode(head.old.text), names.decode(head.new.text)
    rest = names.split_prefix(new)[1]
    if head.new.absent:
        return names.shown(old.removeprefix("a/"))
    if head.old.absent:
        return names.shown(new.removeprefix("b/"))
    return names.shown(rest if names.split_prefix(old)[1] == rest else new)


def _no_hunks(source: Source, head: Head, path: str) -> Exception:
    if head.pos >= len(source.data):
        message = "the diff ends after the names of a file, before its first hunk"
        return fault(message, "truncated", head.index, path)
    return fault("a file's names are followed by no hunk", "header-without-hunks", head.next_index, path)


def _take_properties(source: Source, draft: Draft, found: Sections) -> tuple[int, int]:
    """Give svn's text about properties to the file that it follows: (position, index) behind it."""
    data, pos, index = source.data, draft.head.pos, draft.head.next_index
    if not data.startswith((_SVN_PROPERTIES, b"\r" + _SVN_PROPERTIES), pos):
        return pos, index
    match = _NEXT.search(data, pos + 2)
    end = match.start() + 1 if match else len(data)
    draft.trailer = data[pos:end]
    warning = foreign.judge(source, data.index(b"\n", pos) + 1, index + 1)
    assert warning is not None
    found.warnings.append(warning)
    return end, index + data.count(b"\n", pos, end)


def _next_head(source: Source, pos: int, index: int, found: Sections) -> Head | None:
    """Find the next section from here on, looking through the text before it."""
    data, floor, floor_index = source.data, pos, index
    for at in _landmarks(data, pos):
        index += data.count(b"\n", pos, at)
        pos = at
        if _starts_section(source, at, index):
            return _head(source, at, index, floor, floor_index)
        warning = foreign.judge(source, at, index)
        if warning is not None:
            found.warnings.append(warning)
    return None


def _landmarks(data: bytes, pos: int) -> Iterator[int]:
    """Yield the lines that could mean something, the first one in any case."""
    yield pos
    for match in _LANDMARK.finditer(data, pos):
        yield match.end()


def _starts_section(source: Source, pos: int, index: int) -> bool:
    data = source.data
    if data.startswith(b"diff --git ", pos):
        return True
    if data.startswith((b"diff --cc ", b"diff --combined ", b"@@@ "), pos):
        raise combined_fault(index)
    if not data.startswith(b"--- ", pos):
        return False
    after = data.find(b"\n", pos, pos + MAX_HEADER) + 1
    if not after:
        if len(data) - pos >= MAX_HEADER:
            raise too_long(index)
        return False
    return data.startswith(b"+++ ", after) and foreign.is_unified(source, after)


def _head(source: Source, pos: int, index: int, floor: int, floor_index: int) -> Head:
    """Begin a section, taking the lines before it that tools write above their names."""
    head = Head(start=pos, index=index, pos=pos, next_index=index)
    data = source.data
    while head.start > floor and head.index > floor_index and index - head.index < 12:
        above = data.rfind(b"\n", max(floor, head.start - MAX_HEADER), head.start - 1) + 1 or floor
        if not _LEAD.match(data, above, head.start - 1):
            break
        if data.startswith(b"Index: ", above):
            if not data.startswith((b"=====", b"--- "), head.start):
                break  # somebody's prose
            head.label = data[above + 7 : head.start].strip()
            head.start, head.index = above, head.index - 1
            break
        head.start, head.index = above, head.index - 1
    return head
