from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.plan import Assumption, Due, DueKind, Gate, GateLevel, Layer, State, parse_plan

PROJECT = '[project]\nname = "P"\nslug = "p"\n'
MEAT = '[[milestone]]\nslug = "meat"\nlayer = "meat"\n'


def plan_of(text: str, **files: bytes):
    return parse_plan(
        dedent(text), files={name.replace("__", "/") + ".h": body for name, body in files.items()}
    )


def error_of(text: str, **files: bytes) -> PlanError:
    with pytest.raises(PlanError) as caught:
        plan_of(text, **files)
    assert str(caught.value).startswith(caught.value.message)
    return caught.value


def test_a_typo_gets_a_sentence_with_the_line_and_the_suggestion():
    error = error_of(PROJECT + '[[milestone]]\nslug = "a"\nlayer = "meat"\nsetle_days = 14\n')
    assert str(error) == (
        'unknown key "setle_days", in [[milestone]] "a" (plan line 7). Did you mean "settle_days"?'
    )


# what is wrong, its line, what the message says, what the hint says
WRONG = [
    ('[projct]\nname = "x"', 1, 'unknown key "projct"', '"project"'),
    (MEAT, 1, "[project] is missing", "Start with"),
    ('[project]\nslug = "p"\n' + MEAT, 1, '"name" is missing', "name ="),
    ('[project]\nname = " "\nslug = "p"\n' + MEAT, 2, '"name" is empty', ""),
    ('[project]\nname = "P"\nslug = "a/b"\n' + MEAT, 3, '"a/b" cannot be a slug', "letters"),
    (PROJECT + 'timezone = "Europe/Zagrab"\n' + MEAT, 4, "unknown time zone", "Europe/Zagreb"),
    (PROJECT + 'timezone = "../etc/passwd"\n' + MEAT, 4, "unknown time zone", "UTC"),
    (
        PROJECT + 'assume = [\n "bare-blocks",\n "closed-wrld"]\n' + MEAT,
        6,
        "unknown assumption",
        "closed-world",
    ),
    (PROJECT + 'public = "yes"\n' + MEAT, 4, '"public" must be true or false, not text', ""),
    (PROJECT + 'headers = "a.h"\n' + MEAT, 4, '"headers" must be a list of texts, not text', '["a.h"]'),
    (PROJECT + 'headers = ["a.h", "../b.h"]\n' + MEAT, 4, '"../b.h" is no plain relative path', ""),
    (PROJECT + 'checks = ["a", 3]\n' + MEAT, 4, 'element 2 of "checks" must be text', ""),
    (PROJECT + 'checks = ["a", "a"]\n' + MEAT, 4, '"a" stands twice', ""),
    (PROJECT, 1, "no milestone is planned", "[[milestone]]"),
    (PROJECT + '[milestone]\nslug = "a"', 4, '"milestone" must be a list of tables', "two brackets"),
    (PROJECT + '[[milestone]]\nslug = "a"\n', 4, '"layer" is missing', "layer ="),
    (PROJECT + '[[milestone]]\nslug = "a"\nlayer = "nul"\n', 6, 'unknown layer "nul"', '"null"'),
    (PROJECT + MEAT + 'due_on = "2008-06-15"\n', 7, '"due_on" must be a day, not text', "without quotes"),
    (PROJECT + MEAT + "due_on = 2008-06-15T00:00:00Z\n", 7, "not a day with a time", "without a time"),
    (PROJECT + MEAT + "due_on = 2008-02-30\n", 7, "this is not TOML", ""),
    (PROJECT + MEAT + 'due = "2008-13"\n', 7, '"due" must be a month', "2008-08"),
    (PROJECT + MEAT + "due = 2008-08-01\n", 7, '"due" must be a month', "due_on"),
    (PROJECT + MEAT + 'due_on = 2008-06-15\ndue = "2008-08"\n', 8, "both", "Keep one"),
    (PROJECT + MEAT + 'settle_days = "14"\n', 7, '"settle_days" must be a whole number, not text', ""),
    (PROJECT + MEAT + "settle_days = true\n", 7, "must be a whole number", ""),
    (PROJECT + MEAT + "settle_days = -1\n", 7, "between 0 and", ""),
    (PROJECT + MEAT + "settle_days = 3661\n", 7, "between 0 and 3660", ""),
    (PROJECT + MEAT + f"settle_days = {'9' * 5000}\n", None, "this is not TOML", ""),
    (PROJECT + MEAT + 'null_in = ["default", "strcts"]\n', 7, 'unknown state "strcts"', "default"),
    (PROJECT + MEAT + "null_in = []\n", 7, "nothing would be proved", ""),
    (PROJECT + MEAT + 'performance = ["x"]\n', 7, 'unknown state "x"', "default"),
    (PROJECT + MEAT + 'table_files = ["h/vimag.h"]\n', 7, '"h/vimag.h" is not there', '"h/vimage.h"'),
    (PROJECT + MEAT + 'table_files = ["/etc/passwd"]\n', 7, "no plain relative path", ""),
    (PROJECT + MEAT + 'table_files = ["a/../b.h"]\n', 7, "no plain relative path", ""),
    (PROJECT + MEAT + "table_files = ['a\\b.h']\n", 7, "no plain relative path", ""),
    (PROJECT + MEAT + 'table_files = ["C:/b.h"]\n', 7, "no plain relative path", ""),
    (PROJECT + MEAT + 'scaffold = "./a.h"\n', 7, "no plain relative path", ""),
    (PROJECT + MEAT + 'removes_option = "NOT AN OPTION"\n', 7, "no C identifier", ""),
    (PROJECT + MEAT + 'landed_as = ["r1"]\n', 7, 'without "landed_on"', "Add landed_on"),
    (PROJECT + MEAT + 'was = "meat"\n', 7, '"meat" cannot be what this milestone was', ""),
    (PROJECT + MEAT + MEAT, 8, 'milestone 1 has the slug "meat" too', ""),
    (PROJECT + MEAT + MEAT.replace('"meat"', '"Meat"', 1), 8, "milestone 1 has the slug", ""),
    (PROJECT + MEAT + '[[milestone.gate]]\nname = "g"\nlevel = "block"\n', 9, "unknown level", '"blocker"'),
    (PROJECT + MEAT + '[[milestone.gate]]\nnme = "g"\n', 8, 'unknown key "nme"', '"name"'),
    (PROJECT + MEAT + '[[milestone.gate]]\nname = "g"\n' * 2, 10, "two gates", ""),
    (PROJECT + MEAT + "[milestone.gate]\n", 7, "this is not TOML|must be a list", ""),
    (PROJECT + MEAT + '[[rule]]\npaths = ["a"]\nmilestone = "maet"\n', 9, "unknown milestone", '"meat"'),
    (PROJECT + MEAT + '[[rule]]\nmilestone = "meat"\n', 7, "would match everything", "paths or touches"),
    (PROJECT + MEAT + '[[rule]]\npath = ["a"]\nmilestone = "meat"\n', 8, 'unknown key "path"', '"paths"'),
    (PROJECT + MEAT + '[defaults]\nmeat = "x"\n', 8, 'unknown milestone "x"', "meat"),
    (PROJECT + MEAT + '[defaults]\nnull = "meat"\n', 8, "of layer meat cannot take this", ""),
    (PROJECT + MEAT + '[defaults]\ncosmetic = "mat"\n', 8, "unknown milestone", '"meat"'),
    (PROJECT + MEAT + '[[area]]\nname = "a"\n', 7, "the area has no paths", "paths"),
    (PROJECT + MEAT + '[[area]]\nname = "a"\npaths = ["x"]\n' * 2, 11, "two areas", ""),
    (PROJECT + MEAT + '[[area]]\nname = "a"\npaths = ["x"]\napprovals = 99\n', 10, "between 0 and 20", ""),
    (PROJECT + '[[state]]\nname = "s"\n' * 2 + MEAT, 7, "two states", ""),
    (PROJECT + '[[state]]\nname = "s"\ndefine = ["1X"]\n' + MEAT, 6, '"1X" is no definition', "NAME=VALUE"),
    (PROJECT + '[[state]]\nname = "s"\ndefine = ["X", "X=2"]\n' + MEAT, 6, '"X" is defined twice', ""),
    (PROJECT + '[[state]]\nname = "s"\ndefine = ["X"]\nundefine = ["X"]\n' + MEAT, 7, "both defined and", ""),
    (PROJECT + '[[milestone]]\nslug = "n"\nlayer = "null"\n', 4, "no milestone takes what is not proved", ""),
    (PROJECT + "name = 2\n", 4, "this is not TOML", ""),
    (PROJECT + 'text = """never ended\n', 4, "this is not TOML", ""),
    (PROJECT + "x = [" + "[" * 4000, None, "nests too deeply", ""),
    ("", 1, "[project] is missing", ""),
    ("Hello list,\n\nkinda headsup..\n", 1, "this is not TOML", ""),
]


