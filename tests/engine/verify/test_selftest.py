"""A mutated null layer is refused; a kernel that proves one is found out; nothing harmless is ever made."""

from __future__ import annotations

import dataclasses

import pytest

from vimagetrack import demo
from vimagetrack.engine.null import kernel, prover
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.output import patch_files
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import split
from vimagetrack.engine.verify import self_test
from vimagetrack.engine.verify.mutations import Mutator

TABLE = b"""\
#define V_host host
#define INIT(x)
#define KEEP(x, y) f(x)
#define GLUE(x) x ## _glued
#define DEEP(x) INIT(x)
"""


def mutations(text: bytes, *, state: State | None = None, known: Known | None = None) -> dict[str, bytes]:
    """Give what is offered for every line, by its words."""
    tables = [Table.parse(TABLE, state or State(name="default"))]
    made = Mutator(text, tables, known or Known()).mutations(range(text.count(b"\n")))
    return {mutation.what: mutation.applied(text) for mutation in made}


def test_code_is_mutated():
    found = mutations(b'int x = V_host + 7; char *s = L"a";\n')
    assert found["V_host became V_host_mutated"] == b'int x = V_host_mutated + 7; char *s = L"a";\n'
    assert found["7 became 17"] == b'int x = V_host + 17; char *s = L"a";\n'
    assert found["+ became -"] == b'int x = V_host  -  7; char *s = L"a";\n'
    assert found['L"a" became L"xa"'] == b'int x = V_host + 7; char *s = L"xa";\n'
    assert found["x left out"] == b'int   = V_host + 7; char *s = L"a";\n'
    assert found["7 doubled"] == b'int x = V_host + 7 7; char *s = L"a";\n'
    assert found["x became int"] == b'int int = V_host + 7; char *s = L"a";\n'
    assert "V_host left out" not in found  # what a macro stands for may be nothing
    assert "V_host became host" not in found
    assert not [what for what in found if what.startswith(";")]


@pytest.mark.parametrize(
    "text",
    [
        b"/* a b c */ // d\n",
        b";(){},\n",
        b"#if 0\na = 1;\n#endif\n",
        b"#ifdef V_host\na = 1;\n#else\na = 2;\n#endif\n",
        b"#ifdef OPTION\na = 1;\n#endif\n",
        b"#define LOCAL 1\n#if LOCAL\na;\n#endif\n#undef LOCAL\n"[16:],
        b"#include <a.h>\n#pragma a\n#error b\n",
        b"#if A\n#elif 1\n(;)\n#endif\n",
    ],
)
def test_what_may_count_for_nothing_is_left_alone(text):
    assert mutations(text, state=State(name="off", undefine=("OPTION",))) == {}


def test_arguments_are_mutated_where_the_macro_surely_keeps_them():
    assert {what.split()[0] for what in mutations(b"INIT(a);\n")} == {"INIT"}
    assert {what.split()[0] for what in mutations(b"DEEP(a);\n")} == {"DEEP"}
    assert {what.split()[0] for what in mutations(b"GLUE(a);\n")} == {"GLUE"}
    assert {what.split()[0] for what in mutations(b"KEEP(a, b);\n")} == {"KEEP", "a"}
    assert {what.split()[0] for what in mutations(b"KEEP(g(a, b), c);\n")} == {"KEEP", "g", "a", "b"}
    assert {what.split()[0] for what in mutations(b"plain(a);\n")} == {"plain", "a"}
    hidden = Known.of([b"#define plain(x)\n"])
    assert {what.split()[0] for what in mutations(b"plain(a);\n", known=hidden)} == {"plain"}


def test_directives_are_mutated_where_they_count():
    found = mutations(b'#define V_host host\n#include "vnet.h"\n')
    assert found["host became host_mutated"].startswith(b"#define V_host host_mutated\n")
    assert found['"vnet.h" became "xvnet.h"'].endswith(b'#include "xvnet.h"\n')
    assert not [what for what in found if what.startswith("V_host")]


def test_the_guard_of_a_header_hides_nothing():
    found = mutations(b"#ifndef _A_H\n#define _A_H\nint a;\n#endif\n")
    assert "a became a_mutated" in found
    assert mutations(b"#ifndef A\n#define B\nint a;\n#endif\n#define A\n") == {}


@pytest.fixture(scope="module")
def landing():
    return patch_files(split(demo.monolith(), demo.plan(), base=demo.base_files(), second_opinion=False))


