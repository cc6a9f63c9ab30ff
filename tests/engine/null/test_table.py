# ruff: noqa: E501
from __future__ import annotations

import pytest

from vimagetrack.engine.errors import TableError
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Definition, Table, define

DEFAULT = State(name="default")
STRUCTS = State(name="structs", define=(("STRUCTS", "1"),), undefine=("VIMAGE",))
MAIL = b"""
#if STRUCTS
#define V_hostname sys_globals.hostname
#else
#define V_hostname hostname
#endif
#ifdef VIMAGE
#define INIT(x) struct vnet *x = curvnet
#else
#define INIT(x)
#endif
"""


def body(table: Table, name: bytes) -> bytes:
    found = table.get(name)
    assert found is not None
    return b" ".join(found.body)


def test_branches_are_evaluated_in_each_state() -> None:
    assert body(Table.parse(MAIL, STRUCTS), b"V_hostname") == b"sys_globals . hostname"
    assert body(Table.parse(MAIL, DEFAULT), b"V_hostname") == b"hostname"


def test_a_name_that_nobody_names_is_undefined_and_recorded() -> None:
    assert Table.parse(MAIL, DEFAULT).unknown == {b"VIMAGE", b"STRUCTS"}
    table = Table.parse(b"#ifdef A\n#endif\n#if defined(B) || !defined C\n#endif\n", DEFAULT)
    assert table.unknown == {b"A", b"B", b"C"}
    assert Table.parse(MAIL, STRUCTS).unknown == frozenset()


def test_later_definitions_replace_earlier_ones_and_what_says_the_same_is_no_second_one() -> None:
    table = Table.parse(b"#define A 1\n#define A 1\n", DEFAULT)
    assert table.twice == frozenset()
    table = Table.parse(b"#define A 2\n", DEFAULT, base=table)
    assert (body(table, b"A"), table.twice) == (b"2", frozenset())
    assert Table.parse(b"#define A 1\n#define A 2\n", DEFAULT).twice == {b"A"}


def test_undef_and_include_and_code() -> None:
    table = Table.parse(b"#define A 1\n#undef A\n#include <x.h>\nint a;\n#define B() a\n", DEFAULT)
    assert table.names == {b"B"}


def test_an_include_guard_is_no_macro_of_the_transition() -> None:
    table = Table.parse(b"#ifndef _H_\n#define _H_\n#define A b\n#endif\n", DEFAULT)
    assert (table.names, table.unknown) == ({b"A"}, frozenset())
    table = Table.parse(b"#ifndef A\n#define A b\n#endif\n", DEFAULT)
    assert (table.names, table.unknown) == ({b"A"}, {b"A"})


@pytest.mark.parametrize(
    ("text", "params", "variadic", "words"),
    [
        (b"#define A", None, False, ()),
        (b"#define A (x)", None, False, (b"(", b"x", b")")),
        (b"#define A()", (), False, ()),
        (b"#define A+", None, False, (b"+",)),
        (b"#define A( a , b ) a##b", (b"a", b"b"), False, (b"a", b"##", b"b")),
        (b"#define A(...) x", (b"__VA_ARGS__",), True, (b"x",)),
        (b"#define A(a, ...) x", (b"a", b"__VA_ARGS__"), True, (b"x",)),
        (b"#define A(a, r...) r", (b"a", b"r"), True, (b"r",)),
        (b"#define A /* c */ x /* d */", None, False, (b"x",)),
    ],
)
def test_definitions(text: bytes, params: object, variadic: bool, words: tuple[bytes, ...]) -> None:
    found = Table.parse(text, DEFAULT).definitions[b"A"]
    assert (found.params, found.variadic, found.body) == (params, variadic, words)


def test_the_canonical_form_keeps_blanks_between_words_and_no_others() -> None:
    one = Table.parse(b"#define A(a,b...)   a  +\tb  \n", DEFAULT).definitions[b"A"]
    two = Table.parse(b"#define A( a, b... ) a /**/ + b\n", DEFAULT).definitions[b"A"]
    three = Table.parse(b"#define A(a,b...) a+b\n", DEFAULT).definitions[b"A"]
    assert one.canonical == two.canonical == b"#define A(a,b...) a + b"
    assert three.canonical != one.canonical
    assert Table.parse(b"#define A (a)\n", DEFAULT).digest != Table.parse(b"#define A(a)\n", DEFAULT).digest


