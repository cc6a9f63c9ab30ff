# ruff: noqa: E501
"""What the kernel wrongly proved once: calls whose arguments, or whose parenthesis, a macro may see."""

from __future__ import annotations

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, Options, side, without
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Outcome, prove
from vimagetrack.engine.null.table import Table

OPEN = without(Assumption.CLOSED_WORLD)


def rule(table: str, before: str, after: str, options: Options = ALL) -> str:
    parsed = Table.parse(table.encode(), EMPTY.state)
    found = prove(side(before, parsed), side(after, parsed), options)
    return found.rule if found.outcome is Outcome.UNDECIDED else found.outcome.value


F = "#define F(x) h(x)\n"


@pytest.mark.parametrize(
    ("table", "text", "before", "after", "expected"),
    [
        ("#define V_E\n", F, "F V_E (1)", "F (1)", "R02"),
        ("#define V_w(x) x\n", F, "F V_w((1))", "F (1)", "R02"),
        ("#define V_o (\n", F, "F V_o 1)", "F (1)", "R02"),
        ("#define V_E\n#define V_f F V_E (1)\n", F, "V_f", "F (1)", "R02"),
        ("#define V_f F\n", F, "V_f (1)", "F (1)", "proved"),
        ("#define V_f F(1)\n", F, "V_f", "F (1)", "proved"),
        ("#define V_foo foo\n", "#define foo V_foo\n", "foo", "V_foo", "R05"),
        ("#define V_foo foo\n", "#define foo bar\n#define bar V_foo\n", "foo", "V_foo", "R05"),
        ("#define V_foo foo\n", "#define foo bar\n", "foo", "V_foo", "proved"),
        ("#define V_foo foo\n#define V_STR(x) #x\n", "#define G V_STR\n", "G(foo)", "G(V_foo)", "R02"),
        ("#define V_foo foo\n#define V_STR(x) #x\n", "#define G(x) g(V_STR(x))\n", "G(foo)", "G(V_foo)", "R02"),
        ("#define V_foo foo\n#define V_STR(x) #x\n#define V_S V_STR\n", "#define G V_S\n", "G(foo)", "G(V_foo)", "R02"),
        ("#define V_foo VN(foo)\n#define VN(n) v_##n\n", "#define G(x) (V_foo + x)\n", "G(v_foo)", "G(V_foo)", "proved"),
        ("#define V_bar bar\n#define V_foo VN(foo)\n#define VN(n) v_##n\n", "#define G(x) (V_foo + x)\n", "G(bar)", "G(V_bar)", "proved"),
        ("#define V_f_(a, ...) a\n#define V_f(x) V_f_(x, 0)\n", "#define X Y\n#define Y 1, b\n", "X", "V_f(X)", "R02"),
        ("#define V_f_(a, ...) a\n#define V_f(x) V_f_(x, 0)\n", "#define X(...) __VA_ARGS__\n", "X(1, b)", "V_f(X(1, b))", "R02"),
        ("#define V_p 1, b\n#define V_f_(a, ...) a\n#define V_f(x) V_f_(x, 0)\n", "#define X V_p\n", "X", "V_f(X)", "R02"),
        ("#define V_ID __COUNTER__\n#define V_D(x) x, x\n", "", "V_D(V_ID)", "V_ID, V_ID", "R13"),
        ("#define V_D(x) x, x\n", "", "V_D(__COUNTER__)", "__COUNTER__, __COUNTER__", "R13"),
        ("#define V_E()\n#define V_S(x) #x\n#define V_X(x) V_S(x)\n", "", "V_X(a V_E()b)", "V_X(ab)", "R03"),
    ],
)  # fmt: skip
def test_what_the_preprocessor_sees_between_name_and_call(
    table: str, text: str, before: str, after: str, expected: str
) -> None:
    forms = [f"{text}int f(void) {{ return {part}; }}\n" for part in (before, after)]
    assert rule(table, forms[0], forms[1], without(Assumption.BODIES_IN_FORCE)) == expected


def test_a_name_that_may_be_a_macro_out_of_sight() -> None:
    assert rule("#define V_E\n", "int x = F V_E (1);\n", "int x = F (1);\n", OPEN) == "R02"
    commas = "#define V_f_(a, ...) a\n#define V_f(x) V_f_(x, 0)\n"
    assert rule(commas, "int k = V_f(X);\n", "int k = X;\n", OPEN) == "R02"
    assert rule(commas, "int k = V_f(1);\n", "int k = 1;\n", OPEN) == "proved"
    assert rule(commas, "int k = V_f(X);\n", "int k = X;\n") == "proved"


def test_a_raw_string_in_a_skipped_group_hides_its_end_in_older_c() -> None:
    text = '#if 0\nR"(\n#endif\nint a = 1;\n#if 0\n)"\n#endif\n'
    assert rule("", text, text.replace("1", "2")) == "R08"
