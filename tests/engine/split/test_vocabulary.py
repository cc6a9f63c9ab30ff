"""An include, or a ``#define V_x`` in a source file, lands with the first layer that uses it there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.split.objects import objects
from tests.engine.split.test_split import FRAME, PLAN, body, kinds, run, whole
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split

GLOBALS = "extern int hostname, domain;\nvoid work(void);\n"
DEFINES = "#define V_hostname hostname\n#define V_domain domain\n#define INIT_VNET(x)\n"
OLD = body("work();", "return (hostname + domain);")
NEW = body("INIT_VNET(x);", "work();", "return (V_hostname + V_domain);")


def landed(result: SplitResult) -> dict[str, str]:
    """Say for every line that was added in which milestone it came."""
    lines = {}
    for change in result.changes:
        for line in change.after.decode().splitlines():
            if line.strip():
                lines[line.strip()] = change.milestone
    return lines


def test_a_definition_lands_with_the_layer_that_uses_it(tmp_path: Path) -> None:
    base = {"sys/kern/a.c": (FRAME + GLOBALS + OLD).encode()}
    final = FRAME + GLOBALS + DEFINES + NEW
    diff = whole("sys/kern/a.c", base["sys/kern/a.c"].decode(), final)
    result = split(diff, parse_plan(PLAN), base=base)
    assert {kind for _, kind, _ in kinds(result)} == {"null-macro", "vocabulary"}
    assert landed(result)["#define V_hostname hostname"] == "macros"
    assert landed(result)["#define INIT_VNET(x)"] == "nulls"
    made = objects(tmp_path, base, result)
    assert list(made) == ["base", "02-macros.patch", "03-nulls.patch"]
    assert len({str(found) for found in made.values()}) == 1


def test_a_definition_without_a_use_lands_with_its_macro() -> None:
    result = run(OLD, "#define INIT_VNET(x)\n" + OLD)
    assert kinds(result) == [("nulls", "vocabulary", "whole")]
    result = run(OLD, "#define INIT_VNET(x)\n#define V_domain domain\n" + OLD)
    assert landed(result) == {"#define INIT_VNET(x)": "nulls", "#define V_domain domain": "macros"}


def test_an_include_lands_with_the_first_layer_that_uses_it() -> None:
    include = "#include <sys/vimage.h>\n"
    for new, milestone in ((NEW, "macros"), (OLD.replace("work", "INIT_VNET(x);\n\twork"), "nulls")):
        result = run(OLD, include + new)
        assert landed(result)["#include <sys/vimage.h>"] == milestone
        assert {kind for _, kind, _ in kinds(result)} == {"null-macro", "vocabulary"}
    assert kinds(run(OLD, include + OLD)) == [("macros", "vocabulary", "whole")]


EARLY = '[[milestone]]\nslug = "early"\ntitle = "E"\nlayer = "meat"\n'
NULLS = '[[milestone]]\nslug = "nulls"'
MEAT_BETWEEN = PLAN.replace(NULLS, EARLY + NULLS).replace('meat = "meat"', 'meat = "early"')


def test_meat_that_uses_a_macro_finds_its_include_there() -> None:
    old, new = body("return (1);"), "#include <sys/vimage.h>\n" + body("INIT_VNET(x);", "return (V_domain);")
    result = run(old, new, plan=MEAT_BETWEEN)
    assert landed(result) == {
        "#include <sys/vimage.h>": "macros",
        "INIT_VNET(x);": "nulls",
        "return (V_domain);": "early",
    }


def test_meat_that_comes_before_all_null_layers_brings_its_include(tmp_path: Path) -> None:
    plan = PLAN.replace('title = "Macros"', 'title = "Macros"\nlanded_on = 2008-06-15')
    plan = plan.replace('[[milestone]]\nslug = "nulls"', EARLY + NULLS).replace(
        'meat = "meat"', 'meat = "early"'
    )
    name, header = "sys/kern/a.c", "sys/vimage.h"
    base = {name: (GLOBALS + OLD).encode(), header: DEFINES.encode()}
    final = "#include <sys/vimage.h>\n" + GLOBALS + NEW + "int created(void)\n{\n\treturn (V_domain);\n}\n"
    result = split(whole(name, base[name].decode(), final), parse_plan(plan), base=base)
    assert landed(result)["#include <sys/vimage.h>"] == "early"
    assert ("nulls", "null-macro", "whole") in kinds(result)
    made = objects(tmp_path, base, result)
    assert not [text for found in made.values() for text in found.values() if b"error" in text]
    assert made["03-early.patch"] == made["04-nulls.patch"] != made["base"]


@pytest.mark.parametrize("gone", ["#include <sys/vimage.h>\n", DEFINES])
def test_vocabulary_goes_with_the_last_of_what_it_served(gone: str) -> None:
    text = PLAN
    for slug in ("macros", "nulls"):  # both have landed, and a clean-up takes all out again
        text = text.replace(f'slug = "{slug}"', f'slug = "{slug}"\nlanded_on = 2008-01-02')
    later = '[[milestone]]\nslug = "one"\ntitle = "One"\nlayer = "null"\nmacros = ["V_*"]\n'
    later += '[[milestone]]\nslug = "two"\ntitle = "Two"\nlayer = "null"\nmacros = ["INIT_*"]\n'
    result = run(
        gone + NEW,
        OLD,
        plan=text.replace('[[milestone]]\nslug = "meat"', later + '[[milestone]]\nslug = "meat"'),
    )
    assert {kind for _, kind, _ in kinds(result)} == {"null-macro", "vocabulary"}, result.changes


def test_an_include_serves_what_its_header_defines() -> None:
    """Meat that uses what another header brings does not need it."""
    macros = '[[milestone]]\nslug = "macros"'
    plan = MEAT_BETWEEN.replace(EARLY, "").replace(macros, EARLY + macros)
    plan = plan.replace('headers = ["sys/vimage.h"]', 'headers = ["sys/vimage.h", "sys/other.h"]')
    landed_too = 'landed_on = 2008-01-01\nmacros = ["O_*"]\ntable = "#define O_x(v) (v)"'
    plan = plan.replace('title = "Heads-up"', f'title = "Heads-up"\n{landed_too}')
    old = GLOBALS + OLD
    new = "#include <sys/vimage.h>\n" + GLOBALS + NEW + "int created(void)\n{\n\treturn (O_x(1));\n}\n"
    base = {"sys/kern/a.c": old.encode(), "sys/vimage.h": DEFINES.encode()}
    result = split(whole("sys/kern/a.c", old, new), parse_plan(plan), base=base)
    assert landed(result)["#include <sys/vimage.h>"] == "macros"
    del base["sys/vimage.h"]  # now it may bring anything
    result = split(whole("sys/kern/a.c", old, new), parse_plan(plan), base=base)
    assert landed(result)["#include <sys/vimage.h>"] == "early"
