"""Every changed line is claimed and no unchanged one, however the aligner pairs lines."""

from __future__ import annotations

import random

from tests.engine.split.test_split import PLAN, body, whole
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.claims import Changed, claim
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.windows import Span, Window

TEXT = b"0\n1\n2\n3\n4\n5\n6\n7\n"
#: Lines 1 and 2 become three, line 5 goes.
RUNS = (Span(2, 6, 2, 8), Span(10, 12, 12, 12))
WINDOW = Window(TEXT, b"0\na\nb\nc\n3\n4\n6\n7\n", 1, 1, RUNS, whole=True)


def changed() -> Changed:
    return Changed(WINDOW)


def draft(old: tuple[int, int], new: tuple[int, int]) -> Draft:
    edit = Edit(start=0, end=0, new_start=0, new_end=0, step=0, kind=Kind.MEAT)
    return Draft(0, Kind.MEAT, [edit], old, new, (0, 0), (0, 0))


def test_a_range_is_cut_to_the_run_that_it_touches() -> None:
    assert changed().clip((0, 8), (3, 6)) == ((1, 3), (3, 4))
    assert changed().clip((3, 5), (4, 6)) == ((3, 3), (4, 4))
    assert changed().clip((4, 6), (6, 6)) == ((5, 6), (6, 6))


def test_what_nobody_touches_goes_to_its_neighbour_in_the_run() -> None:
    first, second = draft((1, 2), (1, 2)), draft((3, 3), (4, 4))
    claim([first, second], changed(), 0)
    assert (first.old, first.new) == ((1, 3), (1, 4))
    assert (second.old, second.new) == ((5, 6), (4, 4))


def claims_exactly(result: SplitResult, diff: bytes) -> bool:
    claimed = {
        (side, change.path, line)
        for change in result.changes
        for side, (first, count) in (("old", change.old), ("new", change.new))
        for line in range(first, first + count)
    }
    shown = {
        (side, file.path, first + index)
        for file in parse(diff, second_opinion=False).files
        for hunk in file.hunks
        for run in hunk.runs()
        for side, first, lines in (
            ("old", run.old_start_lineno, run.old_lines),
            ("new", run.new_start_lineno, run.new_lines),
        )
        for index in range(len(lines))
    }
    return claimed == shown


def test_any_pairing_of_equal_lines_is_claimed_exactly() -> None:
    """Many equal lines, so that difflib and the aligner of tokens choose otherwise."""
    plan = parse_plan(PLAN)
    words = ["", "", "x = hostname;", "x = hostname;", "{", "}", "/* a */", "y(domain);", "y(domain);"]
    for seed in range(40):
        chance = random.Random(seed)
        old = [chance.choice(words) for _ in range(12)]
        new = [line.replace("hostname", "V_hostname") if chance.random() < 0.4 else line for line in old]
        for _ in range(4):
            new.insert(chance.randrange(len(new)), chance.choice([*words, "INIT_VNET(v);", "meat();"]))
            del new[chance.randrange(len(new))]
        diff = whole("a.c", body(*old), body(*new))
        result = split(diff, plan, base={"a.c": body(*old).encode()}, second_opinion=False)
        assert claims_exactly(result, diff), seed
