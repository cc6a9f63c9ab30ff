from __future__ import annotations

from reviews.render.changes import ChangeNote, assign
from vimagetrack.engine.diff.model import Run


def run(old: bytes, new: bytes) -> Run:
    return Run(
        old_start_lineno=1,
        old_lines=tuple(old.splitlines(keepends=True)),
        new_start_lineno=1,
        new_lines=tuple(new.splitlines(keepends=True)),
    )


def note(number: int, before: bytes, after: bytes) -> ChangeNote:
    return ChangeNote(number=number, name="", tone="null", word="", before=before, after=after)


def numbers(runs: list[Run], notes: list[ChangeNote]) -> list[list[int]]:
    return [[one.number for one in found] for found in assign(runs, notes)]


def test_equal_insertions_stand_each_in_a_run_of_its_own() -> None:
    runs = [run(b"", b"INIT(x);\n"), run(b"", b"INIT(x);\nINIT(y);\n"), run(b"", b"INIT(x);\n")]
    inserted = [b"INIT(x);\n", b"INIT(x);\n", b"INIT(y);\n", b"INIT(x);\n"]
    assert numbers(runs, [note(i, b"", text) for i, text in enumerate(inserted, 1)]) == [[1], [2, 3], [4]]


def test_two_changes_of_one_line_stand_in_its_run() -> None:
    runs = [run(b"f(a, b);\n", b"f(V_a, V_b);\n")]
    both = [note(i, b"f(a, b);\n", b"f(V_a, V_b);\n") for i in (1, 2)]
    assert numbers(runs, both) == [[1, 2]]


def test_what_is_found_nowhere_stays_with_the_last_and_nothing_is_lost() -> None:
    runs = [run(b"a\n", b"b\n"), run(b"c\n", b"d\n")]
    assert numbers(runs, [note(1, b"c\n", b"d\n"), note(2, b"x", b"y")]) == [[], [1, 2]]
    assert numbers([], [note(1, b"", b"")]) == []
