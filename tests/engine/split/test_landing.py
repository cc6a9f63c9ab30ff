"""The day after: a milestone has landed, the monolith is made anew, and what remains keeps its names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.split.regenerated import WHOLE, by_name, check_landing
from tests.engine.split.tools import read_plan, unfold
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split import split

CASES = (
    "phpredis-tsrmls-add",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in (
            "freebsd-2008-A-nearpure",
            "bz-2010-curvnet",
            "bz-2010-whirl",
            "bz-series/v1",
            "bz-series/v2",
            "bz-series/v3",
            "git-unused-intro",
            "lua-likely",
            "osv-rename-notnull",
        )
    ),
)


def plan_of(folder: Path) -> Plan:
    """Read the plan of a case; the series shares one."""
    return read_plan(folder if (folder / "plan.toml").exists() else folder.parent)


@pytest.mark.parametrize("name", CASES)
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
