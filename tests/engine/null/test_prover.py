"""The prover with a memory says what the kernel says, also when a text comes under another table."""

from __future__ import annotations

from vimagetrack.engine.null.kernel import Options, Outcome, Side, prove
from vimagetrack.engine.null.prover import KEPT, MOST_PAIRS, Prover
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

STATE = State(name="default")
PLAIN = Table.empty(STATE)
RENAMED = Table.parse(b"#define V_a a\n", STATE)
OTHER = Table.parse(b"#define V_a b\n", STATE)


def side(text: bytes, table: Table) -> Side:
    return Side(text=text, table=table)


def test_one_text_under_two_tables_is_two_streams() -> None:
    prover = Prover(Options())
    before = side(b"int f(void) { return a; }\n", PLAIN)
    for table, outcome in ((RENAMED, Outcome.PROVED), (OTHER, Outcome.REFUTED), (RENAMED, Outcome.PROVED)):
        after = side(b"int f(void) { return V_a; }\n", table)
        assert prover.prove(before, after).outcome is outcome
        assert prover.prove(before, after) == prove(before, after, Options())


def test_a_stream_is_made_once_and_forgotten_in_time() -> None:
    prover = Prover(Options())
    first = prover.stream(side(b"a;\n", PLAIN))
    assert prover.stream(side(b"a;\n", PLAIN)) is first
    for number in range(KEPT):
        prover.stream(side(b"b%d;\n" % number, PLAIN))
    assert prover.stream(side(b"a;\n", PLAIN)) is not first


def test_what_is_digested_is_that_of_the_streams_and_the_short_ways_are_forgotten_in_time() -> None:
    prover = Prover(Options())
    tables = [Table.empty(STATE) for _ in range(MOST_PAIRS)]
    pair = side(b"int a;\n#define B\n", PLAIN), side(b"int b;\n#define B\n", PLAIN)
    assert prover.joined(*pair) == (prover.stream(pair[0]).joined, prover.stream(pair[1]).joined)
    assert prover.quick(PLAIN, PLAIN) is prover.quick(PLAIN, PLAIN)
    first = prover.quick(PLAIN, PLAIN)
    for table in tables:
        prover.quick(PLAIN, table)
    assert prover.quick(PLAIN, PLAIN) is not first
