# ruff: noqa: E501
"""What parentheses, empty statements and braces must not be taken for, each shown by gcc or clang.

``proved`` here would be said of a change that compiles to something else, or to an error.
"""

from __future__ import annotations

import pytest

from tests.engine.null.test_kernel import STATE, side
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Language, Options, Outcome, prove
from vimagetrack.engine.null.table import Table

CLOSED = frozenset({Assumption.CLOSED_WORLD, Assumption.WARNINGS_NOT_ERRORS})
ALL = frozenset(Assumption)
TABLE = Table.parse(b"".join(b"#define V_%s (%s)\n" % (name, name) for name in b"a b c l x y B T".split()) + b"#define FE(x)\n#define V_cf (cf)\n", STATE)  # fmt: skip


def same(before: str, after: str, *, granted: frozenset[Assumption] = CLOSED, language: Language = Language.C, whole: bool = False) -> bool:  # fmt: skip
    options = Options(assumptions=granted, unseen_observers=False, language=language)
    return prove(side(before, TABLE, whole=whole), side(after, TABLE, whole=whole), options).outcome is Outcome.PROVED  # fmt: skip


def wrapped(text: str, **more: object) -> bool:
    """Say whether ``@x`` may be written ``x`` as well as ``(x)``."""
    return same(text.replace("@", ""), text.replace("@", "V_"), **more)  # type: ignore[arg-type]


def emptied(text: str, **more: object) -> bool:
    """Say whether a ``;`` may stand at the ``@``."""
    return same(text.replace("@", ""), text.replace("@", ";"), **more)  # type: ignore[arg-type]


