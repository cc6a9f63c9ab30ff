"""The page's figures add up."""

from __future__ import annotations

from pathlib import Path

from tests.engine.split import page


def test_the_rows_of_a_case_add_up(shared_dir: Path) -> None:
    case = page.read(shared_dir, "phpredis-tsrmls-add", "full-context.diff")
    head, _, row = page.kinds_table([case])
    assert head.count("|") == row.count("|")
    counted = [cell.split(" / ") for cell in row.strip("| ").split(" | ")[2:]]
    assert sum(int(cell[0]) for cell in counted) == sum(
        change.added + change.removed for change in case.result.changes
    )
    *_, shrinks = page.shrink_table([case])
    assert shrinks.startswith(f"| {case.title} | {case.lines} | {case.tokens} |")


def test_reasons_are_told_in_general() -> None:
    assert page.in_general("After replacing UNUSED, `a` stands where `b` stood.") == (
        "After replacing UNUSED, ... stands where ... stood."
    )
    assert page.in_general(
        "A comment is open at the end of the text (/* (a) */, line 6 of the before text)."
    ) == ("A comment is open at the end of the text.")
    assert page.in_general("V_a, V_b and 2 more is in the base.") == "V_... is in the base."
