from __future__ import annotations

import pytest

from tests.engine.diff.tools import codes, git, plain, refused

NEW = b"@@ -0,0 +1 @@\n+a\n"
GONE = b"@@ -1 +0,0 @@\n-a\n"


def create(name: bytes, mode: bytes = b"100644") -> bytes:
    return git(name, b"new file mode " + mode, body=b"") + plain(b"/dev/null", b"b/" + name, NEW)


def delete(name: bytes, mode: bytes = b"100644") -> bytes:
    return git(name, b"deleted file mode " + mode, body=b"") + plain(b"a/" + name, b"/dev/null", GONE)


def move(old: bytes, new: bytes, verb: bytes = b"rename") -> bytes:
    lines = b"diff --git a/" + old + b" b/" + new + b"\nsimilarity index 100%\n"
    return lines + verb + b" from " + old + b"\n" + verb + b" to " + new + b"\n"


@pytest.mark.parametrize(
    "data",
    [
        plain() + plain(),
        git(b"x") + git(b"x"),
        create(b"x") + git(b"x"),
        git(b"x") + delete(b"x"),
        move(b"x", b"y") + git(b"x"),
        move(b"x", b"y") + git(b"y"),
        move(b"x", b"y") + move(b"x", b"z"),
        plain(b"a/x.c", b"b/x.c") + plain(b"./x.c", b"./x.c"),
    ],
)
def test_a_second_section_for_a_file_is_refused(data: bytes) -> None:
    error = refused(data, "duplicate-file")
    assert "the first at diff line 1" in error.message


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (create(b"x"), []),
        (delete(b"x"), ["deleted"]),
        (move(b"x", b"y"), ["renamed"]),
        (move(b"x", b"y", b"copy") + git(b"x"), ["copied"]),
        (move(b"x", b"y") + move(b"y", b"x"), ["rename-cycle", "renamed", "rename-cycle", "renamed"]),
        (move(b"x", b"y") + create(b"x"), ["rename-cycle", "renamed"]),
        (git(b"x", b"old mode 100644", b"new mode 100755", body=b""), ["mode"]),
        (git(b"x", b"old mode 100644", b"new mode 104755", body=b""), ["mode", "mode-unusual"]),
        (create(b"x", b"120000"), ["symlink"]),
        (git(b"x", b"index 1111111..2222222 160000"), ["submodule"]),
        (delete(b"x") + create(b"x", b"120000"), ["deleted", "symlink", "type-change"]),
        (git(b"X.c") + git(b"x.C"), ["names-alike"]),
        (
            plain(b"a/caf\xc3\xa9", b"b/caf\xc3\xa9") + plain(b"a/cafe\xcc\x81", b"b/cafe\xcc\x81"),
            ["name-not-normal", "names-alike"],
        ),
        (git(b"x", b"index 1111111..2222222", body=b"") + b"Binary files a/x and b/x differ\n", ["binary"]),
    ],
)
def test_what_lines_do_not_show_is_flagged(data: bytes, found: list[str]) -> None:
    assert codes(data) == found


@pytest.mark.parametrize(
    "data",
    [
        create(b"x", b"120000") + create(b"x/y"),
        create(b"x/y/z") + create(b"x", b"120000"),
        git(b"x") + create(b"x/y"),
    ],
)
def test_nothing_is_written_below_a_link_or_a_file(data: bytes) -> None:
    refused(data, "beyond-link")


def test_a_folder_may_take_the_place_of_a_deleted_file() -> None:
    assert codes(delete(b"x") + create(b"x/y")) == ["deleted"]


@pytest.mark.parametrize(
    "data",
    [
        git(b"Dir/x") + git(b"dir/y"),
        git(b"a/DIR/x") + git(b"a/dir/y/z"),
        git(b"L", b"index 1111111..2222222 120000") + git(b"l/x"),
    ],
)
def test_folders_that_some_file_system_takes_for_one_are_flagged(data: bytes) -> None:
    assert codes(data).count("names-alike") == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x\u2028y", "name-invisible"),
        ("x\u00a0y", "name-invisible"),
        ("\uff0e\uff0e/x", "name-lookalike"),
        ("a\uff0fb", "name-lookalike"),
        ("\u2024\u2024/x", "name-lookalike"),
    ],
)
def test_names_that_read_as_others_are_flagged(name: str, code: str) -> None:
    assert code in codes(git(name.encode()))
