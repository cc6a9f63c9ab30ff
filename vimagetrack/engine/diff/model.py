"""What a diff says: files, hunks and runs, with every byte of the input in exactly one place.

The bytes of the input are, in order: for each file its ``preamble``, ``header``, hunks (``header``
and ``body``) and ``trailer``; then the ``trailer`` of the diff. ``emit`` writes just that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass
from enum import StrEnum
from typing import Any, NoReturn

#: Lines of one sign, as many as follow one another.
_BLOCK = re.compile(rb"(?: [^\n]*+\n)++|(?:-[^\n]*+\n)++|(?:\+[^\n]*+\n)++")


class FileOp(StrEnum):
    """What a section does to its file; MODE is a change of mode and nothing else."""

    MODIFY = "modify"
    CREATE = "create"
    DELETE = "delete"
    RENAME = "rename"
    COPY = "copy"
    MODE = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One maximal run of removed and added lines of a hunk.

    Lines keep their newline; the last one of a file may lack it. The line numbers are 1-based; on an
    empty side ``start_lineno`` is the line that the insertion or deletion stands before.
    """

    old_start_lineno: int
    old_lines: tuple[bytes, ...]
    new_start_lineno: int
    new_lines: tuple[bytes, ...]


@dataclass(slots=True)
class OpenHunk:
    """A hunk while it is made: its place in the input, its numbers, the 1-based line of its header.

    A guarded door for each field makes a frozen value three times slower to make; this one is made at once
    and then becomes a ``Hunk``, which Python allows between classes of the same slots.
    """

    data: bytes
    header_at: int
    body_at: int
    end: int
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    diff_lineno: int


