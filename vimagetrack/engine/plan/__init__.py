"""The landing plan: TOML <-> values (design section 5).

``parse_plan`` reads and refuses with a line, ``dump_plan`` writes the one canonical text, the values answer
what the splitter and the records ask. Knows nothing of diffs, and of C only where a ``#define`` stands.
"""

from __future__ import annotations

from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.state import State
from vimagetrack.engine.plan.dump import dump_plan
from vimagetrack.engine.plan.match import literal_head, match_name, match_path
from vimagetrack.engine.plan.read import parse_plan
from vimagetrack.engine.plan.values import (
    Area,
    Defaults,
    Due,
    DueKind,
    Gate,
    GateLevel,
    GivenDefaults,
    Layer,
    Milestone,
    Plan,
    ProjectInfo,
    Rule,
)

__all__ = [
    "Area",
    "Assumption",
    "Defaults",
    "Due",
    "DueKind",
    "Gate",
    "GateLevel",
    "GivenDefaults",
    "Layer",
    "Milestone",
    "Plan",
    "ProjectInfo",
    "Rule",
    "State",
    "dump_plan",
    "literal_head",
    "match_name",
    "match_path",
    "parse_plan",
]
