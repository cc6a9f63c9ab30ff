"""Git's binary patches: framed at parse without being inflated, inflated on request within bounds."""

from __future__ import annotations

import re
import zlib
from base64 import b85decode
from dataclasses import dataclass

from vimagetrack.engine.diff.source import Source
from vimagetrack.engine.errors import ApplyError, ParseError

MAX_BINARY = 1 << 28
"""Bytes that a binary file may have after the patch; a few bytes of a delta can ask for gigabytes."""

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_METHOD = re.compile(rb"(literal|delta) ([0-9]{1,18})")
_LENGTH = {b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[i]: i + 1 for i in range(52)}


@dataclass(frozen=True, slots=True)
class _Fragment:
    method: bytes
    size: int
    lines: list[bytes]


def read_payload(source: Source, pos: int, index: int) -> tuple[int, int]:
    """Check the frame from the ``GIT binary patch`` line on: (position, index) behind it.

    Raises ParseError for lines that git would not write, and for a size nobody should unpack.
    """
    pos, index = source.line(pos, index)[1], index + 1
    fragments = 0
    while fragments < 2 and _METHOD.fullmatch(source.line(pos, index)[0]):
        _, pos, index = _read_fragment(source, pos, index)
        fragments += 1
    if not fragments:
        raise _corrupt("does not say 'literal' or 'delta'", index)
    if fragments < 2 and _is_cut(source, pos, index):
        raise _corrupt("is cut: its second half, for the way back, is not whole", index)
    return pos, index


def _is_cut(source: Source, pos: int, index: int) -> bool:
    """Say whether the line behind a first half begins like a second one; Mercurial writes none."""
    line, after = source.line(pos, index)
    whole = after <= len(source.data) and source.data[after - 1 : after] == b"\n"
    return line.startswith((b"literal ", b"delta ")) or (
        not whole and bool(line) and any(word.startswith(line) for word in (b"literal ", b"delta "))
    )


def _read_fragment(source: Source, pos: int, index: int) -> tuple[_Fragment, int, int]:
    line, after = source.line(pos, index)
    match = _METHOD.fullmatch(line)
    assert match is not None
    end = source.data.find(b"\n\n", after - 1)
    if end < 0:
        raise _corrupt("is cut: the empty line that ends it is missing", index)
    lines = source.data[after:end].split(b"\n") if end >= after else []
    for number, encoded in enumerate(lines, 1):
        if not _whole(encoded):
            raise _corrupt("has a line that is not what git writes", index + number)
    fragment = _Fragment(match[1], int(match[2]), lines)
    size = _result_size(fragment)
    if size is None or size > MAX_BINARY:
        raise _corrupt(f"would unpack to more than {MAX_BINARY} bytes, or does not say to how many", index)
    return fragment, end + 2, index + len(lines) + 2


def _whole(line: bytes) -> bool:
    length = _LENGTH.get(line[0], 0) if line else 0
    return length > 0 and len(line) == 1 + (length + 3) // 4 * 5 and not line.translate(None, _ALPHABET)


def _result_size(fragment: _Fragment) -> int | None:
    """Say how large the file becomes; of a delta this stands in its first bytes, None if not."""
    if fragment.method == b"literal":
        return fragment.size
    try:
        head = zlib.decompressobj().decompress(b"".join(map(_decoded, fragment.lines[:4])), 32)
        _, at = _varint(head, 0)
        return _varint(head, at)[0]
    except (zlib.error, IndexError, ValueError):
        return None


def _decoded(line: bytes) -> bytes:
    return b85decode(line[1:])[: _LENGTH[line[0]]]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise IndexError


def apply_binary(header: bytes, old: bytes) -> bytes:
    """Return the new bytes of a file from the header of its section, which holds the payload.

    Raises ApplyError where there is no payload, where it does not unpack to what it promises, or
    where a delta was made against other bytes.
    """
    pos = header.find(b"\nGIT binary patch\n") + 1
    if not pos:
        raise _misfit("the section holds no binary payload, only the news that the file differs")
    source = Source(header, b"", (), [-1])
    fragment, _, _ = _read_fragment(source, pos + len(b"GIT binary patch\n"), 0)
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(b"".join(map(_decoded, fragment.lines)), fragment.size + 1)
    except (zlib.error, ValueError):
        raise _misfit("the binary payload cannot be unpacked") from None
    if len(data) != fragment.size:
        raise _misfit("the binary payload is not as long as it says")
    return data if fragment.method == b"literal" else _apply_delta(data, old)


def _apply_delta(delta: bytes, old: bytes) -> bytes:
    try:
        old_size, at = _varint(delta, 0)
        new_size, at = _varint(delta, at)
        if old_size != len(old):
            raise _misfit("the binary delta was made against another version of the file")
        parts: list[bytes] = []
        left = new_size
        while at < len(delta) and left >= 0:
            part, at = _delta_step(delta, at, old)
            left -= len(part)
            parts.append(part)
    except IndexError:
        raise _misfit("the binary delta is cut") from None
    if left:
        raise _misfit("the binary delta does not give the size that it promises")
    return b"".join(parts)


def _delta_step(delta: bytes, at: int, old: bytes) -> tuple[bytes, int]:
    """Carry out one instruction of a delta: (the bytes it adds, where the next one stands)."""
    code, at = delta[at], at + 1
    if not code:
        raise _misfit("the binary delta holds an unknown instruction")
    if code < 128:
        if at + code > len(delta):
            raise IndexError
        return delta[at : at + code], at + code
    values = [0] * 7
    for bit in range(7):
        if code >> bit & 1:
            values[bit], at = delta[at], at + 1
    start = int.from_bytes(bytes(values[:4]), "little")
    size = int.from_bytes(bytes(values[4:]), "little") or 0x10000
    if start + size > len(old):
        raise _misfit("the binary delta reads past the end of the old file")
    return old[start : start + size], at


def _corrupt(text: str, index: int) -> ParseError:
    return ParseError(
        f"the binary patch {text}",
        code="binary-payload",
        diff_lineno=index + 1,
        hint="Make the diff again with git diff --binary, and send it as an attachment.",
    )


def _misfit(message: str) -> ApplyError:
    return ApplyError(
        message, code="binary", hint="Make the diff again with git diff --binary on the same base."
    )
