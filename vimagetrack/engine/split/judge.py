"""Let the kernel judge every null layer on its own two texts; give back what it refuses.

The proposal is judged whole; where the kernel refuses, by halves down to the single edit, so that
one bad edit costs only itself. What is given back is meat, with the kernel's reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.null.kernel import Judgement, Language, Options, Outcome, Side
from vimagetrack.engine.null.premises import Premises
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.split.edits import Edit, apply, layer_spans, paired
from vimagetrack.engine.split.functions import Blocks
from vimagetrack.engine.split.inuse import first_uses
from vimagetrack.engine.split.meat import identifiers_of
from vimagetrack.engine.split.model import Kind, ProofRecord
from vimagetrack.engine.split.steps import Layers, Step
from vimagetrack.engine.split.streams import Streamed
from vimagetrack.engine.split.windows import Window, line_offsets


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kernel's words on one null layer of one window: one judgement a state, in plan order."""

    states: tuple[State, ...]
    judgements: tuple[Judgement, ...]
    #: What each judgement depends on, once the layer stands.
    premises: tuple[Premises, ...] = ()
    #: Macros that the layer before uses already, though only this one brings them: they stood for themselves.
    early: frozenset[bytes] = frozenset()

    @property
    def proved(self) -> bool:
        """Say whether every state is proved; without a state nothing is."""
        return bool(self.judgements) and all(j.outcome is Outcome.PROVED for j in self.judgements)

    @property
    def refusal(self) -> Judgement | None:
        """Give the first judgement that is not a proof."""
        return next((j for j in self.judgements if j.outcome is not Outcome.PROVED), None)


@dataclass(frozen=True, slots=True)
class Redefined:
    """A text that a null step leaves alone and that is not proved to stay the same under its table.

    ``lineno`` is a 1-based line of the layer before the step, ``name`` a macro that is used there.
    """

    step: int
    lineno: int
    name: bytes
    reason: str


def prover_for(layers: Layers, language: Language) -> Prover:
    """Give a prover for files of one language, on the plan's terms."""
    project = layers.plan.project
    options = Options(
        language=language,
        assumptions=project.assume,
        headers=project.headers,
        known=layers.known,
    )
    return Prover(options)


