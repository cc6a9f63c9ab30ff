"""A proof is looked up by what it depends on: whatever may change the verdict changes the digest."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from tests.engine.null.test_kernel import ALL, EMPTY, side
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Options
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.premises import Premises
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

TABLE = "#define V_foo W(foo)\n#define W(x) x\n#define V_other other\n"


def made(
    table: str = TABLE, before: str = "", options: Options = ALL, state: State = EMPTY.state
) -> Premises:
    tables = [Table.parse(text.encode(), state) for text in (before, table)]
    return Prover(options).premises(side("x = foo;\n", tables[0]), side("x = V_foo;\n", tables[1]))


def test_the_definitions_that_are_reached_are_named() -> None:
    assert made().definitions == ("V_foo", "W")


def test_what_may_change_the_verdict_changes_the_digest() -> None:
    digests = [
        made(),
        made(TABLE.replace("W(x) x", "W(x) (x)")),
        made(TABLE + "#define x 1\n"),
        made(before="#define foo bar\n"),
        made(state=State(name="on", define=(("OPT", "1"),))),
        made(state=State(name="off", undefine=("OPT",))),
        made(options=replace(ALL, assumptions=ALL.assumptions - {Assumption.CLOSED_WORLD})),
        made(options=replace(ALL, known=Known.of([b"#define foo(x) #x\n"]))),
        made(options=replace(ALL, headers=("a.h",))),
        made(options=replace(ALL, vocabulary=False)),
    ]
    assert len({one.sha256 for one in digests}) == len(digests)


def test_what_is_not_reached_does_not() -> None:
    assert made(TABLE.replace("V_other other", "V_other another")) == made()
    assert made(before="#define V_bar bar\n") == made()
    assert made(options=replace(ALL, known=Known.of([b"#define bar(x) x\n"]))) == made()


def test_whatever_surrounds_the_texts_and_may_change_a_verdict_changes_the_digest() -> None:
    """Vary all that the kernel is given; where the verdict differs, so does the digest."""
    table = "#define V_foo foo\n"
    tables = [Table.parse(text.encode(), EMPTY.state) for text in (table, table + "#define STR(s) #s\n")]
    known = [
        b"",
        b"#define CHECK(e) g(#e)\n",
        b"#undef S1\n",
        b"#define K __LINE__\n",
        b"#define L(x) x##1\n",
    ]
    seen: dict[str, set[tuple[str, str]]] = {}
    for before, after in (("a,\n foo);\n", "a,\n V_foo);\n"), ("foo;\nx = K;\n", "V_foo;\n\nx = K;\n")):
        for text, chosen, whole, tail in product(known, tables, (True, False), (True, False)):
            granted = ALL.assumptions - {Assumption.LINE_NUMBERS}
            options = Options(assumptions=granted, known=Known.of([text]), unseen_observers=False)
            sides = [replace(side(one, chosen), whole=whole, tail=tail) for one in (before, after)]
            prover = Prover(options)
            found = prover.prove(*sides)
            seen.setdefault(before + prover.premises(*sides).sha256, set()).add((found.outcome, found.rule))
    assert len({verdict for verdicts in seen.values() for verdict in verdicts}) >= 3
    assert [verdicts for verdicts in seen.values() if len(verdicts) > 1] == []


def test_the_text_of_a_header_that_is_included_is_one_of_them() -> None:
    include, header = b'#include "t.h"\nx;\n', b"#ifndef _T\n#define _T\n#define V_t t\n#endif\n"
    tables = [
        replace(Table.parse(text, EMPTY.state), header_texts=texts)
        for text in (b"", b"#define V_t t\n")
        for texts in ({}, {"a/t.h": header}, {"a/t.h": header + b"\n"}, {"b/t.h": header})
    ]
    known = [Known.of([text]) for text in (b"", b"#define _T\n", b"#undef _T\n", b"#define K _T\n")]

    def digest(table: Table, options: Options, text: bytes = include) -> str:
        one = replace(side("", table), text=text)
        return Prover(options).premises(one, one).sha256

    digests = [digest(table, ALL) for table in tables[1:4] + tables[5:]]
    digests += [digest(tables[1], replace(ALL, known=one)) for one in known[1:]]
    assert len(set(digests)) == len(digests)
    assert len({digest(table, ALL, b"x;\n") for table in tables}) == 1
