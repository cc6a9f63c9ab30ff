"""The blob store: bytes by their sha256, in files below BLOB_DIR; never under a name that somebody sent.

A file is written aside, synced, renamed, and its folder synced, before its row: a row without its bytes
cannot be. A file without a row may be left by a kill, and is used again by the next who sends the same bytes.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol, cast

from django.conf import settings

from reviews.models import Blob
from vimagetrack.errors import TooLarge

PIECE_BYTES = 1 << 20
#: Fast rather than small: a split writes as many bytes as its monolith has.
GZIP_LEVEL = 3


class Readable(Protocol):
    """What bytes are read from: a file, a request's body."""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most ``size`` bytes; none at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Bytes that are in the store for good, whether or not a row knows them yet."""

    sha256: str
    size: int
    path: str
    encoding: Blob.Encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file that is being written aside."""

    out: IO[bytes]
    path: Path


def store_stream(source: Readable, *, limit: int) -> Stored:
    """Write what comes, counting; TooLarge at the first byte above the limit, and nothing is kept then."""
    digest, size = hashlib.sha256(), 0
    with _draft() as draft:
        while piece := source.read(PIECE_BYTES):
            size += len(piece)
            if size > limit:
                raise TooLarge(
                    f"The file is larger than the {limit:,} bytes that this server takes",
                    field="file",
                    hint="Leave out what is not to land, or ask the administrator to raise the limit"
                    " (VIMAGETRACK_MAX_UPLOAD).",
                )
            digest.update(piece)
            draft.out.write(piece)
        path = _path(digest.hexdigest(), Blob.Encoding.IDENTITY)
        _keep(draft, path)
    return Stored(sha256=digest.hexdigest(), size=size, path=path, encoding=Blob.Encoding.IDENTITY)


def store_bytes(data: bytes) -> Stored:
    """Write bytes of our own making, compressed."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256, Blob.Encoding.GZIP)
    if not (settings.BLOB_DIR / path).exists():
        with _draft() as draft:
            draft.out.write(gzip.compress(data, GZIP_LEVEL, mtime=0))
            _keep(draft, path)
    return Stored(sha256=sha256, size=len(data), path=path, encoding=Blob.Encoding.GZIP)


def blob_row(stored: Stored, *, now: datetime) -> Blob:
    """Give the row of stored bytes, made when there is none yet; safe when many do it at once."""
    Blob.objects.bulk_create(
        [
            Blob(
                sha256=stored.sha256,
                size=stored.size,
                path=stored.path,
                encoding=stored.encoding,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return Blob.objects.get(sha256=stored.sha256)


def open_blob(blob: Blob) -> IO[bytes]:
    """Open a blob's bytes for reading; the caller closes."""
    path = settings.BLOB_DIR / blob.path
    if blob.encoding == Blob.Encoding.GZIP:
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return cast("IO[bytes]", path.open("rb"))


def read_blob(blob: Blob) -> bytes:
    """Read a blob whole; only workers, and doors for what is known to be small, do that."""
    with open_blob(blob) as source:
        return source.read()


def _path(sha256: str, encoding: Blob.Encoding) -> str:
    suffix = ".gz" if encoding is Blob.Encoding.GZIP else ""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"


@contextlib.contextmanager
def _draft() -> Iterator[Draft]:
    """Open a file aside that is gone after the block, unless the block has renamed it."""
    aside = settings.BLOB_DIR / "drafts"
    aside.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=aside)
    try:
        with os.fdopen(handle, "wb") as out:
            yield Draft(out=out, path=Path(name))
    finally:
        Path(name).unlink(missing_ok=True)


def _keep(draft: Draft, path: str) -> None:
    """Sync the draft, give it its place, sync the folders: after that it survives a loss of power."""
    target = settings.BLOB_DIR / path
    draft.out.flush()
    os.fsync(draft.out.fileno())
    fresh = [folder for folder in (target.parent.parent, target.parent) if not folder.is_dir()]
    target.parent.mkdir(parents=True, exist_ok=True)
    draft.path.rename(target)
    for folder in [target.parent, *(one.parent for one in fresh)]:
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
