from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vimagetrack.engine.diff import source
from vimagetrack.engine.diff.model import body_lines


@given(
    st.lists(st.sampled_from([b"\n", b"\n\n", b"a", b"@", b"\r", b" x\n"])).map(b"".join), st.integers(1, 99)
)
@example(b"\n", 99)
@example(b"\n", 100)
@example(b"\n", 101)
@example(b"a\n", 100)
@example(b"a\n\nb", 50)
def test_there_is_one_first_byte_for_each_line(data: bytes, times: int) -> None:
    # Lines are taken a hundred at a time.
    data *= times
    assert source.read_source(data).firsts == b"".join(line[:1] for line in body_lines(data))


@pytest.mark.parametrize("place", range(4))
def test_an_odd_byte_is_seen_on_any_side_of_a_border_of_pieces(place: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "_PIECE", 8)
        assert len(source.read_source(b"a" * (5 + place) + "\u202e".encode() + b"a" * 9).odd) == 1


@given(st.integers(0, 400), st.integers(0, 450))
def test_skip_goes_as_many_lines_as_it_is_told(size: int, lines: int) -> None:
    data = b"".join(b"%d\n" % (number * 7919) for number in range(size))
    expected = len(b"".join(body_lines(data)[:lines]))
    assert source.read_source(data).skip(0, lines) == expected


@pytest.mark.parametrize("lines", [0, 99, 101, 900, 4990, 4999, 5000, 5001, 9999])
def test_skip_leaps_over_long_stretches(lines: int) -> None:
    data = b"1234\n" * 5000
    assert source.read_source(data).skip(0, lines) == min(lines, 5000) * 5


def test_a_line_with_a_dot_is_looked_for_once() -> None:
    read = source.read_source(b"1a\n.x\n..\n.\r\n1a\n")
    assert read.dot_after(0)
    assert read.dots == [8]
    assert read.dot_after(3)
    assert not read.dot_after(9)
    assert read.dots == [len(read.data) + 1]
    assert source.read_source(b"1a\n.").dot_after(0)
