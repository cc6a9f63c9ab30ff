"""Read the tree that came with an upload: a tar of the files that the diff touches, as they were before it.

Nothing is unpacked to disk, no name is ever opened. Refused: links, devices, names that leave the tree, names
twice, and more bytes or files than the limits say, counted while unpacking.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import tarfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, cast

from vimagetrack.display import to_bytes, to_display
from vimagetrack.errors import DomainError, TooLarge

MAX_FILES = 200_000
PIECE_BYTES = 1 << 18

_HINT = "Make it with: tar cf base.tar $(lsdiff --strip 1 FILE.diff), in the tree that the diff applies to."
_OPENERS: tuple[tuple[bytes, Callable[[IO[bytes]], IO[bytes]]], ...] = (
    (b"\x1f\x8b", lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw))),
    (b"BZh", lambda raw: cast("IO[bytes]", bz2.BZ2File(raw))),
    (b"\xfd7zXZ", lambda raw: cast("IO[bytes]", lzma.LZMAFile(raw))),  # noqa: SIM115
)


class _Counted:
    """A stream that ends in TooLarge at the first byte above its limit, packed bombs included."""

    def __init__(self, source: IO[bytes], limit: int) -> None:
        self._source = source
        self._left = limit

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes."""
        data = self._source.read(size if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge("The base holds more bytes than this server unpacks", field="base", hint=_HINT)
        return data


def read_tar(raw: IO[bytes], *, limit: int, wanted: Collection[str] | None = None) -> dict[str, bytes]:
    """Give the texts of the regular files by path, all or only the wanted ones.

    ``raw`` may be packed with gzip, bzip2 or xz. DomainError says what is wrong with it.
    """
    texts: dict[str, bytes] = {}
    for path, text in _members(_opened(raw), limit):
        if path in texts:
            raise _refusal(f"The base has {to_display(path)} twice")
        whole = b"".join(text)  # of the others too: where the tar was cut must not depend on what is wanted
        if wanted is None or path in wanted:
            texts[path] = whole
    return texts


def tar_digest(raw: IO[bytes], *, limit: int) -> str:
    """Give the digest that names the tree in a tar, "" where it holds no file.

    For the web process: it reads in pieces, so that a packed bomb costs time up to the limit, but no memory.
    """
    digests: dict[str, str] = {}
    for path, text in _members(_opened(raw), limit):
        if path in digests:
            raise _refusal(f"The base has {to_display(path)} twice")
        digest = hashlib.sha256()
        for piece in text:
            digest.update(piece)
        digests[path] = digest.hexdigest()
    return _name_tree(digests) if digests else ""


def tree_digest(texts: Mapping[str, bytes]) -> str:
    """Give the digest that names a tree by its files' paths and texts, whatever it was packed with."""
    return _name_tree({path: hashlib.sha256(text).hexdigest() for path, text in texts.items()})


def _name_tree(digests: Mapping[str, str]) -> str:
    lines = (b"%s\0%s\n" % (to_bytes(path), digest.encode()) for path, digest in sorted(digests.items()))
    return hashlib.sha256(b"".join(lines)).hexdigest()


def _opened(raw: IO[bytes]) -> IO[bytes]:
    head = raw.read(6)
    raw.seek(0)
    for magic, opener in _OPENERS:
        if head.startswith(magic):
            return opener(raw)
    return raw


def _members(source: IO[bytes], limit: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give path and text of each regular file; a text is read, in pieces, before the next is asked for."""
    with (
        _told(),
        tarfile.open(
            fileobj=cast("IO[bytes]", _Counted(source, limit)),
            mode="r|",
            encoding="utf-8",
            errors="surrogateescape",
        ) as tar,
    ):
        for number, member in enumerate(tar, 1):
            if number > MAX_FILES:
                raise TooLarge(f"The base holds more than {MAX_FILES:,} files", field="base", hint=_HINT)
            if not member.isdir():
                yield _checked(member), _pieces(tar, member)


@contextmanager
def _told() -> Iterator[None]:
    """Say of whatever the unpackers raise that this is no tar."""
    try:
        yield
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError, ValueError) as error:
        raise _refusal("The base is no tar that can be read to its end") from error


def _checked(member: tarfile.TarInfo) -> str:
    if not member.isreg():
        raise _refusal(f"The base has {to_display(member.name)}, which is no regular file")
    path = member.name.removeprefix("./")
    parts = path.split("/")
    if path.startswith("/") or "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise _refusal(f"The base has a name that is none inside a tree: {to_display(member.name)}")
    return path


def _pieces(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    source = tar.extractfile(member)
    assert source is not None  # it is a regular file
    left = member.size
    with _told():
        while piece := source.read(PIECE_BYTES):
            left -= len(piece)
            yield piece
    if left:
        raise _refusal(f"The base ends inside {to_display(member.name)}")


def _refusal(message: str) -> DomainError:
    return DomainError(message, code="bad-base", field="base", hint=_HINT)
