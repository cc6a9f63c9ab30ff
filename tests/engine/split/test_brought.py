"""Which milestone brings a name: the short way says no only where no pattern could say yes."""

from __future__ import annotations

import pytest

from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import split
from vimagetrack.engine.split.steps import Layers

TEXT = b"""
[project]
name = "Test"
slug = "test"
[[milestone]]
slug = "one"
title = "One"
layer = "null"
macros = ["V_*", "INIT_?ET", "exact", "[GH]_x"]
table = '''
#define V_a a
#define exact b
#define helper c
'''
[[milestone]]
slug = "two"
title = "Two"
layer = "null"
families = ["F_*"]
table = '''
#define late d
'''
[[milestone]]
slug = "meat"
title = "Meat"
layer = "meat"
"""
PLAN = parse_plan(TEXT)
ASSUMED = (
    b'slug = "test"\nassume = ["line-numbers", "closed-world", "warnings-not-errors", "mixed-declarations"]'
)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (b"V_a", 0),
        (b"V_", 0),
        (b"INIT_NET", 0),
        (b"INIT_INET", -1),
        (b"exact", 0),
        (b"exactly", -1),
        (b"G_x", 0),
        (b"H_x", 0),
        (b"I_x", -1),
        (b"F_q", 1),
        (b"late", 1),
        (b"helper", -1),
        (b"other", -1),
    ],
)
def test_a_name_has_its_milestone(name: bytes, place: int) -> None:
    assert Layers(PLAN).place_of(name) == place


def test_what_nothing_brings_is_not_remembered() -> None:
    layers = Layers(parse_plan(TEXT.replace(b', "[GH]_x"', b"")))  # which may begin with anything
    tables = layers.tables
    for number in range(100):
        layers.lands_later(b"name%d" % number)
    assert len(tables._places) == 0  # type: ignore[attr-defined]


LANDED = b"""
[project]
name = "Test"
slug = "test"
[[milestone]]
slug = "one"
title = "One"
layer = "null"
landed_on = 2008-06-02
table = "#define OLD(x)"
[[milestone]]
slug = "clean"
title = "What takes it away"
layer = "null"
macros = ["OLD"]
[[milestone]]
slug = "meat"
title = "Meat"
layer = "meat"
"""
REMOVAL = b"""--- a/f.c
+++ b/f.c
@@ -1,5 +1,4 @@
 int f(int x)
 {
-\tOLD(x);
 \treturn (x);
 }
"""


def test_what_has_landed_is_in_force_though_a_later_milestone_names_it() -> None:
    plan = parse_plan(LANDED)
    assert Layers(plan).place_of(b"OLD") == 0
    base = {"f.c": b"int f(int x)\n{\n\tOLD(x);\n\treturn (x);\n}\n"}
    result = split(REMOVAL, parse_plan(LANDED.replace(b'slug = "test"', ASSUMED)), base=base)
    (change,) = result.changes
    assert (change.milestone, change.kind, change.verdict) == ("clean", "null-macro", "proved")
    assert not result.warnings


MIXED = LANDED.replace(b'layer = "null"\nmacros = ["OLD"]', b'layer = "mixed"\ntable = "#define V_two two"')
HEADER = b"int other;\n"


def test_a_null_change_whose_macro_the_monolith_defines_later_is_told() -> None:
    """The definition is not the table's, so it is meat, and lands behind the first use."""
    monolith = REMOVAL.replace(
        b"-\tOLD(x);\n \treturn (x);", b" \tOLD(x);\n-\treturn (two);\n+\treturn (V_two);"
    )
    monolith = monolith.replace(b"+1,4", b"+1,5") + (
        b"--- a/v.h\n+++ b/v.h\n@@ -1 +1,2 @@\n int other;\n+#define V_two (two)\n"
    )
    plan = parse_plan(MIXED.replace(b'slug = "test"', ASSUMED))
    base = {"f.c": b"int f(int x)\n{\n\tOLD(x);\n\treturn (two);\n}\n", "v.h": HEADER}
    result = split(monolith, plan, base=base)
    assert [(change.path, change.kind) for change in result.changes] == [
        ("f.c", "null-macro"),
        ("v.h", "meat"),
    ]
    told = [(one.identifier, one.used_path, one.used_lineno, one.defined_path) for one in result.order]
    assert told == [("V_two", "f.c", 4, "v.h")]


def test_a_change_that_open_macros_explain_too_is_no_straggler() -> None:
    plan = parse_plan(
        MIXED.replace(b"#define OLD(x)", b"#define V_one one").replace(b'slug = "test"', ASSUMED)
    )
    line = b"\treturn (one + two);\n"
    base = b"int f(int x)\n{\n" + line + b"}\n"

    def stragglers(new: bytes) -> list[str | None]:
        diff = b"--- a/f.c\n+++ b/f.c\n@@ -1,4 +1,4 @@\n int f(int x)\n {\n-" + line + b"+" + new + b" }\n"
        return [one.straggler_of for one in split(diff, plan, base={"f.c": base}).changes]

    assert stragglers(line.replace(b"one", b"V_one")) == ["one"]
    assert stragglers(line.replace(b"one", b"V_one").replace(b"two", b"V_two")) == [None]