class Judge:
    """Judges one window; keeps streams of texts that are asked for again."""

    def __init__(self, window: Window, path: str, layers: Layers, prover: Prover) -> None:
        self.window = window
        self.path = path
        self.layers = layers
        self.prover = prover

    @cached_property
    def blocks(self) -> Blocks:
        """Give the functions of the old text."""
        return Blocks(tokenize(self.window.old))

    def settle(self, edits: Sequence[Edit]) -> tuple[list[Edit], dict[int, Verdict]]:
        """Return the edits with what the kernel refused turned to meat, and a verdict a null step.

        May call null edits meat; never leaves an edit in a null step that is not proved there.
        """
        current = list(edits)
        while True:
            verdicts: dict[int, Verdict] = {}
            for step in self.layers.null_steps:
                if not any(edit.step == step.index for edit in current):
                    continue
                verdict = self._verdict(current, step)
                if not verdict.proved:
                    current = self._give_back(current, step)
                    break
                verdicts[step.index] = replace(verdict, premises=self._premises(current, step, verdict))
            else:
                return current, verdicts

    def redefined(self, edits: Sequence[Edit], judged: Mapping[int, Verdict]) -> list[Redefined]:
        """Judge the null steps that redefine or bring a macro which this text uses, and change nothing in it.

        ``judged`` are the verdicts of the steps that were judged here already. Gives what is not proved.
        """
        found: list[Redefined] = []
        for step in self.layers.null_steps:
            if step.index in judged:
                found += self._used_early(edits, step, judged[step.index])
                continue
            text = apply(self.window.old, self.window.new, edits, step=step.index)
            verdict = self.unchanged(text, step)
            if verdict is not None:
                found.append(verdict)
        return found

    def _used_early(self, edits: Sequence[Edit], step: Step, verdict: Verdict) -> Iterator[Redefined]:
        """Tell the macros that a proved layer left aside, since they are in use before it brings them."""
        text = self._texts(edits, step)[0]
        for name in sorted(verdict.early):
            lineno = first_uses(text, {name})[name] + self.window.new_lineno - 1
            yield Redefined(step.index, lineno, name, "It is in use before it is in force.")

    def unchanged(self, text: bytes, step: Step) -> Redefined | None:
        """Judge a text under the tables before and after a step; None where it is proved the same."""
        words = set(_IDENTIFIER.findall(text))
        for state in self.layers.states(step):
            known = self.layers.known.reached(words, self.layers.table_before(step, state))
            hidden = {word for ways in known.values() for way in ways for word in way.body}
            names = self.layers.redefined(step, state, words | hidden)
            if not names:
                continue
            if Language.of_path(self.path) is None:
                lineno = text[: text.find(min(names))].count(b"\n")
                reason = "No token proof can judge this file."
                return Redefined(step.index, self.window.new_lineno + lineno, min(names), reason)
            found = self._prove(text, text, step, state)
            if found.outcome is not Outcome.PROVED:
                lineno = found.before_lineno or 1
                return Redefined(step.index, self.window.new_lineno + lineno - 1, min(names), found.reason)
        return None

    def _verdict(self, edits: Sequence[Edit], step: Step) -> Verdict:
        return self.verdict_on(*self._texts(edits, step), step)

    def verdict_on(self, before: bytes, after: bytes, step: Step) -> Verdict:
        """Judge two texts of the window as the layer before a null step and its own, in every state."""
        texts = before, after
        verdict = self._judged(texts, step, frozenset())
        if not any(judgement.rule == "R01" for judgement in verdict.judgements):
            return verdict
        early = self._early(texts[0], step)
        return self._judged(texts, step, early) if early else verdict

    def _judged(self, texts: tuple[bytes, bytes], step: Step, early: frozenset[bytes]) -> Verdict:
        states = self.layers.states(step)
        found = tuple(self.prover.prove(*self._sides(*texts, step, state, early)) for state in states)
        return Verdict(states, found, early=early)

    def _early(self, text: bytes, step: Step) -> frozenset[bytes]:
        """Find the macros that only a step brings and that the text before it uses: earlier meat does.

        What they mean there is not known, so they stand for themselves on both sides: no edit that spells
        one is proved then, and what has nothing to do with them is judged as ever.
        """
        brought = self.layers.brought(step, set(_IDENTIFIER.findall(text)))
        return frozenset(first_uses(text, set(brought))) if brought else brought

    def _texts(self, edits: Sequence[Edit], step: Step) -> tuple[bytes, bytes]:
        """Give the window's text in the layer before a step and in its own."""
        old, new = self.window.old, self.window.new
        return apply(old, new, edits, step=step.index - 1), apply(old, new, edits, step=step.index)

    def _prove(self, before: bytes, after: bytes, step: Step, state: State) -> Judgement:
        return self.prover.prove(*self._sides(before, after, step, state, frozenset()))

    def _sides(
        self, before: bytes, after: bytes, step: Step, state: State, early: frozenset[bytes]
    ) -> tuple[Side, Side]:
        tables = self.layers.tables_around(step, state, early)
        return self._side(before, tables[0]), self._side(after, tables[1])

    def _premises(self, edits: Sequence[Edit], step: Step, verdict: Verdict) -> tuple[Premises, ...]:
        texts = self._texts(edits, step)
        return tuple(
            self.prover.premises(*self._sides(*texts, step, state, verdict.early))
            for state in self.layers.states(step)
        )

    def _side(self, text: bytes, table: Table) -> Side:
        return self.window.side(text, table, self.path)

    def _give_back(self, edits: Sequence[Edit], step: Step) -> list[Edit]:
        """Turn to meat what keeps the step from being proved; at least one edit.

        First the functions in which the kernel stopped go out, one after the other, until the rest is
        proved; then each of them is tried again by halves.
        """
        kept = {index for index, edit in enumerate(edits) if edit.step == step.index}
        nothing = self._verdict(self._only(edits, step, set()), step)
        if nothing.refusal is not None:  # the text is not the same without any of them: no part will do
            refusal = nothing.refusal
            return self._without(edits, dict.fromkeys(kept, refusal), nothing.early)
        together = atoms(self.window, edits, sorted(kept))
        suspects: list[list[Atom]] = []
        verdict = self._verdict(edits, step)
        while kept and not verdict.proved:
            culprits = self._culprits(edits, step, kept, verdict)
            group = [atom for atom in together if kept.issuperset(atom) and not culprits.isdisjoint(atom)]
            suspects.append(group)
            kept.difference_update(*group)
            verdict = self._verdict(self._only(edits, step, kept), step)
        refused: dict[int, Judgement] = {}
        for group in suspects:
            self._halve(edits, step, group, kept, refused)
        return self._without(edits, refused, nothing.early)

    def _without(
        self, edits: Sequence[Edit], refused: Mapping[int, Judgement], early: frozenset[bytes]
    ) -> list[Edit]:
        given_back = (
            self._as_meat(edit, refused[index], early) if index in refused else edit
            for index, edit in enumerate(edits)
        )
        return paired(given_back, len(self.layers.steps))

    def _culprits(self, edits: Sequence[Edit], step: Step, kept: set[int], verdict: Verdict) -> set[int]:
        """Choose the edits of the function in which the kernel stopped; all where it named no place."""
        refusal = verdict.refusal
        lineno = refusal.after_lineno if refusal else None
        if lineno is None:
            return set(kept)
        own = self._only(edits, step, kept)
        after = apply(self.window.old, self.window.new, own, step=step.index)
        limit = line_offsets(after)[min(lineno, after.count(b"\n"))]
        spans = list(layer_spans(own, step=step.index))
        before_it = [span.edit for span in spans if span.after_start <= limit]
        nearest = before_it[-1] if before_it else spans[0].edit
        function = self.blocks.index_at(nearest.start)
        return {
            index
            for index in kept
            if edits[index] is nearest
            or (function is not None and self.blocks.index_at(edits[index].start) == function)
        }

    def _halve(
        self,
        edits: Sequence[Edit],
        step: Step,
        part: list[Atom],
        kept: set[int],
        refused: dict[int, Judgement],
    ) -> None:
        """Add to ``kept`` what is proved together with it, to ``refused`` the rest."""
        verdict = self._verdict(self._only(edits, step, kept.union(*part)), step)
        if verdict.proved:
            kept.update(*part)
        elif len(part) == 1:
            refusal = verdict.refusal
            assert refusal is not None  # a verdict without states proves nothing and is not asked for
            refused |= dict.fromkeys(part[0], refusal)
        else:
            middle = len(part) // 2
            self._halve(edits, step, part[:middle], kept, refused)
            self._halve(edits, step, part[middle:], kept, refused)

    def _only(self, edits: Sequence[Edit], step: Step, wanted: set[int]) -> list[Edit]:
        last = len(self.layers.steps)
        return [
            edit if edit.step != step.index or index in wanted else replace(edit, step=last)
            for index, edit in enumerate(edits)
        ]

    def _as_meat(self, edit: Edit, refusal: Judgement, early: frozenset[bytes]) -> Edit:
        if edit.own is not None:
            return replace(edit, step=edit.own.fallback, kind=Kind.MEAT, reason=refusal.reason)
        step = self.layers.meat_step(self.path, identifiers_of(self.window, edit))
        named = [name for name in edit.macros if name.encode("utf-8", "surrogateescape") in early]
        if named:
            reason = f"{named[0]} is in use before its macro is in force."
            return replace(edit, step=step, kind=Kind.MEAT, rule="R01", reason=reason)
        reason = refusal.reason
        if refusal.rule == "R15" and _balance(self.window, edit):
            reason = "What it opens or closes has its other half in a change that is not null."
        return replace(edit, step=step, kind=Kind.MEAT, rule=refusal.rule, reason=reason)

    def streams(
        self, edits: Sequence[Edit], step: Step, before_layer: str, verdict: Verdict | None
    ) -> list[Streamed]:
        """Give the kernel's streams of a null layer's two texts in every state; a verdict of None says that
        the step changes nothing here.
        """
        texts, early = self._texts(edits, step), verdict.early if verdict else frozenset[bytes]()
        rows = []
        for state in self.layers.states(step):
            found = self.prover.joined(*self._sides(*texts, step, state, early))
            rows += [
                Streamed(step.index, name, state.name, tokens)
                for name, tokens in zip((before_layer, step.slug), found, strict=True)
            ]
        return rows


