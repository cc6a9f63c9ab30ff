"""Windows: what is known of a file, and when a hunk shows the whole of it."""

from __future__ import annotations

from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.split.windows import Span, line_offsets, whole_hunks, windows


def section(name: str, *hunks: tuple[int, int, str]) -> bytes:
    """Write a file of hunks: (first line, first line, body)."""
    text = f"--- a/{name}\n+++ b/{name}\n"
    for old, new, body in hunks:
        olds = sum(line[0] in " -" for line in body.splitlines())
        news = sum(line[0] in " +" for line in body.splitlines())
        text += f"@@ -{old},{olds} +{new},{news} @@\n{body}"
    return text.encode()


SHORT = section("a.c", (1, 1, " 1\n-2\n+two\n 3\n 4\n 5\n"))
AT_END = section("b.c", (1, 1, " 1\n-2\n+two\n 3\n"))
DEEP = section("c.c", (7, 7, " 1\n 2\n 3\n-x\n+y\n 4\n 5\n 6\n"))
LONG = section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 40))


def test_three_lines_of_context_after_the_change_may_be_cut() -> None:
    assert whole_hunks(parse(SHORT + DEEP)) == {0: False, 1: False}


def test_a_short_tail_alone_proves_nothing() -> None:
    """One file may come from ``git diff -W``, the other be cut after three lines."""
    assert whole_hunks(parse(AT_END + DEEP)) == {0: False, 1: False}
    assert whole_hunks(parse(SHORT + LONG)) == {0: False, 1: False}


def test_less_context_than_another_file_has_is_the_end_of_the_file() -> None:
    assert whole_hunks(parse(AT_END + LONG)) == {0: True, 1: False}


def test_a_diff_with_full_context_shows_whole_files() -> None:
    odd = section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 637))
    assert whole_hunks(parse(AT_END + odd)) == {0: True, 1: True}


def test_a_tail_of_three_lines_may_be_cut_even_there() -> None:
    odd = section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 637))
    assert whole_hunks(parse(SHORT + odd)) == {0: False, 1: True}


def test_one_file_that_is_cut_spoils_it_for_all() -> None:
    odd = section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 637))
    assert whole_hunks(parse(odd + DEEP)) == {0: False, 1: False}


def test_a_margin_that_somebody_may_have_asked_for() -> None:
    assert whole_hunks(parse(section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 200)))) == {0: False}
    assert whole_hunks(parse(section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 1000)))) == {0: True}


def test_a_file_of_two_hunks_is_never_whole() -> None:
    two = section("e.c", (1, 1, "-2\n+two\n 3\n"), (50, 50, " 1\n-2\n+two\n"))
    assert whole_hunks(parse(two)) == {}


def test_windows_of_hunks_and_of_the_base() -> None:
    file = parse(section("f.c", (2, 2, " b\n-c\n+C\n+C2\n d\n"))).files[0]
    (hunk,) = windows(file, None, whole_hunk=False)
    assert (hunk.old, hunk.new, hunk.old_lineno, hunk.whole) == (b"b\nc\nd\n", b"b\nC\nC2\nd\n", 2, False)
    (whole,) = windows(file, b"a\nb\nc\nd\ne\n", whole_hunk=False)
    assert (whole.old_lineno, whole.whole, whole.new) == (1, True, b"a\nb\nC\nC2\nd\ne\n")
    assert whole.runs == (Span(4, 6, 4, 9),)


def test_line_offsets() -> None:
    assert line_offsets(b"") == [0]
    assert line_offsets(b"a\n\nb") == [0, 2, 3, 4]
    assert line_offsets(b"a\n") == [0, 2]