@pytest.mark.parametrize(("text", "lineno", "message", "hint"), WRONG)
def test_what_is_wrong_is_said_with_its_line(text, lineno, message, hint):
    error = error_of(text, h__vimage=b"")
    assert any(part in error.message for part in message.split("|"))
    assert error.toml_lineno == lineno
    assert hint in error.hint


def test_rules_may_not_send_meat_into_a_null_layer():
    null = '[[milestone]]\nslug = "n"\nlayer = "null"\n'
    error = error_of(PROJECT + null + MEAT + '[[rule]]\npaths = ["a"]\nmilestone = "n"\n')
    assert (error.toml_lineno, error.hint) == (12, "These can: meat.")


def test_bytes_that_are_not_utf8_are_refused_with_their_line():
    with pytest.raises(PlanError) as caught:
        parse_plan(b'[project]\nname = "caf\xe9"\n')
    assert caught.value.toml_lineno == 2
    with pytest.raises(PlanError):
        parse_plan("[project]\nname = '\udce9'\n")


def test_a_byte_order_mark_and_crlf_are_what_editors_write():
    text = (PROJECT + MEAT).replace("\n", "\r\n")
    assert parse_plan(b"\xef\xbb\xbf" + text.encode()) == parse_plan(PROJECT + MEAT)


