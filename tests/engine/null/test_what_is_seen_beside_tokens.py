# ruff: noqa: E501
"""What sees more than tokens: lines, columns, warnings, assemblers, old compilers; each shown by a compiler.

``proved`` here would be said of a change that compiles to something else, or to an error.
"""

from __future__ import annotations

import pytest

from tests.engine.null.test_kernel import STATE, side
from tests.engine.null.test_prove_jsonl import case
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Judgement, Language, Options, Outcome, prove
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.prove_jsonl import judge_case
from vimagetrack.engine.null.table import Table

PLAIN = ["#define V_foo foo"]
LINES = frozenset(Assumption) - {Assumption.LINE_NUMBERS}
TABLE = Table.parse(
    b"#define V_foo foo\n#define V_two 1, 2\n#define V_E\n#define V_ID(x) x\n#define DUP(x) x x\n"
    b"#define V_FIRST(a, ...) a\n#define V_NONE(x)\n",
    STATE,
)


def verdict(macros: list[str], before: str, after: str, **more: object) -> object:
    return judge_case(case(macros, before, after, **more))["verdict"]


def judged(before: str, after: str, *, granted: frozenset[Assumption] = frozenset(Assumption), language: Language = Language.C, known: Known | None = None) -> Judgement:  # fmt: skip
    options = Options(assumptions=granted, unseen_observers=False, language=language, known=known or Known())
    return prove(side(before, TABLE), side(after, TABLE), options)


def same(before: str, after: str, **more: object) -> bool:
    return judged(before, after, **more).outcome is Outcome.PROVED  # type: ignore[arg-type]


# --- lines and columns


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("c", "foo = __builtin_COLUMN();\n", "V_foo = __builtin_COLUMN();\n"),
        ("c", "x = __builtin_COLUMN();\n", "x  = __builtin_COLUMN();\n"),
        ("c", "#define C __builtin_COLUMN()\nfoo = C;\n", "#define C __builtin_COLUMN()\nV_foo = C;\n"),
        ("c++", "q = __builtin_source_location();\n", "\n\nq = __builtin_source_location();\n"),
        ("c++", "foo = std::source_location::current();\n", "V_foo = std::source_location::current();\n"),
        ("c++", "void w(int l = __builtin_LINE());\nvoid f() { w(); }\n", "void w(int l = __builtin_LINE());\n\nvoid f() { w(); }\n"),
        ("c", "#define ML(a) h(__LINE__ + a)\nx = ML(1\n);\n", "#define ML(a) h(__LINE__ + a)\nx = ML(1);\n\n"),
        ("c", "#define L h(__LINE__)\n#define ML(a) a\nx = ML(L\n);\n", "#define L h(__LINE__)\n#define ML(a) a\nx = ML(L);\n\n"),
        ("c", "#define P(x) Q\n#define Q(x) __LINE__\nx = P(1)(2\n);\n", "#define P(x) Q\n#define Q(x) __LINE__\nx = P(1)(2);\n\n"),
        ("c", "assert(x\n);\n", "assert(x);\n\n"),
        ("c", "x = g(__LINE__\n", "x = \ng(__LINE__\n"),
        ("c", "x, __LINE__\n); y;", "x, __LINE__); y\n;"),
    ],
)  # fmt: skip
def test_what_asks_for_its_place_keeps_it(lang: str, before: str, after: str) -> None:
    assert verdict(PLAIN, before, after, lang=lang) == "undecided"


def test_calls_that_ask_for_no_line_may_span_others() -> None:
    assert verdict(PLAIN, "x = __LINE__; h(1\n, foo);\n", "x = __LINE__; h(1,\n V_foo);\n") == "proved"


@pytest.mark.parametrize("lang", ["c", "c++"])
def test_an_unseen_default_argument_may_ask_for_a_column(lang: str) -> None:
    found = verdict(PLAIN, "foo = w();\n", "V_foo = w();\n", lang=lang, line_observers="unknown")

    assert (found == "proved") is (lang == "c")
    assert verdict(PLAIN, "w(foo);\n", "w(foo); \n", lang=lang, line_observers="unknown") == "proved"


def test_line_numbers_are_assumed_where_only_a_call_is_relaid() -> None:
    found = judged("int a[] = { __LINE__\n};\n", "int a[] = {\n__LINE__ };\n")

    assert found.outcome is Outcome.PROVED
    assert Assumption.LINE_NUMBERS in found.assumptions


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#define UNIQ __COUNTER__\nint a[] = { UNIQ UNIQ };\n", "#define UNIQ __COUNTER__\nint a[] = { DUP(UNIQ) };\n"),
        ("#if 0 && __COUNTER__\n#else\nint x = __COUNTER__;\n#endif\n", "int x = __COUNTER__;\n"),
    ],
)  # fmt: skip
def test_a_count_is_no_line_number(before: str, after: str) -> None:
    assert not same(before, after)


