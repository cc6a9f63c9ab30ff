from __future__ import annotations

import pytest

from tests.engine.diff.tools import codes, git, kept, plain, refused

RULE = b"=" * 67 + b"\n"
INDEX = b"Index: y\n" + RULE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml", "a Word document"),
        (b"PK\x03\x04" + b"\0" * 30 + b"xl/workbook.xml", "an Excel sheet"),
        (b"PK\x03\x04" + b"\0" * 30 + b"ppt/x", "a presentation"),
        (b"PK\x03\x04" + b"\0" * 30 + b"x.c", "a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word"),
        (b"%PDF-1.4\n", "a PDF"),
        (b"{\\rtf1\\ansi", "Rich Text"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"x.diff" + b"\0" * 251 + b"ustar\0", "tar archive"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x7fELF", "a compiled program"),
        (b"# v2 git bundle\n", "a git bundle"),
        (b"<!DOCTYPE html>\n<html>", "a web page"),
        (b"Subject: x\nContent-Transfer-Encoding: base64\n\nLS0tIGEveAo=\n", "a mail whose text is encoded"),
        (b"On Monday X wrote:\n> --- a/x\n> +++ b/x\n", "quoted in a reply"),
        (b"*** a/x\n--- b/x\n", "a context diff"),
        (INDEX, "names changes and shows no line"),
        (b"hello\0world\n", "a binary file"),
        (b"hello\rworld\r", "lone carriage return"),
        (b"hello\nworld\n", "no line in it begins"),
    ],
)
def test_what_is_no_diff_is_called_by_its_name(data: bytes, words: str) -> None:
    refused(data, "not-a-diff", words)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n"])
def test_nothing_is_refused_as_nothing(data: bytes) -> None:
    refused(data, "empty")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_is_refused(codec: str) -> None:
    refused(plain().decode().encode(codec), "utf-16")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"*** x.c\tdate\n--- x.c\tdate\n***************\n*** 1,5 ****\n", "context-diff"),
        (b"Index: y\n" + RULE + b"1,2c1\n< a\n---\n> b\n", "normal-diff"),
        (b"3a4\n> b\n", "normal-diff"),
        (b"Index: y\n" + RULE + b"3d\n", "ed-script"),
        (b"1,2c\n!touch /tmp/x\n.\n", "ed-script"),
        (b"1a\r\nx\r\n.\r\n", "ed-script"),
        (b"Index: y\n" + RULE + b"d1 2\na4 1\nx\n", "rcs-diff"),
        (b"@@ -1 +1 @@\n-a\n+b\n", "orphan-hunk"),
        (b"GIT binary patch\nliteral 0\n", "orphan-binary"),
        (b"diff --cc x.c\nindex 1,2..3\n", "combined-diff"),
        (b"diff --combined x.c\n", "combined-diff"),
        (b"@@@ -1,2 -1,2 +1,3 @@@\n", "combined-diff"),
    ],
)
def test_another_dialect_beside_a_section_is_refused(text: bytes, code: str) -> None:
    refused(git(b"x") + b"\n" + text, code)
    refused(text + b"\n" + git(b"x"), code)


