"""Layers add up: any set of disjoint edits, dealt to steps in any order, recomposes."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vimagetrack.engine.diff.emit import file_patch
from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.errors import SplitError
from vimagetrack.engine.split.edits import Edit, Own, apply, check, common_prefix, layer_spans, paired, trim
from vimagetrack.engine.split.layers import all_layers, hunks, layer, ranked_layers
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
        written, _, _ = hunks(list(all_layers([known], [edits], step + 1))[step])
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
        next(all_layers([first, second], [[edit(2, 2, 2, 6)], [edit(2, 3, 2, 3)]], 1))
    )
    assert [(hunk.old_start, hunk.new_start) for hunk in written] == [(10, 10), (40, 42)]
    assert (added, removed) == (3, 1)


def test_the_ranks_of_a_layer_are_laid_one_upon_the_other() -> None:
    first, second = (
        window(b"a\nb\n", b"a\nx\ny\nb\n", lineno=10, whole=False),
        window(b"c\nd\n", b"C\nd\ne\n", lineno=40, whole=False),
    )
    edits = [
        [replace(edit(2, 2, 2, 6), rank=1)],
        [edit(0, 1, 0, 1), replace(edit(4, 4, 4, 6), rank=2)],
    ]
    ranked = list(ranked_layers([first, second], edits, 0))
    assert [rank for rank, _ in ranked] == [0, 1, 2]
    written = [hunks(layers)[0] for _, layers in ranked]
    assert [[(one.old_start, one.new_start) for one in own] for own in written] == [
        [(40, 40)],
        [(10, 10)],
        [(43, 44)],  # behind the window's two lines, which the first one has moved down by two
    ]
    assert ranked[2][1][0].after == second.new


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


# --- a scaffold's edits have text of their own


def own_pair(at: int, new_at: int, text: bytes, *, steps: tuple[int, int], number: int = 0) -> list[Edit]:
    """Put a text between two others, and take it back."""
    return [
        replace(
            edit(at, at, new_at, new_at, step),
            own=Own(slug="macros", number=number, text=text, puts=puts, fallback=9),
        )
        for step, puts in zip(steps, (True, False), strict=True)
    ]


def test_what_a_scaffold_puts_is_there_until_it_is_taken_back() -> None:
    old, new = b"a\nb\n", b"a\nc\n"
    edits = [
        *own_pair(2, 2, b"one\n", steps=(0, 2)),
        *own_pair(2, 2, b"two\n", steps=(0, 1), number=1),
        edit(2, 4, 2, 4, 2),
    ]
    check(old, new, edits)
    texts = [apply(old, new, edits, step=step) for step in range(-1, 3)]
    assert texts == [b"a\nb\n", b"a\none\ntwo\nb\n", b"a\none\nb\n", b"a\nc\n"]
    for step in range(3):
        before, after = texts[step : step + 2]
        for span in layer_spans(edits, step=step):
            cut = before[span.before_start : span.before_end], after[span.after_start : span.after_end]
            own = span.edit.own
            wanted = (b"b\n", b"c\n") if own is None else (b"", own.text) if own.puts else (own.text, b"")
            assert cut == wanted


@pytest.mark.parametrize(
    "spoil",
    [
        lambda put, take: [put],
        lambda put, take: [take],
        lambda put, take: [take, put],
        lambda put, take: [put, put, take],
        lambda put, take: [put, edit(2, 2, 2, 2), take],
        lambda put, take: [put, replace(take, step=put.step)],
        lambda put, take: [put, replace(take, own=replace(take.own, text=b"other\n"))],
        lambda put, take: [replace(put, end=4, new_end=4), take],
    ],
)
def test_a_scaffold_that_is_not_taken_back_as_it_was_put_is_a_fault(spoil) -> None:
    with pytest.raises(SplitError, match="scaffold"):
        check(b"a\nb\n", b"a\nb\n", spoil(*own_pair(2, 2, b"one\n", steps=(0, 1))))


def test_what_is_never_put_is_never_taken_back() -> None:
    put, take = own_pair(2, 2, b"one\n", steps=(0, 1))
    kept = edit(2, 4, 2, 4, 1)
    assert paired([put, take, kept], 5) == [put, take, kept]
    never = replace(put, step=5)
    assert paired([never, take, kept], 5) == [never, replace(take, step=5), kept]


def test_groups_that_touch_are_written_as_any_diff_writes_them() -> None:
    old, new = b"a\nb\nc\n", b"a\nB\nC\nc\n"
    edits = [*own_pair(2, 2, b"one\n", steps=(0, 1)), edit(2, 2, 2, 6, 1), edit(2, 4, 6, 6, 1)]
    check(old, new, edits)
    (hunk,) = hunks([layer(window(old, new), edits, step=1)])[0]
    assert b"".join(sign for sign, _ in hunk.lines) == b" --++ "