class Hunk:
    """One ``@@`` unit: its numbers as the header says them (an omitted count is 1), its lines raw.

    ``header`` and ``body`` end with their newline where the input has one. ``diff_lineno`` is the
    1-based line of the header in the input. With a count of 0 the start is the line *before*.
    A parsed hunk is a window on ``data``, the input, which costs no copy; pickled, it takes only its own
    bytes along.
    """

    __slots__ = OpenHunk.__slots__

    data: bytes
    header_at: int
    body_at: int
    end: int
    old_start: int
    old_count: int
    new_start: int
    new_count: int
    diff_lineno: int

    def __init__(self, *, header: bytes, body: bytes, **numbers: int) -> None:
        """Make a hunk with bytes of its own; the numbers are the four of its header and ``diff_lineno``."""
        places = {"header_at": 0, "body_at": len(header), "end": len(header) + len(body)}
        for name, value in {"data": header + body, **places, **numbers}.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: a hunk stays as it was read."""
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __eq__(self, other: object) -> bool:
        """Compare what the hunks say, wherever they stand in their inputs."""
        return isinstance(other, Hunk) and self.__getstate__() == other.__getstate__()

    def __hash__(self) -> int:
        return hash((self.diff_lineno, self.body))

    def __getstate__(self) -> dict[str, Any]:
        numbers = {name: getattr(self, name) for name in self.__slots__[4:]}
        return {"header": self.header, "body": self.body, **numbers}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Hunk.__init__(self, **state)

    @property
    def header(self) -> bytes:
        """Return the ``@@`` line."""
        return self.data[self.header_at : self.body_at]

    @property
    def body(self) -> bytes:
        """Return the lines below the header, as they stand."""
        return self.data[self.body_at : self.end]

    @property
    def section(self) -> bytes:
        """Return the heading after the second ``@@``, without blanks around it."""
        return self.header.split(b"@@", 2)[2].strip(b" \t\r\n")

    @property
    def old_text(self) -> bytes:
        """Return the text of the old side; its last line lacks its newline where the diff says so."""
        return side_text(self.body, b"-")

    @property
    def new_text(self) -> bytes:
        """Return the text of the new side; its last line lacks its newline where the diff says so."""
        return side_text(self.body, b"+")

    @property
    def old_lineno(self) -> int:
        """Return the 1-based line of the old text that the hunk's first line is, or stands before."""
        return self.old_start if self.old_count else self.old_start + 1

    @property
    def new_lineno(self) -> int:
        """Return the 1-based line of the new text that the hunk's first line is, or stands before."""
        return self.new_start if self.new_count else self.new_start + 1

    @property
    def added(self) -> int:
        """Count the added lines."""
        return self.data.count(b"\n+", self.body_at - 1, self.end)

    @property
    def removed(self) -> int:
        """Count the removed lines."""
        return self.data.count(b"\n-", self.body_at - 1, self.end)

    def lines(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield (sign, line): sign is a blank, ``-`` or ``+``; the no-newline rule is applied."""
        blocks = plain_blocks(self.body)
        if blocks is not None:
            for block in blocks:
                sign = block[:1]
                for line in body_lines(unsigned(block)):
                    yield sign, line
            return
        pending: tuple[bytes, bytes] | None = None
        for raw in body_lines(self.body):
            if raw[:1] == b"\\" and pending is not None:
                pending = (pending[0], pending[1].removesuffix(b"\n"))
                continue
            if pending is not None:
                yield pending
            # A context line that lost its blank on the way is still a context line: git reads it so.
            pending = (b" ", raw) if raw[:1] in b"\r\n" else (raw[:1], raw[1:])
        if pending is not None:
            yield pending

    def runs(self) -> tuple[Run, ...]:
        """Return the maximal runs of removed and added lines, in order."""
        found: list[Run] = []
        old_lineno, new_lineno = self.old_lineno, self.new_lineno
        removed: list[bytes] = []
        added: list[bytes] = []
        for sign, line in (*self.lines(), (b" ", b"")):
            if sign == b"-":
                removed.append(line)
                continue
            if sign == b"+":
                added.append(line)
                continue
            if removed or added:
                found.append(
                    Run(
                        old_start_lineno=old_lineno,
                        old_lines=tuple(removed),
                        new_start_lineno=new_lineno,
                        new_lines=tuple(added),
                    )
                )
            old_lineno += len(removed) + 1
            new_lineno += len(added) + 1
            removed, added = [], []
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """The section of one file.

    ``preamble`` is the text before its header, ``header`` the raw header lines (with the payload of a
    binary patch), ``trailer`` what follows its last hunk and belongs to it. A path of None is
    ``/dev/null``; paths are without prefix and decoded with surrogateescape. Modes are as written.
    """

    preamble: bytes
    header: bytes
    hunks: tuple[Hunk, ...]
    trailer: bytes
    old_path: str | None
    new_path: str | None
    op: FileOp
    old_mode: str | None
    new_mode: str | None
    binary: bool
    diff_lineno: int

    @property
    def path(self) -> str:
        """Return the name after the change, or the one before it where the file goes."""
        return self.new_path or self.old_path or ""

    @property
    def added(self) -> int:
        """Count the added lines of all hunks."""
        return sum(hunk.added for hunk in self.hunks)

    @property
    def removed(self) -> int:
        """Count the removed lines of all hunks."""
        return sum(hunk.removed for hunk in self.hunks)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffWarning:
    """Something that a reviewer must be told, though it is no reason to refuse the diff."""

    path: str | None
    diff_lineno: int | None
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """A whole diff; ``trailer`` is the text after the last file (a mail's signature, for instance)."""

    files: tuple[FileDiff, ...]
    trailer: bytes
    warnings: tuple[DiffWarning, ...]


def body_lines(body: bytes) -> list[bytes]:
    """Cut at newlines only, keeping them; form feeds, lone CR and their like are ordinary bytes."""
    if b"\r" not in body:
        return body.splitlines(keepends=True)  # for bytes, nothing else than these two ends a line
    lines = body.split(b"\n")
    last = lines.pop()
    whole = [line + b"\n" for line in lines]
    return [*whole, last] if last else whole


def plain_blocks(body: bytes) -> list[bytes] | None:
    """Cut a body into maximal blocks of lines with one sign; their first byte is the sign.

    None where a line has no sign of its own, or a marker says that its newline is missing: such a body
    must be read line by line.
    """
    blocks = _BLOCK.findall(body)
    return blocks if sum(map(len, blocks)) == len(body) else None


def unsigned(block: bytes) -> bytes:
    """Take the signs off a block."""
    return block[1:].replace(b"\n" + block[:1], b"\n")


def side_text(body: bytes, sign: bytes) -> bytes:
    """Return the text of one side of a hunk's body; ``sign`` is the side's own, ``-`` or ``+``."""
    blocks = plain_blocks(body)
    if blocks is None:
        return _side_text(body, sign)
    own = (sign, b" ")
    return b"".join([unsigned(block) for block in blocks if block.startswith(own)])


def _side_text(body: bytes, sign: bytes) -> bytes:
    """Read a side line by line."""
    kept: list[bytes] = []
    previous = b""
    for raw in body_lines(body):
        first = raw[:1]
        if first == sign or first == b" ":
            kept.append(raw[1:])
        elif first in b"\r\n":
            kept.append(raw)
        elif first == b"\\" and (previous == sign or previous in b" \r\n"):
            kept[-1] = kept[-1].removesuffix(b"\n")
        previous = first
    return b"".join(kept)