NO_OPERANDS = [
    'asm goto ("" : : : : @l);\nl: g(1);',
    'asm volatile goto ("" : : : : a, @l);\nl: g(1);',
    'asm inline volatile ("" : "=r"(x) : [@a] "r"(y));',
    '__asm__ __volatile__ ("mov %[a], %0" : "=r"(x) : [@a] "r"(y));',
    '__asm __volatile ("mov %[a], %0" : "=r"(x) : [@a] "r"(y));',
    "int f(void) { __label__ c, @b; c: b: return 1; }",
    "int f(void) { __label__ c,\n#ifdef Q\nd,\n#endif\n@b; c: b: return 1; }",
    "c, @b;\nif (x) g(1);",
    "void f(void) { enum __attribute__((packed)) { A, @B }; g(B); }",
    "void f(void) { enum e __attribute__ ((packed)) { A, @B }; g(B); }",
    "void f(void) { enum e : typeof(int) { A, @B }; g(B); }",
    "#define AT(x)\nvoid f(void) { enum e AT(1) { A, @B }; g(B); }",
    "a = 1,\n@b,\nc\n",
    "a = 1\n,@b\n}; h();\n",
    "p->a = 1,\n@b,\nc\n",
    "void f(void) { [[gnu::cleanup(@cf)]] int y = 1; g(y); }",
    "void f(void) { [[deprecated, gnu::cleanup(@cf)]] int y = 1; g(y); }",
    "void f(void) { <:<:gnu::cleanup(@cf):>:> int y = 1; g(y); }",
    "void q(void) { typeof(int) f(a, @b) int a; int b; { return a + b; } g(f(1, 2)); }",
    "void q(void) { typeof(int) *f(a, @b) int a; int b; { return 0; } g(f(1, 2)); }",
    "void q(void) { struct { int a; } f(a, @b) int a; int b; { } g(1); }",
    "void q(void) { struct { int a; } *f(a, @b) int a; int b; { } g(1); }",
    "void q(void) { struct { int a; } (f)(a, @b) int a; int b; { } g(1); }",
    "void q(void) { int [[x]] f(a, @b) int a; int b; { return 1; } g(1); }",
    "void q(void) { int [[x]] *f(a, @b) int a; int b; { return 1; } g(1); }",
    "void q(void) { struct { int a; } h(@T); g(1); }",
    "void q(void) { typeof(int) h(@T); g(1); }",
    "void q(void) { typeof(int) * h(@T); g(1); }",
    "#define TY(x) typeof(x)\nvoid q(void) { TY(int) * h(@T); g(1); }",
    "#define TY typeof\nvoid q(void) { TY(int) h(@T); g(1); }",
    'asm("nop");\nf(a, @b) int a, b; { return a; }',
    "#define EXT __extension__\nvoid f(void) { l: x = EXT &&@l; }",
    "void f(void) { l: x = __extension__ &&@l; }",
    "void f(void) { l: x = __real__ &&@l; }",
    "#define PTR(t) (t *)\nvoid f(void) { l: x = PTR(void) &&@l; }",
    "void f(void) { g(__builtin_has_attribute(x, @a)); }",
    "void f(void) { g(__builtin_tgmath(a, @b)); }",
    "void f(void) { g(1);\n#pragma omp parallel for\nfor (@a = 0; @a < 3; @a++) g(a); }",
    'void f(void) { _Pragma("omp parallel for")\nfor (@a = 0; @a < 3; @a++) g(a); }',
    '#define PAR _Pragma("omp parallel for")\nvoid f(void) { PAR for (@a = 0; @a < 3; @a++) g(a); }',
    "#define LL __label__\nint f(void) { LL a, @b; a: b: return 1; }",
    "#define LL(x) __label__ x\nint f(void) { LL(a), @b; a: b: return 1; }",
    "#define decl(x) int x\ndecl(q);\nf(a, @b) int a, b; { return a; }",
    "h(1);\nf(a, @b) int a, b; { return a; }",
    "h(1);\nf(a, @b) { return a; }",
    "void q(void) { const T *f(a, @b) int a; int b; { return 0; } g(1); }",
    "void q(void) { struct s *f(a, @b) int a; int b; { return 0; } g(1); }",
    "void q(void) { struct s *h(@T); g(1); }",
    "void q(void) { int h(int), k(@T); g(1); }",
    "void q(void) { int h(int), *k(@T); g(1); }",
    "void q(void) { case 1: T1 c, k(@T); g(1); }",
    "void q(void) { int h(T1 (@T)); g(1); }",
    "void q(void) { int h(int, T1 (@T)); g(1); }",
    "void q(void) { for (int c = 1, k(@T); c; ) g(1); }",
    "h(1);\n(f)(a, @b) int a, b; { return a; }",
    "void q(void) { struct { int (*f)(int), (*k)(@T); } s; g(1); }",
    "void q(void) { struct { int *f, *k(@T); } s; g(1); }",
    "void q(void) { int (*f)(int), (*k)(@T); g(1); }",
    "void q(void) { T1 (*f)(int), (*k)(@T); g(1); }",
    "void q(void) { T1 (f), k(@T); g(1); }",
    # a type out of sight, perhaps
    "void f(void) { @T * p; g(1); }",
    "void f(void) { @T; g(1); }",
    "void f(void) { y = @T + 1; }",
    "void f(void) { y = @T - z; }",
    "void f(void) { y = @T * z; }",
    "void f(void) { y = @T & z; }",
    "void f(void) { y = @T ++ z; }",
    "void f(void) { l: y = @T && l; }",
    "void f(void) { g(@T - 1); }",
    "void q(void) { struct { int a; } *h(@T); g(1); }",
    "void q(void) { x = (T[3])@a; g(1); }",
    "void q(void) { int h(T1), *k, m(@T); g(1); }",
    "@a, @b\n",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_OPERANDS)
def test_parentheses_stay_where_no_operand_is_sure(text: str) -> None:
    assert not wrapped(text)


