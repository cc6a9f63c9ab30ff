# ruff: noqa: E501
"""Macros of other known texts: what they see of their arguments, and what of it may change."""

from __future__ import annotations

import pickle
import shutil
import subprocess

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, side
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Options, Outcome, prove
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table


def options(known: str) -> Options:
    return Options(assumptions=ALL.assumptions, known=Known.of([known.encode()]))


OID = (
    "#define OID(p, n, a) int oid_##p##_##n = (int)sizeof(#n) + (a)\n"
    "#define INT(p, n, a) OID(p, n, a)\n#define AUTO (-1)\n#define CHECK(e) g(#e)\n#define LIST(...) g(#__VA_ARGS__)\n"
    "#define PAIR 1, 2\n#define OPEN (\n#define ALIAS CHECK\n#define FIRST(a, b) (a)\n#define SELF(x) SELF(x)\n"
    "#define CALLS(f, x) f(x)\n#define CURRY(x) CHECK\n#define ID(x) x\n#define NONE() 1\n#define BESIDE(a, b) a b\n#define OPENS CHECK(\n#define CLOSE )\n"
)
TABLE = (
    "#define V_S(x) g(#x)\n#define V_last CHECK V_E\n#define V_foo foo\n#define V_p (foo)\n#define V_E\n#define V_INT(m, p, n, sym) INT(p, n, V_ ## sym)\n"
    "#define V_C(x) CHECK(x)\n#define V_CE(x) CHECK(x V_E)\n#define V_L(x) LIST(x, V_foo)\n#define V_two 1, 2\n"
    "#define V_lp (\n#define V_rp )\n#define V_C2(x) V_C(x)\n#define V_F(a, b) FIRST(a, b)\n#define V_sp(x) CHECK( x )\n"
)


#: Two expressions, and whether the second may be proved to be the first.
CASES = [
    ("CHECK(foo)", "CHECK(V_foo)", "R02"),
    ("CHECK(foo)", "V_C(foo)", "proved"),
    ("CHECK(foo + 1)", "V_C(foo  +  1)", "proved"),
    ("CHECK(foo+1)", "V_C(foo + 1)", "tokens"),
    ("CHECK(foo+1)", "V_C( foo+1 )", "proved"),
    ("CHECK(foo)", "V_sp(foo)", "tokens"),
    ("CHECK(foo)", "V_C(V_foo)", "R02"),
    ("CHECK(foo)", "V_CE(foo)", "R02"),
    ("CHECK(AUTO)", "V_C(AUTO)", "R02"),
    ("CHECK(foo)", "V_C2(foo)", "R02"),
    ("ALIAS(foo)", "ALIAS(V_foo)", "R02"),
    ("LIST(foo, foo)", "V_L(foo)", "R02"),
    ("INT(a, b, foo)", "INT(a, b, V_foo)", "proved"),
    ("INT(a, b, foo)", "V_INT(m, a, b, foo)", "proved"),
    ("INT(a, b, AUTO)", "INT(a, b, AUTO + V_E 0)", "R21"),
    ("INT(a, foo, 0)", "INT(a, V_foo, 0)", "R02"),
    ("INT(foo, a, 0)", "INT(V_foo, a, 0)", "R02"),
    ("INT(a, b, (foo))", "INT(a, b, V_p)", "proved"),
    ("FIRST(foo, 1)", "FIRST(V_foo, 1)", "proved"),
    ("FIRST(1, 2)", "FIRST(V_two)", "R31"),
    ("FIRST((1, 2), 3)", "FIRST(V_lp 1, 2 V_rp, 3)", "R31"),
    ("FIRST(PAIR)", "V_F(PAIR)", "undecided"),
    ("CALLS(CHECK, foo)", "CALLS(CHECK, V_foo)", "R02"),  # a blank that V_foo leaves would be seen
    ("CALLS(h, foo)", "CALLS(h, V_foo)", "proved"),
    ("CHECK(foo)", "V_last(foo)", "R02"),
    ("ID(CHECK)(foo)", "ID(CHECK)(V_foo)", "R02"),
    ("ID(CHECK)(foo)", "ID(CHECK) V_E (foo)", "R02"),
    ("CURRY(1)(foo)", "CURRY(1)(V_foo)", "R02"),
    ("h OPEN foo)", "h OPEN V_foo)", "R02"),
    ("h(foo)", "h(V_foo)", "proved"),
    ("NONE()", "NONE(V_E)", "R31"),
    ("NONE()", "NONE( )", "proved"),
    ("CALLS(CHECK, a+b)", "CALLS(CHECK, a + b)", "tokens"),
    ("CALLS(V_S, a+b)", "CALLS(V_S, a + b)", "tokens"),
    ("CALLS(CHECK, c+V_E a)", "CALLS(CHECK, c+a)", "R02"),
    ("BESIDE(CHECK, (a+b))", "BESIDE(CHECK, ( a + b ))", "tokens"),
    ("ID(V_S)(a+b)", "ID(V_S)(a + b)", "tokens"),
    ("OPENS a+b )", "OPENS a + b )", "tokens"),
    ("ID(CHECK OPEN a+b CLOSE)", "ID(CHECK OPEN a + b CLOSE)", "tokens"),
    ("CALLS(h, a+b)", "CALLS(h, a + b)", "proved"),
    ("CHECK(foo ] }", "CHECK(V_foo ] }", "R02"),
    ("CHECK(foo", "CHECK(V_foo", "R02"),
    ("CHECK(a + b", "CHECK(a+b", "tokens"),
    ("ID(CHECK)(a + b)", "ID(CHECK)(a+b)", "tokens"),
    ("CHECK(\n#if 0\n#endif\na)", "CHECK(a)", "tokens"),
    ("FIRST(1, 2)", "FIRST\n#if 0\n#endif\n(1, 2)", "R02"),
    ("\n#ifdef A\nCHECK(\n#else\nID(\n#endif\nfoo)", "\n#ifdef A\nCHECK(\n#else\nID(\n#endif\nV_foo)", "R02"),
    ("CHECK(\n#ifdef A\n1)\n#else\nfoo)\n#endif\n", "CHECK(\n#ifdef A\n1)\n#else\nV_foo)\n#endif\n", "R02"),
    ("\n#ifdef A\n(foo\n#else\n(\n#endif\n) + foo", "\n#ifdef A\n(V_foo\n#else\n(\n#endif\n) + V_foo", "proved"),
    ("SELF(foo)", "SELF(V_foo)", "proved"),
]  # fmt: skip


