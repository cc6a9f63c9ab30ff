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


def test_fewer_lines_than_others_have_mean_the_end_of_the_file() -> None:
    assert whole_hunks(parse(AT_END + DEEP)) == {0: True, 1: False}


def test_a_diff_with_full_context_shows_whole_files() -> None:
    assert whole_hunks(parse(SHORT + AT_END + LONG)) == {0: True, 1: True, 2: False}


def test_the_longest_file_is_whole_when_nobody_asks_for_so_much_context() -> None:
    longest = section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * 1000))
    assert whole_hunks(parse(SHORT + longest)) == {0: True, 1: True}


def test_a_margin_that_nobody_asked_for_is_the_end_of_the_file() -> None:
    odd, asked = (section("d.c", (1, 1, " 1\n-2\n+two\n" + " x\n" * lines)) for lines in (637, 200))
    assert whole_hunks(parse(odd)) == {0: True}
    assert whole_hunks(parse(asked)) == {0: False}


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
