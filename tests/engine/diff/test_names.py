from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.diff.tools import codes, kept, plain, refused
from vimagetrack.engine.diff import names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (b"../../etc/passwd", "leaves the tree"),
        (b"a/../../../etc/passwd", "leaves the tree"),
        (b"sys/..", "leaves the tree"),
        (b"/etc/passwd", "is absolute"),
        (b"c:/winnt/x.c", "is absolute"),
        (b"sys\\net\\if.c", "backslash"),
        (b'"a/x\\ny.c"', "control character"),
        (b'"a/x\\000y.c"', "control character"),
        (b"a/x\x7fy.c", "control character"),
        (b'"a/\\302\\205.c"', "control character"),
        (b"a/.git/hooks/post-checkout", "git's own directory"),
        (b"a/.GIT/config", "git's own directory"),
        (b"a/.git. /config", "git's own directory"),
        (b"a/git~1/config", "git's own directory"),
        (b"a/.g\xe2\x80\x8cit/config", "git's own directory"),
        (b"a/" + b"x" * 256, "longer than 255"),
        (b"a/" + b"x/" * 2100 + b"y", "longer than 4096"),
        (b"a/x/./y", "component '.'"),
        (b"a/x/", "empty component"),
        (b"", "is empty"),
    ],
)
def test_a_name_that_must_not_reach_a_tree_is_refused(name: bytes, words: str) -> None:
    refused(plain(name, name), "bad-name", words)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b'"a/\\377\\376.c"', "name-not-utf8"),
        (b"a/caf\xe9.c", "name-not-utf8"),
        (b"a/javascript:alert(1)//.c", "name-like-url"),
        (b"a/<img src=x onerror=alert(1)>.c", "name-markup"),
        (b"a/{{7*7}}.c", "name-markup"),
        (b"a/$(touch x).c", "name-markup"),
        (b"a/x\xe2\x80\xaec.txt", "name-invisible"),
        (b"a/cafe\xcc\x81.c", "name-not-normal"),
        (b"a/-rf", "name-edges"),
        (b"a/ x.c", "name-edges"),
        (b"a/sys/n\xd0\xb5t/if.c", "name-mixed-scripts"),
        (b"a/\xef\xbd\x89f.c", "name-mixed-scripts"),
    ],
)
def test_an_odd_name_is_flagged(name: bytes, code: str) -> None:
    other = b'"b/' + name[3:] if name.startswith(b'"') else b"b/" + name[2:]
    assert code in codes(plain(name, other))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b'"a/caf\\303\\251.c"', "café.c"),
        (b'"a/tab\\"and\\\\x"', None),
        (b"a/Bug \xe6\x8e\x92.md", "Bug 排.md"),
        (b"./sys/x.c", "sys/x.c"),
        (b".///sys/x.c", "sys/x.c"),
    ],
)
def test_quoting_and_dots_are_understood(name: bytes, path: str | None) -> None:
    if path is None:
        refused(plain(name, name), "bad-name", "backslash")
        return
    other = name.replace(b"a/", b"b/", 1) if name[:3] != b"./" else name
    diff = kept(plain(name, other))
    assert diff.files[0].path == path
    assert not diff.warnings


@pytest.mark.parametrize("name", [b'"a/x.c', b'"a/\\q.c"', b'"a/\\400.c"', b'"a/x\\"'])
def test_a_broken_quote_is_refused(name: bytes) -> None:
    refused(plain(name, name), "name-quoting")


@given(st.binary(min_size=1, max_size=40))
def test_quote_and_unquote_undo_each_other(raw: bytes) -> None:
    # Any bytes can be a name on a Unix system, so quoting must not lose one of them.
    quoted = names.quote(names.decode(raw))
    assert (names.unquote(quoted) if quoted.startswith(b'"') else (quoted, b"")) == (raw, b"")


def test_a_doubled_slash_behind_the_prefix_is_an_absolute_name() -> None:
    refused(plain(b"a//etc/passwd", b"b//etc/passwd"), "bad-name", "is absolute")
    assert kept(plain(b"a/x//y.c", b"b/x//y.c")).files[0].path == "x/y.c"


def test_a_name_in_a_message_cannot_move_the_cursor() -> None:
    assert names.shown("x\x1b[2J\u202e") == "x\\x1b[2J\\u202e"
    assert len(names.shown("x" * 500)) == 203
