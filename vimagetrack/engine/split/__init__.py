"""Split a monolith into layers: propose, let the kernel judge, write, recompose.

``split`` is the one door. It is pure and deterministic: the same bytes and the same plan give the
same answer with any number of jobs.
"""

from __future__ import annotations

from vimagetrack.engine.split.model import (
    PROVABLE,
    Change,
    Chunk,
    Kind,
    LayerFile,
    MilestoneProof,
    MilestoneResult,
    OrderFinding,
    Part,
    Progress,
    ProofRecord,
    SplitResult,
    StreamDigest,
)
from vimagetrack.engine.split.report import report
from vimagetrack.engine.split.run import split

__all__ = [
    "PROVABLE",
    "Change",
    "Chunk",
    "Kind",
    "LayerFile",
    "MilestoneProof",
    "MilestoneResult",
    "OrderFinding",
    "Part",
    "Progress",
    "ProofRecord",
    "SplitResult",
    "StreamDigest",
    "report",
    "split",
]