def outcome(before: str, after: str) -> str:
    table = Table.parse(TABLE.encode(), EMPTY.state)
    texts = [f"void f(void) {{ int x = {part}; }}\n" for part in (before, after)]
    found = prove(side(texts[0], table), side(texts[1], table), options(OID))
    return found.rule if found.outcome is not Outcome.PROVED else "proved"


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_what_a_macro_of_another_text_sees(before: str, after: str, expected: str) -> None:
    found = outcome(before, after)
    assert found == expected or (expected == "undecided" and found != "proved"), found


def test_a_preprocessor_says_the_same() -> None:
    """What is proved is the same after gcc -E with all definitions in sight; most of the rest is not."""
    gcc = shutil.which("gcc") or shutil.which("cc")
    assert gcc, "a C compiler is what the tests ask for"
    sources = []
    for part in (text for before, after, _ in CASES for text in (before, after)):
        source = f"{OID}{TABLE}@ {part}\n"
        made = subprocess.run(
            [gcc, "-E", "-P", "-x", "c", "-"], input=source.encode(), capture_output=True, check=False
        )
        sources.append(b"".join(made.stdout.split()) if not made.returncode else None)
    pairs = zip(CASES, sources[::2], sources[1::2], strict=True)
    wrong = [case for case, one, two in pairs if case[2] == "proved" and one != two]
    assert not wrong
    assert sum(one != two for one, two in zip(sources[::2], sources[1::2], strict=True)) >= 10


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#define A 1\n  #  define B(x) x\n%: define C\n", "A B C"),
        ("/* a */ # /* b */ define A 1\nx */ #define B\n", "A B"),
        ("#\\\n define \\\n A 1 \\\n 2\n", "A"),
        ("#define A /* one\n two */ 1 /* x\n y */ 2\n#define B\n", "A B"),
        ("#undef A\n#defined B\n# 1 define\n#define 3 4\n#define (x)\n", ""),
        ("#if 0\n#define A 1\n#else\n#define A 2\n#endif\n", "A"),
        ("#/*\n*/define A(e) #e\n#/*\n*/if 1\n# /* x\n */ /* y */ define B\nx */ #define C\n", "A B C"),
        ("#def\\\nine A(e) #e\n#\\  \n define B\n", "A B"),
        ("#define A '\\\n'\n#define B \"/* \"\n#define C\n", "A B C"),
        ("#define A /* open", "A"),
        ("#define$ A 1\n#define\xe4 B 1\n", ""),
    ],
)  # fmt: skip
def test_definitions_are_found_wherever_they_stand(text: str, names: str) -> None:
    assert [name.decode() for name in Known.of([text.encode()]).definitions] == names.split()


