from __future__ import annotations

import subprocess
import zlib
from base64 import b85encode
from pathlib import Path

import pytest

from tests.engine.diff.tools import git, kept, refused
from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.binary import MAX_BINARY, apply_binary
from vimagetrack.engine.errors import ApplyError

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def payload(data: bytes, method: bytes = b"literal", size: int | None = None) -> bytes:
    """Write one fragment as git does."""
    packed = zlib.compress(data)
    lines = [packed[at : at + 52] for at in range(0, len(packed), 52)]
    text = b"".join(
        LETTERS[len(line) - 1 : len(line)] + b85encode(line + b"\0" * (-len(line) % 4)) + b"\n"
        for line in lines
    )
    return method + b" %d\n" % (len(data) if size is None else size) + text + b"\n"


def section(*fragments: bytes) -> bytes:
    return git(b"x", b"index 1111111..2222222 100644", body=b"") + b"GIT binary patch\n" + b"".join(fragments)


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes((value & 127 | 128,))
        value >>= 7
    return out + bytes((value,))


def delta(old: int, new: int, *steps: bytes) -> bytes:
    return varint(old) + varint(new) + b"".join(steps)


def copy(start: int, size: int) -> bytes:
    return b"\xff" + start.to_bytes(4, "little") + size.to_bytes(3, "little")


def test_git_writes_what_we_read(tmp_path: Path) -> None:
    def run(*words: str) -> bytes:
        return subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            timeout=30,
        ).stdout

    old = bytes(range(256)) * 40
    new = old[:3000] + b"\xff\0middle" + old[2000:] + b"\1end"
    run("init", "-q", ".")
    (tmp_path / "x").write_bytes(old)
    run("add", "x")
    run("commit", "-qm", "x")
    (tmp_path / "x").write_bytes(new)
    diff = kept(run("diff", "--binary", "--full-index") + git(b"y"))
    assert b"delta " in diff.files[0].header
    assert [file.path for file in diff.files] == ["x", "y"]
    assert apply_binary(diff.files[0].header, old) == new
    with pytest.raises(ApplyError, match="binary"):
        apply_file(diff.files[0], old)


def test_a_literal_with_its_reverse_is_kept_and_applied() -> None:
    data = section(payload(b"\0new" * 50), payload(b"")) + git(b"y")
    diff = kept(data)
    assert apply_binary(diff.files[0].header, b"") == b"\0new" * 50
    assert diff.files[0].binary
    assert diff.files[1].preamble == b""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (section(b"literal 3\nAx\n\n"), "not what git writes"),
        (section(payload(b"abc").replace(b"\n\n", b"\n \n\n")), "not what git writes"),
        (section(payload(b"abc").replace(b"\n", b"\r\n")), "is cut"),
        (section(payload(b"abc")[:-1]), "is cut"),
        (section(payload(b"abc"), b"literal x\n"), "second half"),
        (section(payload(b"abc"), b"lit"), "second half"),
        (section(b"nothing\n"), "does not say"),
        (section(b""), "does not say"),
        (section(payload(b"", size=MAX_BINARY + 1)), "would unpack"),
        (section(payload(delta(5, 1 << 40, copy(0, 5)), b"delta")), "would unpack"),
        (section(payload(b"\xff" * 32, b"delta")), "would unpack"),
        (section(payload(b"\5", b"delta")), "would unpack"),
        (section(b"delta 12\nTcmYdHpQV2zzzzzzzz\n\n"), "not what git writes"),
        (section(b"delta 12\nT" + b"z" * 25 + b"\n\n"), "would unpack"),
        (section(b"delta 12\nT" + b"0" * 25 + b"\n\n"), "would unpack"),
    ],
)
def test_a_payload_that_git_would_not_write_is_refused(data: bytes, words: str) -> None:
    refused(data, "binary-payload", words)


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        (payload(b"abc", size=2), "not as long"),
        (payload(b"abc", size=4), "not as long"),
        (b"literal 4\nDzzzzz\n\n", "cannot be unpacked"),
        (b"literal 4\nD00000\n\n", "cannot be unpacked"),
        (payload(delta(9, 5, copy(0, 5)), b"delta"), "another version"),
        (payload(delta(5, 4, copy(0, 5)), b"delta"), "does not give the size"),
        (payload(delta(5, 6, copy(0, 5)), b"delta"), "does not give the size"),
        (payload(delta(5, 6, copy(3, 5)), b"delta"), "past the end"),
        (payload(delta(5, 6, b"\0"), b"delta"), "unknown instruction"),
        (payload(delta(5, 6, b"\x06abc"), b"delta"), "is cut"),
        (payload(delta(5, 6, b"\xff"), b"delta"), "is cut"),
    ],
)
def test_a_payload_that_does_not_fit_is_refused_on_unpacking(fragment: bytes, words: str) -> None:
    with pytest.raises(ApplyError, match=words):
        apply_binary(b"diff --git a/x b/x\nGIT binary patch\n" + fragment, b"12345")


def test_small_steps_of_a_delta() -> None:
    steps = (b"\x03abc", b"\x91\x01\x02", b"\x80")
    old = b"0123" + b"x" * 0x10000
    made = payload(delta(len(old), 5 + 0x10000, *steps), b"delta")
    new = apply_binary(b"x\nGIT binary patch\n" + made, old)
    assert new == b"abc12" + old[:0x10000]


def test_a_section_without_payload_cannot_be_unpacked() -> None:
    with pytest.raises(ApplyError, match="no binary payload"):
        apply_binary(b"Binary files a/x and b/x differ\n", b"")
