from __future__ import annotations

import pickle
import re
from dataclasses import FrozenInstanceError
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.diff.tools import kept, plain
from vimagetrack.engine.diff.model import FileDiff, FileOp, Hunk, Run, body_lines, plain_blocks, side_text


def hunk(body: bytes) -> Hunk:
    return kept(plain(body=body)).files[0].hunks[0]


def test_sides_apply_the_rule_of_the_missing_newline() -> None:
    marker = b"\\ No newline at end of file\n"
    both = hunk(b"@@ -1,2 +1,2 @@\n a\n-b\n" + marker + b"+c\n" + marker)
    assert (both.old_text, both.new_text) == (b"a\nb", b"a\nc")
    old = hunk(b"@@ -1 +1 @@\n-b\n" + marker + b"+c\n")
    assert (old.old_text, old.new_text) == (b"b", b"c\n")
    context = hunk(b"@@ -1,2 +1,2 @@\n-b\n+c\n a\n" + marker)
    assert (context.old_text, context.new_text) == (b"b\na", b"c\na")
    assert list(context.lines())[-1] == (b" ", b"a")


def test_a_context_line_without_its_blank_is_a_line() -> None:
    found = hunk(b"@@ -1,2 +1,2 @@\n\n-b\n+c\n")
    assert (found.old_text, found.new_text) == (b"\nb\n", b"\nc\n")
    assert next(iter(found.lines())) == (b" ", b"\n")
    assert hunk(b"@@ -1,2 +1,2 @@\n\r\n-b\n+c\n").old_text == b"\r\nb\n"


def test_runs_of_one_side_stand_before_the_next_line() -> None:
    found = hunk(b"@@ -3,3 +3,3 @@\n a\n-b\n c\n+d\n").runs()
    assert found == (
        Run(old_start_lineno=4, old_lines=(b"b\n",), new_start_lineno=4, new_lines=()),
        Run(old_start_lineno=6, old_lines=(), new_start_lineno=5, new_lines=(b"d\n",)),
    )
    (insertion,) = hunk(b"@@ -3,0 +4,2 @@\n+a\n+b\n").runs()
    assert (insertion.old_start_lineno, insertion.new_start_lineno) == (4, 4)


def test_added_lines_before_removed_ones_are_one_run() -> None:
    (run,) = hunk(b"@@ -1 +1 @@\n+a\n-b\n").runs()
    assert (run.old_lines, run.new_lines) == ((b"b\n",), (b"a\n",))


def test_an_empty_body_has_no_lines() -> None:
    empty = Hunk(
        header=b"@@ -1 +1 @@\n", old_start=1, old_count=1, new_start=1, new_count=1, body=b"", diff_lineno=1
    )
    assert list(empty.lines()) == []
    assert empty.runs() == ()
    assert (empty.old_text, empty.added, empty.removed) == (b"", 0, 0)


def test_a_file_is_called_by_the_name_that_it_has() -> None:
    def named(old: str | None, new: str | None) -> str:
        return FileDiff(
            preamble=b"",
            header=b"",
            hunks=(),
            trailer=b"",
            old_path=old,
            new_path=new,
            op=FileOp.MODIFY,
            old_mode=None,
            new_mode=None,
            binary=False,
            diff_lineno=1,
        ).path

    assert (named("a", "b"), named("a", None), named(None, "b"), named(None, None)) == ("b", "a", "b", "")


def test_a_hunk_is_a_window_that_leaves_alone_with_its_own_bytes() -> None:
    data = plain() + plain(b"a/y.c", b"b/y.c", b"@@ -1 +1 @@\n-" + b"x" * 5000 + b"\n+b\n")
    first, second = (file.hunks[0] for file in kept(data).files)
    assert first.data is second.data
    sent = pickle.dumps(first)
    assert len(sent) < 1000
    back = pickle.loads(sent)
    assert back == first
    assert (back.header, back.body, back.added, back.removed) == (first.header, first.body, 1, 1)
    assert hash(back) == hash(first)
    assert back != second
    with pytest.raises(FrozenInstanceError):
        first.old_start = 2


LINES = st.sampled_from(
    [b" a\n", b"-b\n", b"+c\n", b"\n", b"\r\n", b"- x\rq\n", b"+\n", b"--\n", b"++\n", b"  \n"]
)


@given(st.lists(LINES).map(b"".join))
def test_blocks_say_what_lines_say(body: bytes) -> None:
    """Blocks are a way to read many lines at once; where a line has no sign there are none."""
    signed = all(line[:1] in (b" ", b"-", b"+") for line in body.split(b"\n")[:-1])
    blocks = plain_blocks(body)
    assert (blocks is not None) == signed
    for sign in (b"-", b"+"):
        lines = [line + b"\n" for line in body.split(b"\n")[:-1]]
        kept = (
            line[1:] if line[:1] in (b" ", sign) else line for line in lines if line[:1] in b"\r\n " + sign
        )
        assert side_text(body, sign) == b"".join(kept)
    if blocks is not None:
        assert b"".join(blocks) == body
        assert all(left[:1] != right[:1] for left, right in pairwise(blocks))


@given(st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\x0c", b"\x85", b"\x1c"])).map(b"".join))
def test_only_newlines_cut_lines(text: bytes) -> None:
    assert body_lines(text) == re.findall(rb"[^\n]*\n|[^\n]+\Z", text)
