from __future__ import annotations

import pytest

from tests.engine.diff.tools import BODY, codes, git, kept, plain, refused

X17 = b"@@ -1,2 +1,2 @@\n"


@pytest.mark.parametrize(
    ("body", "code", "lineno"),
    [
        (b"@@ --1,2 +1,2 @@\n a\n-b\n+c\n", "hunk-header", 3),
        (b"@@ -\xd9\xa1 +1 @@\n-a\n+b\n", "hunk-header", 3),
        (b"@@ -1 +1\n-a\n+b\n", "hunk-header", 3),
        (b"@@ -1 +1 @@", "truncated", 3),
        (b"@@ -" + b"9" * 5000 + b",1 +1 @@\n-a\n+b\n", "hunk-numbers", 3),
        (b"@@ -3000000000 +1 @@\n-a\n+b\n", "hunk-numbers", 3),
        (b"@@ -1 +99999999999999999999 @@\n-a\n+b\n", "hunk-numbers", 3),
        (b"@@ -0,2 +1,2 @@\n a\n-b\n+c\n", "hunk-numbers", 3),
        (b"@@ -1,2 +0,2 @@\n a\n-b\n+c\n", "hunk-numbers", 3),
        (b"@@ -1,0 +1,0 @@\n", "empty-hunk", 3),
        (b"@@ -1,0 +1,0 @@\n a\n", "empty-hunk", 3),
        (X17, "truncated", 3),
        (X17 + b" a\n-b\n", "truncated", 5),
        (X17 + b" a\n-b\n+c", "truncated", 6),
        (X17 + b" a\n-b\n--- a/y\n", "hunk-too-short", 6),
        (X17 + b" a\n-b\n\\ No newline at end of file\n", "truncated", 6),
        (X17 + b" a\n-b\ngarbage\n+c\n", "hunk-too-short", 6),
        (X17 + b" a\n-b\n\rc\n+c\n", "hunk-too-short", 6),
        (X17 + b"\\ No newline at end of file\n a\n-b\n+c\n", "hunk-too-short", 4),
        (BODY + b" d\n", "hunk-too-long", 7),
        (BODY + b"-d\n", "hunk-too-long", 7),
        (BODY + b"+d\n", "hunk-too-long", 7),
        (BODY + b"-\n", "hunk-too-long", 7),
        (BODY + b" \n \n+d\n", "hunk-too-long", 9),
        (BODY + b"--0000\n", "hunk-too-long", 7),
        (BODY + b"@@ -2,2 +2,2 @@\n ctx\n-a\n+b\n", "hunk-order", 7),
        (BODY + b"@@ -9,1 +2,1 @@\n-a\n+b\n", "hunk-order", 7),
        (b"@@ -9 +9 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b\n", "hunk-order", 6),
        (b"@@ -1,2 +1,2 @@\n-a\n\\ No newline at end of file\n b\n+c\n", "marker", 6),
        (b"@@ -1,2 +1,2 @@\n-a\n\\ No newline at end of file\n-b\n+c\n+d\n", "marker", 6),
        (b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n\\ No newline at end of file\n+b\n", "marker", 6),
        (b"@@ -1 +1 @@\n-a\n\\No newline\n+b\n", "marker", 5),
        (
            b"@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n@@ -5 +5 @@\n-a\n+b\n",
            "marker",
            7,
        ),
        (b"@@@ -1 -1 +1 @@@\n  a\n", "combined-diff", 3),
    ],
)
def test_a_hunk_that_lies_is_refused_at_its_line(body: bytes, code: str, lineno: int) -> None:
    error = refused(plain(body=body), code)
    assert (error.diff_lineno, error.path) == (lineno, "x.c")


@pytest.mark.parametrize(
    "body",
    [
        b"@@ -1,3 +1,3 @@\n a\n--- x/evil.c\n+++ y/evil.c\n b\n",
        b"@@ -1,2 +1,2 @@\n\n-a\n+b\n",
        b"@@ -1,2 +1,2 @@\r\n\r\n-a\r\n+b\r\n",
        b"@@ -1,2 +1,2 @@\n-a\n+b\n\n",
        b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
        b"@@ -1 +1 @@\n-a\n+b\n\\ Kein Zeilenumbruch am Dateiende.\n",
        b"@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file",
        b"@@ -3,0 +4 @@\n+b\n",
        b"@@ -4 +3,0 @@\n-b\n",
        b"@@ -1 +1 @@ <script>alert(1)</script>\n-a\n+b\n",
        b"@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n+b\n",
        BODY + b"-- \n2.30.1\n\n",
        BODY + b"--\nsignature\n",
        BODY + b"-------------- next part --------------\n",
        BODY + b"\n\n",
        BODY + b" \n",
        BODY + b"@ this is prose\n",
    ],
)
def test_an_honest_hunk_is_kept(body: bytes) -> None:
    diff = kept(plain(body=body))
    assert len(diff.files[0].hunks) == body.count(b"@@ -")
    assert not diff.warnings


def test_a_plain_file_follows_a_body_without_any_line_between() -> None:
    diff = kept(plain() + plain(b"a/y.c", b"b/y.c") + git(b"z.c"))
    assert [(file.path, file.added, file.removed) for file in diff.files] == [
        ("x.c", 1, 1),
        ("y.c", 1, 1),
        ("z.c", 1, 1),
    ]


def test_the_border_between_parts_of_a_mail_ends_a_hunk() -> None:
    head = b'Content-Type: multipart/mixed; boundary="0042ab"\n\n--0042ab\n\n'
    kept(head + plain() + b"--0042ab--\n")
    for said in (b"boundary=0042ab\n", b"boundary=0042ab; charset=x\n"):
        kept(b"Content-Type: multipart/mixed; " + said + b"\n--0042ab\n\n" + plain() + b"--0042ab--\n")
    refused(b"boundary=0042abc\n\n" + plain() + b"--0042ab--\n", "hunk-too-long")
    kept(b"x\n" * 40000 + head + plain() + b"--0042ab\n\ntext\n")
    refused(head + plain() + b"--0042ac\n", "hunk-too-long")


def test_a_long_full_context_hunk_with_a_tail_is_measured() -> None:
    # More than the hundred lines that are walked one by one, and no other hunk behind it.
    lines = b" line\n" * 5000
    diff = kept(plain(body=b"@@ -1,5001 +1,5001 @@\n" + lines + b"-a\n+b\n") + b"-- \n2.30\n")
    assert diff.files[0].hunks[0].body.count(b"\n") == 5002
    assert diff.trailer == b"-- \n2.30\n"


def test_hand_edited_numbers_and_idle_hunks_are_flagged() -> None:
    assert codes(plain(body=b"@@ -1 +1 @@\n-a\n+b\n@@ -9 +12 @@\n-a\n+b\n")) == ["hunk-shifted"]
    assert codes(plain(body=b"@@ -1 +1 @@\n a\n")) == ["hunk-without-change"]


def test_stray_at_signs_do_not_move_a_hunk() -> None:
    diff = kept(plain() + b"@ prose\n" + plain(b"a/y", b"b/y"))
    assert diff.files[1].preamble == b"@ prose\n"
    assert diff.files[0].hunks[0].body == BODY.split(b"\n", 1)[1]


def test_an_at_sign_inside_a_body_is_no_border() -> None:
    body = b"@@ -1,2 +1,2 @@\n @a@\n-b @@ -1 +1 @@\n+@@ -1 +1 @@\n"
    diff = kept(plain(body=body + b"@@ -9,2 +9,2 @@\n a\n-b\n+@\n") + plain(b"a/y", b"b/y"))
    first, _ = diff.files[0].hunks
    assert first.header + first.body == body


def test_a_header_line_above_eight_kilobytes_is_refused() -> None:
    refused(plain(b"a/" + b"x" * 9000), "header-too-long")
    refused(plain(body=b"@@ -1 +1 @@ " + b"x" * 9000 + b"\n-a\n+b\n"), "header-too-long")
    refused(b"diff --git a/x b/x" + b" " * 9000 + b"\n", "header-too-long")
    kept(plain(body=b"@@ -1 +1 @@\n-" + b"x" * 9000 + b"\n+b\n"))


def test_the_file_of_a_bad_hunk_is_named_without_prefix_on_any_side() -> None:
    bad = b"@@ -1 +1 @@\n-a\n"
    assert refused(plain(b"a/x", b"/dev/null", bad), "truncated").path == "x"
    assert refused(plain(b"/dev/null", b"b/x", bad), "truncated").path == "x"
    assert refused(plain(b"one", b"two", bad), "truncated").path == "two"