@pytest.mark.parametrize(
    "text",
    [
        b"1a\nx\n..\n",
        b"3d glasses\n",
        b"2008-06-15\n",
        b"a4 paper\n",
        b"a3 1\n",
        b"12 of 15\n",
        b"*** important ***\n",
        b"***************\n",
        b"--- mark ---\n",
        b"Index: of terms\n",
        b"Files and folders\n",
        b"diff of opinions\n",
        b"@home\n",
        b"@@ \n",
        b"    --- a/indented\n    +++ b/indented\n    @@ -1 +1 @@\n",
    ],
)
def test_prose_between_sections_is_prose(text: bytes) -> None:
    data = git(b"x") + b"\n" + text + git(b"y")
    diff = kept(data)
    assert [file.path for file in diff.files] == ["x", "y"]
    assert diff.files[1].preamble == b"\n" + text
    assert not diff.warnings


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"Binary files a/y and b/y differ\n", "binary-not-shown"),
        (b"Files a/y and b/y differ\n", "binary-not-shown"),
        (b"Binary file y has changed\n", "binary-not-shown"),
        (b"Symbolic links a/y and b/y differ\n", "binary-not-shown"),
        (INDEX + b"Cannot display: file marked as a binary type.\n", "binary-not-shown"),
        (b"Only in b/sys: y\n", "only-in"),
        (b"Nur in b/sys: y.\n", "only-in"),
        ("\u0422\u043e\u043b\u044c\u043a\u043e \u0432 b: y\n".encode(), "only-in"),
        ("\u53ea\u5728 b \u5b58\u5728\uff1ay\n".encode(), "only-in"),
        ("Bin\u00e4rdateien a/y und b/y sind verschieden.\n".encode(), "binary-not-shown"),
        ("Les fichiers binaires a/y et b/y sont diff\u00e9rents\n".encode(), "binary-not-shown"),
        ("\u4e8c\u8fdb\u5236\u6587\u4ef6 a/y \u548c b/y \u4e0d\u540c\n".encode(), "binary-not-shown"),
        (b"==== //depot/y#1 ==A== //depot/y ====\n", "not-shown"),
        (b"=== removed file 'y'\n", "not-shown"),
        (b"File a/y is a directory while file b/y is a regular file\n", "not-shown"),
        (b"Submodule lib 1234567..2345678:\n  > message\n", "not-shown"),
        (b"Submodule lib 0000000...2345678 (new submodule)\n", "not-shown"),
        (b"Submodule lib contains modified content\n", "not-shown"),
        (INDEX, "not-shown"),
        (b"Deleted: trunk/y\n" + b"=" * 67 + b"\n", "not-shown"),
        (b"cvs diff: y was removed, no comparison available\n", "not-shown"),
        (b"--- y\t(revision 1)\n+++ y\t(working copy)\n\n", "not-shown"),
        (b"Property changes on: y\n___\nAdded: svn:executable\n", "properties"),
    ],
)
def test_a_change_that_is_named_but_not_shown_is_flagged(text: bytes, code: str) -> None:
    assert code in codes(git(b"x") + b"\n" + text + b"\n" + git(b"z"))


@pytest.mark.parametrize(
    "text",
    [b"File a/d is a directory while file b/d is a regular file\n", b"=== added directory 'd'\n"],
)
def test_what_has_no_text_is_flagged_also_right_above_another_file(text: bytes) -> None:
    assert codes(text + plain()) == ["not-shown"]


def test_a_title_of_a_commit_mail_above_names_is_no_warning() -> None:
    title = b"Modified: head/x.c\n" + b"=" * 78 + b"\n"
    assert codes(title + plain(b"head/x.c\tMon Jan  1 00:00:00 2008\t(r1)", b"head/x.c\tMon\t(r2)")) == []


def test_an_index_line_that_opens_a_section_is_no_warning() -> None:
    assert codes(INDEX + plain(b"y", b"y") + INDEX.replace(b"y", b"z") + plain(b"z", b"z")) == []
    assert codes(b"==== //depot/y#1 - /ws/y ====\n" + plain(b"y", b"y")) == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_properties_belong_to_the_file_that_they_follow(end: bytes) -> None:
    text = end + b"Property changes on: x\n___\nAdded: svn:keywords\n## -0,0 +1 ##\n+Id\n"
    diff = kept(plain(b"x", b"x") + text + INDEX + plain(b"y", b"y") + text)
    assert diff.files[0].trailer == diff.files[1].trailer == text
    assert [warning.code for warning in diff.warnings] == ["properties", "properties"]
    assert diff.files[1].header.startswith(b"Index: y")


def test_a_byte_order_mark_is_kept_before_the_first_file() -> None:
    diff = kept(b"\xef\xbb\xbf" + plain())
    assert (diff.files[0].preamble, diff.warnings) == (b"\xef\xbb\xbf", ())


def test_header_lines_of_cvs_belong_to_the_file_prose_does_not() -> None:
    head = INDEX + b"RCS file: /r/y,v\nretrieving revision 1.1\ndiff -u -r1.1 y\n"
    diff = kept(b"? unknown\n" + head + plain(b"y", b"y"))
    assert diff.files[0].preamble == b"? unknown\n"
    assert diff.files[0].header.startswith(head)


def test_a_name_line_without_an_end_is_too_long_or_text() -> None:
    refused(git(b"x") + b"\n--- " + b"y" * 9000, "header-too-long")
    assert kept(git(b"x") + b"\n--- y").trailer == b"\n--- y"
