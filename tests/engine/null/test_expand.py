# ruff: noqa: E501
from __future__ import annotations

import pytest

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.kernel import Options, Side, stream
from vimagetrack.engine.null.rules.expansion import MOST_FAILED
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.null.units import Reader, Unexpandable, Unit


def unit(table: str, text: str, *, open_end: bool = False) -> Unit:
    source = tokenize(text.encode())
    indexes = [index for index, token in enumerate(source) if kind_of(token) > TokenKind.COMMENT]
    parsed = Table.parse(table.encode(), State(name="default"))
    return Expander(parsed).unit(Reader(source, indexes, 0, open_end=open_end))


def words(table: str, text: str) -> str:
    return b" ".join(tok.text for tok in unit(table, text).tokens).decode()


SYSCTL = "#define STR(x) #x\n#define XSTR(x) STR(x)\n#define CAT(a,b) a##b\n#define XCAT(a,b) CAT(a,b)\n#define V_foo foo\n"


@pytest.mark.parametrize(
    ("table", "text", "expected"),
    [
        ("#define A b c\n", "A d", "b c"),
        ("#define A\n", "A", ""),
        ("#define F(x) x + x\n", "F(1)", "1 + 1"),
        ("#define F(x) x\n", "F", "F"),
        ("#define F(x) x\n", "F /* c */\n (1)", "1"),
        ("#define F() z\n", "F( )", "z"),
        ("#define F(x) [x]\n", "F()", "[ ]"),
        ("#define F(x,y) x y\n", "F((1,2),3)", "( 1 , 2 ) 3"),
        ("#define F(...) <__VA_ARGS__>\n", "F(1,2)", "< 1 , 2 >"),
        ("#define F(a,...) a(__VA_ARGS__)\n", "F(1)", "1 ( )"),
        ("#define F(f,a...) f(0, ## a)\n", "F(g)", "g ( 0 )"),
        ("#define F(f,a...) f(0, ## a)\n", "F(g,1,2)", "g ( 0 , 1 , 2 )"),
        ("#define A A b\n", "A", "A b"),
        ("#define A B\n#define B A\n", "A", "A"),
        ("#define f(a) a*g\n#define g(a) f(a)\n", "f(2)", "2 * g"),
        ("#define V f\n#define f(a) h(a)\n", "V(1)", "h ( 1 )"),
        ("#define F(x) G\n#define G(y) y!\n", "F(1)(2)", "2 !"),
        ("#define LP (\n#define F(x) x\n", "F LP 1 )", "F"),
        (SYSCTL, "STR( a  +\tb )", '"a + b"'),
        (SYSCTL, 'STR("a\\n" \'"\')', '"\\"a\\\\n\\" \'\\"\'"'),
        (SYSCTL, "STR(V_foo)", '"V_foo"'),
        (SYSCTL, "XSTR(V_foo)", '"foo"'),
        (SYSCTL, "XSTR()", '""'),
        (SYSCTL, "XSTR(a V_foo+V_foo  b)", '"a foo+foo b"'),
        ("#define E\n#define A(x) x\n", "A(a E b E-c)", "a b - c"),
        (SYSCTL, "CAT(V_,foo)", "foo"),
        (SYSCTL, "CAT(,x)", "x"),
        (SYSCTL, "CAT(x,)", "x"),
        (SYSCTL, "CAT(,)", ""),
        (SYSCTL, "XCAT(V_foo,1)", "foo1"),
        (SYSCTL, "CAT(V_foo,1)", "V_foo1"),
        ("#define F(x) a ## x b\n", "F(1 2)", "a1 2 b"),
        ("#define A x ## y\n", "A", "xy"),
        ("#define A # x\n", "A", "# x"),
        ("#define F(x) %:x\n", "F(1)", '"1"'),
        ("#define F(x) x x\n#define B c\n", "F(B)", "c c"),
        ("#define V_x VN(x)\n#define VN(s) VS(b, s)\n#define VS(b, s) (s)\n", "V_x", "( x )"),
    ],
)  # fmt: skip
def test_expansion(table: str, text: str, expected: str) -> None:
    assert words(table, text) == expected


