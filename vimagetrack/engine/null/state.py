"""A named set of -D and -U under which a tree can be compiled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One way to configure the tree.

    ``define`` holds (name, value) in the plan's order, ``undefine`` names that are known to be undefined.
    A name in neither is unknown, which is not the same as undefined.
    """

    name: str
    define: tuple[tuple[str, str], ...] = ()
    undefine: tuple[str, ...] = ()
