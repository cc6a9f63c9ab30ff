from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.render.lines import cut, text_of
from reviews.render.tokens import MEMO, Piece


@pytest.mark.parametrize("path", ["a.c", "README"])
@given(text=st.binary(max_size=200) | st.text('/*"\\\n x#define', max_size=60).map(str.encode))
def test_no_byte_is_lost(path: str, text: bytes) -> None:
    lines = cut(text, path=path)
    assert b"\n".join(map(text_of, lines)) == text.removesuffix(b"\n")
    assert len(lines) == len(text.removesuffix(b"\n").split(b"\n")) * bool(text)


def test_a_comment_keeps_its_colour_on_every_line() -> None:
    lines = cut(b"/* one\n * two */ int x;\n", path="a.c")
    assert lines[0] == [Piece("cm", b"/* one")]
    assert lines[1][0] == Piece("cm", b" * two */")
    assert (
        "".join(MEMO[cell] for cell in lines[1])
        == '<span class="cm"> * two */</span> <span class="k">int</span> x;'
    )


def test_a_directive_is_coloured_only_where_a_line_begins_with_it() -> None:
    (line,) = cut(b" # define V_x x", path="a.h")
    assert [cell.text for cell in line if isinstance(cell, Piece)] == [b"#", b"define"]
    (line,) = cut(b"a # b", path="a.h")
    assert not any(isinstance(cell, Piece) for cell in line)


def test_a_hostile_token_is_escaped_in_every_language() -> None:
    for path in ("a.c", "a.txt"):
        shown = "".join(MEMO[cell] for cell in cut(b'"<b>" /* </td> */ <i>', path=path)[0])
        assert "<b>" not in shown
        assert "</td>" not in shown
        assert "<i>" not in shown
