"""From split files to the result: fingerprints, chunks, patches; one reduce, in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from vimagetrack.engine.diff.model import DiffWarning
from vimagetrack.engine.null.kernel import Outcome
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.changes import Draft
from vimagetrack.engine.split.chunks import ChunkDraft, title
from vimagetrack.engine.split.filesplit import FileSplit
from vimagetrack.engine.split.judge import Verdict
from vimagetrack.engine.split.model import PROVABLE, Change, Chunk, Kind, MilestoneProof, MilestoneResult
from vimagetrack.engine.split.steps import Layers, Step


def number_equals(files: Sequence[FileSplit]) -> None:
    """Give every change its ordinal among equals of its layer, in the layer's order, and its fingerprint.

    Where later layers have equals too it counts on from theirs: so no two changes of a split share a
    fingerprint, and none gets another when an earlier layer lands.
    """
    equals: dict[str, list[tuple[str, Draft]]] = {}
    for file in files:
        for draft in file.drafts:
            equals.setdefault(draft.fingerprint, []).append((file.path, draft))
    for own in equals.values():
        for ordinal, (path, draft) in enumerate(sorted(own, key=lambda row: -row[1].step)):
            if ordinal:
                draft.name(path, ordinal)


def changes(files: Sequence[FileSplit], layers: Layers, chunk_of: dict[int, str]) -> list[Change]:
    """List all changes: file by file as in the monolith, step by step, line by line."""
    same: dict[tuple[str, ...], tuple[str, ...]] = {}  # equal lists of names are one: there are many changes
    return [_change(file, draft, layers, chunk_of, same) for file in files for draft in file.drafts]


def _change(
    file: FileSplit,
    draft: Draft,
    layers: Layers,
    chunk_of: dict[int, str],
    same: dict[tuple[str, ...], tuple[str, ...]],
) -> Change:
    step = layers.steps[draft.step]
    verdict = _window_verdict(file, draft) if draft.kind in PROVABLE else None
    states = tuple(state.name for state in verdict.states) if verdict else ()
    given_back = next((edit for edit in draft.edits if edit.reason), None)
    judgements = verdict.judgements if verdict else ()
    late = [edit.straggler_of for edit in draft.edits if edit.macros and draft.kind in PROVABLE]
    straggler = late[0] if late and all(late) else None  # only what landed milestones alone explain
    macros = tuple(sorted({name for edit in draft.edits for name in edit.macros}))
    assumptions = tuple(sorted({str(a) for judgement in judgements for a in judgement.assumptions}))
    place = draft.first
    old, new = _numbered(draft.old, place[0], draft.kind), _numbered(draft.new, place[1], draft.kind)
    return Change(
        path=file.path,
        old_path=file.old_path,
        milestone=step.slug,
        kind=draft.kind,
        old=old,
        new=new,
        part=draft.part,
        verdict=Outcome.PROVED if verdict else Outcome.UNDECIDED,
        states=same.setdefault(states, states),
        rule=_rule(draft, given_back.rule if given_back else ""),
        reason=given_back.reason if given_back else _reason(draft),
        macros=same.setdefault(macros, macros),
        fingerprint=draft.fingerprint,
        neighbourhood=draft.neighbourhood or "0" * 64,
        function=draft.function,
        layer_before=_shared(_numbered(draft.before, place[2], draft.kind), old),
        layer_after=_shared(_numbered(draft.after, place[3], draft.kind), new),
        assumptions=same.setdefault(assumptions, assumptions),
        hazards=_hazards(verdict, draft),
        before=draft.before_text,
        after=draft.after_text,
        chunk=chunk_of.get(id(draft)),
        straggler_of=straggler,
    )


def _shared(lines: tuple[int, int], known: tuple[int, int]) -> tuple[int, int]:
    """Take a pair that is there already where it is the same: there are hundreds of thousands."""
    return known if lines == known else lines


def _numbered(lines: tuple[int, int], first: int, kind: Kind) -> tuple[int, int]:
    """Turn a half-open 0-based range into (first line, count); count 0 names the line before."""
    count = lines[1] - lines[0]
    if count == 0:
        return (0, 0) if kind is Kind.OPAQUE and lines == (0, 0) else (lines[0] + first - 1, 0)
    return lines[0] + first, count


def _window_verdict(file: FileSplit, draft: Draft) -> Verdict | None:
    return file.verdict_at(draft.step, draft.window_index)


def _rule(draft: Draft, given_back: str) -> str:
    names = {Kind.NULL_MACRO: "expansion", Kind.COSMETIC: "white-space", Kind.VOCABULARY: "vocabulary"}
    return given_back or names.get(draft.kind, "")


def _reason(draft: Draft) -> str:
    if draft.kind is Kind.OPAQUE:
        return draft.reason or "no token proof can judge it"
    return draft.reason


def _hazards(verdict: Verdict | None, draft: Draft) -> tuple[str, ...]:
    """List the hazards of a layer that name a macro of this change."""
    if verdict is None:
        return ()
    names = {name for edit in draft.edits for name in edit.macros}
    hazards = (hazard for judgement in verdict.judgements for hazard in judgement.hazards)
    return tuple(dict.fromkeys(hazard.text for hazard in hazards if hazard.token in names))


def redefinitions(files: Sequence[FileSplit], layers: Layers) -> list[DiffWarning]:
    """Say where a null layer may change what it leaves alone, since it redefines or brings a macro."""
    return [
        DiffWarning(
            path=file.path,
            diff_lineno=None,
            code="redefined",
            text=f"{layers.steps[found.step].slug} changes what {found.name.decode()} in line {found.lineno} "
            f"means, which no change of that layer touches: {found.reason}",
        )
        for file in files
        for found in file.redefined
    ]


def written_chunks(
    drafts: Sequence[ChunkDraft],
    files: Sequence[FileSplit],
    layers: Layers,
    patch: Callable[[FileSplit, int, int], bytes],
    index_of: dict[int, int],
) -> list[Chunk]:
    """Write every chunk with its patch; ``order`` counts from 1 in its milestone."""
    orders: Counter[str] = Counter()
    shares = Counter((index, chunk.step) for chunk in drafts for index, _ in chunk.members)
    written = []
    for draft in drafts:
        step = layers.steps[draft.step]
        orders[step.slug] += 1
        order = orders[step.slug]
        own = Counter(index for index, _ in draft.members)
        written.append(
            Chunk(
                id=f"{step.slug}/{order:04d}",
                milestone=step.slug,
                kind=draft.kind,
                area=draft.area,
                order=order,
                title=title(draft, files),
                files=tuple(files[index].path for index in own),
                added=sum(member.after[1] - member.after[0] for _, member in draft.members),
                removed=sum(member.before[1] - member.before[0] for _, member in draft.members),
                changes=tuple(sorted(index_of[id(member)] for _, member in draft.members)),
                sections=tuple(
                    _section(files[index], draft, patch, alone=count == shares[index, draft.step])
                    for index, count in own.items()
                ),
                oversize=draft.oversize,
            )
        )
    return written


def _section(
    file: FileSplit, chunk: ChunkDraft, patch: Callable[[FileSplit, int, int], bytes], *, alone: bool
) -> bytes:
    """Write a file's share of a chunk: all of its layer, where no other chunk has a change of it (alone)."""
    rows = file.layer_files_of(chunk.step)
    return rows[0].patch if alone and rows else patch(file, chunk.step, chunk.rank)


