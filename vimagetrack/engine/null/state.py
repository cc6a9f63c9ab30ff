"""A state: a named set of -D and -U under which the tree can be compiled."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Names that are known to be defined, with their text, and names that are known not to be.

    What is in neither is unknown, and stays so: in source files a conditional on it is never resolved.
    """

    name: str
    define: tuple[tuple[str, str], ...] = ()
    undefine: tuple[str, ...] = ()
