# ruff: noqa: E501
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Judgement, Language, Options, Outcome, Side, Stream, prove, stream
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.stream import may_be_code
from vimagetrack.engine.null.table import Table

STATE = State(name="default", undefine=("VIMAGE",))
TABLE = Table.parse(
    b"#define V_foo foo\n#define V_bar VNET(bar)\n#define VNET(n) (n)\n#define INIT(x)\n#define FE(v)\n#define STR(x) #x\n",
    STATE,
)
EMPTY = Table.empty(STATE)
ALL = Options(assumptions=frozenset(Assumption), headers=("sys/sys/vimage.h",))


def without(*missing: Assumption, **more: object) -> Options:
    return Options(assumptions=frozenset(Assumption) - set(missing), headers=ALL.headers, **more)  # type: ignore[arg-type]


def side(text: str | bytes, table: Table = TABLE, **more: object) -> Side:
    data = text.encode() if isinstance(text, str) else text
    return Side(text=data, table=table, **more)  # type: ignore[arg-type]


def judge(before: str, after: str, options: Options = ALL, **more: object) -> Judgement:
    return prove(side(before, **more), side(after, **more), options)


def proved(before: str, after: str, options: Options = ALL, **more: object) -> bool:
    return judge(before, after, options, **more).outcome is Outcome.PROVED


def made(text: str, options: Options = ALL, **more: object) -> Stream:
    return stream(side(text, **more), options)


# --- provenance

PIECES = [
    "foo", "V_foo", "V_bar", "INIT(x)", "INIT(V_bar)", ";", "{", "}", "(", ")", "FE(v)", " ", "\n", "\t/* c */", "x = 1;",
    "\n#ifdef A\n", "\n#ifdef VIMAGE\n", "\n#else\n", "\n#endif\n", "\n#define L(a) V_bar + a\n", "\n#define V_foo foo\n",
    "\n#include <sys/vimage.h>\n", "STR( a b)", "if (x)", "else", "return", "// c\n", "'", '"', "#", "\\\n", "g(", "int f(void) {",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.booleans(),
    st.sampled_from(list(Language)),
)
@settings(max_examples=120, deadline=None)
def test_every_stream_has_an_exact_provenance(text: str, whole: bool, language: Language) -> None:
    """Ranges are in order, equal only within a unit, never overlap, and never touch what was dropped."""
    found = stream(
        side(text, whole=whole), Options(language=language, assumptions=ALL.assumptions, headers=ALL.headers)
    )

    count = len(found.tokens)
    assert (
        count
        == len(found.first)
        == len(found.last)
        == len(found.macro)
        == len(found.calls)
        == len(found.made)
    )
    assert b"".join(found.source) == text.encode()
    before = (0, 0)
    covered: set[int] = set()
    for first, last in zip(found.first, found.last, strict=True):
        assert (first, last) == before or first >= before[1]
        assert first < last <= len(found.source)
        before = (first, last)
        covered |= set(range(first, last))
    assert found.dropped == sorted(found.dropped, key=lambda item: item[:2])
    assert len(found.dropped) == len(found.dropped_macros)
    for first, last, _ in found.dropped:
        assert covered.isdisjoint(range(first, last))
    for problem in found.problems:
        assert 0 <= problem.index < max(len(found.source), 1)
        assert problem.lineno >= 1


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.booleans())
@settings(max_examples=80, deadline=None)
def test_judgements_are_symmetric_and_reflexive_where_nothing_is_wrong(text: str, whole: bool) -> None:
    same = judge(text, text, whole=whole)
    assert (same.outcome is Outcome.PROVED) == (not stream(side(text, whole=whole), ALL).problems)
    other = text.replace("foo", "V_foo", 1)
    assert proved(text, other, whole=whole) == proved(other, text, whole=whole)


def test_a_unit_is_what_one_call_became() -> None:
    found = made("x = V_bar + STR(V_foo);\n", without(Assumption.CLOSED_WORLD))
    assert found.tokens == [b"x", b"=", b"(", b"bar", b")", b"+", b'"V_foo"', b";"]
    assert found.macro == [None, None, b"V_bar", b"V_bar", b"V_bar", None, b"STR", None]
    assert found.calls[2] == (b"V_bar", b"VNET")
    assert (found.first[2], found.last[2]) == (4, 5)


