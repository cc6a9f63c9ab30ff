"""From proposals to edits: which null layer takes what, and which files are worth the work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from vimagetrack.engine.null.kernel import Side
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.split.edits import Edit, trim
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.propose import Proposal, propose
from vimagetrack.engine.split.respelt import propose_names
from vimagetrack.engine.split.steps import Layers, Step
from vimagetrack.engine.split.windows import Span, Window

_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")


#: A comment that begins farther above is not looked for.
_LONGEST_COMMENT = 1 << 16


def _in_comment(text: bytes, offset: int) -> bool:
    """Say whether a comment seems to be open there, so that the words of a run may be no code."""
    opened = text.rfind(b"/*", max(0, offset - _LONGEST_COMMENT), offset)
    return opened >= 0 and text.find(b"*/", opened + 2, offset) < 0


class NullEdits:
    """Finds the null edits of one file's windows and gives each its layer."""

    def __init__(self, path: str, layers: Layers, prover: Prover) -> None:
        self.path = path
        self.layers = layers
        self.prover = prover

    def edits(self, window: Window) -> list[Edit]:
        """Propose the null edits of a window, sorted and disjoint; nothing for what cannot be null."""
        if not self.layers.null_steps or not self._worth_lexing(window):
            return []
        accepted: list[Edit] = []
        for sides in self._passes(window):
            proposals = self._proposals(window, *sides)
            accepted = _merged(accepted, self._assigned(window, proposals))
        return accepted

    def _worth_lexing(self, window: Window) -> bool:
        """Look for table names, transition headers or equal texts before anything is lexed."""
        for run in window.runs:
            old, new = window.old[run.start : run.end], window.new[run.new_start : run.new_end]
            names = {*_IDENTIFIER.findall(old), *_IDENTIFIER.findall(new)}
            if any(map(self.layers.is_transition, names)) or b"#" in old + new:
                return True
            if _dense(old) == _dense(new) or b"/*" in old + new or b"*/" in old + new or b"//" in old + new:
                return True
            if _in_comment(window.old, run.start):
                return True
        return False

    def _proposals(self, window: Window, old: Side, new: Side) -> list[Proposal]:
        """Propose by the names alone where that is enough, else by the kernel's streams."""
        found = propose_names(window, self.prover.quick(old.table, new.table))
        if found is not None and self._are_ours(found):
            return found
        streams = self.prover.stream(old), self.prover.stream(new)
        return propose(window, *streams, self.layers.is_transition)

    def _are_ours(self, found: Sequence[Proposal]) -> bool:
        """Say whether all macros of proposals are the plan's own: helpers are passed over by ``propose``."""
        return all(self.layers.is_transition(name.encode()) for one in found for name in one.macros)

    def _passes(self, window: Window) -> list[tuple[Side, Side]]:
        """Pair the sides to align: one pair for each state that a null layer is judged in first, and
        one more before every step that redefines a macro.
        """
        seen: dict[tuple[str, int], Step] = {}
        redefined: Counter[str] = Counter()
        for step in self.layers.null_steps:
            state = self.layers.states(step)[0]
            redefined[state.name] += bool(self.layers.redefines(step, state))
            seen[state.name, redefined[state.name]] = step
        pairs = []
        for (name, _), step in seen.items():
            state = self.layers.plan.state(name)
            first = self.layers.null_steps[0]
            old = window.side(window.old, self.layers.table_before(first, state), self.path)
            new = window.side(window.new, self.layers.table_after(step, state), self.path)
            pairs.append((old, new))
        return pairs

    def _assigned(self, window: Window, proposals: Sequence[Proposal]) -> list[Edit]:
        """Give every proposal its layer: by its macros, else with the null change of its function."""
        found: list[Edit] = []
        leaders = self._leaders(proposals)
        for proposal in proposals:
            target = self.layers.null_target(proposal.macros) if proposal.macros else None
            step = target.step if target else None
            if not proposal.macros:
                step = leaders.get(proposal.segment, self._own_step(proposal))
            span = trim(window.old, window.new, _quad(proposal.span))
            if step is None or span is None or not self._has_context(window, span):
                continue
            found.append(
                Edit(
                    start=span[0],
                    end=span[1],
                    new_start=span[2],
                    new_end=span[3],
                    step=step,
                    kind=proposal.kind,
                    macros=proposal.macros,
                    straggler_of=target.straggler_of if target else None,
                )
            )
        return found

    def _has_context(self, window: Window, span: tuple[int, int, int, int]) -> bool:
        """Say whether an edit may stand where it does: inside a window only where a run is.

        What slides off the runs of a hunk may come to its border, where a patch has no context left and
        no tool applies it.
        """
        return window.whole or any(
            run.start <= span[0]
            and span[1] <= run.end
            and run.new_start <= span[2]
            and span[3] <= run.new_end
            for run in window.runs
        )

    def _own_step(self, proposal: Proposal) -> int | None:
        """Choose the layer of what names no macro in a function without a null change.

        White space and vocabulary (until it is known who uses it) have one. What vanishes without any
        macro of the plan, such as new code in a group that is out in these states, is for a human.
        """
        if proposal.kind is Kind.VOCABULARY:
            return self.layers.null_steps[0].index
        return None if proposal.kind is Kind.NULL_MACRO else self.layers.cosmetic_step()

    def _leaders(self, proposals: Sequence[Proposal]) -> dict[int, int]:
        """Find for every function the layer that takes along what names no macro itself."""
        best: dict[int, tuple[bool, int]] = {}
        for proposal in proposals:
            target = self.layers.null_target(proposal.macros) if proposal.macros else None
            if target is not None and proposal.kind is Kind.NULL_MACRO:
                mark = (proposal.structural, target.step)
                best[proposal.segment] = max(best.get(proposal.segment, mark), mark)
        return {segment: step for segment, (_, step) in best.items()}


def _quad(span: Span) -> tuple[int, int, int, int]:
    return span.start, span.end, span.new_start, span.new_end


def _dense(text: bytes) -> bytes:
    return b"".join(text.split())


def _merged(accepted: Sequence[Edit], more: Sequence[Edit]) -> list[Edit]:
    """Add what a later pass proposes where it stands clear of what is accepted already."""
    clear = [edit for edit in more if all(_clear(edit, other) for other in accepted)]
    return sorted([*accepted, *clear], key=lambda edit: edit.place)


def _clear(edit: Edit, other: Edit) -> bool:
    before = edit.end <= other.start and edit.new_end <= other.new_start
    after = other.end <= edit.start and other.new_end <= edit.new_start
    return (before or after) and (edit.start, edit.new_start) != (other.start, other.new_start)
