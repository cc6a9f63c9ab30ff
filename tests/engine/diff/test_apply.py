from __future__ import annotations

import pytest

from tests.engine.diff.tools import git, kept, plain
from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.errors import ApplyError

MARKER = b"\\ No newline at end of file\n"
NEW = b"@@ -0,0 +1 @@\n+a\n"
GONE = b"@@ -1 +0,0 @@\n-a\n"


def section(data: bytes) -> FileDiff:
    return kept(data).files[0]


@pytest.mark.parametrize(
    ("body", "old", "new"),
    [
        (b"@@ -2 +2 @@\n-b\n+B\n", b"a\nb\nc\n", b"a\nB\nc\n"),
        (b"@@ -1 +1 @@\n-a\n+A\n@@ -3 +3 @@\n-c\n+C\n", b"a\nb\nc\n", b"A\nb\nC\n"),
        (b"@@ -2,0 +3,2 @@\n+x\n+y\n", b"a\nb\nc\n", b"a\nb\nx\ny\nc\n"),
        (b"@@ -0,0 +1 @@\n+x\n@@ -3,0 +5 @@\n+y\n", b"a\nb\nc\n", b"x\na\nb\nc\ny\n"),
        (b"@@ -2 +1,0 @@\n-b\n", b"a\nb\nc\n", b"a\nc\n"),
        (b"@@ -1 +1 @@\n-a\n" + MARKER + b"+a\n", b"a", b"a\n"),
        (b"@@ -1 +1 @@\n-a\n+a\n" + MARKER, b"a\n", b"a"),
        (b"@@ -1,2 +1 @@\n a\n-b\n" + MARKER, b"a\nb", b"a\n"),
        (b"@@ -1 +1 @@\n-a\x0cb\rc\n+d\n", b"a\x0cb\rc\nx\n", b"d\nx\n"),
    ],
)
def test_a_section_is_applied_at_its_exact_place(body: bytes, old: bytes, new: bytes) -> None:
    assert apply_file(section(plain(body=body)), old) == new


@pytest.mark.parametrize(
    ("data", "old", "words"),
    [
        (plain(body=b"@@ -2 +2 @@\n-b\n+B\n"), b"b\na\n", "hunk 1 does not fit at line 2"),
        (plain(body=b"@@ -9 +9 @@\n-b\n+B\n"), b"b\n", "hunk 1 does not fit at line 9"),
        (plain(body=b"@@ -1 +1 @@\n-a\n" + MARKER + b"+b\n"), b"a\nb\n", "hunk 1 does not fit"),
        (plain(body=b"@@ -1 +1 @@\n-a\n+b\n"), b"a", "hunk 1 does not fit"),
        (plain(body=b"@@ -1 +1 @@\n-a\n+b\n" + MARKER), b"a\nc\n", "inside the file"),
        (plain(body=b"@@ -1,0 +2 @@\n+b\n"), b"a", "inside the file"),
        (plain(), None, "not there"),
        (plain(b"/dev/null", b"b/x", NEW), b"x\n", "there already"),
        (
            git(b"x", b"new file mode 100644", body=b"") + plain(b"/dev/null", b"b/x", NEW),
            b"",
            "there already",
        ),
        (plain(b"a/x", b"/dev/null", GONE), b"a\nb\n", "leaves text"),
        (git(b"x", b"index 1..2", body=b"") + b"Binary files a/x and b/x differ\n", b"", "binary"),
    ],
)
def test_another_text_than_the_diff_was_made_on_is_refused(
    data: bytes, old: bytes | None, words: str
) -> None:
    with pytest.raises(ApplyError, match=words) as caught:
        apply_file(section(data), old)
    assert caught.value.path
    assert caught.value.diff_lineno


def test_an_absent_file_is_none_on_both_sides() -> None:
    assert apply_file(section(plain(b"/dev/null", b"b/x", NEW)), None) == b"a\n"
    assert apply_file(section(plain(b"/dev/null", b"b/x", NEW)), b"") == b"a\n"
    assert apply_file(section(plain(b"a/x", b"/dev/null", GONE)), b"a\n") is None
    assert apply_file(section(git(b"x", b"new file mode 100644", body=b"")), None) == b""
    assert apply_file(section(git(b"x", b"deleted file mode 100644", body=b"")), b"") is None
