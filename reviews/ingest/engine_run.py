"""The one seam between the pipeline and the engine: today in this process, later in a pool of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split import Progress, SplitResult, split


def run_split(
    monolith: bytes,
    plan: Plan,
    base: Mapping[str, bytes] | None,
    show: Callable[[str, int, int, int], None],
) -> SplitResult:
    """Split; ``show`` is told the stage, files done of all, and lines, and may raise to stop."""

    def told(progress: Progress) -> None:
        show(progress.stage, progress.done, progress.total, progress.lines)

    return split(monolith, plan, base=base, progress=told)
