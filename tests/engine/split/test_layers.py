"""Layers add up: any set of disjoint edits, dealt to steps in any order, recomposes."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vimagetrack.engine.diff.emit import file_patch
from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.errors import SplitError
from vimagetrack.engine.split.edits import Edit, apply, check, common_prefix, layer_spans, trim
from vimagetrack.engine.split.layers import file_layers, hunks, layer
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.recompose import check_file
from vimagetrack.engine.split.windows import Span, Window, line_offsets


def edit(start: int, end: int, new_start: int, new_end: int, step: int = 0) -> Edit:
    return Edit(start=start, end=end, new_start=new_start, new_end=new_end, step=step, kind=Kind.MEAT)


def window(old: bytes, new: bytes, *, lineno: int = 1, whole: bool = True) -> Window:
    """Make a window whose runs are difflib's, on whole lines."""
    old_lines, new_lines = body_lines(old), body_lines(new)
    old_at, new_at = line_offsets(old), line_offsets(new)
    codes = SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes()
    runs = tuple(
        Span(old_at[a], old_at[b], new_at[c], new_at[d]) for tag, a, b, c, d in codes if tag != "equal"
    )
    return Window(old, new, lineno, lineno, runs, whole=whole)


def byte_edits(old: bytes, new: bytes, steps: list[int]) -> list[Edit]:
    """Make edits of single bytes and short spans: the narrowest that there can be."""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    # A replacement is cut in two, so that several edits stand at one place of the old text.
    spans = [
        piece
        for tag, a, b, c, d in codes
        if tag != "equal"
        for piece in ((a, a, c, (c + d) // 2), (a, b, (c + d) // 2, d))
        if piece[0] < piece[1] or piece[2] < piece[3]
    ]
    return [edit(*span, step=steps[index % len(steps)]) for index, span in enumerate(spans)]


# Few letters and many newlines: lines that repeat, empty lines, and texts without a last newline.
texts = st.lists(st.sampled_from([b"a", b"b", b"{", b"\n", b"\n", b" ", b"\r\n", b"\x0c"]), max_size=30).map(
    b"".join
)


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.lists(st.integers(0, 2), min_size=1, max_size=5))
def test_patches_of_any_steps_recompose(old: bytes, new: bytes, steps: list[int]) -> None:
    known = window(old, new)
    edits = byte_edits(old, new, steps)
    check(old, new, edits)
    patches = []
    for step in range(3):
        written, _, _ = hunks(file_layers([known], [edits], step=step))
        if written:  # a step that changes nothing has no patch
            patches.append(
                file_patch(old_path="f.c", new_path="f.c", old_mode=None, new_mode=None, hunks=written)
            )
    check_file("f.c", [known], patches)


@settings(max_examples=100, deadline=None)
@given(texts, texts, st.lists(st.integers(0, 2), min_size=1, max_size=5))
def test_layer_spans_are_what_apply_makes(old: bytes, new: bytes, steps: list[int]) -> None:
    edits = byte_edits(old, new, steps)
    for step in range(3):
        before, after = apply(old, new, edits, step=step - 1), apply(old, new, edits, step=step)
        position, pieces = 0, []
        for span in layer_spans(edits, step=step):
            pieces += [before[position : span.before_start], after[span.after_start : span.after_end]]
            position = span.before_end
        assert b"".join([*pieces, before[position:]]) == after


def test_recompose_refuses_a_patch_that_drops_a_line() -> None:
    known = window(b"a\nb\nc\n", b"a\nB\nB2\nc\n")
    written, _, _ = hunks([layer(known, [edit(2, 4, 2, 7)], step=0)])
    whole = file_patch(old_path="f.c", new_path="f.c", old_mode=None, new_mode=None, hunks=written)
    check_file("f.c", [known], [whole])
    lossy = whole.replace(b"+B2\n", b"").replace(b"+1,4 ", b"+1,3 ")
    with pytest.raises(SplitError, match="do not give"):
        check_file("f.c", [known], [lossy])


def test_recompose_refuses_a_hunk_at_another_place() -> None:
    known = window(b"a\nb\nc\n", b"a\nB\nc\n")
    written, _, _ = hunks([layer(known, [edit(2, 4, 2, 4)], step=0)])
    patch = file_patch(old_path="f.c", new_path="f.c", old_mode=None, new_mode=None, hunks=written)
    with pytest.raises(SplitError, match="does not apply at line 7"):
        check_file("f.c", [known], [patch.replace(b"@@ -1,3 +1,3 @@", b"@@ -7,3 +7,3 @@")])


def test_check_refuses_edits_that_forget_a_byte() -> None:
    with pytest.raises(SplitError, match="do not add up"):
        check(b"abc", b"abd", [])
    with pytest.raises(SplitError, match="do not add up at old byte 2"):
        check(b"xbc", b"abd", [edit(2, 3, 2, 3)])


def test_windows_keep_their_line_numbers() -> None:
    first, second = (
        window(b"a\nb\n", b"a\nx\ny\nb\n", lineno=10, whole=False),
        window(b"c\nd\n", b"c\nD\n", lineno=40, whole=False),
    )
    written, added, removed = hunks(
        file_layers([first, second], [[edit(2, 2, 2, 6)], [edit(2, 3, 2, 3)]], step=0)
    )
    assert [(hunk.old_start, hunk.new_start) for hunk in written] == [(10, 10), (40, 42)]
    assert (added, removed) == (3, 1)


def test_trim_keeps_whole_lines_whole() -> None:
    old, new = b"{\n\tfoo();\n", b"{\n\tINIT(x);\n\tfoo();\n"
    assert trim(old, new, (1, 3, 1, 13)) == (2, 2, 2, 12)
    assert trim(old, new, (0, 1, 0, 1)) is None


def test_common_prefix_of_unequal_texts() -> None:
    assert [common_prefix(b"abcd", other) for other in (b"", b"ab", b"abxx", b"abcde", b"x")] == [
        0,
        2,
        2,
        4,
        0,
    ]