@pytest.mark.parametrize(
    ("table", "text", "rule"),
    [
        ("#define F(x) x\n", "F(1", "R30"),
        ("#define F(x) x\n", "F(1,2)", "R31"),
        ("#define F(x,y) x\n", "F(1)", "R31"),
        ("#define F() x\n", "F(1)", "R31"),
        ("#define F(a,b,...) x\n", "F(1)", "R31"),
        ("#define F(x,...) __VA_OPT__(x)\n", "F(1)", "R31"),
        ("#define F(x) x ## +\n", "F(1)", "R04"),
        ("#define F(x) x ## x\n", "F(/)", "R04"),
        ("#define F(x) x ##\n", "F(1)", "R04"),
        ("#define F(x) #y\n", "F(1)", "R03"),
        ("#define F(f,a...) f(0, ## a)\n", "F(g,)", "R31"),
        ("#define F(a...) f(0, ## a)\n", "F()", "R31"),
        ("#define F(f,a...) f(0, ## a)\n#define B c\n", "F(g,B)", "R31"),
        ("#define F(...) ,##__VA_ARGS__##x\n", "F(1)", "R04"),
        ("#define F(x, ...) x##,##__VA_ARGS__\n", "F(, 1)", "R04"),
        (SYSCTL + "#define V_p (foo)\n", "XSTR(a V_p)", "R03"),
        ("#define STR(x) #x\n#define X(...) STR(__VA_ARGS__)\n", "X(a b)", "R03"),
        ("#define I(x) x\n", "I(" * 3000 + "1" + ")" * 3000, "R05"),
        ("#define ff(a) a*gg\n#define gg(a) ff(a)\n#define V_ff ff\n", "V_ff(2)(9)", "R05"),
    ]
    + [("".join(f"#define A{n} A{n + 1} A{n + 1}\n" for n in range(40)), "A0", "R05")],
)  # fmt: skip
def test_what_has_no_one_result(table: str, text: str, rule: str) -> None:
    with pytest.raises(Unexpandable) as caught:
        unit(table, text)
    assert caught.value.rule == rule


def test_a_function_like_name_at_an_open_end_is_undecided() -> None:
    with pytest.raises(Unexpandable, match="out of sight"):
        unit("#define F(x) x\n", "F", open_end=True)
    assert unit("#define F(x) x\n", "F ;", open_end=True).tokens[0].text == b"F"


def test_a_unit_knows_its_range_its_calls_and_what_its_body_made() -> None:
    found = unit("#define V_a W(a)\n#define W(x) (x)\n#define ID(e) e\n", "ID ( V_a ) + 1")
    assert (found.first, found.last) == (0, 7)
    assert found.calls == (b"ID", b"V_a", b"W")
    assert [(tok.text, tok.made) for tok in found.tokens] == [(b"(", True), (b"a", True), (b")", True)]
    assert not found.indirect
    assert not unit(SYSCTL, "STR(a)").indirect
    assert unit("#define STR(x) #x\n#define XSTR(x) STR(x)\n", "XSTR(a)").indirect
    source = unit("#define ID(e) e\n", "ID(x)")
    assert [tok.made for tok in source.tokens] == [False]


def test_members_are_no_names_of_a_family() -> None:
    table = Table.empty(State(name="default")).with_families(["V_*"], closed_world=True)
    expander = Expander(table)
    assert [tok.text for tok in expander.words([b"a", b".", b"V_x", b"->", b"V_y", b"V_z"])] == [
        b"a", b".", b"V_x", b"->", b"V_y", b"z",
    ]  # fmt: skip


def test_a_hostile_text_is_given_up_once_nothing_of_it_can_be_proved() -> None:
    table = Table.parse(b"#define I(x) x\n", State(name="default"))
    text = b"I(" * 600 + b"a" + b")" * 600
    made = stream(Side(text=text, table=table), Options(assumptions=frozenset({Assumption.CLOSED_WORLD})))
    assert {problem.rule for problem in made.problems} == {"R05"}
    assert len(made.problems) == MOST_FAILED


def test_the_line_of_a_problem_is_that_of_its_token() -> None:
    made = stream(
        Side(text=b"a\n\n/* \n */ \x01 x\n\x01", table=Table.empty(State(name="default"))), Options()
    )
    assert {problem.lineno for problem in made.problems} == {4, 5}