def test_a_count_of_another_text_counts() -> None:
    known = Known.of([b"#define UNIQ __COUNTER__\n"])

    assert not same("int a[] = { UNIQ UNIQ };\n", "int a[] = { DUP(UNIQ) };\n", known=known)
    assert not same("int a = UNIQ;\n", "int a =  UNIQ;\n", known=known, granted=LINES)


# --- warnings that stop the build


@pytest.mark.parametrize(
    ("macros", "before", "after"),
    [
        (["#define V_two g(1); g(2)"], "if (x)\n\tg(1);\ng(2);\n", "if (x)\n\tV_two;\n\n"),
        ([], "x = - 1;\n", "x =- 1;\n"),
        ([], "g(1, 2);\n", "g(1,2);\n"),
        ([], "if (x)\n\tg(1);\ng(2);\n", "if (x)\n\tg(1); g(2);\n\n"),
        (["#define E"], "if (x) E;\ng(1);\n", "if (x) ;\ng(1);\n"),
        (["#define E"], "g(1);\n", "g(1); E\n"),
        (PLAIN, "x = V_foo == foo;\n", "x = foo == foo;\n"),
    ],
)
def test_a_warning_may_see_it(macros: list[str], before: str, after: str) -> None:
    assert verdict(macros, before, after, warnings_as_errors=True) == "undecided"
    assert verdict(macros, before, after) == "proved"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if (foo)\n\treturn (foo);\n", "if (V_foo)\n\treturn (V_foo);\n"),
        ("x =  foo; \n", "x = V_foo; \n"),
        ("#define L foo\nx = foo;\n", "#define L foo\nx = V_foo;\n"),
    ],
)
def test_a_name_for_another_gets_no_warning(before: str, after: str) -> None:
    assert verdict(PLAIN, before, after, warnings_as_errors=True) == "proved"


# --- assembly


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("ENTRY(foo)\n", "ENTRY(V_foo)\n", {"closed_world": False}),
        ("#define STR(x) #x\n.ascii STR(foo)\n", "#define STR(x) #x\n.ascii STR(V_foo)\n", {}),
        ("#define STR(x) #x\n#define ID(x) x\n.ascii ID(STR)(foo)\n", "#define STR(x) #x\n#define ID(x) x\n.ascii ID(STR)(V_foo)\n", {}),
        ("#define A(x, y) x\n.long A(1, 2)\n", "#define A(x, y) x\n.long A(V_two)\n", {}),
        ("#define C 1, 2\n.long V_FIRST(C, 3)\n", "#define C 1, 2\n.long C\n", {}),
        ("foo, x)\n", "V_foo, x)\n", {"closed_world": False}),
        (".byte 1, 2\nnop\n", ".byte V_ID(\n1, 2) nop\n", {}),
        (".byte 1\n.byte 2\n", ".byte 1 V_NONE(\n) .byte 2\n", {}),
        (".byte 1 .byte 2\n", ".byte 1 V_NONE(\n) .byte 2\n", {}),
        (".byte 1, 2\n", ".byte V_FIRST(1,\n2), 2\n", {}),
        ("mov % eax, foo\n", "mov %V_E()eax, foo\n", {}),
    ],
)  # fmt: skip
def test_assembly_that_may_differ(before: str, after: str, more: dict[str, object]) -> None:
    macros = ["#define V_foo foo", "#define V_two 1, 2", "#define V_ID(...) __VA_ARGS__", "#define V_NONE(x)", "#define V_FIRST(a, ...) a", "#define V_E()"]  # fmt: skip
    assert verdict(macros, before, after, lang="S", **more) != "proved"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("movl foo(%rip), %eax\n", "movl V_foo(%rip), %eax\n"),
        ("ENTRY(foo)\nnop\n", "ENTRY(V_foo)\nnop\n"),
        ("#define STR(x) #x\n.ascii STR(a)\n.long foo\n", "#define STR(x) #x\n.ascii STR(a)\n.long V_foo\n"),
        ("nop\n\n.long 1 + 2\n", "nop\n.long V_sum\n"),
        (".long 1\nnop\n", ".long 1 V_E\nnop\n"),
        ("% eax\n", "% V_E eax\n"),
    ],
)
def test_assembly_that_stays(before: str, after: str) -> None:
    macros = ["#define V_foo foo", "#define V_sum 1 + 2", "#define V_E"]
    assert verdict(macros, before, after, lang="S") == "proved"


