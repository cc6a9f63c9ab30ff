# ruff: noqa: E501
"""Each shape in which a macro's name is no use of its global, and plain ones that must stay silent."""

from __future__ import annotations

import pytest

from tests.engine.null.test_kernel import judge
from vimagetrack.engine.null.kernel import Outcome

MEMBER, DESIGNATOR, LOCAL = "member-shadow", "designator", "local-shadow"
TAG, LABEL, DECLARATION = "tag", "label", "declaration"

SHAPES = [
    ("int f(int foo) { return V_foo; }", LOCAL),
    ("int f(int a, T *foo) { return *V_foo; }", LOCAL),
    ("int f(int foo __unused) { return V_foo; }", LOCAL),
    ("int f(int foo) __attribute__((x)) { return V_foo; }", LOCAL),
    ("int f(a, foo) int a; int foo; { return V_foo; }", LOCAL),
    ("int f(V_foo) int V_foo; { return 1; }", LOCAL),
    ("void f(void) { int a, foo; g(V_foo); }", LOCAL),
    ("void f(void) { int a = 1, foo = 2; g(V_foo); }", LOCAL),
    ("void f(void) { int a = g(1, 2), *foo; g(V_foo); }", LOCAL),
    ("void f(void) { T a = { 1, 2 }, foo[3]; g(V_foo); }", LOCAL),
    ("void f(void) { case 1: a: T foo; g(V_foo); }", LOCAL),
    ("void f(void) { int (*foo)(void); V_foo(); }", LOCAL),
    ("void f(void) { T (*foo)(void) = 0; V_foo(); }", LOCAL),
    ("void f(void) { T const *foo = 0; g(V_foo); }", LOCAL),
    ("void f(void) { enum { foo }; g(V_foo); }", LOCAL),
    ("void f(void) { struct { int a; } foo; g(V_foo); }", LOCAL),
    ("void f(void) { LIST_HEAD(, s) foo; g(V_foo); }", LOCAL),
    ("void f(void) { for (int foo = 0; foo < 3; foo++) V_foo++; }", LOCAL),
    ("void f(void) { for (int a = 0, foo = 1;;) if (a) g(1); else g(V_foo); }", LOCAL),
    ("void f(void) { x = ({ int foo = 1; V_foo; }); }", LOCAL),
    ("void f(void) { int V_foo; }", LOCAL),
    ("#ifdef A\nint f(int foo) {\n#elif B\nint f(int a) {\n#else\nint f(int c) {\n#endif\nreturn V_foo; }", LOCAL),
    ("struct s { int V_foo; };", MEMBER),
    ("struct s { int a, V_foo; };", MEMBER),
    ("struct s { int a : 3, V_foo : 3; };", MEMBER),
    ("struct s { int : 3, V_foo; };", MEMBER),
    ("struct s { int (*V_foo)(void); };", MEMBER),
    ("struct s { LIST_HEAD(, t) V_foo; };", MEMBER),
    ("struct __attribute__((packed)) s { T *V_foo; };", MEMBER),
    ("class s : T { public: int V_foo; };", MEMBER),
    ("x = offsetof(struct s, V_foo);", MEMBER),
    ("x = __containerof(p, struct s, V_foo);", MEMBER),
    ("struct s x = { V_foo: 1 };", DESIGNATOR),
    ("struct s x = { 1, V_foo: 1 };", DESIGNATOR),
    ("struct s x[] = { { 1 }, { V_foo: 1 } };", DESIGNATOR),
    ("void f(void) { g((struct s){ V_foo: 1 }); }", DESIGNATOR),
    ("void f(void) { x = a->V_foo + b.V_foo; }", MEMBER),
    ("struct s x = { .V_foo = 1, .V_foo = 2 };", DESIGNATOR),
    ("enum { V_foo };", DECLARATION),
    ("enum e { a = 1, V_foo = 2 };", DECLARATION),
    ("static int V_foo;", DECLARATION),
    ("int a, V_foo = 1;", DECLARATION),
    ("int (*V_foo)(void);", DECLARATION),
    ("typedef int V_foo;", DECLARATION),
    ("int V_foo(int a) { return a; }", DECLARATION),
    ('extern "C" { int V_foo(void); }', DECLARATION),
    ("namespace n { static int V_foo; }", DECLARATION),
    ("V_foo: g(1);", LABEL),
    ("void f(void) { if (x) V_foo: g(1); }", LABEL),
    ("void f(void) { __label__ V_foo; }", LABEL),
    ("void f(void) { goto V_foo; }", LABEL),
    ("struct V_foo *p;", TAG),
    ("struct __packed V_foo { int a; };", TAG),
]  # fmt: skip

PLAIN = [
    "void f(void) { x = V_foo; }",
    "void f(void) { int a = V_foo, b = a * V_foo; g(a, V_foo); }",
    "int f(int foo); int h(int a) { return V_foo; }",
    "int f(int foo) { return foo; } int h(int a) { return V_foo; }",
    "void f(void) { { int foo; } g(V_foo); }",
    "void f(void) { for (int foo = 0; foo < 3; foo++) { g(foo); } g(V_foo); }",
    "void f(void) { V_foo = 1; int foo; }",
    "struct s { int foo; }; enum { bar }; void f(void) { g(V_foo, V_bar); }",
    "void f(void) { switch (x) { case V_foo: default: x = x ? V_foo : 1; } }",
    "void f(void) { (void)V_foo; return (V_foo); }",
    "void f(void) { FOREACH(a) V_foo = 1; if (V_foo) V_foo++; else V_foo--; }",
    "void f(void) { int a[V_foo], *p = &V_foo; x = (int)V_foo + sizeof(V_foo); }",
    "int a[] = { V_foo, [V_foo] = V_foo, (V_foo), };",
    "a * V_foo) {\nb, V_foo);\n",
    "\tg(a * V_foo, V_foo & b);\n}\n] ) x = V_foo;",
    "x = g(1 }, V_foo);",
    "#else\n#endif\nx = V_foo;",
    "int V_foo;",
    "LIST(a, foo)\nint g(int b) { return V_foo; }",
    "#ifdef A\nx = V_foo;\n#pragma p\ny = V_foo;\n#endif\n",
    "x = ({ 1 ) ; }, V_foo);",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), SHAPES)
def test_what_is_no_use_of_the_global(text: str, kind: str) -> None:
    found = judge(text, text)
    assert {hazard.kind.value for hazard in found.hazards} == {kind}
    assert {hazard.token for hazard in found.hazards} == {"V_foo"}


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_one(text: str) -> None:
    assert judge(text, text).hazards == ()


def test_a_hazard_changes_no_verdict() -> None:
    found = judge("int f(int foo) { return foo; }\n", "int f(int foo) { return V_foo; }\n")
    assert found.outcome is Outcome.PROVED
    assert [hazard.text for hazard in found.hazards] == [
        "V_foo in line 1: a local of that name is meant, which the real macro would reach past."
    ]
