from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.diff import page
from tests.engine.diff.grammar import diffs
from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.emit import PatchHunk, emit
from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import EngineError

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def side(hunk: PatchHunk, absent: bytes) -> bytes:
    return b"".join(line for sign, line in hunk.lines if sign != absent)


@RELAXED
@given(diffs())
def test_what_is_written_is_what_is_read(drawn: tuple[bytes, list[tuple[str, list[PatchHunk]]]]) -> None:
    data, written = drawn
    diff = parse(data)
    assert emit(diff) == data
    assert [file.path for file in diff.files] == [name for name, _ in written]
    for file, (_, hunks) in zip(diff.files, written, strict=True):
        assert [hunk.old_text for hunk in file.hunks] == [side(hunk, b"+") for hunk in hunks]
        assert [hunk.new_text for hunk in file.hunks] == [side(hunk, b"-") for hunk in hunks]
        assert [data.split(b"\n")[hunk.diff_lineno - 1] + b"\n" for hunk in file.hunks] == [
            hunk.header for hunk in file.hunks
        ]


@RELAXED
@given(diffs())
def test_applying_turns_the_old_sides_into_the_new_ones(
    drawn: tuple[bytes, list[tuple[str, list[PatchHunk]]]],
) -> None:
    data, written = drawn
    for file, (_, hunks) in zip(parse(data).files, written, strict=True):
        old, new = texts(file, hunks)
        assert apply_file(file, old) == new


def texts(file: FileDiff, hunks: list[PatchHunk]) -> tuple[bytes, bytes]:
    """Fill the gaps between the hunks with lines of their own."""
    old, new, lineno = b"", b"", 1
    for parsed, hunk in zip(file.hunks, hunks, strict=True):
        gap = b"".join(b"gap %d\n" % number for number in range(lineno, parsed.old_lineno))
        old, new = old + gap + side(hunk, b"+"), new + gap + side(hunk, b"-")
        lineno = parsed.old_lineno + parsed.old_count
    return old, new


@RELAXED
@given(diffs(), st.data())
def test_runs_and_context_together_are_the_sides(
    drawn: tuple[bytes, list[tuple[str, list[PatchHunk]]]], data: st.DataObject
) -> None:
    for file in parse(drawn[0]).files:
        for hunk in file.hunks:
            runs = hunk.runs()
            old = hunk.old_text.split(b"\n")
            assert sum(len(run.old_lines) for run in runs) == hunk.removed
            assert sum(len(run.new_lines) for run in runs) == hunk.added
            for run in runs:
                at = run.old_start_lineno - hunk.old_lineno
                assert [line.removesuffix(b"\n") for line in run.old_lines] == old[
                    at : at + len(run.old_lines)
                ]


@RELAXED
@given(diffs(), st.data())
def test_a_cut_diff_is_refused_or_every_byte_of_it_comes_back(
    drawn: tuple[bytes, list[tuple[str, list[PatchHunk]]]], data: st.DataObject
) -> None:
    cut = drawn[0][: data.draw(st.integers(0, len(drawn[0])))]
    assert kept_or_refused(cut)


@RELAXED
@given(
    st.lists(
        st.sampled_from(
            [
                b"--- a/x",
                b"+++ b/x",
                b"@@ -1 +1 @@",
                b"-a",
                b"+b",
                b" c",
                b"\\ No",
                b"diff --git a/x b/x",
                b"index 1..2",
                b"Index: x",
                b"====" * 8,
                b"rename from x",
                b"GIT binary patch",
                b"literal 0",
                b"",
                b"x\r",
                b"1,2c3",
                b"< a",
                b"-- ",
                b"---",
                b'"',
            ]
        )
    ).map(b"\n".join)
)
def test_any_order_of_familiar_lines_is_kept_or_refused(data: bytes) -> None:
    for whole in (data, data + b"\n"):
        assert kept_or_refused(whole)


def kept_or_refused(data: bytes) -> bool:
    """Say whether the input comes back, or is refused with a place and a hint; any other error escapes."""
    try:
        return emit(parse(data)) == data
    except EngineError as error:
        return bool(error.hint) and error.diff_lineno is not None and bool(str(error))


def mutations(data: bytes, random_: random.Random) -> bytes:
    """Damage a diff as transport, editors and attackers do."""
    at, to = sorted(random_.choices(range(len(data) + 1), k=2))
    piece = random_.choice(
        [b"", b"\n", b"\r\n", b"\0", b"9" * 40, b'"', b"@@ -1 +1 @@\n", b"--- a/../x\n", b"\\ x\n"]
    )
    match random_.randrange(7):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + piece + data[at:]
        case 2:
            return data[:at] + data[min(to, at + 80) :]
        case 3:
            return data[:at] + data[at : at + 200] + data[at:]
        case 4:
            return data.replace(b"\n", b"\r\n")
        case 5:
            lines = data.split(b"\n")
            random_.shuffle(lines)
            return b"\n".join(lines)
        case _:
            return data[:at] + bytes((random_.randrange(256),)) + data[at + 1 :]


@pytest.mark.parametrize("seed", range(4))
def test_damaged_real_diffs_raise_nothing_but_our_errors(shared_dir: Path, seed: int) -> None:
    random_ = random.Random(seed)
    pool = [sample.data for sample in page.samples(shared_dir)]
    pool = [data for data in pool if 0 < len(data) < 20000]
    for start in islice(iter(lambda: random_.choice(pool), None), 1000):
        data = start
        for _ in range(random_.randrange(1, 4)):
            data = mutations(data, random_)
        assert kept_or_refused(data)
