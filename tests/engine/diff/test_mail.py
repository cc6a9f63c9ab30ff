from __future__ import annotations

import pytest

from tests.engine.diff.tools import BODY, codes, git, kept, plain, refused

HEAD = (
    b"From 1234 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH] x\n\n"
    b"text\n---\n x | 2 +-\n\n"
)
QUOTED = b"Subject: x\nContent-Transfer-Encoding: Quoted-Printable\n\n"


def test_mails_with_signatures_are_kept() -> None:
    data = HEAD + git(b"x") + b"-- \n2.30.1\n\n" + HEAD + git(b"y") + b"-- \n2.30.1\n\n"
    diff = kept(data)
    assert [file.path for file in diff.files] == ["x", "y"]
    assert diff.files[1].preamble == b"-- \n2.30.1\n\n" + HEAD
    assert not diff.warnings


def test_a_file_in_two_mails_is_refused() -> None:
    error = refused(HEAD + git(b"x") + b"-- \n2.30.1\n\n" + HEAD + git(b"x"), "duplicate-file")
    assert "git diff BASE END" in error.hint


def test_a_diff_before_the_end_of_the_message_is_flagged() -> None:
    quoted = (
        b"Subject: x\n\nLook at this:\n" + plain(b"a/old.c", b"b/old.c") + b"---\n x.c | 2 +-\n" + plain()
    )
    diff = kept(quoted)
    assert [(warning.path, warning.code) for warning in diff.warnings] == [("old.c", "quoted-in-message")]
    assert codes(HEAD + git(b"x") + b"-- \n2\n\n" + HEAD + git(b"y")) == []


@pytest.mark.parametrize("line", [b"+d = 3D;\n", b"+d =3d;\n", b"+x =\n"])
def test_a_diff_in_quoted_printable_is_refused(line: bytes) -> None:
    body = b"@@ -1 +1,2 @@\n-a\n+b\n" + line
    refused(QUOTED + plain(body=body.replace(b"= ", b"=3D ")), "mail-encoding")


def test_the_encoding_holds_until_another_is_said() -> None:
    odd = plain(b"a/y", b"b/y", b"@@ -1 +1 @@\n-a\n+=3D\n")
    refused(QUOTED + git(b"x") + odd, "mail-encoding")
    kept(QUOTED + git(b"x") + b"\nContent-Transfer-Encoding: 8bit\n\n" + odd)
    kept(QUOTED + git(b"x") + plain(b"a/y", b"b/y", b"@@ -1 +1 @@\n-a\n+b = c\n"))


def test_a_mail_that_breaks_lines_is_explained() -> None:
    error = refused(QUOTED + plain(body=b"@@ -1 +1 @@\n-a long =\nline\n+b\n"), "hunk-too-short")
    assert "quoted-printable" in error.hint
    assert (
        "quoted-printable" not in refused(plain(body=b"@@ -1 +1 @@\n-a\nline\n+b\n"), "hunk-too-short").hint
    )


def test_a_part_in_base64_behind_a_diff_is_flagged() -> None:
    part = b"\n--b1\nContent-Transfer-Encoding: BASE64\n\nLS0tIGEveAo=\n--b1--\n"
    data = b'Content-Type: multipart/mixed; boundary="b1"\n\n--b1\n\n' + git(b"x") + part
    assert codes(data) == ["mail-part-unread"]


def test_flowed_text_is_flagged() -> None:
    assert codes(b"Content-Type: text/plain; format=flowed\n\n" + git(b"x")) == ["mail-flowed"]


@pytest.mark.parametrize("line", [b"+evil();\n", b"-check();\n"])
def test_text_like_changes_behind_an_empty_line_is_flagged(line: bytes) -> None:
    assert codes(git(b"x") + b"\n" + line) == ["text-like-change"]
    assert codes(git(b"x") + b"\n- a list\n-- \n2\n") == []
    assert codes(plain(body=BODY) + b"\nprose\n") == []
