"""The layers to be written: a milestone gives one step, a mixed one two (its null part first, then its meat),
an announcement or a landed milestone none.
"""

from __future__ import annotations

from dataclasses import dataclass

from vimagetrack.engine.plan import Layer, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One layer to be written; ``position`` is the milestone's 0-based place in the plan."""

    index: int
    position: int
    slug: str
    null: bool
    #: "1-null" and "2-meat" for the halves of a mixed milestone, else "".
    half: str = ""

    @property
    def patch_name(self) -> str:
        """Name the patch as the contract says: NN-slug.patch, NN the 1-based place in the plan."""
        return f"{self.position + 1:02d}-{self.slug}{'.' + self.half if self.half else ''}.patch"


def steps_of(plan: Plan) -> list[Step]:
    """List the steps of a plan in landing order."""
    steps: list[Step] = []
    for position, milestone in enumerate(plan.milestones):
        if milestone.is_closed or milestone.layer is Layer.ANNOUNCE:
            continue
        halves = [("", milestone.layer is Layer.NULL)]
        if milestone.layer is Layer.MIXED:
            halves = [("1-null", True), ("2-meat", False)]
        for half, null in halves:
            steps.append(Step(index=len(steps), position=position, slug=milestone.slug, null=null, half=half))
    return steps
