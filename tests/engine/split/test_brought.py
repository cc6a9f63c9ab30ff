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
