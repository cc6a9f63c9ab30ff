# ruff: noqa: E501
"""What the kernel wrongly proved once: calls whose arguments, or whose parenthesis, a macro may see."""

from __future__ import annotations

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, side, without
from vimagetrack.engine.errors import TableError
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Language, Options, Outcome, prove
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
        ("#define V_E()\n#define V_S(x) #x\n#define V_X(x) V_S(x)\n", "", "V_X(a V_E()b)", "V_X(ab)", "refuted"),
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


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("#define D(x) int x\n", "FE(x) { D(i); i = 3; }", "D(i); i = 3;"),
        ("#define D(x) x\n", "FE(x) { D(foo_t j); i = 3; }", "D(foo_t j); i = 3;"),
        ("", "FE(x) { i = sizeof(enum { Z = 5 }); }", "i = sizeof(enum { Z = 5 });"),
    ],
)
def test_blocks_that_hide_a_declaration(text: str, before: str, after: str) -> None:
    forms = [f"{text}int f(void) {{ int i = 1; g(); {part} return i; }}\n" for part in (before, after)]
    assert rule("#define FE(v)\n", forms[0], forms[1]) != "proved"
    calm = [form.replace("D(x) int x", "D(x) do { int y = x; h(y); } while (0)") for form in forms]
    assert (rule("#define FE(v)\n", calm[0], calm[1]) == "proved") == (text == "#define D(x) int x\n")


def test_bodies_that_a_macro_writes_as_a_string() -> None:
    text = "#define STR(x) #x\n#define XSTR(x) STR(x)\n#define M 1 + foo == 2\nconst char *s = XSTR(M);\nint k(void) { foo = 3; }\n"
    after = text.replace("+ foo", "+ V_foo")
    assert rule("#define V_foo (foo)\n", text, after) == "R03"
    plain = [form.replace("XSTR(M)", '"M"') for form in (text, after)]
    assert rule("#define V_foo (foo)\n", plain[0], plain[1]) == "proved"


def test_blanks_before_what_vanished_from_a_body_stay() -> None:
    assert rule("#define V_E\n", "#define M(x) a-b\n", "#define M(x) a V_E-b\n") != "proved"
    assert rule("#define V_E\n", "#define M(x) a -b\n", "#define M(x) a V_E-b\n") == "proved"


@pytest.mark.parametrize("text", ["#if V_a + UNK > 1\nint a;\n#endif\n", "#define M(x) V_a + x\n"])
def test_a_redefinition_behind_a_name_in_a_directive(text: str) -> None:
    tables = [Table.parse(f"#define V_a V_b\n#define V_b {n}\n".encode(), EMPTY.state) for n in (1, 2)]
    options = without(Assumption.BODIES_IN_FORCE)
    found = prove(side(text, tables[0]), side(text, tables[1]), options)
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "R01")


def test_a_name_that_stands_for_itself_or_for_a_pattern_may_not_be_defined() -> None:
    text = "#ifdef V_foo\nint a;\n#else\nint b;\n#endif\n"
    assert rule("#define V_foo V_foo\n", text, text.replace("b", "c")) == "refuted"
    table = Table.empty(EMPTY.state).with_families(["V_*"], closed_world=True)
    found = prove(side(text, table), side(text.replace("b", "c"), table), ALL)
    assert found.outcome is Outcome.REFUTED


def test_a_macro_of_the_text_may_ask_for_its_line_through_the_table() -> None:
    text = "#define MY V_L\n\nint a = MY;\n"
    options = Options(assumptions=OPEN.assumptions - {Assumption.LINE_NUMBERS, Assumption.BODIES_IN_FORCE})
    assert rule("#define V_L __LINE__\n", text, text.replace("\n\n", "\n"), options) == "R13"


def test_a_table_whose_splice_joins_two_tokens_is_refused() -> None:
    with pytest.raises(TableError, match="join"):
        Table.parse(b"#define V_x -\\\n-y\n", EMPTY.state)
    assert Table.parse(b"#define V_x - \\\n -y\n", EMPTY.state).get(b"V_x")


def test_depth_is_no_crash() -> None:
    deep = 3000
    for middle in ("(int)" * deep, "g(a " + "*" * deep, "1, " + "__attribute__((x)) " * deep):
        text = f"int foo;\nint f(void) {{ return {middle} foo); }}\n"
        prove(side(text), side(text.replace(" foo)", " V_bar)")), ALL)
    head = f"int f(void) {'__attribute__((x)) ' * deep} {{ return foo; }}\n"
    assert rule("#define V_foo (foo)\n", head, head.replace("foo", "V_foo")) == "proved"
    ways = "".join(f"{word}\n{'{' * deep}\n" for word in ("#ifdef X", "#else"))
    braces = f"int f(void) {{\n{ways}#endif\n g();; {'}' * deep} }}\n"
    prove(side(braces), side(braces.replace(";;", ";")), ALL)


def test_a_brace_behind_a_macro_that_assigns_opens_no_block() -> None:
    for head in (
        "#define I(x) struct s x =\n",
        "#define I(x) x = (int)\n",
        "#define J(x) x =\n#define I J\n",
    ):
        text = f"{head}int f(int x) {{ I(x) {{ 1 }} ; - y; return x; }}\n"
        assert rule("#define V_N(x)\n", text, text.replace("} ;", "}")) != "proved"
    text = "#define I(x) for (x = 0; x; x++)\nint f(int x) { I(x) { g(); } ; y(); return x; }\n"
    assert rule("#define V_N(x)\n", text, text.replace("} ;", "}")) == "proved"


def test_blanks_of_an_expansion_count_in_assembly() -> None:
    options = Options(assumptions=ALL.assumptions, language=Language.ASM)
    assert rule("#define V_a(x,y) x y\n", "m x-1\n", "m V_a(x,-1)\n", options) == "refuted"
    assert rule("#define V_a(x,y) x y\n", "m x -1\n", "m V_a(x,-1)\n", options) == "proved"
