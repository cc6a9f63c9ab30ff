"""Places where the token list is not what a compiler reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, side
from vimagetrack.engine.null.kernel import Language, Options, prove, stream
from vimagetrack.engine.null.table import Table

STRINGS = Table.parse(b"#define STR(...) #__VA_ARGS__\n#define N(a, ...) #__VA_ARGS__\n", EMPTY.state)


def rule(before: str, after: str, options: Options = ALL, table: Table = EMPTY) -> str:
    return prove(side(before, table), side(after, table), options).rule


@pytest.mark.parametrize(
    "asks", ["if __has_include", "elif 1 || __has_include_next", "pragma GCC dependency"]
)
def test_a_header_s_name_may_hold_what_looks_like_a_comment(asks: str) -> None:
    text = f"#if 0\n#{asks}(<a/*.h>)\nint x = %d;\n#endif\n#if __has_include(<b*/c.h>)\nint y;\n#endif\n"
    assert rule(text % 1, text % 2) == "R09"


def test_a_name_behind_a_spliced_literal_is_its_suffix() -> None:
    options = Options(language=Language.CXX, assumptions=ALL.assumptions)
    assert rule('auto s = "x"\\\n_s;\n', 'auto s = "x" _s;\n', options) == "R09"
    assert rule("auto c = 'x'\\\n_s;\n", "auto c = 'x' _s;\n", options) == "R09"
    assert rule('auto s = "a"U"x";\n', 'auto s = "a" U"x";\n', options) == "R27"
    assert rule('auto s = "a"\\\nU"x";\n', 'auto s = "a" U"x";\n', options) == "R09"


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("STR(a, b)", "STR(a , b)", "tokens"),
        ("STR(a, b)", "STR(a,b)", "tokens"),
        ("STR(a, b)", "STR( a,  b )", "expansion"),
        ("N(a , b, c)", "N(a, b, c)", "expansion"),
        ("N(a, b , c)", "N(a, b, c)", "tokens"),
    ],
)
def test_blanks_around_the_commas_of_variable_arguments(one: str, two: str, expected: str) -> None:
    assert rule(f"char *s = {one};\n", f"char *s = {two};\n", table=STRINGS) == expected


WRAPPED = Table.parse(
    b"#define STR(x) #x\n#define XSTR(x) STR(x)\n#define SP(x) STR( x )\n#define V_foo foo\n"
    b"#define V_p (foo)\n#define V_E\n#define CAT(a, b) a##b\n"
    b"#define F(p, ...) p __VA_ARGS__##__VA_ARGS__ 1\n#define C(x) ,\n",
    EMPTY.state,
)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("XSTR(foo + bar)", "XSTR(V_foo + bar)", "expansion"),
        ("XSTR(foo+bar)", "XSTR(V_foo + bar)", "tokens"),
        ("XSTR((foo) + 1)", "XSTR(V_p + 1)", "R03"),
        ("XSTR(foo 1)", "XSTR(foo V_E 1)", "expansion"),
        ("XSTR(a b)", "SP(a b)", "R03"),
        ("a :: b", "a CAT(:,:) b", "R04"),
        ("u8'a'", "CAT(u8,'a')", "R04"),
        ('L"a"', 'CAT(L,"a")', "expansion"),
        ("2, 1", "2 F(C(1))", "R31"),
    ],
)
def test_what_operators_make(one: str, two: str, expected: str) -> None:
    assert rule(f"x = {one};\n", f"x = {two};\n", table=WRAPPED) == expected


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (" see http://x */ int foo;\n", " see http://x */ int bar;\n"),
        ("x /* y\nint a;\n/* c */\n", "x /* y\nint b;\n/* c */\n"),
        ('bar  baz"); // "x\n', 'bar baz"); // "x\n'),
    ],
)
def test_what_is_open_above_a_window_decides_where_its_tokens_end(one: str, two: str) -> None:
    sides = [replace(side(text, EMPTY), whole=False, tail=True) for text in (one, two)]
    assert prove(*sides, ALL).rule == "R30"
    made = [stream(one, ALL) for one in sides]
    assert [problem.rule for one in made for problem in one.problems if "above" in problem.reason] == [
        "R30"
    ] * 2


def test_a_comment_may_end_in_a_group_that_is_out() -> None:
    texts = [f"a\n#if 0\n*/\nx = {value};\n#endif\n" for value in ("foo", "foo + 7")]
    sides = [replace(side(text, EMPTY), whole=False) for text in texts]
    assert prove(*sides, ALL).rule == "R30"
    assert prove(*(replace(one, whole=True) for one in sides), ALL).rule == "conditionals"
