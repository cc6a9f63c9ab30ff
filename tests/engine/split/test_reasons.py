"""Meat that has to do with the plan's macros says why, in words that a reviewer understands."""

from __future__ import annotations

import pytest

from tests.engine.split.test_split import PLAN, body, run
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import Kind
from vimagetrack.engine.split.edits import Edit
from vimagetrack.engine.split.reasons import Why, why_meat
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.windows import Window

UNUSED = PLAN.replace("#define VNET_FOREACH(v)", "#define VNET_FOREACH(v)\n#define UNUSED(x) x").replace(
    '"SYSCTL_*"', '"UNUSED"'
)


def meat(old: str, new: str, plan: str = PLAN) -> list[tuple[str, str]]:
    found = run(old, new, plan=plan).changes
    return [(change.rule, change.reason) for change in found if change.kind is Kind.MEAT]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("f(a, domain);", "f(a, V_hostname);", "`hostname` stands where `domain` stood."),
        ("f(a);", "f(a, V_hostname);", "`, hostname` is new."),
        ("f(V_hostname, a);", "f(a);", "`hostname ,` is gone."),
    ],
)
def test_it_shows_what_is_left_after_replacing(old: str, new: str, reason: str) -> None:
    plan = PLAN.replace('title = "Macros"', 'title = "Macros"\nlanded_on = 2008-06-15')
    assert meat(body(old), body(new), plan) == [("tokens", f"After replacing V_hostname, {reason}")]


def test_a_parameter_that_is_renamed_as_well_says_so() -> None:
    old = "int f(int x, void *data)\n{\n\treturn (x);\n}\n"
    new = old.replace("*data", "*UNUSED(cb_data)")
    assert meat(old, new, UNUSED) == [
        ("tokens", "After replacing UNUSED, `cb_data` stands where `data` stood.")
    ]


def test_a_definition_that_the_tree_spells_otherwise_says_so() -> None:
    old = "int a;\n"
    new = old + "#define UNUSED(x) x __attribute__((unused))\n"
    reason = "UNUSED is defined here otherwise than in the plan's table."
    assert meat(old, new, UNUSED) == [("definition", reason)]


def test_a_name_that_the_base_has_says_so() -> None:
    found = meat(body("V_hostname(1);", "x = hostname;"), body("V_hostname(1);", "x = V_hostname;"))
    what = "before the milestone that brings it, or otherwise than the table says"
    assert found == [("name-in-use", f"V_hostname is in the base {what}: no use is judged.")]


def why(old: str, new: str, macros: list[str]) -> Why:
    """Ask of an edit that is all of a text."""
    window = Window(old.encode(), new.encode(), 1, 1, (), whole=True)
    edit = Edit(start=0, end=len(old), new_start=0, new_end=len(new), step=0, kind=Kind.MEAT)
    return why_meat(window, edit, macros, Layers(parse_plan(PLAN)), "a.c")


def test_an_include_that_is_no_vocabulary_says_so() -> None:
    found = why("", "\n#include <sys/vimage.h>\n", [])
    assert found.rule == "vocabulary"
    assert "The include of sys/vimage.h is no vocabulary here" in found.reason
    assert why("", "#include <sys/other.h>\n", []) == Why()


def test_a_body_of_a_macro_names_the_assumption_that_lacks() -> None:
    found = why("#define B \\\n\tf(hostname)\n", "#define B \\\n\tf(V_hostname)\n", ["V_hostname"])
    assert found.rule == "bodies-in-force"
    assert "nobody vouches that the table is in force there" in found.reason


def test_what_differs_by_parentheses_alone_says_so() -> None:
    found = why("f(hostname);", "f((V_hostname));", ["V_hostname"])
    assert (
        found.reason
        == "After replacing V_hostname only parentheses differ, and no rule surely allows that here."
    )


def test_much_text_is_told_by_its_macros() -> None:
    found = why("", "f(V_hostname);\n" * 400, ["V_hostname"])
    assert found.reason == "The tokens are not the same after replacing V_hostname."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('f("hostname");', 'f("V_hostname");', "V_hostname stands in a literal, where no macro is replaced."),
        (
            "#if hostname\n#endif",
            "#if V_hostname\n#endif",
            "V_hostname stands in a directive, which is compared as it is written.",
        ),
    ],
)
def test_where_no_macro_is_replaced_it_says_so(old: str, new: str, reason: str) -> None:
    found = meat(body(old), body(new))
    assert [one for _, one in found] == [reason]
