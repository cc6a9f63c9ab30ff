# ruff: noqa: E501
"""Each rule with what it allows and its counter-examples, on whole files unless it says otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, STATE, TABLE, Options, judge, proved, side, without
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Language, Outcome, Side, prove, prove_created, stream
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.rules import vocabulary
from vimagetrack.engine.null.shape import condition_key
from vimagetrack.engine.null.table import Table

BODIES = without(Assumption.BODIES_IN_FORCE)
WINDOW = {"whole": False}


def inside(text: str) -> str:
    return f"int foo, bar, x;\nint f(int a) {{\n{text}\nreturn 0; }}\n"


def same(before: str, after: str, options: Options = ALL) -> bool:
    return proved(inside(before), inside(after), options)


# --- empty statements


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("g(1);", "g(1);;"),
        ("{ g(1); }", "{ ; g(1); ; }"),
        ("if (x) { g(1); } g(2);", "if (x) { g(1); }; g(2);"),
        ("if (x) ; else FOREACH(i) { g(1); }", "if (x) ; else FOREACH(i) { INIT(a); g(1); }"),
        ("while (x--) g(1); g(2);", "while (x--) g(1); INIT(a); g(2);"),
        ("do { g(1); } while (x);", "do { g(1); INIT(a); } while (x);"),
        ("g(1); while (x--) g(2);", "g(1); INIT(a); while (x--) g(2);"),
        ("do g(1); while (x); while (y) g(2);", "do g(1); while (x); INIT(a); while (y) g(2);"),
        ("g(1); out: g(2);", "g(1); INIT(a); out: g(2);"),
        ("x = ({ g(1); foo; });", "x = ({ INIT(a); g(1); foo; });"),
        ("FOREACH(i) { g(1); }", "FOREACH(i) { INIT(a); g(1); }"),
        ("g(1);\n#ifdef A\ng(2);\n#endif\ng(3);", "g(1);\n#ifdef A\nINIT(a);\ng(2);\n#endif\ng(3);"),
        ("g(1);\n#define L 1\ng(2);", "g(1);\n#define L 1\n;g(2);"),
        ("int y; g(1);", "int y;; g(1);"),
        ("g(1); (void)x; *p = 1; ++x; 3;", "g(1);;(void)x;; *p = 1;; ++x;; 3;"),
        ("g(1); x = 1; x[1] = 2; x->y(); x.y++; x--; h();", "g(1);; x = 1;; x[1] = 2;; x->y();; x.y++;; x--;; h();"),
        ("#ifdef A\nif (x)\n#else\nif (y)\n#endif\n{ g(1); }", "#ifdef A\nif (x)\n#else\nif (y)\n#endif\n{ g(1);; }"),
        ("#ifdef A\nif (x) {\n#endif\ng(1);\n#ifdef A\n}\n#endif\ng(2);", "#ifdef A\nif (x) {\n#endif\ng(1);;\n#ifdef A\n}\n#endif\ng(2);;"),
    ],
)  # fmt: skip
def test_empty_statements_may_go(before: str, after: str) -> None:
    assert same(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if (x) g(1);", "if (x) INIT(a); g(1);"),
        ("if (x) g(1); else g(2);", "if (x) g(1);; else g(2);"),
        ("if (x) { g(1); } else g(2);", "if (x) { g(1); } ; else g(2);"),
        ("if (x) g(1); else g(2);", "if (x) g(1); else ; g(2);"),
        ("do g(1); while (x);", "do g(1);; while (x);"),
        ("do { g(1); } while (x);", "do { g(1); }; while (x);"),
        ("do if (y) g(1); while (x);", "do if (y) g(1);; while (x);"),
        ("x = ({ g(1); foo; });", "x = ({ g(1); foo; INIT(a); });"),
        ("out: g(1); if (x) goto out;", "out: INIT(a); g(1); if (x) goto out;"),
        ("switch (x) { case 1: g(1); }", "switch (x) { ; case 1: g(1); }"),
        ("switch (x) { case 1: g(1); case 2: ; }", "switch (x) { case 1: g(1);; case 2: ; }"),
        ("switch (x) { default: g(1); }", "switch (x) { default: ; g(1); }"),
        ("struct q { int a; int b; } z; g(1);", "struct q { int a; ; int b; } z; g(1);"),
        ("int z[] = { 1 }; g(1);", "int z[] = { 1 ;}; g(1);"),
        ("for (; x; ) g(1);", "for (; x; ;) g(1);"),
        ("g(1);\n#ifdef A\nelse\n#endif\ng(3);", "g(1);;\n#ifdef A\nelse\n#endif\ng(3);"),
        ("if (x)\n#ifdef A\ng(2);\n#endif\ng(3);", "if (x)\n#ifdef A\n;\ng(2);\n#endif\ng(3);"),
        ("g(1);\n#pragma omp parallel\ng(2);", "g(1);;\n#pragma omp parallel\ng(2);"),
        ('g(1);\n#include "x.inc"\ng(2);', 'g(1);\n#include "x.inc"\n;g(2);'),
        ("{ __label__ l; l: g(1); }", "{ ; __label__ l; l: g(1); }"),
        ("x = (struct q){ 1 }.a;", "x = (struct q){ 1 ; }.a;"),
        ("#ifdef A\nif (x) {\n#else\nif (y)\n#endif\ng(1);\n#ifdef B\n}\n#endif\ng(2);", "#ifdef A\nif (x) {\n#else\nif (y)\n#endif\n;g(1);\n#ifdef B\n}\n#endif\ng(2);"),
    ],
)  # fmt: skip
def test_empty_statements_that_hold_something(before: str, after: str) -> None:
    assert not same(before, after)


def test_nothing_may_go_outside_of_functions() -> None:
    assert not proved("int a;\nint b;\n", "int a;\nINIT(x);\nint b;\n")
    assert not proved("int f(a) int a; { return a; }\n", "int f(a) int a; ; { return a; }\n")
    assert proved("int f(a) int a; { g(1); return a; }\n", "int f(a) int a; { g(1);; return a; }\n")
    assert proved('extern "C" { int f(int a) { g(1); } }', 'extern "C" { int f(int a) { ; g(1); } }')
    assert not proved(
        "struct s { int a; } __attribute__((packed));", "struct s { int a; ; } __attribute__((packed));"
    )
    assert proved("int f(int a) __attribute__((x)) { g(1); }", "int f(int a) __attribute__((x)) { g(1);; }")
    assert not proved(
        "struct __attribute__((packed)) { int a; int b; } c;",
        "struct __attribute__((packed)) { int a;; int b; } c;",
    )


@pytest.mark.parametrize(
    "text",
    [
        "int y;",
        "T y;",
        "T *y;",
        "u_t (y);",
        "struct q y;",
        "static int y;",
        "T (y) = 3;",
        "::a b;",
        "[[maybe]] int y;",
    ],
)
def test_before_a_declaration_it_takes_mixed_declarations(text: str) -> None:
    before, after = inside(f"g(1); {text}"), inside(f"g(1);; {text}")
    assert proved(before, after)
    found = judge(before, after, without(Assumption.MIXED_DECLARATIONS))
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "mixed-declarations")


def test_typedefs_in_sight_make_declarations() -> None:
    before = "typedef int T;\n" + inside("g(1); T (y);")
    after = "typedef int T;\n" + inside("g(1);; T (y);")
    assert judge(before, after, without(Assumption.MIXED_DECLARATIONS)).rule == "mixed-declarations"
    assert same("g(1); h(y);", "g(1);; h(y);", without(Assumption.MIXED_DECLARATIONS))


def test_windows_need_to_show_statements() -> None:
    assert proved("g(1);\ng(2);\n", "g(1);\n;g(2);\n", **WINDOW)
    assert proved("return x;\nT(a);\nT(b);\n", "return x;\nT(a);\n;T(b);\n", **WINDOW)
    assert not proved("int a;\nT(b);\n", "int a;\n;T(b);\n", **WINDOW)
    assert not proved("MACRO(a);\nOTHER(b);\n", "MACRO(a);\n;OTHER(b);\n", **WINDOW)
    assert not proved("g(1);\n}\n", "g(1);\n;}\n", **WINDOW)
    assert not proved("g(1);\n});\n", "g(1);\n;});\n", **WINDOW)
    assert proved("g(1);\n}\nint b;\n", "g(1);\n;}\nint b;\n", **WINDOW)
    assert not proved("}\nint a;\nint b;\n", "}\nint a;\n;int b;\n", **WINDOW)
    assert not proved("g(1);\n#endif\ng(2);\n", "g(1);\n#endif\n;g(2);\n", **WINDOW)
    assert not proved("g(1);\nINIT(a);\n{ return a; }\n", "g(1);\n{ return a; }\n", **WINDOW)
    assert proved("x = 1;\ng(2);\n", "x = 1;\n;g(2);\n", **WINDOW)


# --- parentheses


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = bar;", "x = V_bar;"),
        ("bar = 1; bar.a = 2; bar[1]++; bar->x--;", "V_bar = 1; V_bar.a = 2; V_bar[1]++; V_bar->x--;"),
        ("if (bar) g(bar);", "if (V_bar) g(V_bar);"),
        ("for (bar = 0; bar < 3; bar++) g(a, bar, bar + 1);", "for (V_bar = 0; V_bar < 3; V_bar++) g(a, V_bar, V_bar + 1);"),
        ("return bar;", "return V_bar;"),
        ("switch (x) { case bar: bar = 1; }", "switch (x) { case V_bar: V_bar = 1; }"),
        ("x = !bar + ~bar - -bar * bar / bar % bar;", "x = !V_bar + ~V_bar - -V_bar * V_bar / V_bar % V_bar;"),
        ("x = bar ? bar : 1; g(&bar);", "x = V_bar ? V_bar : 1; g(&V_bar);"),
        ("x = sizeof(bar) + sizeof(*bar); bar = 1;", "x = sizeof(V_bar) + sizeof(*V_bar); V_bar = 1;"),
        ("x = (int)bar + (struct q *)bar; y = (T *)bar;", "x = (int)V_bar + (struct q *)V_bar; y = (T *)V_bar;"),
        ("if (x) bar = 1; else bar = 2; do bar++; while (x);", "if (x) V_bar = 1; else V_bar = 2; do V_bar++; while (x);"),
        ("{ bar = 1; } bar = 2;", "{ V_bar = 1; } V_bar = 2;"),
        ("x = a[bar] + (bar + 1) + (1, bar);", "x = a[V_bar] + (V_bar + 1) + (1, V_bar);"),
        ("int z[] = { 1, bar }; struct q q = { .a = bar };", "int z[] = { 1, V_bar }; struct q q = { .a = V_bar };"),
        ("x = *bar; x = a * bar; g(a * bar);", "x = *V_bar; x = a * V_bar; g(a * V_bar);"),
        ("x = a && bar || g(1) && bar;", "x = a && V_bar || g(1) && V_bar;"),
        ("(*p)(bar); q[1](bar);", "(*p)(V_bar); q[1](V_bar);"),
        ("x = (bar);", "x = V_bar;"),
        ("g(bar * 2);", "g(V_bar * 2);"),
        ("if ((a == 1) && bar) g(1);", "if ((a == 1) && V_bar) g(1);"),
        ("x = ((bar));", "x = ((V_bar));"),
        ("x = **bar; x = 1, bar; int y, bar;", "x = **V_bar; x = 1, V_bar; int y, V_bar;"),
        ("x = (T *)(int)bar;", "x = (T *)(int)V_bar;"),
        ("a: bar = 1; x = x ? bar : 1;", "a: V_bar = 1; x = x ? V_bar : 1;"),
    ],
)  # fmt: skip
def test_parentheses_around_an_operand_may_go(before: str, after: str) -> None:
    assert same(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = a->bar;", "x = a->V_bar;"),
        ("struct q z = { .bar = 1 };", "struct q z = { .V_bar = 1 };"),
        ("bar(1);", "V_bar(1);"),
        ("int bar;", "int V_bar;"),
        ("int *bar;", "int *V_bar;"),
        ("#ifdef A\ng(\n#else\nh(\n#endif\na, bar);", "#ifdef A\ng(\n#else\nh(\n#endif\na, V_bar);"),
        ("int h(bar);", "int h(V_bar);"),
        ("for (T ** bar = 0;;) ;", "for (T ** V_bar = 0;;) ;"),
        ("x = sizeof (int) bar;", "x = sizeof (int) V_bar;"),
        ("x = a[1](int)bar;", "x = a[1](int)V_bar;"),
        ("x = (a)(int)bar;", "x = (a)(int)V_bar;"),
        ("#ifdef A\ng(\n#else\nh(\n#endif\nbar);", "#ifdef A\ng(\n#else\nh(\n#endif\nV_bar);"),
        ("T *h(bar);", "T *h(V_bar);"),
        ("int (*p)(bar);", "int (*p)(V_bar);"),
        ("typedef int bar; x = sizeof(bar);", "typedef int bar; x = sizeof(V_bar);"),
        ("x = sizeof bar;", "x = sizeof V_bar;"),
        ("x = (bar)1;", "x = (V_bar)1;"),
        ("x = (bar *)1;", "x = (V_bar *)1;"),
        ("x = (bar[2]){ 1 }[0];", "x = (V_bar[2]){ 1 }[0];"),
        ("x = (T)(bar)1;", "x = (T)(V_bar)1;"),
        ("bar * p;", "V_bar * p;"),
        ("bar: g(1);", "V_bar: g(1);"),
        ("goto bar;", "goto V_bar;"),
        ("p = &&bar;", "p = &&V_bar;"),
        ("p = (void *)&&bar;", "p = (void *)&&V_bar;"),
        ("enum { A, bar };", "enum { A, V_bar };"),
        ("x = offsetof(bar, a);", "x = offsetof(V_bar, a);"),
        ('asm("x" : : "r"(bar));', 'asm("x" : : "r"(V_bar));'),
        ("x = (q)bar;", "x = (q)V_bar;"),
        ("x = 1 ? 2 : bar ? 3 : bar : 4;", "x = 1 ? 2 : V_bar ? 3 : V_bar : 4;"),
        ("typedef int bar; x = bar;", "typedef int bar; x = V_bar;"),
        ("bar y; x = bar;", "bar y; x = V_bar;"),
        ("int z[] = { bar };", "int z[] = { V_bar };"),
        ("for (T * bar = 0;;) ;", "for (T * V_bar = 0;;) ;"),
        ("x = (int)(bar);", "x = (int)(bar) + V_bar"),
        ("#pragma x\nbar = 1;", "#pragma x\nV_bar = 1;"),
        ("#define M(a) S->a\nM(bar);", "#define M(a) S->a\nM(V_bar);"),
        ("#define bar a, b\ng(bar);", "#define bar a, b\ng(V_bar);"),
    ],
)  # fmt: skip
def test_parentheses_that_hold_something(before: str, after: str) -> None:
    assert not same(before, after)


def test_parentheses_outside_of_functions() -> None:
    assert proved("int x = bar;\n", "int x = V_bar;\n")
    assert proved("struct q z = { 1, &bar };\n", "struct q z = { 1, &V_bar };\n")
    assert not proved("int f(int a, bar) { return 0; }\n", "int f(int a, V_bar) { return 0; }\n")
    assert not proved("int a, bar;\n", "int a, V_bar;\n")
    assert not proved("int f(T *bar) { return 0; }\n", "int f(T *V_bar) { return 0; }\n")


def test_parentheses_need_a_closed_world() -> None:
    found = judge(inside("x = bar;"), inside("x = V_bar;"), without(Assumption.CLOSED_WORLD))
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "closed-world")


def test_parentheses_of_the_source_stay() -> None:
    assert not same("x = (foo);", "x = foo;")


# --- macros of the text


def test_careful_macros_take_operands() -> None:
    careful = "#define M(a) ((a) + 1)\n"
    assert same(f"{careful}x = M(bar);", f"{careful}x = M(V_bar);")
    careless = "#define M(a) (a + 1)\n"
    assert not same(f"{careless}x = M(bar);", f"{careless}x = M(V_bar);")
    assert same(f"{careless}x = M(foo);", f"{careless}x = M(V_foo);")
    variadic = "#define M(...) (__VA_ARGS__)\n"
    assert not same(f"{variadic}x = M(bar);", f"{variadic}x = M(V_bar);")
    called = "#define M(a) g(a)\n"
    assert not same(f"{called}x = M(bar);", f"{called}x = M(V_bar);")


def test_macros_that_look_at_their_arguments() -> None:
    looks = "#define K(e) panic(#e)\n#define J(e) K(e)\n"
    for name in ("K", "J"):
        found = judge(inside(f"{looks}{name}(foo);"), inside(f"{looks}{name}(V_foo);"))
        assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "R02")
        assert judge(inside(f"{looks}{name}(a);"), inside(f"{looks}{name}(INIT(b) a);")).rule == "R02"
    assert not same(f"{looks}K(a+b);", f"{looks}K(a + b);")
    assert same(f"{looks}K(a+b); foo = 1;", f"{looks}K( a+b ); V_foo = 1;") is False
    assert same(f"{looks}K(a + b); foo = 1;", f"{looks}K(a   +  b); V_foo = 1;")


def test_commas_out_of_macros_are_counted_by_others() -> None:
    table = Table.parse(
        b"#define PAIR 1, 2\n#define ID(e) e\n#define ID2(e) ID(e)\n#define STR(x) #x\n#define XSTR(x) STR(x)\n",
        STATE,
    )
    one, two = inside("#define M(a, b) (a)\nx = M(1, 2);"), inside("#define M(a, b) (a)\nx = M(PAIR);")
    assert prove(side(one, table), side(two, table), ALL).rule == "R31"
    own = "#define CM 1, 2\n"
    found = prove(side(inside(f"{own}g(CM);"), table), side(inside(f"{own}g(ID2(CM));"), table), ALL)
    assert found.rule == "R02"
    seen = "#define foo 1\n"
    found = prove(
        side(inside(f"{seen}p = STR(foo);"), table), side(inside(f"{seen}p = XSTR(foo);"), table), ALL
    )
    assert found.rule == "R03"
    wild = "#define OPEN (\n"
    found = prove(side(inside(f"{wild}g OPEN 1);")), side(inside(f"{wild}g OPEN 1); INIT(x)")), ALL)
    assert found.rule == "R02"


def test_bodies_are_expanded_where_the_table_is_in_force() -> None:
    before, after = "#define B(a) (foo + a)\n", "#define B(a) (V_foo + a)\n"
    assert proved(before, after)
    found = judge(before, after, BODIES)
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "bodies-in-force")
    assert Assumption.BODIES_IN_FORCE in judge(before, after).assumptions
    assert not proved("#define B  foo\n", "#define B ( foo)\n")
    assert not proved("#define B foo + 1\n", "#define B V_foo +1\n")


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        ("#define B(foo) (V_foo + foo)\n", "R07"),
        ("#define B(a) a##V_foo\n", "R04"),
        ("#define B(a) STR(V_foo)\n", "R04"),
        ("#define foo V_foo\n", "R05"),
        ("#define B V_foo STR\n", "R06"),
        ("#define B STR(V_foo\n", "R30"),
    ],
)
def test_bodies_whose_use_may_differ(after: str, rule: str) -> None:
    assert judge(after, after + "\n").rule == rule


@pytest.mark.parametrize(
    ("before", "after", "null"),
    [
        ("do { bar.x++; } while (0)", "do { V_bar.x++; } while (0)", True),
        ("if (a > bar) bar = a", "if (a > V_bar) V_bar = a", True),
        (
            "do { if ((bar & (l)) == (l)) { a; } } while (0)",
            "do { if ((V_bar & (l)) == (l)) { a; } } while (0)",
            False,
        ),
        ("(bar == 1)", "(V_bar == 1)", True),
        ("bar", "V_bar", False),
        ("p->bar.x", "p->V_bar.x", False),
        ("sizeof(bar == 1)", "sizeof(V_bar == 1)", False),
        ("a) bar = 1", "a) V_bar = 1", False),
        (") bar = 1; l", ") V_bar = 1; l", False),
        ("bar = 1; (bar)", "V_bar = 1; (V_bar)", False),
    ],
)
def test_parentheses_in_bodies(before: str, after: str, null: bool) -> None:
    assert proved(f"#define B(a, l) {before}\n", f"#define B(a, l) {after}\n") is null


def test_a_body_is_looked_at_no_further_than_its_head() -> None:
    for head in ("", "int y;\n"):
        assert not proved(f"{head}#define B ) bar = 1\n", f"{head}#define B ) V_bar = 1\n")
        assert not proved(f"{head}#define B x) bar = 1\n", f"{head}#define B x) V_bar = 1\n")
        assert proved(f"{head}#define B {{ bar.x; }}\n", f"{head}#define B {{ V_bar.x; }}\n")


def test_a_value_in_sight_helps_a_body() -> None:
    head = "int bar;\n"
    assert proved(
        f"{head}#define B(l) ((bar & (l)) == (l))\n", f"{head}#define B(l) ((V_bar & (l)) == (l))\n"
    )


# --- bare blocks


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("g(1); h(2);", "FE(v) { g(1); h(2); }"),
        (
            "g(1); if (x) g(2); h(2);",
            "FE(v) { g(1); FE(w) { if (x) { g(2); } } h(2); }".replace("{ g(2); }", "g(2);"),
        ),
        ("g(1); { int y; g(y); }", "FE(v) { g(1); { int y; g(y); } }"),
        ("while (x) g(1);", "FE(v) { while (x) g(1); }"),
    ],
)
def test_bare_blocks_may_go(before: str, after: str) -> None:
    assert same(before, after)
    found = judge(inside(before), inside(after), without(Assumption.BARE_BLOCKS))
    assert found.outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("int y; g(y);", "FE(v) { int y; g(y); }"),
        ("g(1); l: g(2);", "FE(v) { g(1); l: g(2); }"),
        ("if (x) g(1);", "if (x) FE(v) { g(1); }"),
        ("g(1);\n#ifdef A\ng(2);\n#endif\ng(3);", "FE(v) { g(1);\n#ifdef A\ng(2);\n#endif\ng(3); }"),
        ("x = ({ g(1); g(2); });", "x = ({ g(1); FE(v) { g(2); } });"),
        ("g((struct q){ 1 });", "FE(v) { g((struct q){ 1 }); }"),
        ("if (x) g(1); else g(2);", "if (x) g(1); FE(v) { else g(2); }"),
        ("do g(1); while (x);", "do g(1); FE(v) { while (x); }"),
        ("g(1); while (x) ;", "FE(v) { g(1); } while (x) ;"),
        ("if (x) { g(1); } else g(2);", "FE(v) { if (x) { g(1); } } else g(2);"),
        ("g(1);", "{ g(1); }"),
        ("g(1)", "FE(v) { g(1) }"),
        ("", "FE(v) { }"),
        ("switch (x) { g(1); case 2: ; }", "switch (x) { FE(v) { g(1); } case 2: ; }"),
        (
            "switch (x) { case 1: g(1); case 2: g(2); }",
            "switch (x) { case 1: g(1); FE(v) { case 2: g(2); } }",
        ),
        ("g(1); }", "FE(v) { g(1); "),
    ],
)
def test_blocks_that_hold_something(before: str, after: str) -> None:
    assert not same(before, after)


# --- conditionals


def test_known_conditions_are_resolved_and_unknown_ones_stay() -> None:
    assert proved("a;\n", "#ifdef V_foo\na;\n#else\nb;\n#endif\n")
    assert proved("a;\n", "#ifdef VIMAGE\nb;\n#elif 1\na;\n#elif X\nc;\n#endif\n")
    assert (
        proved(
            "#if X\na;\n#else\nb;\n#endif\n",
            "#if 0\nc;\n#elif X\na;\n#elif V_foo - V_foo + 1\nb;\n#else\nd;\n#endif\n",
        )
        is False
    )
    assert proved(
        "#if X\na;\n#else\nb;\n#endif\n", "#if 0\nc;\n#elif X\na;\n#elif 1\nb;\n#else\nd;\n#endif\n"
    )
    assert not proved("a;\n", "#ifndef X\na;\n#endif\n")
    assert not proved("#if X\na;\n#else\nb;\n#endif\n", "#if X\nb;\n#else\na;\n#endif\n")
    assert proved("#ifdef X\na;\n#endif\n", "#ifdef X\n#if 0\nz z\n#else\na;\n#endif\n#endif\n")
    assert proved("#if X\na;\n#elif Y\nb;\n#endif\n", "#if X\na;\n#elif 0\nc;\n#elif Y\nb;\n#endif\n")
    assert not proved("a;\n", "#define V_own\n#ifdef V_own\na;\n#endif\n")
    assert proved("#ifdef VIMAGE\n#if x y z\n#endif\n#define (\n#endif\na;\n", "a;\n")


@pytest.mark.parametrize(
    "text",
    ["#endif\n", "#else\n", "#if X\n", "#if 1\n", "#if\n#endif\n", "#ifdef\n#endif\n", "#ifdef 1\n#endif\n", "#ifdef A B\n#endif\n",
     "#if 1\n#else\n#else\n#endif\n", "#if 0\n#else\n#elif 1\n#endif\n", "#ifdeff X\n"],
)  # fmt: skip
def test_conditionals_that_no_preprocessor_takes(text: str) -> None:
    assert judge(text, text + "\n").outcome is Outcome.UNDECIDED


def test_in_a_window_the_if_may_be_above() -> None:
    assert proved("foo;\n#else\nfoo;\n#endif\n", "V_foo;\n#else\nV_foo;\n#endif\n", **WINDOW)
    assert not proved("#if 1\nfoo;\n", "#if 1\nV_foo;\n", **WINDOW)
    assert proved("#if X\nfoo;\n", "#if X\nV_foo;\n", **WINDOW)


def test_empty_groups() -> None:
    assert proved("a;\n", "#ifdef X\n#endif\na;\n#if Y\n#ifdef Z\n#else\n#endif\n#endif\n")
    assert not proved("a;\n", "#ifdef X\n#else\na;\n#endif\n")
    assert not proved("a;\n", "#ifdef X\n#pragma y\n#endif\na;\n")
    found = judge("a;\n", "#ifdef X\n#endif\na;\n", without(Assumption.EMPTY_CONDITIONALS))
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "empty-conditionals")


def test_condition_keys() -> None:
    keys = [
        condition_key(b"\n#" + text)
        for text in (b"ifdef A", b"ifndef A", b"if defined ( A )", b"if ! defined ( A )", b"if A")
    ]
    assert keys == [(b"A", True), (b"A", False), (b"A", True), (b"A", False), None]


# --- vocabulary


def test_includes_of_transition_headers() -> None:
    before, after = "a;\n", "#include <sys/vimage.h>\na;\n"
    assert proved(before, after)
    assert Assumption.INERT_HEADERS in judge(before, after).assumptions
    found = judge(before, after, without(Assumption.INERT_HEADERS))
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "inert-headers")
    text = b"#ifndef _H\n#define _H\n#define V_foo foo\n#ifdef VIMAGE\nint a;\n#endif\n#endif\n"
    table = replace(TABLE, header_texts={"sys/sys/vimage.h": text})
    bare = without(Assumption.INERT_HEADERS)
    assert proved(before, after, bare, table=table)
    assert Assumption.INERT_HEADERS not in judge(before, after, bare, table=table).assumptions
    assert not proved(before, "#include <net/vnet.h>\na;\n")
    assert not proved(before, "#include <vimage.h>\na;\n")
    assert not proved(before, '#include "vimage.h"\na;\n')
    assert proved(before, '#include "vimage.h"\na;\n', path="sys/sys/kern.c")
    assert not proved(before, "#include VIMAGE_H\na;\n")
    assert not proved(before, "#include <a.h>\na;\n")


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        (b"", True),
        (b"/* c */\n#define V_foo foo\n", True),
        (b"#define V_foo bar\n", False),
        (b"#define V_foo foo\n#undef V_foo\n", False),
        (b"#define A\n", False),  # what the table does not say may be used anywhere
        (b"#undef A\n", False),
        (b"#define V_foo(\n", False),
        (b"#ifndef _H\n#define _H\n#endif\n", True),
        (b"#ifndef _H\n#define _H 1\n#endif\n", False),
        (b"#ifndef _H\n#define _G\n#endif\n", False),
        (b"#ifndef\n#define _H\n#endif\n", False),
        (b"#ifndef _H\n#define\n#endif\n", False),
        (b"int a;\n", False),
        (b"#include <x.h>\n", False),
        (b"#define V_foo foo\nint a;", False),
        (b"#ifdef X\nint a;\n#endif\n", False),
        (b"#ifdef X\n#define V_foo bar\n#else\n#define V_foo foo\n#endif\n", True),  # as in any table
        (b"#ifdef X\n#define V_foo foo\n#else\n#define V_foo bar\n#endif\n", False),
        (b"#ifdef X\n#define V_foo bar\n#endif\n", False),
        (b"#ifdef X\n#define A\n#endif\n", False),
        (b"#if X(\n#define V_foo foo\n#endif\n", False),
        (b"#ifdef VIMAGE\nint a;\n#include <x.h>\n#define V_foo bar\n#endif\n", True),
        (b"#endif\n", False),
    ],
)
def test_inert_headers(text: bytes, inert: bool) -> None:
    assert vocabulary.is_inert(text, TABLE, Known()) is inert
    created = prove_created(Side(text=text, table=TABLE, path="sys/sys/vimage.h"), ALL)
    assert (created.outcome is Outcome.PROVED) is inert
    assert prove_created(Side(text=text, table=TABLE, path="other.h"), ALL).outcome is Outcome.UNDECIDED


def test_what_a_header_leaves_depends_on_what_stands_around_it() -> None:
    guarded = b"#ifndef _H\n#define _H\n#define V_foo foo\n#endif\n"
    asked = b"#ifdef VIMAGE\nint a;\n#endif\n"
    include = "#include <sys/vimage.h>\n"

    def is_null(around: str, text: bytes, known: bytes = b"") -> bool:
        options = without(Assumption.INERT_HEADERS, known=Known.of([known]))
        table = replace(TABLE, header_texts={"sys/sys/vimage.h": text})
        return proved(around, around.replace("a;\n", include + "a;\n"), options, table=table)

    assert is_null("a;\n", guarded)
    assert is_null("a;\n", asked)
    assert not is_null("#ifdef _H\nb;\n#endif\na;\n", guarded)
    assert not is_null("a;\n", guarded, known=b"#define K _H\n")
    assert not is_null("a;\n", guarded, known=b"#undef _H\n")
    assert not is_null("#define VIMAGE\na;\n", asked)
    assert not is_null("a;\n", asked, known=b"#define VIMAGE 1\n")
    two = b"#ifdef X\n#define V_foo bar\n#else\n#define V_foo foo\n#endif\n"
    assert is_null("a;\n", two)
    assert not is_null("#define X\na;\n", two)
    assert not is_null("#define X\na;\n", two + b"#endif\n")
    assert not is_null("#define X\na;\n", b"#ifdef X\n#define V_foo(\n#endif\n")
    assert not is_null("a;\n", two, known=b"#define X\n")
    assert not is_null("a;\n", two, known=b"#undef X\n")


def test_families_take_the_texts_own_definitions() -> None:
    table = EMPTY.with_families(["V_*"], closed_world=True).with_definitions(
        Table.parse(b"#define VNET(n) (n)\n", STATE).definitions.values()
    )
    before = "int tcb;\nint f(void) { return tcb; }\n"
    after = "#define V_tcb VNET(tcb)\nint tcb;\nint f(void) { return V_tcb; }\n"
    assert prove(side(before, EMPTY), side(after, table), ALL).outcome is Outcome.PROVED
    made = stream(side(after, table), ALL)
    assert [rule for _, _, rule in made.dropped] == [
        "vocabulary",
        "parentheses",
        "parentheses",
    ] or made.dropped
    assert (
        prove(side("a;\n", EMPTY), side("#define V_a a\n#undef X\n#define Y 1\na;\n", table), ALL).outcome
        is Outcome.UNDECIDED
    )
    for wrong in ("other", "(tcb)(1)", "VNET(", "tcb tcb"):
        text = f"#define V_tcb {wrong}\nint tcb;\nint f(void) {{ return V_tcb; }}\n"
        assert prove(side(before, EMPTY), side(text, table), ALL).outcome is not Outcome.PROVED
    call = "#define V_tcb(x) tcb\nint tcb;\nint f(void) { return tcb; }\n"
    assert prove(side(before, EMPTY), side(call, table), ALL).rule == "R01"
    assert prove(side("a.V_x;\n", table), side("a.x;\n", table), ALL).outcome is Outcome.REFUTED


# --- text as it is read


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a\x00;\n", "R24"),
        ("a;\r b;\n", "R24"),
        ("// a \\ \nb;\n", "R09"),
        ("// a??/\nb;\n", "R09"),
        ("a ??= b;\n", "R09"),
        ("x = a //**/ 2\n;\n", "R09"),
        ("/* a *\\\n/ b;\n", "R09"),
        ("x = 1'000;\n", "R09"),
        ("x\u00a0= 1;\n", "R24"),
        ("x\u200b = 1;\n", "R24"),
        ('x = R"(a)";\n', "R08"),
        ('x = "a;\n', "R08"),
        ("don't;\n", "R08"),
        ('x = "a\\\\\\\nb";\n', "R09"),
        ("x = '??'';\n", "R09"),
        ("a \\ b;\n", "R24"),
        ("a */ b;\n", "R30"),
        ("fo\\\no = 1;\n", "R09"),
        ("x = a +\\\n+ b;\n", "R09"),
        ("/* a", "R30"),
        ('_Pragma("push_macro(\\"V_foo\\")") a;\n', "R01"),
        ("__pragma(X) a;\n", "R01"),
        ("#pragma GCC poison foo\n", "R01"),
        ("#define A(\n", "R07"),
    ],
)  # fmt: skip
def test_text_that_compilers_or_readers_see_differently(text: str, rule: str) -> None:
    found = judge(text, text + "\n")
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, rule)


@pytest.mark.parametrize(
    "text",
    ["a;\f\n", "a; // caf\u00e9 \u2028\n", "caf\u00e9 = 1;\n", 'x = "a\\\nb";\n', "g(a, \\\nb);\n", "g(a,\\\nb);\n", "#define A \\\n b \\\n c\n",
     'x = "??!";\n', "/* ??= */ a;\n", "a;\r\nb;\r\n", "x = a@b`c;\n", '_Pragma("once") a;\n', "#if 0\ndon't\n#endif\na;\n", "x\\\n;\n"],
)  # fmt: skip
def test_text_that_all_see_alike(text: str) -> None:
    assert proved(text, text + "\n")


def test_windows_have_borders() -> None:
    assert judge("a; \\\n b; \\\n c;\n", "a; \\\n b;  \\\n c;\n", **WINDOW).rule == "R30"
    assert judge("#define A \\\n", "#define  A \\\n", **WINDOW).rule == "R30"
    assert judge("VNET\n", "VNET \n", **WINDOW).rule == "R06"
    assert judge("VNET(a\n", "VNET( a\n", **WINDOW).rule == "R30"
    assert proved("VNET\n", "VNET \n")


def test_raw_strings_in_cpp() -> None:
    options = Options(language=Language.CXX, assumptions=ALL.assumptions)
    assert proved('x = R"(a\nb)"; y;', 'x = R"(a\nb)";  y;', options)
    assert judge('x = R"(a\r\nb)"; y;', 'x = R"(a\r\nb)";  y;', options).rule == "R24"
    assert judge('x = "a"_s; y;', 'x = "a"_s;  y;', options).rule == "R27"
    assert proved("x = 1'000; y;", "x = 1'000;  y;", options)


def test_unseen_characters_in_comments_may_stay_and_may_not_change() -> None:
    bidi = "/* a \u202e b */ foo;\n"
    assert proved(bidi, bidi.replace("foo", "V_foo"))
    assert judge("foo;\n", bidi).rule == "R24"


# --- lines and layout


def test_line_numbers() -> None:
    options = without(Assumption.LINE_NUMBERS)
    seen = without(Assumption.LINE_NUMBERS, unseen_observers=False)
    assert judge("a;\nb;\n", "a;\n\nb;\n", options).rule == "R13"
    assert proved("a;\nb;\n", "a;\n\nb;\n", seen)
    assert proved("foo;\nb;\n", "V_foo;\nb;\n", options)
    assert judge("a; b;\nc;\n", "a;\nb; c;\n", options).rule == "R13"
    assert proved("a;\n", "a;\n\n", options)
    assert judge("a;\n", "a;\n\n", options, **WINDOW).rule == "R13"
    assert judge("g(__LINE__);\n", "\ng(__LINE__);\n", seen).rule == "R13"
    assert judge("a;\n#line 3\nb;\n", "a;\n\n#line 3\nb;\n", seen).rule == "R13"
    assert judge("x = __COUNTER__;\nfoo;\n", "x = __COUNTER__;\nV_foo;\n", seen).rule == "R13"
    assert proved("g(__LINE__);\n", "\ng(__LINE__);\n")
    assert (
        judge(
            "a;\n",
            "a;\n ;\n".replace(" ;", ""),
            without(Assumption.LINE_NUMBERS, Assumption.CLOSED_WORLD, unseen_observers=False),
        ).outcome
        is Outcome.PROVED
    )
    before, after = inside("g(1);\ng(2);"), inside("g(1); INIT(a);\ng(2);")
    assert proved(before, after, options)
    assert judge(before, inside("INIT(a);\ng(1); g(2);"), options).outcome is Outcome.UNDECIDED


def test_warnings_that_stop_the_build() -> None:
    options = without(Assumption.WARNINGS_NOT_ERRORS)
    assert judge("a; /* x */\n", "a;\n", options).rule == "R26"
    assert judge("\ta;\n", "    a;\n", options).rule == "R26"
    assert judge(inside("g(1); g(2);"), inside("g(1); ; g(2);"), options).rule == "R26"
    assert proved("a  = foo;\n", "a = V_foo;\n", options)
    assert Assumption.WARNINGS_NOT_ERRORS in judge("a; /* x */\n", "a;\n").assumptions


def test_assumptions_speak() -> None:
    for assumption in Assumption:
        assert assumption.claim
        assert assumption.broken_by


# --- hazards


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("x = V_foo;", []),
        ("x = a.V_foo + b->V_bar;", ["member-shadow", "member-shadow"]),
        ("struct q z = { .V_foo = 1 };", ["designator"]),
        ("struct V_foo *p;", ["tag"]),
        ("goto V_foo; V_foo: g(1);", ["label", "label"]),
        ("int foo = 1; x = V_foo;", ["local-shadow"]),
        ("T *V_foo = 0;", ["local-shadow"]),
        ("x = a * V_foo;", []),
        ("return V_foo;", []),
        ("g(foo, V_foo);", []),
    ],
)
def test_hazards(text: str, kinds: list[str]) -> None:
    found = judge(inside(text), inside(text))
    assert [hazard.kind.value for hazard in found.hazards] == kinds
    assert all(hazard.text.endswith(".") for hazard in found.hazards)


def test_a_global_is_no_hazard() -> None:
    assert judge("int V_foo;\n", "int V_foo;\n").hazards == ()
    assert [
        h.kind.value
        for h in judge("int f(int V_foo) { return 1; }", "int f(int V_foo) { return 1; }").hazards
    ] == ["local-shadow"]


def test_parentheses_in_windows() -> None:
    statement = "return 1;\n"
    assert not proved(f"g(bar);\n{statement}", f"g(V_bar);\n{statement}", **WINDOW)
    assert not proved(f"(*p)(bar);\n{statement}", f"(*p)(V_bar);\n{statement}", **WINDOW)
    assert not proved(f"(int)bar;\n{statement}", f"(int)V_bar;\n{statement}", **WINDOW)
    assert not proved(
        f"{statement}x = (bar);\n y = ((bar)\n", f"{statement}x = (V_bar);\n y = ((V_bar)\n", **WINDOW
    )
    assert proved(f"{statement}g(bar);\n", f"{statement}g(V_bar);\n", **WINDOW)
    assert not proved(f"(bar, 1);\n{statement}", f"(V_bar, 1);\n{statement}", **WINDOW)
    assert not proved(f"{statement}x = (bar[1];\n", f"{statement}x = (V_bar[1];\n", **WINDOW)
    assert not proved(f"{statement}x = ((bar)", f"{statement}x = ((V_bar)", **WINDOW)
    assert not proved("(int) { INIT(x); g(1); }\n", "(int) { g(1); }\n", **WINDOW)
    assert not proved("(g(1)) { INIT(x); g(1); }\n", "(g(1)) { g(1); }\n", **WINDOW)


def test_branches_that_do_not_balance_are_tried_both_ways_but_not_without_end() -> None:
    def nested(depth: int, body: str) -> str:
        head = "".join(f"#ifdef A{n}\nif (x) {{\n#endif\n" for n in range(depth))
        return head + body + "".join(f"\n#ifdef A{n}\n}}\n#endif" for n in range(depth))

    assert same(nested(3, "g(1);"), nested(3, "g(1);;"))
    assert not same(nested(4, "g(1);"), nested(4, "g(1);;"))
    assert same(nested(4, "g(1); /* c */"), nested(4, "g(1);"))


def test_lines_count_for_what_is_equal_without_the_rules_on_statements() -> None:
    table = Table.parse(b"#define V_T (T)\n", STATE)
    options = without(Assumption.LINE_NUMBERS)
    before = "x = (T)\n + foo;\n"
    assert proved(before, "x = V_T\n + foo;\n", options, table=table)
    assert not proved(before, "x = V_T + foo;\n", options, table=table)
    assert not proved(before, "x = V_T +\n foo;\n", options, table=table)


def test_initialised_calls_are_declarations() -> None:
    options = without(Assumption.MIXED_DECLARATIONS)
    assert not same("g(1); T (y) = 3;", "g(1);; T (y) = 3;", options)
    assert not same("g(1); M(y) int z;", "g(1);; M(y) int z;", options)
    assert not proved("return 1;\ng(1)\n", "return 1;\n;g(1\n", options, **WINDOW)
    assert not proved("return 1;\ng((1)\n", "return 1;\n;g((1)\n", options, **WINDOW)