def chunk_ids(drafts: Sequence[ChunkDraft], layers: Layers) -> dict[int, str]:
    """Name the chunk of every change, by the identity of its draft."""
    orders: Counter[str] = Counter()
    names: dict[int, str] = {}
    for draft in drafts:
        slug = layers.steps[draft.step].slug
        orders[slug] += 1
        names |= {id(member): f"{slug}/{orders[slug]:04d}" for _, member in draft.members}
    return names


def milestones(files: Sequence[FileSplit], layers: Layers) -> list[MilestoneResult]:
    """Give every milestone of the plan its share, also those that take nothing."""
    return [_milestone(position, files, layers) for position in range(len(layers.plan.milestones))]


def _milestone(position: int, files: Sequence[FileSplit], layers: Layers) -> MilestoneResult:
    milestone = layers.plan.milestones[position]
    steps = [step for step in layers.steps if step.position == position]
    sections, touched, added, removed = [], set(), 0, 0
    for step in steps:
        own = [(file, row) for file in files for row in file.layer_files_of(step.index)]
        if own:
            sections.append((step.patch_name, tuple(row.patch for _, row in own)))
        touched |= {file.index for file, _ in own}
        added += sum(row.added for _, row in own)
        removed += sum(row.removed for _, row in own)
    return MilestoneResult(
        slug=milestone.slug,
        position=position + 1,
        layer=milestone.layer.value,
        sections=tuple(sections),
        files=len(touched),
        added=added,
        removed=removed,
        proof=_proof(steps, files, layers),
    )


def _proof(steps: Sequence[Step], files: Sequence[FileSplit], layers: Layers) -> MilestoneProof:
    """Say what is proved of a milestone: only a layer that is null in every state is."""
    null = [step for step in steps if step.null]
    proofs = [
        proof
        for step in null
        for file in files
        for row in file.layer_files_of(step.index)
        for proof in row.proofs
    ]
    if not proofs:
        return MilestoneProof(verdict=None)
    changed = any(found.step == step.index for step in null for file in files for found in file.redefined)
    changed = changed or any(layers.brings_what_is_in_use(step) for step in null)
    proved = not changed and all(proof.verdict is Outcome.PROVED for proof in proofs)
    return MilestoneProof(
        verdict=Outcome.PROVED if proved else Outcome.UNDECIDED,
        states=tuple(state.name for state in layers.states(null[0])),
        assumptions=tuple(sorted({name for proof in proofs for name in proof.assumptions})),
    )


__all__ = [
    "Plan",
    "changes",
    "chunk_ids",
    "milestones",
    "number_equals",
    "redefinitions",
    "written_chunks",
]