def test_what_the_plan_leaves_out():
    plan = parse_plan(PROJECT + MEAT)
    (milestone,) = plan.milestones
    assert plan.states == (State(name="default"),)
    assert (plan.project.timezone, plan.project.public, plan.project.assume) == ("UTC", False, frozenset())
    assert (milestone.title, milestone.due, milestone.settle_days) == ("meat", Due(), 0)
    assert milestone.null_in == ("default",)


FULL = """
[project]
name = "FreeBSD VIMAGE"
slug = "vimage"
text = "As discussed"
list = "freebsd-virtualization@freebsd.org"
timezone = "Europe/Zagreb"
public = true
headers = ["sys/sys/vimage.h"]
assume = ["mixed-declarations", "closed-world"]
checks = ["build-amd64"]

[[state]]
name = "globals"
undefine = ["VIMAGE_USE_STRUCTS"]
[[state]]
name = "structs"
define = ["VIMAGE_USE_STRUCTS=1", "DEBUG", "EMPTY="]

[[milestone]]
slug = "macros"
was = "makros"
title = "Macros that change nothing"
due_on = 2008-06-15
settle_days = 14
final_comment_days = 7
owner = "zec"
layer = "null"
null_in = ["globals"]
table = '''
#define V_hostname hostname
'''
table_files = ["headers/a.h", "headers/b.h"]
macros = ["V_*", "INIT_*"]
families = ["V_*"]
scaffold = "sys/sys/vimage.h"
removes_option = "VIMAGE_USE_STRUCTS"
performance = ["globals", "structs"]
landed_on = 2008-08-17
landed_as = ["r181803"]
[[milestone.gate]]
name = "jails behave as before"
level = "warning"
text = "..."
[[milestone]]
slug = "jail"
layer = "mixed"
due = "2008-08"
"""


def test_everything_that_a_plan_can_say():
    plan = plan_of(FULL, headers__a=b"#define A 1", headers__b=b"#define B 2\n")
    macros, jail = plan.milestones
    assert plan.project.timezone == "Europe/Zagreb"
    assert plan.project.assume == {Assumption.MIXED_DECLARATIONS, Assumption.CLOSED_WORLD}
    assert plan.states[1].define == (("VIMAGE_USE_STRUCTS", "1"), ("DEBUG", "1"), ("EMPTY", ""))
    assert plan.states[0].undefine == ("VIMAGE_USE_STRUCTS",)
    assert macros.table == b"#define A 1\n#define B 2\n#define V_hostname hostname\n"
    assert macros.table_files == ("headers/a.h", "headers/b.h")
    assert (macros.due, macros.null_in) == (Due(kind=DueKind.DAY, on=date(2008, 6, 15)), ("globals",))
    assert (macros.landed_on, macros.landed_as, macros.is_closed) == (date(2008, 8, 17), ("r181803",), True)
    assert macros.gates == (Gate(name="jails behave as before", level=GateLevel.WARNING, text="..."),)
    assert (macros.settle_days, macros.final_comment_days, macros.was) == (14, 7, "makros")
    assert (jail.layer, jail.due) == (Layer.MIXED, Due(kind=DueKind.MONTH, on=date(2008, 8, 1)))
    assert jail.null_in == ("globals", "structs")


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_a_plan_error(text):
    with pytest.raises(PlanError):
        parse_plan(text)


@given(st.data())
def test_any_value_in_any_place_is_taken_or_refused_with_a_line(data):
    lines = FULL.strip().split("\n")
    index = data.draw(
        st.sampled_from([i for i, line in enumerate(lines) if " = " in line and "'''" not in line])
    )
    value = data.draw(
        st.sampled_from(["1", '"x"', '""', "true", "[]", '["x"]', "2008-06-15", "{}", "[[1]]", "1.5"])
    )
    lines[index] = f"{lines[index].split(' = ')[0]} = {value}"
    found = None
    try:
        plan_of("\n".join(lines), headers__a=b"", headers__b=b"")
    except PlanError as error:
        found = error
    assert found is None or found.toml_lineno is not None