@pytest.mark.parametrize(
    "text",
    [
        b"#define\n", b"#define 1\n", b"#define defined x\n", b"#define A(\n", b"#define A(a b)\n", b"#define A(a,a)\n",
        b"#define A(a,)\n", b"#define A(1)\n", b"#endif\n", b"#else\n", b"#if 1\n", b"#if\n#endif\n", b"#if (1\n#endif\n",
        b"#ifdef\n#endif\n", b"#undef\n", b"#if 1 1\n#endif\n", b"#if __has_include(<a>)\n#endif\n", b"#if 08\n#endif\n",
    ],
)  # fmt: skip
def test_what_no_preprocessor_takes_is_refused_with_its_line(text: bytes) -> None:
    with pytest.raises(TableError, match=r"line 2 of the table|ends inside"):
        Table.parse(b"\n" + text, DEFAULT)


def test_elif_chains_take_the_first_branch_that_holds() -> None:
    text = b"#if 0\n#define A 0\n#elif B\n#define A 1\n#elif 1\n#define A 2\n#elif 1\n#define A 3\n#else\n#define A 4\n#endif\n"
    assert body(Table.parse(text, DEFAULT), b"A") == b"2"
    nested = (
        b"#if 0\n#if 1\n#define A 1\n#else\n#define A 2\n#endif\n#elif defined(X)\n#else\n#define B\n#endif\n"
    )
    assert Table.parse(nested, DEFAULT).names == {b"B"}


def test_a_states_own_definitions_take_part_and_are_no_names_of_the_table() -> None:
    table = Table.parse(b"#define A STRUCTS\n", STRUCTS)
    assert table.names == {b"A"}
    assert table.get(b"STRUCTS") is not None
    assert not table.is_transition(b"STRUCTS")
    assert [table.is_defined(name) for name in (b"A", b"STRUCTS", b"VIMAGE", b"X")] == [
        True,
        True,
        False,
        None,
    ]
    assert table.active({b"A", b"STRUCTS", b"x"}) == {b"A", b"STRUCTS"}


def test_define_takes_a_parameter_list_in_the_name() -> None:
    assert define("F(a)", "a + 1").params == (b"a",)
    with pytest.raises(TableError):
        define("1", "")


def test_reached_follows_bodies() -> None:
    table = Table.parse(b"#define A B(x)\n#define B(n) C n\n#define C A\n", DEFAULT)
    assert table.reached(b"A") == {b"B", b"x", b"n", b"C", b"A"}
    assert table.reached(b"x") == frozenset()


def test_differing_names() -> None:
    one = Table.parse(b"#define A 1\n#define B 1\n", DEFAULT)
    two = Table.parse(b"#define A 2\n#define B 1\n", DEFAULT)
    assert one.differing(two, {b"A", b"B", b"C"}) == {b"A"}
    assert Table.empty(DEFAULT).differing(one, {b"A"}) == {b"A"}


def test_families() -> None:
    table = Table.parse(b"#define V_own real\n", DEFAULT).with_families(["V_*"], closed_world=True)
    assert body(table, b"V_foo") == b"foo"
    assert body(table, b"V_own") == b"real"
    assert table.get(b"V_") is None
    assert table.get(b"V_1") is None
    assert table.get(b"W_foo") is None
    assert table.get(b"+") is None
    assert table.active({b"V_foo", b"foo"}) == {b"V_foo"}
    assert table.is_transition(b"V_foo")
    known = Table.empty(DEFAULT).with_families(["V_*"], {b"V_a"}, closed_world=False)
    assert (known.get(b"V_a") is not None, known.get(b"V_b")) == (True, None)
    assert known.digest != table.digest


@pytest.mark.parametrize("pattern", ["V_", "*", "*_*"])
def test_a_family_has_one_star_and_more(pattern: str) -> None:
    with pytest.raises(TableError):
        Table.empty(DEFAULT).with_families([pattern], closed_world=True)


def test_the_compilers_own_names_are_no_macros() -> None:
    assert Table.parse(b"#define __LINE__ 0\n", DEFAULT).get(b"__LINE__") is None


def test_a_definition_knows_its_operators() -> None:
    assert Definition(
        name=b"A", params=(b"a",), variadic=False, body=(b"#", b"a"), spaces=(False, False)
    ).operates


@pytest.mark.parametrize("name", ["elifdef", "elifndef"])
def test_what_only_new_compilers_read_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(TableError, match=f"#{name}.*#elif defined"):
        Table.parse(f"#if 0\n#{name} X\n#define A\n#endif\n".encode(), State(name="default"))


def test_what_was_asked_is_kept_and_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table.parse(b"#define V_x x\n", State(name="default"))
    monkeypatch.setattr("vimagetrack.engine.null.table._Meanings.limit", 3)
    for number in range(10):
        assert table.get(b"name%d" % number) is None

    assert len(table._meanings) <= 3
    assert table.get(b"V_x") is table.definitions[b"V_x"]
