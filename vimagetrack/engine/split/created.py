"""Where a transition header lands that the monolith creates: as vocabulary, if it is nothing else.

What the monolith creates is meat. Where the headers of the tree are the table, one that holds definitions
alone comes with the first null layer that one of them belongs to: before it nobody can use them.
"""

from __future__ import annotations

from vimagetrack.engine.diff.model import FileDiff, FileOp
from vimagetrack.engine.null.kernel import Side, prove_created
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.split.guess import creation_step
from vimagetrack.engine.split.judge import Verdict
from vimagetrack.engine.split.steps import Layers, Step


def null_home(file: FileDiff, text: bytes, layers: Layers, prover: Prover) -> tuple[Step, Verdict] | None:
    """Give the null layer of a created header with the kernel's word on it; None where it is meat."""
    is_table = not layers.plan.has_table and file.path in layers.headers.texts
    home = creation_step(text, layers) if is_table and file.op is FileOp.CREATE else None
    if home is None:
        return None
    step = layers.steps[home]
    states = layers.states(step)
    sides = [
        (
            Side(text=b"", table=layers.table_before(step, state), path=file.path),
            Side(text=text, table=layers.table_after(step, state), path=file.path),
        )
        for state in states
    ]
    judgements = tuple(prove_created(after, prover.options) for _, after in sides)
    verdict = Verdict(states, judgements, tuple(prover.premises(*pair) for pair in sides))
    return (step, verdict) if verdict.proved else None
