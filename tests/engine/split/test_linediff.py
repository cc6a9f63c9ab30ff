"""The changed lines of two texts: exact, and a function of the two texts alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from vimagetrack.engine.split.linediff import changed, line_runs

texts = st.lists(
    st.sampled_from([b"a", b"b", b"{", b"}", b"\n", b"\n", b" ", b"\r\n", b"\x0c"]), max_size=40
).map(b"".join)


def at_line_start(text: bytes, offset: int) -> bool:
    return offset in (0, len(text)) or text[offset - 1 : offset] == b"\n"


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_what_lies_between_runs_is_equal_and_theirs_are_whole_lines(before: bytes, after: bytes) -> None:
    runs = line_runs(before, after)
    position = after_position = 0
    for start, end, after_start, after_end in runs:
        assert before[position:start] == after[after_position:after_start]
        assert position == 0 or start > position  # at least a line stands between two runs
        assert (start, after_start) != (end, after_end)
        assert at_line_start(before, start)
        assert at_line_start(before, end)
        assert at_line_start(after, after_start)
        assert at_line_start(after, after_end)
        position, after_position = end, after_end
    assert before[position:] == after[after_position:]
    assert bool(runs) == (before != after)


@settings(max_examples=200, deadline=None)
@given(texts, texts, st.integers(1, 3), st.integers(0, 3))
def test_equal_lines_around_do_not_move_a_run(before: bytes, after: bytes, above: int, below: int) -> None:
    inner = line_runs(b"int head;\n" + before + b"\n", b"int head;\n" + after + b"\n")
    head, tail = b"int head;\n" * above, b"\n" + b"int tail;\n" * below
    outer = line_runs(head + before + tail, head + after + tail)
    by = len(head) - len(b"int head;\n")
    assert [tuple(offset - by for offset in run) for run in outer] == inner


def test_margins_hold_a_run_off_the_border() -> None:
    before, after = b"\n\n\nx\n\n\n\n", b"\n\n\nx\n\n\n\n\n"
    assert line_runs(before, after, margins=(3, 3)) == [(5, 5, 5, 6)]
    assert line_runs(b"a\nb\n", b"c\nb\n", margins=(2, 0)) == [(0, 2, 0, 2)]


def test_an_added_function_is_added_whole() -> None:
    old = [b"{\n", b"}\n", b"\n", b"int h()\n", b"{\n", b"}\n"]
    new = [b"{\n", b"}\n", b"\n", b"int g()\n", b"{\n", b"}\n", b"\n", b"int h()\n", b"{\n", b"}\n"]
    assert changed(old, new) == [(3, 3, 3, 7)]


def test_runs_that_meet_are_one() -> None:
    assert changed([b"d\n", b"a\n", b"b\n"], [b"a\n", b"a\n", b"b\n"]) == [(0, 1, 0, 1)]
