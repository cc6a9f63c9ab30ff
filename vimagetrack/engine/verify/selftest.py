"""Try the kernel on its own proofs: mutate one token of a null layer, and it must not be proved any more.

The layers are laid anew from the written patches, by an applier that knows nothing of edits. Which places
are tried depends on the bytes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from vimagetrack.engine.diff.model import FileDiff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import SplitError
from vimagetrack.engine.null.kernel import Outcome
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.judge import Judge, prover_for
from vimagetrack.engine.split.opaque import is_piece, language_of
from vimagetrack.engine.split.recompose import SparseText
from vimagetrack.engine.split.run import known_layers
from vimagetrack.engine.split.steps import Layers, Step
from vimagetrack.engine.split.windows import Window, whole_hunks, windows
from vimagetrack.engine.verify.mutations import Mutation, Mutator

#: How many mutations are tried, and how many bytes of text they may make the kernel read.
MUTATIONS, BYTES = 50, 4_000_000


@dataclass(slots=True)
class SelfTest:
    """What came of it: how many mutations were made, and each that was proved all the same, in words."""

    made: int = 0
    proved: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Count the mutations that the kernel refused."""
        return self.made - len(self.proved)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Null:
    """One window of a file in one null layer: its two texts, and the added lines (0-based) of the second."""

    patch: str
    file: FileDiff
    window: Window
    step: Step
    before: bytes
    after: bytes
    lines: frozenset[int]
    first_lineno: int


def self_test(
    monolith: bytes,
    plan: Plan,
    patches: Mapping[str, bytes],
    *,
    base: Mapping[str, bytes] | None = None,
    mutations: int = MUTATIONS,
) -> SelfTest:
    """Mutate the null layers of a split in up to so many places, and ask the kernel.

    ``patches`` are the split's files by name. Every mutation is one that surely changes the tokens, so a
    proof of one in any state shows that the kernel is wrong.
    """
    diff = parse(monolith, second_opinion=False)
    texts = dict(base or {})
    layers = known_layers(diff, plan, texts)
    whole = whole_hunks(diff)
    sections = _by_path(patches, layers)
    nulls: list[_Null] = []
    for index, file in enumerate(diff.files):
        names = dict.fromkeys((file.old_path, file.new_path))
        own = sorted((one for name in names for one in sections.get(name or "", ())), key=_landing)
        if any(step.null for step, _ in own) and not is_piece(file) and language_of(file) is not None:
            known = windows(file, texts.get(file.old_path or file.path), whole_hunk=whole.get(index, False))
            nulls += _nulls(file, known, own)
    found = SelfTest()
    chosen: dict[int, list[Mutation]] = {}
    for place, mutation in _chosen(nulls, layers, mutations, seed=sha256(monolith).hexdigest()):
        chosen.setdefault(place, []).append(mutation)
    for place, tried in chosen.items():
        _try(nulls[place], tried, layers, found)
    return found


def _landing(own: tuple[Step, FileDiff]) -> int:
    return own[0].index


def _by_path(patches: Mapping[str, bytes], layers: Layers) -> dict[str, list[tuple[Step, FileDiff]]]:
    """Read every patch once: the sections of each file by its path before them, in landing order."""
    found: dict[str, list[tuple[Step, FileDiff]]] = {}
    for step in layers.steps:
        patch = patches.get(step.patch_name)
        for section in parse(patch, second_opinion=False).files if patch else ():
            found.setdefault(section.old_path or section.path, []).append((step, section))
    return found


def _nulls(file: FileDiff, known: Sequence[Window], own: Sequence[tuple[Step, FileDiff]]) -> Iterator[_Null]:
    """Lay the patches of one file, one after the other; give what each null one makes of its windows."""
    text = SparseText(known)
    for step, section in own:
        before = text.texts if step.null else []
        try:
            text.apply_file(section)
        except SplitError:
            return  # the patch is not what the split comes to; that is told elsewhere
        if step.null:
            yield from _windows_of(file, known, section, step, (before, text))


def _windows_of(
    file: FileDiff,
    known: Sequence[Window],
    section: FileDiff,
    step: Step,
    texts: tuple[list[bytes], SparseText],
) -> Iterator[_Null]:
    before, text = texts
    runs = [run for hunk in section.hunks for run in hunk.runs()]
    added = {run.new_start_lineno + i for run in runs for i in range(len(run.new_lines))}
    stretches = zip(text.firsts, map(len, text.lines), strict=True)
    for window, old, new, (first, count) in zip(known, before, text.texts, stretches, strict=True):
        lines = frozenset(line - first for line in added if 0 <= line - first < count)
        if lines and old != new:
            yield _Null(
                patch=step.patch_name,
                file=file,
                window=window,
                step=step,
                before=old,
                after=new,
                lines=lines,
                first_lineno=first,
            )


def _chosen(
    nulls: Sequence[_Null], layers: Layers, wanted: int, *, seed: str
) -> Iterator[tuple[int, Mutation]]:
    """Choose windows, by index, and what to do there: one after the other, so that all have their turn."""
    turns = [(place, _offered(null, layers, seed)) for place, null in enumerate(nulls)]
    turns.sort(key=lambda turn: _draw(seed, *_place(nulls[turn[0]])))
    budget = BYTES
    while wanted and turns:
        left = []
        for place, offered in turns:
            cost = len(nulls[place].after) * len(layers.states(nulls[place].step))
            mutation = next(offered, None) if wanted and cost <= budget else None
            if mutation is not None:
                yield place, mutation
                wanted, budget = wanted - 1, budget - cost
                left.append((place, offered))
        turns = left


def _place(null: _Null) -> tuple[object, ...]:
    return null.patch, null.file.path, null.first_lineno


def _offered(null: _Null, layers: Layers, seed: str) -> Iterator[Mutation]:
    """Give the mutations of one window, in an order that the seed shuffles."""
    around = [layers.tables_around(null.step, state) for state in layers.states(null.step)]
    tables = [table for pair in around for table in pair]
    found = list(Mutator(null.after, tables, layers.known).mutations(null.lines))
    yield from sorted(found, key=lambda one: _draw(seed, *_place(null), one.start, one.text))


def _draw(*parts: object) -> bytes:
    return sha256("\0".join(map(str, parts)).encode("utf-8", "surrogateescape")).digest()


def _try(null: _Null, mutations: Sequence[Mutation], layers: Layers, found: SelfTest) -> None:
    """Ask the kernel; note each mutation that is proved in any state."""
    language = language_of(null.file)
    assert language is not None  # others were left out
    judge = Judge(null.window, null.file.path, layers, prover_for(layers, language))
    if not judge.verdict_on(null.before, null.after, null.step).proved:
        return  # what is refused as it stands shows nothing
    for mutation in mutations:
        verdict = judge.verdict_on(null.before, mutation.applied(null.after), null.step)
        states = [
            state.name
            for state, judgement in zip(verdict.states, verdict.judgements, strict=True)
            if judgement.outcome is Outcome.PROVED
        ]
        found.made += 1
        if states:
            lineno = null.after.count(b"\n", 0, mutation.start) + null.first_lineno
            found.proved.append(
                f"proved, and must not be: in {null.patch} {mutation.what} in line {lineno} of"
                f" {null.file.path} (states: {', '.join(states)})"
            )