@pytest.mark.parametrize(
    "text",
    [
        "void f(void) { h(@a, @b); x = (*p)(@a); if (@a) h(@b, 1); { } h(@a); }",
        "void f(void) { struct s p = { 1, h(@a), -*q(@b) }; x = (p->f)(@a); x = t[1](@b); }",
        "void f(void) { x = y ? h(@a) : 1, h(@a); p->q = 1, h(@b); for (x = 1, h(@a); ; ) h(1); }",
        "void f(void) { x = h(@a), h(@b); (void)h(@a); p = (struct s *)h(@a); return h(@b); }",
        "void f(void) { a = 1; x = @a + 1; x = y * @a; h(@a - 1, @a * x); if (@a && x) h(1); }",
        "void f(void) { struct s p = { 1, @a, @b }; int c, @b; p = (struct s){ 1, @a }; }",
        "a = 1, @b = 2;\nh(1);\n",
        "x = 1;\nh(@a, @b);\n",
        "void f(void) { { g(1); } *h(@a) = 1; x = t[1] * h(@a); x[h(1), y(@a)] = 1; }",
        "int c, *b; int z = @b;",
        "void f(void) { x = __builtin_expect(a == @b, 1); x = y && @a; x = h(y) && @a; x = (y > 1) && @a; }",
    ],
)
def test_parentheses_of_plain_operands_go(text: str) -> None:
    assert wrapped(text)


@pytest.mark.parametrize(
    ("body", "use"),
    [
        ("{ A, @B = 1 }", "enum e M; int q = B;"),
        ("A, @B = 1", "enum e { M }; int q = B;"),
        ('asm volatile("mov %[a], %0" : "=r"(x) : [@a] "r"(y))', "void f(void) { a = 1; M; }"),
        ("[@a] \"r\" (y)", "void f(void) { a = 1; h(M); }"),
        ("__label__ c, @b; a = 1; b: a = @b", "void f(void) { b = 1; M; }"),
        ("x = &&@l == y", "void f(void) { l: M; }"),
        ("; @a: x = 1", "void f(void) { a = 1; M; }"),
        ("[[gnu::cleanup(@cf)]] int y", "void f(void) { cf = 1; M; }"),
    ],
)  # fmt: skip
def test_parentheses_stay_in_bodies_that_are_no_expressions(body: str, use: str) -> None:
    assert not wrapped(f"#define M {body}\n{use}\n", granted=ALL, whole=True)


@pytest.mark.parametrize(
    ("known", "body", "gone"),
    [
        ("int b, c;", "(c && @b == (l))", True),
        ("int b, c;", "(t[1] && @b == (l))", True),
        ("int b;", "(c && @b == (l))", False),  # c may be a macro, && take the address of a label
    ],
)
def test_an_and_in_a_body_needs_a_value_before_it(known: str, body: str, gone: bool) -> None:
    assert wrapped(f"{known}\n#define M(l) {body}\n", granted=ALL, whole=True) is gone


# --- empty statements

