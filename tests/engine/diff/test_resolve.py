from __future__ import annotations

import pytest

from tests.engine.diff.tools import BODY, codes, git, kept, plain, refused
from vimagetrack.engine.diff.model import FileOp

NEW = b"@@ -0,0 +1 @@\n+a\n"
GONE = b"@@ -1 +0,0 @@\n-a\n"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (b"a/sys/x.c", b"b/sys/x.c", "sys/x.c"),
        (b"i/x.c", b"w/x.c", "x.c"),
        (b"src://x.c", b"dst://x.c", "x.c"),
        (b"sys.orig/kern/x.c", b"sys/kern/x.c", "kern/x.c"),
        (b"sys/x.c", b"sys/x.c", "sys/x.c"),
        (b"sys/x.c.orig", b"sys/x.c", "sys/x.c"),
        (b"sys/x.c~", b"sys/x.c", "sys/x.c"),
        (b"a/x.c.orig", b"b/x.c", "x.c"),
        (b"sys/x.c\t1 Jan 2008 00:00:00 -0000\t1.1", b"sys/x.c\t2 Jan 2008 00:00:00 -0000", "sys/x.c"),
        (b"sys/x.c    26 Jul 2007 08:50:30 -0000", b"sys/x.c    26 Jul 2007 10:20:20 -0000", "sys/x.c"),
        (b"x.c 2008-06-15 12:00:00.0 +0000", b"x.c 2008-06-16 12:00:00.0 +0000", "x.c"),
        (b"x.c  (revision 4)", b"x.c  (working copy)", "x.c"),
        (b"x.c(revision 4)", b"x.c(working copy)", "x.c"),
        (b"x.c\tWed Mar 16 08:21:44 2011", b"x.c\tWed Mar 16 08:21:44 2012", "x.c"),
        (b"//depot/sys/x.c\t//depot/sys/x.c#5", b"//depot/sys/x.c\t2022-01-02 12:34:56", "depot/sys/x.c"),
        (b"//depot/sys/x.c  //depot/sys/x.c#5", b"/home/u/ws/x.c  2022-01-02 12:34:56", "depot/sys/x.c"),
        (b"a/x.c\r", b"b/x.c\r", "x.c"),
    ],
)
def test_a_plain_pair_names_one_file(old: bytes, new: bytes, path: str) -> None:
    diff = kept(plain(old, new))
    file = diff.files[0]
    assert (file.old_path, file.new_path, file.op) == (path, path, FileOp.MODIFY)
    assert not diff.warnings


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [(b"a/one.c", b"b/two.c", "two.c"), (b"one.c", b"two.c", "two.c"), (b"a/one.c", b"two.c", "two.c")],
)
def test_a_plain_pair_of_two_names_is_flagged(old: bytes, new: bytes, path: str) -> None:
    diff = kept(plain(old, new))
    assert diff.files[0].path == path
    assert [warning.code for warning in diff.warnings] == ["names-differ"]


@pytest.mark.parametrize(
    ("old", "new", "body", "op"),
    [
        (b"/dev/null", b"b/x.c", NEW, FileOp.CREATE),
        (b"a/x.c", b"/dev/null", GONE, FileOp.DELETE),
        (
            b"a/x.c\t1970-01-01 00:00:00.000000000 +0000",
            b"b/x.c\t2008-06-15 12:00:00 +0000",
            NEW,
            FileOp.CREATE,
        ),
        (
            b"a/x.c\t2008-06-15 12:00:00 +0000",
            b"b/x.c\t1970-01-01 01:00:00.000000000 +0100",
            GONE,
            FileOp.DELETE,
        ),
        (b"a/x.c\t(revision 0)", b"b/x.c\t(working copy)", NEW, FileOp.CREATE),
        (b"x.c\t(revision 4)", b"x.c\t(nonexistent)", GONE, FileOp.DELETE),
        (b"a/x.c", b"b/x.c", GONE, FileOp.MODIFY),
    ],
)
def test_a_side_that_is_not_there(old: bytes, new: bytes, body: bytes, op: FileOp) -> None:
    file = kept(plain(old, new, body)).files[0]
    assert file.op is op
    assert (file.old_path is None, file.new_path is None) == (op is FileOp.CREATE, op is FileOp.DELETE)
    assert file.path == "x.c"


