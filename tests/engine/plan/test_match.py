from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimagetrack.engine.plan.match import literal_head, match_name, match_path

NO = [
    ("sys/*.c", "sys/kern/a.c"),
    ("sys/?.c", "sys/ab.c"),
    ("sys/kern/*.c", "sys/kern/sub/a.c"),
    ("kern/*.c", "sys/kern/a.c"),
    ("/Makefile", "sys/Makefile"),
    ("sys/**", "sys"),
    ("sys/netinet", "sys/netinet6/a.c"),
    ("sys/netinet/", "sys/netinet"),
    ("a[b-d].c", "ae.c"),
    ("a[!b-d].c", "ac.c"),
    ("a[!b].c", "a/.c"),
    ("*.c", "a.C"),
    ("a.c", "abc"),
    ("sys/**/jail*", "sys/kern/kern_jail.c"),
    ("a[", "ab"),
    (r"a\*", "ab"),
    ("", "a"),
    ("a/**/b", "a/b2"),
    ("a/**/b", "ab"),
    ("a/**/**", "a"),
]

YES = [
    ("sys/netinet/**", "sys/netinet/ip.c"),
    ("sys/netinet/**", "sys/netinet/sub/ip.c"),
    ("sys/**/jail*", "sys/jail.h"),
    ("sys/**/jail*", "sys/sys/jail.h"),
    ("sys/**/jail*", "sys/a/b/jail_x.c"),
    ("sys/**/jail*", "sys/jails/kept/in/a/folder.c"),
    ("**/*.h", "a.h"),
    ("**/*.h", "x/y/a.h"),
    ("**", "any/thing"),
    ("**", "one"),
    ("a/**/b", "a/b"),
    ("a/**/**/b", "a/x/y/b/c"),
    ("**/a/**/b", "x/a/y/a/z/b"),
    ("*.c", "deep/down/a.c"),
    ("Makefile", "sys/conf/Makefile"),
    ("/Makefile", "Makefile"),
    ("sys/netinet", "sys/netinet/ip.c"),
    ("sys/netinet/", "sys/netinet/ip.c"),
    ("a[b-d].c", "ac.c"),
    ("a[^b-d].c", "ae.c"),
    ("a[]].c", "a].c"),
    ("a[", "a["),
    ("a[]", "a[]"),
    ("a[z-a].c", "a[z-a].c"),
    (r"a\*", "a*"),
    ("a+(b)|c.c", "a+(b)|c.c"),
    ("a*b*c", "aXbXc"),
    ("caf\u00e9/*", "caf\u00e9/a\nb"),
    ("a[&&b]", "a&"),
]


@pytest.mark.parametrize(("pattern", "path"), NO)
def test_match_path_refuses(pattern, path):
    assert not match_path(pattern, path)


@pytest.mark.parametrize(("pattern", "path"), YES)
def test_match_path_accepts(pattern, path):
    assert match_path(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "name", "want"),
    [
        ("V_*", "VNET_LIST", False),
        ("V_*", "v_tcb", False),
        ("V_*", "V_tcb", True),
        ("V_", "V_tcb", False),
        ("INIT_VNET_?NET", "INIT_VNET_INET", True),
        ("[A-Z]_x", "Q_x", True),
        ("*", "anything", True),
    ],
)
def test_match_name_is_about_whole_names(pattern, name, want):
    assert match_name(pattern, name) is want


@given(st.text(alphabet="ab*?[]!^\\/.-{}()|+$", max_size=12), st.text(alphabet="ab/.[]*-", max_size=12))
def test_match_path_never_raises(pattern, path):
    assert match_path(pattern, path) in (True, False)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("[?--]", "-", False),  # from ? back to -: no range, so ordinary text
        ("[?--]", "[?--]", True),
        ("[a--z]", "b", False),
        ("[--z]", "b", True),
        ("[&&x]", "&", True),
        ("[x-]", "-", True),
        ("[a-c]", "b", True),
    ],
)
def test_match_name_reads_odd_classes(pattern, name, expected):
    assert match_name(pattern, name) is expected


@pytest.mark.parametrize(
    "pattern", ["**/" * 30 + "*a*b*c*d*e*f", "*a" * 30 + "*b", "/".join(["**", "*"] * 15) + "/y"]
)
def test_match_path_takes_no_exponential_time(pattern):
    path = "x/" * 60 + "abcde" * 40  # exponential time would not end in a lifetime
    assert match_path(pattern, path) is False


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=10))
def test_match_name_agrees_with_the_standard_library(pattern, name):
    assert match_name(pattern, name) is fnmatch.fnmatchcase(name, pattern)
    assert name.startswith(literal_head(pattern)) or not match_name(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "head"),
    [("V_*", "V_"), ("*_x", ""), ("a?b", "a"), ("a[bc]", "a"), ("a\\*b", "a"), ("plain", "plain")],
)
def test_literal_head_is_what_names_begin_with(pattern, head):
    assert literal_head(pattern) == head