NOT_EMPTY = [
    "#define REPEAT do\nint f(void) { REPEAT g(1);@ while (x); return 1; }",
    "#define REPEAT(n) if (n) do\nint f(void) { REPEAT(3) g(1);@ while (x); return 1; }",
    "#define LOOP REPEAT\n#define REPEAT do\nint f(void) { LOOP g(1);@ while (x); return 1; }",
    "#define WHILE(c) while (c)\nint f(void) { do g(1);@ WHILE(x); return 1; }",
    "#define LATER(c) WHILE(c)\n#define WHILE(c) while (c)\nint f(void) { do g(1);@ LATER(x); return 1; }",
    "#define ELSE_DO(s) else s\nint f(void) { if (x) g(1);@ ELSE_DO(g(2)); return 1; }",
    "#define ID(s) s\nint f(void) { if (x) g(1);@ ID(else) g(2); return 1; }",
    "#define ID(s) s\nint f(void) { ID(do) g(1);@ while (x); return 1; }",
    "#define NOTHING\nint f(void) { if (x) g(1);@ NOTHING else g(2); return 1; }",
    "#define NOTHING(x)\nint f(void) { if (x) g(1);@ NOTHING(1) else g(2); return 1; }",
    "#define NOTHING\nint f(void) { x = ({ g(1); x;@ NOTHING }); return 1; }",
    "#define BEGIN ({\n#define END })\nint f(void) { x = BEGIN g(1); x;@ END; return 1; }",
    "#define MID ; }) + ({\nint f(void) { x = ({ g(1); x;@ MID x; }); return 1; }",
    "#define g(x) else h(x)\nvoid f(void) { if (x) h(1);@ g(x); }",
    "#define while else while\nvoid f(void) { if (x) h(1);@ while (x) h(2); }",
    "#define switch else switch\nvoid f(void) { if (x) h(1);@ switch (x) { } }",
    "#define STR(x) #x\nvoid f(void) { p = STR({ g(1);@ g(2); }); }",
    "#define ID(x) x\n#define QS(x) pk(#x)\nvoid f(void) { ID(QS)({ g(1);@ g(2); }); }",
    "#define NOSEMI(x) int x\nvoid q(void) { { NOSEMI(y);@ NOSEMI(z); g(y); } }",
    "#define NOSEMI(x) T x\nvoid q(void) { { NOSEMI(y);@ NOSEMI(z); g(y); } }",
    "#define ARR(n) struct n\nint f(void) { ARR(s1) { int a; }@ g(1); return 1; }",
    "#define MK(n) (struct n)\nint f(void) { MK(s1) { 1 }@ g(1); return 1; }",
    "#define MK (struct s)\nint f(void) { MK (x) { 1 }@ g(1); return 1; }",
    "#define DECL(n) struct n AT(8)\n#define AT(x) __attribute__((aligned(x)))\nint f(void) { DECL(s) { int a; }@ g(1); return 1; }",
    "#define AT(x) __attribute__((aligned(x)))\nint f(void) { struct s AT(8) { int a; }@ g(1); return 1; }",
    "int q(void) { int f(a) int a;@ { return a; } return f(1); }",
    "int q(void) { typeof(int) f(a, b) int a; T b;@ { return a; } return f(1, 2); }",
    "#define ID(s) s\n#define ELSE ID(else)\nint f(void) { if (x) g(1);@ ELSE g(2); return 1; }",
    "#define NOTHING\n#define LATER NOTHING else\nint f(void) { if (x) g(1);@ LATER g(2); return 1; }",
    "int f(void) { if (x) g(1);@\n#ifdef A\n#else\n#endif\nelse g(2); return 1; }",
    "int f(void) { do while (y) g(1);@ while (x); return 1; }",
    "int f(void) {\n#if A > 1\nif (x) {\n#endif\ng(1);@\n#if A > 1\n}\n#endif\nreturn 1; }",
    'asm("nop");\n@\nint g();',
    'int ga asm("x");\n@\nint b;',
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_EMPTY)
def test_empty_statements_stay_where_a_macro_of_the_text_may_lean_on_them(text: str) -> None:
    assert not emptied(text)


@pytest.mark.parametrize(
    "text",
    [
        "template<class T> requires requires(T t) { t.a();@ } int f(T);",
        "template<class T> concept C = requires(T t) { t.a();@ };",
        "template<class T> void f() requires requires(T t) { t.a();@ } { }",
    ],
)
def test_a_requirement_is_no_block(text: str) -> None:
    assert not emptied(text, language=Language.CXX)