def test_what_is_dropped_says_why() -> None:
    text = "#include <sys/vimage.h>\nint f(void) {\n\tINIT(x);\n\tg(V_bar);\n#ifdef V_foo\n#endif\n\tFE(v) { h(1); }\n}\n"
    found = made(text)
    assert b" ".join(found.tokens) == b"int f ( void ) { g ( bar ) ; h ( 1 ) ; }"
    by_rule = {
        (rule, b"".join(found.source[first:last]).strip()): macro
        for (first, last, rule), macro in zip(found.dropped, found.dropped_macros, strict=True)
    }
    assert by_rule == {
        ("expansion", b"INIT(x)"): b"INIT",
        ("empty-statements", b";"): None,
        ("conditionals", b"#ifdef V_foo"): None,
        ("conditionals", b"#endif"): None,
        ("vocabulary", b"#include <sys/vimage.h>"): None,
        ("expansion", b"FE(v)"): b"FE",
        ("bare-blocks", b"{"): None,
        ("bare-blocks", b"}"): None,
    }
    assert b" ".join(found.strict) == b"int f ( void ) { ; g ( ( bar ) ) ; { h ( 1 ) ; } }"


def test_a_dropped_macro_body_is_noted_once() -> None:
    table = Table.parse(b"#define SEMI ;\n", STATE)
    found = made("void f(void) { g(); SEMI h(); }", table=table)
    assert found.dropped == [(14, 15, "empty-statements")]
    assert found.dropped_macros == [b"SEMI"]


def test_all_the_parentheses_around_one_name_go_and_the_name_keeps_its_unit() -> None:
    table = Table.parse(b"#define V_d (((d)))\n#define V_e ((e) + 1)\n", STATE)
    found = made("int f(void) { x = V_d; y = V_e; }", table=table)
    assert b" ".join(found.tokens) == b"int f ( void ) { x = d ; y = ( ( e ) + 1 ) ; }"
    assert found.dropped == []
    assert found.macro[found.tokens.index(b"d")] == b"V_d"


# --- judging


def test_the_mails_own_examples() -> None:
    assert proved("foo = x;\n", "V_foo = x;\n")
    found = judge("int f(void) {\n\tg(foo);\n}\n", "int f(void) {\n\tINIT(x);\n\tg(V_foo);\n}\n")
    assert found.outcome is Outcome.PROVED
    assert found.rules == ("expansion", "empty-statements")
    assert found.rule == "empty-statements"
    assert found.reason == ""
    assert Assumption.LINE_NUMBERS in found.assumptions
    assert found.before_digest == found.after_digest


def test_a_refutation_names_token_and_line() -> None:
    found = judge("a;\nfoo = 1;\n", "a;\nfoo = 2;\n")
    assert (found.outcome, found.rule) == (Outcome.REFUTED, "tokens")
    assert found.reason == "The token 1 became 2 in line 2."
    assert (found.before_lineno, found.after_lineno) == (2, 2)
    gone = judge("a; b\n", "a;\n")
    assert gone.reason == "The token b is gone, and nothing follows."
    assert (gone.before_lineno, gone.after_lineno) == (1, None)


def test_what_needs_an_assumption_that_is_not_granted_is_undecided_and_names_it() -> None:
    before, after = (
        "int f(void) {\n\tint a;\n\ta = foo;\n}\n",
        "int f(void) {\n\tINIT(x);\n\tint a;\n\ta = foo;\n}\n",
    )
    found = judge(before, after, without(Assumption.MIXED_DECLARATIONS))
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "mixed-declarations")
    assert "not granted" in found.reason
    granted = judge(before, after)
    assert granted.outcome is Outcome.PROVED
    assert Assumption.MIXED_DECLARATIONS in granted.assumptions


def test_a_problem_says_where() -> None:
    found = judge("a;\n", "a;\n/* open\n")
    assert (found.outcome, found.rule, found.after_lineno) == (Outcome.UNDECIDED, "R30", 2)
    assert found.reason == "A comment is open at the end of the text (/* open, line 2 of the after text)."


def test_each_side_has_its_own_table() -> None:
    assert prove(side("g(foo);\n", EMPTY), side("g(V_foo);\n"), ALL).outcome is Outcome.PROVED
    used = prove(side("int V_foo;\n", EMPTY), side("int V_foo;\n"), ALL)
    assert (used.outcome, used.rule) == (Outcome.UNDECIDED, "R01")
    other = Table.parse(b"#define V_foo other\n", STATE, base=TABLE)
    changed = prove(side("V_foo = 1;\n"), side("V_foo = 1;\n", other), ALL)
    assert changed.outcome is Outcome.REFUTED
    pragma = "#pragma weak V_foo\n"
    assert prove(side(pragma), side(pragma, other), ALL).rule == "R01"
    assert prove(side(pragma), side(pragma), ALL).outcome is Outcome.PROVED


