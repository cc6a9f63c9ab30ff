"""The day after: a milestone has landed, the monolith is made anew, and what remains keeps its names."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.engine.split.regenerated import WHOLE, by_name, check_landing, git_diff
from tests.engine.split.tools import REAL, read_plan, unfold
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split import split
from vimagetrack.engine.split.assemble import number_equals
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.model import Kind


def plan_of(folder: Path) -> Plan:
    """Read the plan of a case; the series shares one."""
    return read_plan(folder if (folder / "plan.toml").exists() else folder.parent)


@pytest.mark.parametrize("name", REAL)
def test_the_first_milestone_of_a_real_monolith_lands(name: str, shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / name
    plan = plan_of(folder)
    base, final = unfold((folder / "full-context.diff").read_bytes())
    result = split((folder / "monolith.diff").read_bytes(), plan, base=base, second_opinion=False)
    by_name(result.changes)
    for context in (3, WHOLE):
        check_landing(result, plan, base, final, context=context)


@pytest.mark.long
def test_two_milestones_of_the_2008_landing_land(shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / "freebsd-2008-A-nearpure"
    plan = plan_of(folder)
    base, final = unfold((folder / "full-context.diff").read_bytes())
    result = split((folder / "monolith.diff").read_bytes(), plan, base=base, second_opinion=False)
    check_landing(result, plan, base, final, context=3, count=2)


def test_a_tree_that_is_indented_otherwise_has_the_same_changes(shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / "phpredis-tsrmls-add"
    plan = plan_of(folder)
    trees = unfold((folder / "full-context.diff").read_bytes())
    found = []
    for blanks in (b"\t", b"  "):
        base, final = ({path: _indented(text, blanks) for path, text in tree.items()} for tree in trees)
        result = split(git_diff(base, final), plan, base=base, second_opinion=False)
        found.append({(name, change.neighbourhood) for name, change in by_name(result.changes).items()})
    assert found[0] == found[1]


def _indented(text: bytes, blanks: bytes) -> bytes:
    """Indent every line that has something once more."""
    return b"\n".join(blanks + line if line.strip() else line for line in text.split(b"\n"))


def _equals(*steps: int) -> list[str]:
    """Number changes of these steps that are equal otherwise; give their fingerprints."""
    drafts = [Draft(step, Kind.MEAT, [], (0, 0), (0, 1), (0, 0), (0, 1), after_text=b"x\n") for step in steps]
    for draft in drafts:
        draft.name("a.c")
    number_equals([SimpleNamespace(path="a.c", drafts=tuple(drafts))])
    return [draft.fingerprint for draft in drafts]


def test_equal_changes_of_two_layers_have_two_names_and_keep_them() -> None:
    found = _equals(0, 0, 1, 1)
    assert len(set(found)) == 4
    assert _equals(1, 1) == found[2:]
