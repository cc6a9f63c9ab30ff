"""Hazards: what is null today and will be wrong on the day when a transition macro becomes real."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HazardKind(StrEnum):
    """How a renamed name was used where it is not the global it stands for."""

    LOCAL_SHADOW = "local-shadow"
    MEMBER_SHADOW = "member-shadow"
    DESIGNATOR = "designator"
    TAG = "tag"
    LABEL = "label"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One use of a transition macro's name to look at; a warning, never a verdict.

    ``lineno`` is 1-based in the after side's text. May be missing where a declaration is out of sight.
    """

    kind: HazardKind
    token: str
    lineno: int

    @property
    def text(self) -> str:
        """Say it in one sentence."""
        return f"{self.token} in line {self.lineno}: {_TEXTS[self.kind]}."


_TEXTS = {
    HazardKind.LOCAL_SHADOW: "a local of that name is meant, which the real macro would reach past",
    HazardKind.MEMBER_SHADOW: "a member is named so, which the real macro would rewrite",
    HazardKind.DESIGNATOR: "a designated initialiser is named so, which the real macro would rewrite",
    HazardKind.TAG: "a tag is named so, which the real macro would rewrite",
    HazardKind.LABEL: "a label is named so, which the real macro would rewrite",
    HazardKind.DECLARATION: "a declaration has that name, which the real macro would rewrite",
}