def test_in_an_open_world_a_structure_may_have_an_attribute_out_of_sight() -> None:
    assert not emptied("int f(void) { struct s AT(8) { int a; }@ ++x; return 1; }", granted=frozenset({Assumption.WARNINGS_NOT_ERRORS}))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "#define DO0 do { g(1); } while (0)\nint f(void) { g(1);@ DO0; return 1; }",
        "#define LOOP(x) for (x = 0; x < 3; x++)\nint f(void) { LOOP(x) { g(1);@ }@ g(1);@ LOOP(x) g(2);@ g(3); return 1; }",
        "#define EACH(x) LOOP(x)\n#define LOOP(x) for (x = 0; x < 3; x++)\nint f(void) { EACH(x) { g(1);@ } return 1; }",
        "#define UNLESS(x) if (x) { } else\nint f(void) { UNLESS(x) { g(1);@ } return 1; }",
        "#define ASSERT(x)\nint f(void) { g(1);@ ASSERT(x); return 1; }",
        "#define WHILE(x) while (x)\nint f(void) { g(1);@ WHILE(x) g(2); return 1; }",
        "#define SET(x) ((x) = 1)\nint f(void) { g(1);@ SET(x); return 1; }",
        "#define SET(x) ((x) = 1)\nint f(void) { g(1);@ SET(x);@ SET(y);@ return 1; }",
    ],
)
def test_macros_of_the_text_that_hide_nothing_stand_behind_empty_statements(text: str) -> None:
    assert emptied(text)


@pytest.mark.parametrize(
    "text",
    [
        "int f(void) { g(1);@\n#ifdef A\n#else\n#endif\ng(2); return 1; }",
        "int f(void) { g(1);@\n#ifdef A\n#define X 1\n#else\n#define X 2\n#endif\ng(2); return 1; }",
        "int f(void) {\n#ifdef A\nif (x) {\n#endif\n#ifdef A\n#ifdef B\ng(3);\n#else\ng(4);\n#pragma x\n#endif\n#endif\ng(1);@\n#ifdef A\n}\n#endif\nreturn 1; }",
        "int f(void) { do { g(1);@ } while (x); while (y) { g(1);@ } g(2);@ return 1; }",
    ],
)
def test_empty_statements_go_before_conditionals_and_loops_that_do_not_lean_on_them(text: str) -> None:
    assert emptied(text)


def test_what_is_handed_to_a_name_takes_a_closed_world() -> None:
    opened = CLOSED - {Assumption.CLOSED_WORLD}
    handed, held = "void f(void) { x = g(({ ++x;@ ++y; })); }", "void f(void) { x = (({ ++x;@ ++y; })); }"
    assert emptied(handed)
    assert emptied(held, granted=opened)
    assert not emptied(handed, granted=opened)


# --- bare blocks


def unblocked(text: str) -> bool:
    """Say whether the braces at ``@`` may be there or not, where a call that vanishes stands before them."""
    return same(text.replace("@{", "").replace("@}", ""), text.replace("@{", "FE(x) {").replace("@}", "}"), granted=ALL, whole=True)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("#define SZ(x) g(sizeof(struct s), x)\nvoid f(void) { @{ SZ(1); g(2); @} g(3); }", True),
        ("#define SZ(x) g(sizeof(struct s { int a; }), x)\nvoid f(void) { @{ SZ(1); g(2); @} g(3); }", False),
        ("#define OPEN {\nvoid f(void) { OPEN @{ g(1); @} g(2); } }", False),
        ("#define BEG {\n#define END }\nvoid f(void) { if (x) BEG g(0); @{ g(1); END g(2); @} }", False),
        ("void f(void) { x = 1 @{ g(2); @} g(3); }", False),
        ("int f(int a) @{ g(1); @}", False),
        ("struct s { @{ g(1); @} };", False),
        ("void f(void) { int q(a) int a; @{ g(1); @} g(2); }", False),
    ],
)
def test_braces_go_only_from_blocks_whose_macros_declare_nothing(text: str, gone: bool) -> None:
    assert unblocked(text) is gone


LITERALS = [
    "#define MK (T)\nvoid f(void) { @{ p = &MK {1}; g(p); } @{ p = &MK {1}; g(p); } }",
    "#define MK(t) (t)\nvoid f(void) { @{ p = &MK(T) {1}; g(p); } @{ p = &MK(T) {1}; g(p); } }",
]


@pytest.mark.parametrize("text", LITERALS)
def test_a_literal_keeps_its_block(text: str) -> None:
    blocks = text.replace("@", "FE(x) ")
    assert not same(text.replace("@{", "").replace("} }", "}").replace("; } ", "; "), blocks, granted=ALL)