def test_the_demo_is_refused_in_every_place(landing):
    found = self_test(demo.monolith(), demo.plan(), landing, base=demo.base_files(), mutations=25)
    assert (found.made, found.refused, found.proved) == (25, 25, [])


@pytest.mark.long
def test_thousands_of_mutations_are_refused(landing, monkeypatch):
    monkeypatch.setattr("vimagetrack.engine.verify.selftest.BYTES", 10**9)
    # Without a base there is no place for a scaffold.
    bare = parse_plan(demo.plan_toml().replace('scaffold = "sys/sys/vimage.h"\n', ""))
    windows = patch_files(split(demo.monolith(), bare, second_opinion=False))
    for base, plan, patches in ((demo.base_files(), demo.plan(), landing), (None, bare, windows)):
        found = self_test(demo.monolith(), plan, patches, base=base, mutations=1000)
        assert (found.made, found.proved) == (1000, [])


def test_the_same_places_each_time_and_in_every_file(landing):
    from vimagetrack.engine.verify import selftest

    tried = []

    def note(null, mutations, layers, found):
        tried.append([(null.patch, null.file.path, mutation.what) for mutation in mutations])

    for _ in range(2):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(selftest, "_try", note)
            self_test(demo.monolith(), demo.plan(), landing, base=demo.base_files(), mutations=60)
    first, second = tried[: len(tried) // 2], tried[len(tried) // 2 :]
    assert first == second
    places = {place[:2] for own in first for place in own}
    null = [name for name in landing if name in ("02-macros.patch", "04-cleanup.1-null.patch")]
    files = sum(landing[name].count(b"\n+++ b/") for name in null)
    assert len(null) == 2
    assert len(places) >= 0.8 * min(files, 60), (len(places), files)


SMALL_PLAN = parse_plan(
    b"""[project]
name = "a"
slug = "a"
assume = ["closed-world", "line-numbers", "warnings-not-errors"]
[[milestone]]
slug = "m"
title = "m"
layer = "null"
table = "#define V_host host"
[[milestone]]
slug = "n"
title = "n"
layer = "meat"
"""
)
SMALL = b"""--- a/a.c
+++ b/a.c
@@ -1,4 +1,4 @@
 int f(int x)
 {
-\treturn (x - 7 == host + 3 && host != 4);
+\treturn (x - 7 == V_host + 3 && V_host != 4);
 }
"""

#: Kernels that are wrong in one way each.
BLIND = {
    "names": lambda token: b"name" if token[:1].isalpha() or token[:1] == b"_" else token,
    "numbers": lambda token: b"0" if token[:1].isdigit() else token,
    "operators": lambda token: b"+" if token in (b"-", b"!=", b"==", b"&&", b"||") else token,
}


@pytest.mark.parametrize("blind", BLIND)
def test_a_kernel_that_is_wrong_is_found_out(monkeypatch, blind):
    def read(side, options):
        made = kernel.stream(side, options)
        tokens = [BLIND[blind](token) for token in made.tokens]
        return dataclasses.replace(made, tokens=tokens)

    monkeypatch.setattr(prover, "stream", read)
    patches = patch_files(split(SMALL, SMALL_PLAN))
    found = self_test(SMALL, SMALL_PLAN, patches, mutations=200)
    assert found.proved
    assert found.made == found.refused + len(found.proved)
    assert all(line.startswith("proved, and must not be: in 01-m.patch ") for line in found.proved)
    assert all(" of a.c (states: default)" in line for line in found.proved)
    monkeypatch.undo()
    assert self_test(SMALL, SMALL_PLAN, patches, mutations=200).proved == []


def test_patches_that_do_not_fit_are_left_to_the_comparison(landing):
    spoilt = {name: patch.replace(b"\n host", b"\n ghost") for name, patch in landing.items()}
    spoilt["02-macros.patch"] = spoilt["02-macros.patch"].replace(b"\n #include", b"\n #INCLUDE")
    assert self_test(demo.monolith(), demo.plan(), spoilt, base=demo.base_files(), mutations=5).proved == []


def test_a_split_without_null_layers_makes_none():
    plan = parse_plan(
        b'[project]\nname = "a"\nslug = "a"\n[[milestone]]\nslug = "m"\ntitle = "m"\nlayer = "meat"\n'
    )
    diff = b"--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-int a;\n+int b;\n"
    patches = patch_files(split(diff, plan))
    assert self_test(diff, plan, patches).made == 0