def test_a_definition_that_lands_with_its_first_uses_is_vocabulary() -> None:
    before, after = "foo = 1;\n", "#define V_foo foo\nV_foo = 1;\n"
    assert prove(side(before, EMPTY), side(after), ALL).outcome is Outcome.PROVED
    assert prove(side("#define V_foo foo\nfoo = 1;\n", EMPTY), side(after), ALL).outcome is not Outcome.PROVED
    assert judge(before, after, without(vocabulary=False)).rule == "R01"
    assert judge(before, "#define V_foo bar\nV_foo = 1;\n").rule == "R01"
    assert judge(before, "#undef V_foo\nfoo = 1;\n").rule == "R01"
    assert judge(before, "#define V_foo(\nfoo = 1;\n").rule == "R07"


def test_digests_are_those_of_the_tokens() -> None:
    one, two = made("a + b;").digest, made("a  +\tb ; ").digest
    assert one == two
    assert (len(one[0]), len(one[1])) == (32, 64)
    assert made("a +b;c").digest != one


def test_languages_by_path() -> None:
    paths = ["a.c", "b/c.h", "d.cc", "e.S", "f.s", "Makefile", "g.y", "h.hpp"]
    kinds = [Language.of_path(path) for path in paths]
    assert kinds == [Language.C, Language.C, Language.CXX, Language.ASM, None, None, None, Language.CXX]


def test_files_that_may_come_before_a_preprocessor() -> None:
    paths = ["a.c", "e.S", "f.s", "g.y", "h.inc", "Makefile", "notes.txt"]
    assert [may_be_code(path) for path in paths] == [True, True, True, True, True, False, False]


def test_a_hazard_is_a_warning_and_no_verdict() -> None:
    found = judge("{ int foo = 3; x += foo; }\n", "{ int V_foo = 3; x += V_foo; }\n")
    assert found.outcome is Outcome.PROVED
    assert [(h.kind, h.token, h.lineno) for h in found.hazards] == [("local-shadow", "V_foo", 1)]


def test_cpp_alternatives_stay_apart() -> None:
    options = Options(language=Language.CXX, assumptions=ALL.assumptions)
    assert not proved("x = a && b;", "x = a and b;", options)
    assert not proved('s = "%" P;', 's = "%"P;', options)
    assert not proved("A<B<int> > q;", "A<B<int>> q;", options)
    assert not proved("x = a ? b : ::c;", "x = a ? b :: :c;", options)
    assert proved(
        "namespace n { int f(int a) { g(1); g(2); } }",
        "namespace n { int f(int a) { g(1); ; g(2); } }",
        options,
    )


@pytest.mark.parametrize(
    ("before", "after", "rule", "reason"),
    [
        ("g(1);\n", "g(1);;\n", "R11", "The token ; was added in line 1, and no rule surely applies there."),
        ("a = b;\n", "a = (b);\n", "R21", "The token b became ( in line 1, and no rule surely applies there."),
        ("#undef X\n", "#undef Y\n", "R07", "The token #undef X became #undef Y in line 1, and no rule surely applies there."),
        ("a = b && c;\n", "a = b and c;\n", "R27", "The token && became and in line 1, and no rule surely applies there."),
    ],
)  # fmt: skip
def test_where_a_rule_may_not_be_sure_nothing_is_refuted(
    before: str, after: str, rule: str, reason: str
) -> None:
    found = prove(side(before, EMPTY), side(after, EMPTY), ALL)
    assert (found.outcome, found.rule, found.reason) == (Outcome.UNDECIDED, rule, reason)


def test_a_reason_shows_what_a_reader_would_not_see() -> None:
    found = prove(side("a = foo;\n", EMPTY), side("a = f\u043eo;\n", EMPTY), ALL)
    assert found.reason == "The token foo became f\\u043eo in line 1."
    blanks = prove(side("S(a b);\n", EMPTY), side("S(ab);\n", EMPTY), ALL)
    assert "\n" not in blanks.reason
    seen = prove(side("#define S(x) #x\nS(a +b);\n", EMPTY), side("#define S(x) #x\nS(a+b);\n", EMPTY), ALL)
    assert seen.reason == "The white space before + changed where it may be seen in line 2."
