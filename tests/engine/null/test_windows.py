"""Windows of a file: what may begin above them, out of sight."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, side, without
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Options, Outcome, prove
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.table import Table

LOOKS = Options(assumptions=ALL.assumptions, known=Known.of([b"#define CHECK(e) g(#e)\n"]))
OPEN = without(Assumption.CLOSED_WORLD)
TABLE = Table.parse(b"#define V_foo foo\n#define V_E\n#define V_STR(x) #x\n", EMPTY.state)
PLAIN = Table.parse(b"#define V_foo foo\n#define V_E\n", EMPTY.state)


def rule(before: str, after: str, options: Options, table: Table = PLAIN, *, tail: bool = False) -> str:
    sides = (replace(side(text, table), whole=False, tail=tail) for text in (before, after))
    found = prove(*sides, options)
    return "proved" if found.outcome is Outcome.PROVED else found.rule


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("a,\n foo);\n", "R30"),  # CHECK(
        ("a; b(x);\n foo)\nc;\n", "R30"),  # BLOCK(
        ("a,\n foo,\n b\n", "R30"),
        ("a);\nfoo = 1;\n", "proved"),
        ("a);\nfoo\n", "proved"),
        ("foo = (a);\n", "proved"),
        ("if (foo) {\n", "proved"),
        ("a,\n foo\n#endif\n", "R30"),
        ("foo;\n#else\nfoo;\n#endif\n", "proved"),
        ("a,\n foo\n#define B\n", "proved"),
        ("(a;\nb);\nc, foo\n", "proved"),
    ],
)
def test_arguments_of_a_call_that_begins_out_of_sight(before: str, expected: str) -> None:
    after = before.replace("foo", "V_foo")
    assert rule(before, after, LOOKS) == expected
    assert rule(before, after, ALL, TABLE) == expected  # the table's own V_STR( may be there
    assert rule(before, after, OPEN) == expected
    assert rule(before, after, ALL) == "proved"  # no macro looks at its arguments


def test_what_vanishes_there_is_seen_too() -> None:
    assert rule("a,\n b);\n", "a,\n V_E b);\n", LOOKS) == "R30"
    assert rule("a;\n b;\n", "a;\n V_E b;\n", LOOKS) == "proved"


def test_the_first_line_may_be_the_end_of_a_macros_body() -> None:
    before, after = "a + foo;\nb = foo;\n", "a + V_foo;\nb = foo;\n"
    assert rule(before, after, ALL) == "proved"
    assert rule(before, after, ALL, tail=True) == "R30"
    assert rule(before, "a + foo;\nb = V_foo;\n", ALL, tail=True) == "proved"
    assert rule("a + V_foo;\nb = foo;\n", "a + V_foo;\nb = V_foo;\n", ALL, tail=True) == "proved"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1,\na + b);\n", "1,\na+b);\n", "tokens"),
        ("2 + 3,\n", "2+3,\n", "tokens"),
        ("1, a/**/+b);\n", "1, a+b);\n", "tokens"),
        ("x = a + b;\n", "x = a+b;\n", "proved"),
        ("#else\nint x = h(\n#endif\nfoo);\n", "#else\nint x = h(\n#endif\nV_foo);\n", "R30"),
        (
            "#if A\nint x = h(\n#else\nint x = g(\n#endif\nfoo);\n",
            "#if A\nint x = h(\n#else\nint x = g(\n#endif\nV_foo);\n",
            "proved",
        ),
        ("#if A\ng(\n#else\ng(\n#endif\n1), foo);\n", "#if A\ng(\n#else\ng(\n#endif\n1), V_foo);\n", "R30"),
    ],
)
def test_blanks_and_branches_of_a_call_that_begins_out_of_sight(
    before: str, after: str, expected: str
) -> None:
    assert rule(before, after, LOOKS) == expected
    assert rule(before, after, ALL) == "proved"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{\n\tint y = x;\n\tg(y);\n}\n", "{\n\tint y = x;\n\tV_E;\n\tg(y);\n}\n", "proved"),
        ("{\n\tg(x);\n}\n", "{\n\tV_E;\n\tg(x);\n}\n", "proved"),
        ("{ g(1); }\ng(2);\n", "{ g(1);; }\ng(2);\n", "R29"),  # it may be ({ })
        ("{ __label__ l; goto l; l: g(1); }\n", "{ __label__ l; V_E; goto l; l: g(1); }\n", "proved"),
        ("{ T x; T y; }\n", "{ T x; V_E; T y; }\n", "R11"),  # it may be a structure
        ("{ g(1), 2 };\nreturn x;\n", "{ V_E; g(1), 2 };\nreturn x;\n", "R11"),  # it may be an initialiser
    ],
)
def test_a_brace_that_a_window_begins_with(before: str, after: str, expected: str) -> None:
    assert rule(before, after, ALL) == expected
