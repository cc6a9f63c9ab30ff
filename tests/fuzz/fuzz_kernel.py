"""Fuzz the kernel: nothing but the engine's errors, the same answer twice, no text is refuted by itself.

An input is two bytes of switches and three texts (table, before, after) with RS between them; or, where it
starts with a brace, a line for ``prove --jsonl``. Run it: ``python -m tests.fuzz kernel``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.fuzz import seeds
from tests.fuzz.harness import instrumented, law, run

with instrumented("vimagetrack.engine"):
    from vimagetrack.engine.errors import EngineError
    from vimagetrack.engine.null.assumptions import Assumption
    from vimagetrack.engine.null.kernel import (
        Judgement,
        Language,
        Options,
        Outcome,
        Side,
        Stream,
        prove,
        stream,
    )
    from vimagetrack.engine.null.prove_jsonl import judge_case
    from vimagetrack.engine.null.prover import Prover
    from vimagetrack.engine.null.state import State
    from vimagetrack.engine.null.table import Table

STATE = State(name="fuzz", define=(("SET", "1"), ("WORD(x)", "x")), undefine=("UNSET",))
LANGUAGES = (Language.C, Language.CXX, Language.ASM, Language.C)
CONTRADICTION = {Outcome.PROVED, Outcome.REFUTED}
ANSWERS = {outcome.value for outcome in Outcome}


def check(data: bytes) -> None:
    """Raise where a law of the kernel is broken."""
    if data[:1] in (b"{", b"["):
        check_line(data)
    elif data[2:].count(seeds.BORDER) >= 2:
        check_pair(data[0], data[1], data[2:])


def check_line(line: bytes) -> None:
    """Judge a line as ``prove --jsonl`` does: an answer that JSON can carry, or a ValueError."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        return
    try:
        answer = judge_case(case)
    except ValueError:
        return
    law(holds=answer["verdict"] in ANSWERS, text="an answer is one of three")
    json.dumps(answer, sort_keys=True).encode("ascii")


def check_pair(switches: int, granted: int, texts: bytes) -> None:
    """Judge a pair, and each text beside itself, under one table or two."""
    macros, before, after = texts.split(seeds.BORDER, 2)
    try:
        table = Table.parse(macros, STATE)
        if switches & 16:
            table = table.with_families(["V_*"], [b"V_foo"], closed_world=bool(switches & 32))
        table = replace(table, header_texts={"t.h": macros} if switches & 64 else {})
    except EngineError:
        return
    options = Options(
        language=LANGUAGES[switches & 3],
        assumptions=frozenset(each for bit, each in enumerate(Assumption) if granted >> bit & 1),
        headers=("t.h",) if switches & 64 else (),
        vocabulary=not switches & 128,
        unseen_observers=not switches & 8,
    )
    whole = bool(switches & 4)
    earlier = Table.empty(STATE) if switches & 128 and switches & 64 else table
    one = Side(text=before, table=earlier, path="a.c", whole=whole)
    two = Side(text=after, table=table, path="a.c", whole=whole)
    for side in (one, two):
        _check_stream(side, options)
        itself = prove(side, side, options)
        law(holds=itself.outcome is not Outcome.REFUTED, text="no text is refuted by itself")
    _check_judgement(one, two, options)


def _check_stream(side: Side, options: Options) -> None:
    made = stream(side, options)
    law(holds=b"".join(made.source) == side.text, text="a stream's source is the text")
    law(holds=_plain(stream(side, options)) == _plain(made), text="the same text gives the same stream")
    columns = (made.first, made.last, made.macro, made.calls, made.made)
    law(holds={len(column) for column in columns} == {len(made.tokens)}, text="a place for every token")
    ranges = list(zip(made.first, made.last, strict=True))
    law(holds=all(0 <= a <= b <= len(made.source) for a, b in ranges), text="places lie in the text")
    law(holds=all(0 <= found.index <= len(made.source) for found in made.problems), text="so do problems")


def _plain(made: Stream) -> tuple[object, ...]:
    return made.tokens, made.strict, made.digest, made.problems, made.withheld, made.hazards, made.dropped


def _check_judgement(one: Side, two: Side, options: Options) -> None:
    found = prove(one, two, options)
    kept = found if found.outcome is Outcome.PROVED else replace(found, hazards=())
    law(holds=Prover(options).prove(one, two) == kept, text="kept streams say the same")
    law(holds=found.assumptions <= options.assumptions, text="no assumption is used that is not granted")
    if one.table is two.table:
        both = {found.outcome, prove(two, one, options).outcome}
        law(holds=not both.issuperset(CONTRADICTION), text="the mirror does not contradict")
    if found.outcome is Outcome.PROVED:
        more = replace(options, assumptions=frozenset(Assumption))
        again: Judgement = prove(one, two, more)
        law(
            holds=again.outcome is not Outcome.REFUTED,
            text="granting more refutes no proof",
        )


def _seeds() -> Iterator[bytes]:
    yield from seeds.cases()
    yield from seeds.lines_of_cases()
    yield from seeds.pairs()


if __name__ == "__main__":
    run("kernel", check, _seeds())