def test_a_lone_name_loses_the_prefix_of_the_others() -> None:
    data = plain(b"linux.orig/k/x.c", b"linux/k/x.c") + plain(b"/dev/null", b"linux/k/y.c", NEW)
    assert [file.path for file in kept(data).files] == ["k/x.c", "k/y.c"]
    assert kept(plain(b"/dev/null", b"linux/k/y.c", NEW)).files[0].path == "linux/k/y.c"


def test_an_index_line_names_what_old_cvs_shortens() -> None:
    head = (
        b"Index: sys/net/if.c\n"
        + b"=" * 67
        + b"\nRCS file: /r/if.c,v\nretrieving revision 1.1\ndiff -u -r1.1 if.c\n"
    )
    diff = kept(head + plain(b"if.c\t1 Jan 2008", b"if.c\t2 Jan 2008"))
    assert (diff.files[0].path, diff.files[0].diff_lineno) == ("sys/net/if.c", 1)
    assert [warning.code for warning in diff.warnings] == ["index-name"]
    assert diff.files[0].header.startswith(b"Index: ")
    assert codes(head + plain(b"sys/net/if.c", b"sys/net/if.c")) == []
    assert codes(head + plain(b"sys/net/if.h", b"sys/net/if.h")) == ["names-differ"]
    alone = kept(head + plain(b"/dev/null", b"if.c", NEW)).files[0]
    assert (alone.old_path, alone.new_path) == (None, "sys/net/if.c")
    refused(head.replace(b"sys/", b"../", 1) + plain(b"if.c", b"if.c"), "bad-name")


@pytest.mark.parametrize("pair", [(b"a/x.c", b"b/x.c"), (b"linux.orig/x.c", b"linux/x.c")])
def test_the_index_line_of_quilt_has_its_prefix(pair: tuple[bytes, bytes]) -> None:
    head = b"Index: " + pair[1] + b"\n" + b"=" * 67 + b"\n"
    diff = kept(head + plain(*pair))
    assert (diff.files[0].path, diff.warnings) == ("x.c", ())


def test_a_name_from_the_root_of_a_subversion_repository() -> None:
    head = b"Index: /sys/x.c\n" + b"=" * 67 + b"\n"
    diff = kept(head + plain(b"/sys/x.c\t(revision 5)", b"/sys/x.c\t(working copy)"))
    assert diff.files[0].path == "sys/x.c"
    assert [warning.code for warning in diff.warnings] == ["name-rooted"]
    refused(head + plain(b"/sys/x.c", b"/sys/x.c"), "bad-name", "is absolute")


def test_two_depot_names_that_differ_are_both_heard() -> None:
    data = plain(b"//depot/x.c  //depot/x.c#2", b"//depot/y.c  01-02-03 04:05:06")
    assert codes(data) == ["names-differ"]


