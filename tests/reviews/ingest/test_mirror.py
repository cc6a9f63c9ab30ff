"""Old texts come from a bare mirror through git, and nothing that a user says reaches its command line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reviews.ingest.mirror import read_commit, resolve_commit
from vimagetrack.errors import DomainError, TemporaryFailure, TooLarge

FILES = {"sys/a.c": b"a\n\0\xff", "sp ace.c": b"", "sys/b\udcff.c": b"latin\n"}


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> str:
    work, bare = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("bare") / "mirror.git"
    for path, text in FILES.items():
        target = work / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(text)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "base"],
    ):
        subprocess.run(["git", "-C", str(work), *command], check=True)
    subprocess.run(["git", "clone", "-q", "--mirror", str(work), str(bare)], check=True)
    return str(bare)


@pytest.fixture(scope="module")
def head(mirror: str) -> str:
    done = subprocess.run(
        ["git", f"--git-dir={mirror}", "rev-parse", "HEAD"], check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def test_resolve_commit_gives_the_full_id(mirror: str, head: str) -> None:
    assert resolve_commit(mirror, head[:10]) == head


@pytest.mark.parametrize("commit", ["HEAD", "-h", "--batch-all-objects", "abc", "0123456\nHEAD", "g" * 40])
def test_resolve_commit_takes_hexadecimal_only(mirror: str, commit: str) -> None:
    with pytest.raises(DomainError, match="hexadecimal"):
        resolve_commit(mirror, commit)


def test_resolve_commit_that_is_not_there(mirror: str) -> None:
    with pytest.raises(DomainError, match=r"no commit 0000000.*send a tar"):
        resolve_commit(mirror, "0" * 40)


def test_resolve_commit_of_a_file_is_no_commit(mirror: str, head: str) -> None:
    done = subprocess.run(
        ["git", f"--git-dir={mirror}", "rev-parse", f"{head}:sys/a.c"], check=True, capture_output=True
    )
    with pytest.raises(DomainError, match="no commit"):
        resolve_commit(mirror, done.stdout.decode().strip())


def test_read_commit_gives_exact_bytes_of_what_is_there(mirror: str, head: str) -> None:
    asked = {*FILES, "gone.c", "sys", "line\nbreak.c"}
    assert read_commit(mirror, head, asked, limit=1000) == FILES


def test_read_commit_stops_at_the_limit(mirror: str, head: str) -> None:
    with pytest.raises(TooLarge):
        read_commit(mirror, head, set(FILES), limit=5)


def test_a_mirror_that_is_gone_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(TemporaryFailure):
        resolve_commit(str(tmp_path / "gone"), "0" * 40)
