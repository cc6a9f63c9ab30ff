"""Match files that were sent beside a plan to the table files that it names. Pure: names and bytes in.

A browser sends the last part of a file's name only, so a plan's ``headers/net/vnet.h`` is looked for as
``vnet.h``, too; where that could be two of the plan's files, nothing is guessed.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vimagetrack.engine.errors import PlanError


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Texts by the path that the plan gives them, and the names of files that no milestone asks for."""

    files: Mapping[str, bytes]
    unused: tuple[str, ...]


def wanted_files(toml: str) -> tuple[str, ...]:
    """List the table files that a plan names, in order; none where it is no TOML: its reader says why."""
    try:
        plan = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return ()
    milestones = plan.get("milestone", [])
    if not isinstance(milestones, list):
        return ()
    lists = [m.get("table_files", []) for m in milestones if isinstance(m, dict)]
    names = [name for names in lists if isinstance(names, list) for name in names if isinstance(name, str)]
    return tuple(dict.fromkeys(names))


def match_files(wanted: Iterable[str], sent: Mapping[str, bytes]) -> Matched:
    """Give each wanted path the sent file of the same name, else the only one with the same last part.

    Raises PlanError where a sent file could be two of the plan's.
    """
    by_last: dict[str, list[str]] = defaultdict(list)
    for path in wanted:
        by_last[path.rpartition("/")[2]].append(path)
    files: dict[str, bytes] = {}
    unused = []
    for name, text in sent.items():
        last = name.replace("\\", "/").rpartition("/")[2]
        paths = [name] if name in by_last[last] else by_last[last]
        if len(paths) > 1:
            hint = f"The plan names {' and '.join(paths)}: put one of them into the plan as `table`."
            raise PlanError(f'two table files of the plan are called "{last}"', hint=hint)
        if paths:
            files[paths[0]] = text
        else:
            unused.append(name)
    return Matched(files=files, unused=tuple(unused))