@pytest.mark.parametrize(
    ("data", "old", "new", "op"),
    [
        (git(b"x.c"), "x.c", "x.c", FileOp.MODIFY),
        (git(b"x.c", b"index 1111111..2222222 100644"), "x.c", "x.c", FileOp.MODIFY),
        (git(b"x.c", b"index 1111111..2222222"), "x.c", "x.c", FileOp.MODIFY),
        (git(b"x", b"old mode 100644", b"new mode 100755", body=b""), "x", "x", FileOp.MODE),
        (git(b"x", b"new file mode 100644", b"index 0000000..e69de29", body=b""), None, "x", FileOp.CREATE),
        (
            git(b"x", b"deleted file mode 100644", b"index e69de29..0000000", body=b""),
            "x",
            None,
            FileOp.DELETE,
        ),
        (git(b"x", b"new file mode 100644", body=b""), None, "x", FileOp.CREATE),
        (
            b"diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
            "x",
            "y",
            FileOp.RENAME,
        ),
        (
            b"diff --git a/x b/y z\nsimilarity index 90%\ncopy from x\ncopy to y z\n"
            b"index 11111..22222 100644\n" + plain(b"a/x", b"b/y z\t"),
            "x",
            "y z",
            FileOp.COPY,
        ),
        (b"diff --git x y\nrename from x\nrename to y\n", "x", "y", FileOp.RENAME),
        (
            b'diff --git "a/caf\\303\\251" b/y\nrename from "caf\\303\\251"\nrename to y\n',
            "café",
            "y",
            FileOp.RENAME,
        ),
        (
            b'diff --git a/y "b/caf\\303\\251"\nrename from y\nrename to "caf\\303\\251"\n',
            "y",
            "café",
            FileOp.RENAME,
        ),
        (
            b"diff --git sys/x.c sys/x.c\n" + plain(b"sys/x.c", b"sys/x.c"),
            "sys/x.c",
            "sys/x.c",
            FileOp.MODIFY,
        ),
        (b"diff --git src/x.c newer/x.c\nold mode 100644\nnew mode 100755\n", "x.c", "x.c", FileOp.MODE),
        (
            b"diff --git a/x b/x\nnew file mode 100644\nindex 0000000..7898192\n"
            + plain(b"/dev/null", b"b/x", NEW),
            None,
            "x",
            FileOp.CREATE,
        ),
        (
            b"diff --git a/x b/x\ndeleted file mode 100644\nindex 7898192..0000000\n"
            + plain(b"a/x", b"/dev/null", GONE),
            "x",
            None,
            FileOp.DELETE,
        ),
        (
            b"Index: x\n" + b"=" * 67 + b"\ndiff --git a/x b/x\nnew file mode 10644\n"
            b"--- a/x\t(revision 0)\n+++ b/x\t(working copy)\n" + NEW,
            None,
            "x",
            FileOp.CREATE,
        ),
        (
            git(b"x", b"new file mode 100644", b"index 0000000..e69de29", body=b"")
            + plain(b"/dev/null", b"b/x", b""),
            None,
            "x",
            FileOp.CREATE,
        ),
        (
            git(b"x", b"deleted file mode 100644", b"index e69de29..0000000", body=b"")
            + plain(b"a/x", b"/dev/null", b""),
            "x",
            None,
            FileOp.DELETE,
        ),
        (
            git(b"x", b"old mode 100644", b"new mode 100755", b"index 11111..11111", body=b"")
            + plain(b"a/x", b"b/x", b""),
            "x",
            "x",
            FileOp.MODE,
        ),
    ],
)
def test_a_git_header_is_understood(data: bytes, old: str | None, new: str | None, op: FileOp) -> None:
    file = kept(data).files[0]
    assert (file.old_path, file.new_path, file.op) == (old, new, op)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"diff --git a/safe.c b/safe.c\n" + plain(b"a/evil.c", b"b/evil.c"), "names-differ"),
        (
            b"diff --git a/safe.c b/safe.c\nnew file mode 100644\n" + plain(b"/dev/null", b"b/evil.c", NEW),
            "names-differ",
        ),
        (b"diff --git a/x.c b/y.c\n" + BODY, "orphan-hunk"),
        (b"diff --git a/x.c b/y.c\n" + plain(b"a/x.c", b"b/y.c"), "names-differ"),
        (b"diff --git a/x b/y\nrename from x\nrename to z\n", "names-differ"),
        (b"diff --git a/x b/x\nrename from x\nrename to x\n", "header"),
        (b"diff --git a/x b/y\nrename from x\nrename to y\ncopy from x\ncopy to y\n", "header"),
        (b"diff --git a/x b/y\nrename from x\n", "header"),
        (b'diff --git a/x b/y\nrename from "x\nrename to y\n', "name-quoting"),
        (b"diff --git a/x b/y\nrename old x\nrename new y\n", "header"),
        (b"diff --git a/x b/x\nrename old x\nrename new y\n", "header"),
        (b"diff --git a/../x b/../x\nold mode 100644\nnew mode 100755\n", "bad-name"),
        (b"diff --git a/x b/y\nrename from x\nrename to ../y\n", "names-differ"),
        (b"diff --git a/x b/../y\nrename from x\nrename to ../y\n", "bad-name"),
        (git(b"x", b"new file mode 100644", b"deleted file mode 100644", body=b""), "header"),
        (git(b"x", b"new file mode 100644"), "header"),
        (git(b"x", b"deleted file mode 100644"), "header"),
        (git(b"x", b"old mode 100644", b"old mode 100644", body=b""), "header-twice"),
        (git(b"x", b"old mode rw-r--r--", b"new mode 100644", body=b""), "mode"),
        (b"diff --git a/x b/x\n" + plain(b"/dev/null", b"/dev/null", NEW), "no-name"),
        (plain(b"/dev/null", b"/dev/null", NEW), "no-name"),
        (git(b"x", b"new file mode 100644", body=b"") + plain(b"/dev/null", b"b/x", BODY), "header"),
        (git(b"x", b"deleted file mode 100644", body=b"") + plain(b"a/x", b"/dev/null", BODY), "header"),
        (git(b"x", body=b""), "empty-section"),
        (git(b"x", b"index 1111111..2222222 100644", body=b""), "empty-section"),
        (b"diff --git incomplete\nold mode 100644\nnew mode 100755\n", "git-line"),
        (b"diff --git a/x b/y c/z\nold mode 100644\nnew mode 100755\n", "git-line"),
        (b'diff --git "a/x" b/"x\n', "names-differ"),
        (b'diff --git "a/x"b/x\n', "git-line"),
        (b'diff --git "a/x "b/x"\n', "git-line"),
        (b'diff --git "a/\\qx" b/x\n', "name-quoting"),
        (git(b"x", body=b"") + b"--- a/x\n", "header-pair"),
        (b"diff --git a/x b/x\nold mode 100644\nnew mode 10", "truncated"),
        (b"diff --git a/x b/x\nold mode 100644\nnew mode 100755", "truncated"),
        (git(b"x", b"new file mode 100644", b"index 0000000..7898192", body=b""), "truncated"),
        (git(b"x", b"deleted file mode 100644", b"index 7898192..0000000", body=b""), "truncated"),
        (b"diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\n", "truncated"),
        (
            b"diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\nindex 11111..22222\n",
            "truncated",
        ),
        (git(b"x", b"index 11111..22222 100644", body=b"") + b"--- a/x\n+++ b/x\n", "truncated"),
        (
            git(b"x", b"index 11111..22222 100644", body=b"") + b"--- a/x\n+++ b/x\ntext\n",
            "header-without-hunks",
        ),
        (b"--- a/x\n+++ b/x\n", "truncated"),
        (b"--- a/x\n+++ b/x", "truncated"),
        (plain() + b"--- a/y\n+++ b/y\n", "truncated"),
    ],
)
def test_a_header_that_contradicts_itself_is_refused(data: bytes, code: str) -> None:
    refused(data, code)


