from __future__ import annotations

import tomllib
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from vimagetrack.engine.plan.locate import locate


def lines_of(text: str):
    text = dedent(text).lstrip("\n")
    tomllib.loads(text)  # only what tomllib takes is ever located
    return locate(text)


def test_keys_of_tables_and_of_arrays_of_tables():
    lines = lines_of(
        """
        # a comment with [brackets] and key = "value"
        top = 1
        [project]
        name = "x"   # [[milestone]]

        [[milestone]]
        slug = "a"
        [[milestone.gate]]
        name = "g0"
        [[milestone.gate]]
        name = "g1"
        [[milestone]]
        slug = "b"
        [[milestone.gate]]
        name = "g2"
        """
    )
    assert lines.lineno(("top",)) == 2
    assert lines.lineno(("project", "name")) == 4
    assert lines.lineno(("milestone", 0)) == 6
    assert lines.lineno(("milestone", 0, "gate", 1, "name")) == 11
    assert lines.lineno(("milestone", 1)) == 12
    assert lines.lineno(("milestone", 1, "gate", 0, "name")) == 15


def test_strings_of_several_lines_hide_what_looks_like_keys():
    lines = lines_of(
        """
        a = \"\"\"
        b = 1 \\\"\"\" ""
        [x]
        \"\"\"\"\"
        c = '''
        [[y]] # not a comment
        d = 2'''
        e = "a # b = [" # real comment
        f = 'c:\\'
        g = 3
        """
    )
    assert lines.lineno(("a",)) == 1
    assert lines.lineno(("c",)) == 5
    assert lines.lineno(("e",)) == 8
    assert lines.lineno(("g",)) == 10
    assert set(lines.known) == {("a",), ("c",), ("e",), ("f",), ("g",)}


def test_dotted_and_quoted_keys():
    lines = lines_of(
        """
        a . "b.c" . 'd e' = 1
        "q\\u0041" = 2
        [t."x y".z]
        k = 3
        """
    )
    assert lines.lineno(("a", "b.c", "d e")) == 1
    assert lines.lineno(("qA",)) == 2
    assert lines.lineno(("t", "x y", "z", "k")) == 4


def test_elements_of_arrays_and_inline_tables():
    lines = lines_of(
        """
        a = [  # first
          "x",

          "y", ["z",
                "w"],
          { k = 1, l.m = [2] },
        ]
        b = { c = "]}", d = 2008-06-15 }
        e = []
        f = 07:32:00
        g = 1
        """
    )
    assert lines.lineno(("a", 0)) == 2
    assert lines.lineno(("a", 1)) == 4
    assert lines.lineno(("a", 2, 1)) == 5
    assert lines.lineno(("a", 3, "l", "m")) == 6
    assert lines.lineno(("b", "d")) == 8
    assert lines.lineno(("g",)) == 11


def test_an_unknown_place_falls_back_to_what_holds_it():
    lines = lines_of("[project]\nname = 'x'\n")
    assert lines.lineno(("project", "missing")) == 1
    assert lines.lineno(("nothing",)) is None


KEYS = st.sampled_from(["a", "b", '"c d"', "'e.f'", "g-h", "1"])
VALUES = st.sampled_from(
    [
        "1",
        '"x"',
        "[1,\n 2, # c\n]",
        '"""\na = 1\n[t]\n"""',
        "'''[[x]]\n'''",
        "{ x = 1, y = [{ z = 2 }] }",
        "true",
    ]
)


@given(
    st.lists(st.tuples(st.sampled_from(["", "[s{n}]\n", "[[t]]\n"]), KEYS, VALUES), min_size=1, max_size=8)
)
def test_every_key_that_tomllib_reads_is_located_where_it_stands(items):
    text, want = "", []
    for number, (header, key, value) in enumerate(items):
        text += header.format(n=number)
        want.append(text.count("\n") + 1)
        text += f"{key}{number} = {value}\n" if key[-1] not in "\"'" else f"{key}.k{number} = {value}\n"
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    known = locate(text).known
    for number, lineno in enumerate(want):
        found = {line for place, line in known.items() if str(place[-1]).endswith(f"{number}")}
        assert lineno in found
