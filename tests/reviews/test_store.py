"""The blob store keeps what it was given, under its digest, or nothing."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any

import pytest

from reviews import store
from reviews.models import Blob
from reviews.store import blob_row, open_blob, read_blob, store_bytes, store_stream
from tests.cast import NOW
from vimagetrack.errors import TooLarge


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.BLOB_DIR = tmp_path / "blobs"
    return settings.BLOB_DIR


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_store_stream_keeps_the_bytes_under_their_digest(db: None, folder: Path) -> None:
    data = os.urandom(3 * store.PIECE_BYTES + 17)
    blob = blob_row(store_stream(io.BytesIO(data), limit=len(data)), now=NOW)
    assert (blob.sha256, blob.size, read_blob(blob)) == (hashlib.sha256(data).hexdigest(), len(data), data)
    assert _files(folder) == [folder / blob.path]


def test_store_stream_one_byte_over_the_limit_keeps_nothing(folder: Path) -> None:
    with pytest.raises(TooLarge, match=r"larger than the 1,000 bytes.*VIMAGETRACK_MAX_UPLOAD"):
        store_stream(io.BytesIO(b"x" * 1001), limit=1000)
    assert _files(folder) == []


def test_store_stream_that_breaks_keeps_nothing(folder: Path) -> None:
    class Broken:
        def read(self, size: int = -1, /) -> bytes:
            if folder.exists() and _files(folder) and _files(folder)[0].stat().st_size == 0:
                raise ConnectionResetError
            return b"x"

    with pytest.raises(ConnectionResetError):
        store_stream(Broken(), limit=10 * store.PIECE_BYTES)
    assert _files(folder) == []


def test_store_bytes_are_compressed_and_come_back(db: None, folder: Path) -> None:
    data = b"the same line\n" * 10_000
    blob = blob_row(store_bytes(data), now=NOW)
    assert blob.encoding == "gzip"
    assert (folder / blob.path).stat().st_size < len(data) / 20
    with open_blob(blob) as opened:
        assert opened.read() == data


def test_blob_row_of_the_same_bytes_is_one_row_however_they_were_stored(db: None, folder: Path) -> None:
    data = b"diff\n"
    first = blob_row(store_stream(io.BytesIO(data), limit=100), now=NOW)
    assert blob_row(store_bytes(data), now=NOW) == first
    assert Blob.objects.count() == 1
    assert read_blob(first) == data


def test_bytes_are_synced_then_named_then_the_folders_are_synced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted_fsync(handle: int) -> None:
        did.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        fsync(handle)

    def noted_rename(self: Path, target: Path) -> Path:
        did.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    store_stream(io.BytesIO(b"x"), limit=1)
    assert did == ["file", "rename", "folder", "folder", "folder"]