# --- the bodies of macros


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#define L(...) __VA_ARGS__\nint q[] = { L(1, 2) };\n", "#define L(...) V_FIRST(__VA_ARGS__)\nint q[] = { L(1, 2) };\n"),
        ("#define L(a...) a\nint q[] = { L(1, 2) };\n", "#define L(a...) V_FIRST(a)\nint q[] = { L(1, 2) };\n"),
        ("#define L(x) x\n#define C 1, 2\nint q[] = { L(C) };\n", "#define L(x) V_ID(x)\n#define C 1, 2\nint q[] = { L(C) };\n"),
        ("#define L(V_foo) (foo + foo)\n", "#define L(V_foo) (V_foo + foo)\n"),
        ("#define STR(x) #x\n#define L() STR(foo)\nchar *s = L();\n", "#define STR(x) #x\n#define L() STR(V_foo)\nchar *s = L();\n"),
        ("#define STR(x) #x\n#define C(f) f(foo)\nchar *s = C(STR);\n", "#define STR(x) #x\n#define C(f) f(V_foo)\nchar *s = C(STR);\n"),
        ("#define FST(a, ...) a\n#define L() FST(1, 2)\nint s = L();\n", "#define FST(a, ...) a\n#define L() FST(V_two)\nint s = L();\n"),
        ("#define L(f) f(1, 2)\n", "#define L(f) f(V_two)\n"),
    ],
)  # fmt: skip
def test_bodies_that_may_differ(before: str, after: str) -> None:
    assert not same(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#define L(y) ((y) + foo)\n", "#define L(y) (V_ID((y)) + V_foo)\n"),
        ("#define L(x) g(x, foo)\n", "#define L(x) g(x, V_foo)\n"),
        ("#define L(x) if (foo) g(x)\n", "#define L(x) if (V_foo) g(x)\n"),
    ],
)
def test_bodies_that_stay(before: str, after: str) -> None:
    assert same(before, after)


# --- conditionals


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#if 0\n#elifdef V_foo\nint q = 1;\n#endif\nint z;\n", "int q = 1;\nint z;\n"),
        ("#if 0\n#elifndef V_foo\nint q = 1;\n#endif\nint z;\n", "int z;\n"),
        ("#if 1\nint q;\n#elifdef V_foo\n#endif\n", "int q;\n"),
        ("#ifdef Q\nint q;\n#elifdef V_foo\nint z;\n#endif\n", "#ifdef Q\nint q;\n#else\nint z;\n#endif\n"),
        ("#ifdef Q\nint q;\n#elif 1\nint z;\n#elifdef Z\n#endif\n", "#ifdef Q\nint q;\n#elif 1\nint z;\n#endif\n"),
        ("#define X 0 || 1\n#if 0 && X\nint q;\n#endif\n", "#define X 0 || 1\n"),
        ("#if 1 || X\nint q;\n#endif\n", "int q;\n"),
        ("#if X && 0\nint q = 1;\n#endif\n", "#if X && 0\nint q = 2;\n#endif\n"),
    ],
)  # fmt: skip
def test_conditionals_that_may_count(before: str, after: str) -> None:
    assert not same(before, after)


def test_elifdef_stays_beside_an_if_that_stays() -> None:
    text = "#ifdef Q\nint q;\n#elifdef V_foo\nint z;\n#else\n#endif\nx = %s;\n"
    assert same(text % "foo", text % "V_foo")
    assert same("#if 0\n#ifdef Q\n#elifdef V_foo\n#endif\n#endif\nint z;\n", "int z;\n")


# --- keywords


@pytest.mark.parametrize(
    ("define", "use"),
    [
        ("#define if(c) if (pk(#c), c)", "int f(void) { if (@foo) g(1); }"),
        ("#define return(c) return (pk(#c), c)", "int f(void) { return (@foo); }"),
        ("#define sizeof(c) ((void)#c, 4)", "int x = sizeof(@foo);"),
    ],
)
def test_a_keyword_that_a_known_text_defines_is_a_macro(define: str, use: str) -> None:
    before, after = use.replace("@", ""), use.replace("@", "V_")

    assert same(before, after)
    assert not same(f"{define}\n{before}\n", f"{define}\n{after}\n")
    assert not same(before, after, known=Known.of([define.encode() + b"\n"]))