def test_missing_text_in_the_middle_is_flagged_at_the_end_refused() -> None:
    cut = git(b"y", b"new file mode 100644", b"index 0000000..7898192", body=b"")
    assert codes(cut + git(b"x")) == ["text-missing"]
    refused(git(b"x") + cut, "truncated")


def test_a_git_line_that_can_be_cut_in_two_ways_is_flagged() -> None:
    data = b"diff --git a/x b/y b/x b/y\nold mode 100644\nnew mode 100755\n"
    diff = kept(data)
    assert diff.files[0].path == "x b/y"
    assert "name-ambiguous" in [warning.code for warning in diff.warnings]


def test_a_line_full_of_blanks_costs_little_and_is_refused() -> None:
    refused(b"diff --git " + b"x " * 3000 + b"\nold mode 100644\nnew mode 100755\n", "git-line")


def test_prefixes_of_a_rename_need_not_be_of_one_length() -> None:
    data = b"diff --git old/x newer/y\nsimilarity index 100%\nrename from x\nrename to y\n"
    assert kept(data).files[0].path == "y"


def test_the_glance_and_the_long_look_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    from vimagetrack.engine.diff import sections

    data = git(b"sys/net/if.c", b"index 1111111..2222222 100644") + git(
        b"y.c", b"index 1111111..2222222 100755"
    )
    at_a_glance = kept(data)
    monkeypatch.setattr(sections, "read_usual", lambda source, head: False)
    assert kept(data) == at_a_glance


def test_a_name_too_long_for_a_glance_is_refused() -> None:
    refused(git(b"x" * 300, b"index 1111111..2222222 100644"), "bad-name")


def test_a_name_that_git_closes_with_a_tab_holds_no_date() -> None:
    name = b"log 2008-01-01 00:00:00.txt"
    data = b"diff --git a/" + name + b" b/" + name + b"\n" + plain(b"a/" + name + b"\t", b"b/" + name + b"\t")
    assert kept(data).files[0].path == name.decode()


def test_a_date_is_cut_off_only_behind_a_blank() -> None:
    assert kept(plain(b"log-2008-06-15", b"log-2008-06-15")).files[0].path == "log-2008-06-15"
    assert kept(plain(b"2008-06-15", b"2008-06-15")).files[0].path == "2008-06-15"
