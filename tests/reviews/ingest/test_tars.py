"""A tree that came with an upload is read for its regular files, and for nothing else."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
from collections.abc import Callable

import pytest

from reviews.ingest.tars import read_tar, tar_digest, tree_digest
from vimagetrack.errors import DomainError, TooLarge

LIMIT = 1 << 20


def tar_of(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", encoding="utf-8", errors="surrogateescape") as tar:
        for name, text in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = kind, link, len(text)
            tar.addfile(member, io.BytesIO(text))
    return raw.getvalue()


def read(data: bytes, *, limit: int = LIMIT, wanted: set[str] | None = None) -> dict[str, bytes]:
    return read_tar(io.BytesIO(data), limit=limit, wanted=wanted)


# Refused


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../../etc/passwd", "a/../../b", "a//b", "a/./b", "", "..", "./../x"]
)
def test_a_name_that_leaves_the_tree(name: str) -> None:
    with pytest.raises(DomainError, match="none inside a tree"):
        read(tar_of((name, b"x")))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_regular_file(kind: bytes) -> None:
    with pytest.raises(DomainError, match="no regular file"):
        read(tar_of(("a", b""), kind=kind, link="/etc/passwd"))


def test_a_name_twice() -> None:
    with pytest.raises(DomainError, match=r"a\.c twice"):
        read(tar_of(("a.c", b"1"), ("./a.c", b"2")))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 a word document", b"\x1f\x8b broken gzip", b"BZh9x", b"\0" * 99]
)
def test_what_is_no_tar(data: bytes) -> None:
    with pytest.raises(DomainError, match="no tar that can be read"):
        read(data)


def test_a_tar_that_ends_early() -> None:
    with pytest.raises(DomainError, match=r"no tar that can be read|ends inside"):
        read(tar_of(("a.c", b"x" * 5000))[:2000])


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_is_stopped_at_the_limit(pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(TooLarge, match="more bytes than this server unpacks"):
        read(pack(tar_of(("a", bytes(4 * LIMIT)))))


# Read


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_the_texts_come_by_path(pack: Callable[[bytes], bytes]) -> None:
    data = pack(tar_of(("./sys/a.c", b"a\0\xff"), ("b\udcff.c", b"")))
    assert read(data) == {"sys/a.c": b"a\0\xff", "b\udcff.c": b""}


def test_only_what_is_wanted_is_kept() -> None:
    assert read(tar_of(("a", b"1"), ("b", b"2")), wanted={"b", "c"}) == {"b": b"2"}


def test_folders_are_passed_by() -> None:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        folder = tarfile.TarInfo("sys")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
    assert read(raw.getvalue()) == {}


def test_tree_digest_is_of_paths_and_texts_whatever_their_order() -> None:
    assert tree_digest({"a": b"1", "b": b"2"}) == tree_digest({"b": b"2", "a": b"1"})
    assert tree_digest({"a": b"1", "b": b"2"}) != tree_digest({"a": b"2", "b": b"1"})
    assert tree_digest({}) != tree_digest({"a": b""})


def test_tar_digest_is_the_digest_of_its_tree() -> None:
    data = tar_of(("sys/a.c", b"1"), ("b.c", b"x" * 600_000))
    assert tar_digest(io.BytesIO(gzip.compress(data)), limit=LIMIT) == tree_digest(read(data))
    assert tar_digest(io.BytesIO(tar_of()), limit=LIMIT) == ""
    with pytest.raises(DomainError, match="twice"):
        tar_digest(io.BytesIO(tar_of(("a.c", b"1"), ("a.c", b"2"))), limit=LIMIT)


def test_tar_digest_of_a_bomb_costs_no_memory() -> None:
    bomb = io.BytesIO(gzip.compress(tar_of(("a", bytes(24 << 20)))))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        tar_digest(bomb, limit=16 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20, peak


@pytest.mark.parametrize("cut", [600, 1500, 2047])
def test_a_tar_that_was_cut_has_no_digest(cut: int) -> None:
    with pytest.raises(DomainError):
        tar_digest(io.BytesIO(tar_of(("a", b"x" * 1200))[:cut]), limit=LIMIT)