_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
#: Indexes of edits that make sense together only.
Atom = tuple[int, ...]

_OPENS = re.compile(rb"^[ \t]*#[ \t]*if|\{", re.MULTILINE)
_CLOSES = re.compile(rb"^[ \t]*#[ \t]*endif|\}", re.MULTILINE)


def atoms(window: Window, edits: Sequence[Edit], mine: Sequence[int]) -> list[Atom]:
    """Put the edits together that open and close one conditional or one block: neither lands alone.

    Counts ``#if`` and braces by spelling. Wrong is harmless: what is together by mistake is refused
    together, what is apart by mistake is refused one by one. Scaffolds come and go as a whole.
    """
    scaffold = [index for index in mine if edits[index].own]
    found: list[list[int]] = [scaffold] if scaffold else []
    open_atoms: list[list[int]] = []
    for index in mine:
        if edits[index].own:
            continue
        balance = _balance(window, edits[index])
        if balance < 0 and open_atoms:
            atom = open_atoms[-1]
            del open_atoms[balance:]
        else:
            atom = []
            found.append(atom)
            open_atoms += [atom] * max(balance, 0)
        atom.append(index)
    return [tuple(atom) for atom in found]


def _balance(window: Window, edit: Edit) -> int:
    """Count what an edit opens more than it closes, beyond what it takes away."""
    new, old = window.new[edit.new_start : edit.new_end], window.old[edit.start : edit.end]
    counts = [len(_OPENS.findall(text)) - len(_CLOSES.findall(text)) for text in (new, old)]
    return counts[0] - counts[1]


def record(verdict: Judgement, state: State, premises: Premises) -> ProofRecord:
    """Turn a judgement into the record that is stored."""
    return ProofRecord(
        state=state.name,
        verdict=verdict.outcome,
        rule=verdict.rule,
        reason=verdict.reason,
        assumptions=tuple(sorted(verdict.assumptions)),
        rules=verdict.rules,
        definitions=premises.definitions,
        definitions_sha256=premises.sha256,
        before_digest=verdict.before_digest,
        after_digest=verdict.after_digest,
    )