def test_all_ways_of_a_macro_are_kept_once_and_travel() -> None:
    known = Known.of([b"#define A(x) x\n#define A(x) #x\n", b"#define A( x )  #x\n#define A(x) x"])
    assert [way.body for way in known.definitions[b"A"]] == [(b"#", b"x"), (b"x",)]
    assert pickle.loads(pickle.dumps(known)) == known


def test_a_definition_that_ends_out_of_sight_looks() -> None:
    known = Known.of([b"#define A(x) f(x) \\"])
    assert known.definitions[b"A"][0].operates


def test_macros_reach_through_the_table_and_leave_out_its_own() -> None:
    known = Known.of([b"#define A B\n#define B 1\n#define V_x 2\n#define C 3\n"])
    table = Table.parse(b"#define V_x A\n", EMPTY.state)
    assert sorted(known.reached({b"V_x", b"y"}, table)) == [b"A", b"B"]
    assert Known().reached({b"V_x"}, table) == {}


def test_a_macro_that_comes_to_one_which_is_redefined_changes_with_it() -> None:
    known = Options(assumptions=ALL.assumptions, known=Known.of([b"#define K L\n#define L V_foo\n"]))
    one, two = (
        Table.parse(f"#define V_foo {word}\n#define V_y y\n".encode(), EMPTY.state) for word in ("foo", "bar")
    )
    for before, after in (("x = K + y;\n", "x = K + V_y;\n"), ("x = K;\n", "x = K;\n")):
        found = prove(side(before, one), side(after, two), known)
        assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "R01")
    same = Table.parse(b"#define V_foo foo\n#define V_y y\n#define V_z z\n", EMPTY.state)
    assert prove(side("x = K + y;\n", one), side("x = K + V_y;\n", same), known).outcome is Outcome.PROVED


def test_a_state_that_a_known_text_contradicts_is_not_believed() -> None:
    text = "#ifdef S1\nint x = %s;\n#endif\n"
    state = State(name="s", undefine=("S1",))
    for known, expected in (("", "proved"), ("#define S1 1\n", "R11"), ("#define S2 1\n", "proved")):
        options = Options(assumptions=ALL.assumptions, known=Known.of([known.encode()]))
        found = prove(*(side(text % one, Table.empty(state)) for one in ("foo", "foo + 7")), options)
        assert (found.rule if found.outcome is not Outcome.PROVED else "proved") == expected
    defined = Table.empty(State(name="s", define=(("S1", "1"),)))
    for known, contradicts in (("#define S1 1\n", 0), ("#define S1 0\n", 1), ("#undef S1\n", 1)):
        assert len(Known.of([known.encode()]).contradicts({b"S1"}, defined)) == contradicts


def test_a_macro_that_pastes_may_ask_for_its_line() -> None:
    granted = ALL.assumptions - {Assumption.LINE_NUMBERS}
    known = Known.of([b"#define K(x) K##x\n#define K1 __LINE__\n"])
    options = Options(assumptions=granted, unseen_observers=False, known=known)
    assert prove(side("x = K(1);\n"), side("x = \nK(1);\n"), options).rule == "R13"
    assert prove(side("x = k(1);\n"), side("x = \nk(1);\n"), options).outcome is Outcome.PROVED


def test_definitions_among_hostile_comments_are_found_all_the_same() -> None:
    many = 20_000
    for text in (b"#\n" + b"/**/" * many, b"#/*" * many + b"*/", b"/* x\n" * many + b"*/"):
        assert list(Known.of([text + b"\n#define B\n"]).definitions) == [b"B"]
    assert [way.body for way in Known.of([b"#define A " + b"/*\n*/" * many + b"1\n"]).definitions[b"A"]] == [
        (b"1",)
    ]


def test_calls_that_are_nested_too_deep_are_given_up() -> None:
    open_world = Options(assumptions=ALL.assumptions - {Assumption.CLOSED_WORLD})
    for deep, expected in ((200, "proved"), (300, "undecided")):
        text = "x = " + "g(" * deep + "a" + ")" * deep + ";\n"
        assert prove(side(text), side(text), open_world).outcome.value == expected
