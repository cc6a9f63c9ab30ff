from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from vimagetrack.engine.plan import (
    Area,
    Assumption,
    Due,
    DueKind,
    Gate,
    GateLevel,
    GivenDefaults,
    Layer,
    Milestone,
    Plan,
    ProjectInfo,
    Rule,
    State,
    dump_plan,
    parse_plan,
)

ODD = "ab \"'\\\t#=[]\u00e9\u2028\x7f\x00\x0c\U0001f600"
free = st.text(alphabet=ODD + "\n\r", max_size=12) | st.sampled_from(
    ["'''\n", '"""\n', "x\n'", "\\\n", "\r\n"]
)
line = st.text(alphabet=ODD.replace("\x00", ""), max_size=8).map(str.strip)
full_line = line.filter(bool)
lines = st.lists(full_line, max_size=3, unique=True).map(tuple)
slugs = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
paths = st.lists(st.sampled_from(["a.h", "sys/b.h", "c d/e.h"]), max_size=2, unique=True).map(tuple)
names = st.from_regex(r"[A-Z_][A-Z0-9_]{0,5}", fullmatch=True)
days = st.dates(min_value=date(1000, 1, 1))
dues = st.one_of(
    st.just(Due()),
    days.map(lambda day: Due(kind=DueKind.DAY, on=day)),
    days.map(lambda day: Due(kind=DueKind.MONTH, on=day.replace(day=1))),
)
projects = st.builds(
    ProjectInfo,
    name=full_line,
    slug=slugs,
    text=free,
    list=line,
    timezone=st.sampled_from(["UTC", "Europe/Zagreb"]),
    public=st.booleans(),
    headers=paths,
    assume=st.frozensets(st.sampled_from(list(Assumption))),
    checks=lines,
)


@st.composite
def states(draw):
    defined = draw(st.dictionaries(names, line, max_size=2))
    undefined = draw(st.lists(names.filter(lambda name: name not in defined), max_size=2, unique=True))
    return State(name=draw(slugs), define=tuple(defined.items()), undefine=tuple(undefined))


@st.composite
def milestones(draw, state_names):
    landed_on = draw(st.none() | days)
    chosen = draw(st.lists(st.sampled_from(state_names), min_size=1, unique=True).map(tuple))
    slug = draw(slugs)
    return Milestone(
        slug=slug,
        title=draw(full_line),
        layer=draw(st.sampled_from(list(Layer))),
        text=draw(free),
        due=draw(dues),
        settle_days=draw(st.integers(0, 3660)),
        final_comment_days=draw(st.integers(0, 99)),
        owner=draw(line),
        null_in=chosen,
        table=draw(free.map(str.encode) | st.binary(max_size=8)),
        macros=draw(lines),
        families=draw(lines),
        scaffold=draw(st.sampled_from(["", "sys/a.h"])),
        removes_option=draw(st.sampled_from(["", "OPTION"])),
        performance=draw(st.lists(st.sampled_from(state_names), unique=True).map(tuple)),
        landed_on=landed_on,
        landed_as=draw(lines) if landed_on else (),
        was="was-" + slug if draw(st.booleans()) else "",
        gates=draw(gates),
    )


gates = st.lists(
    st.builds(Gate, name=full_line, level=st.sampled_from(list(GateLevel)), text=free),
    max_size=2,
    unique_by=lambda gate: gate.name,
).map(tuple)
areas = st.lists(
    st.builds(
        Area,
        name=full_line,
        paths=lines.filter(bool),
        reviewers=lines,
        owners=lines,
        approvals=st.integers(0, 20),
    ),
    max_size=2,
    unique_by=lambda area: area.name,
).map(tuple)


@st.composite
def plans(draw):
    state_list = draw(st.lists(states(), max_size=3, unique_by=lambda state: state.name))
    chosen = tuple(state_list) or (State(name="default"),)
    state_names = [state.name for state in chosen]
    taken = st.lists(milestones(state_names), max_size=3, unique_by=lambda milestone: milestone.slug)
    last = Milestone(slug="zz-last", title="zz-last", layer=Layer.MEAT, null_in=tuple(state_names))
    rules = st.lists(
        st.builds(Rule, milestone=st.just("zz-last"), paths=lines.filter(bool), touches=lines), max_size=2
    )
    given_defaults = st.builds(
        GivenDefaults,
        meat=st.sampled_from(["", "zz-last"]),
        cosmetic=st.sampled_from(["", "null", "zz-last"]),
    )
    return Plan(
        project=draw(projects),
        states=chosen,
        milestones=(*draw(taken), last),
        rules=tuple(draw(rules)),
        given=draw(given_defaults),
        areas=draw(areas),
    )


@settings(max_examples=50)
@given(plans())
def test_parse_of_dump_is_the_plan(plan):
    text = dump_plan(plan)
    again = parse_plan(text)
    assert again == plan
    assert dump_plan(again) == text
    assert again.digest == plan.digest


BY_FILE = """
[project]
name = "P"
slug = "p"
[[milestone]]
slug = "m"
layer = "mixed"
table_files = ["a.h"]
"""


def test_table_files_are_inlined_and_change_nothing():
    by_file = parse_plan(BY_FILE, files={"a.h": b"#define A \\\n\t1\n"})
    dumped = dump_plan(by_file)
    assert "table_files" not in dumped
    assert "table = '''\n#define A \\\n\t1\n'''" in dumped
    assert parse_plan(dumped) == by_file
    assert parse_plan(dumped).digest == by_file.digest


def test_a_table_that_is_not_utf8_survives():
    plan = parse_plan(BY_FILE, files={"a.h": b"/* Zagreb \xe9\x0c\r\n */\n#define A 1\n"})
    assert parse_plan(dump_plan(plan)).milestones[0].table == b"/* Zagreb \xe9\x0c\r\n */\n#define A 1\n"


def test_the_digest_sees_what_counts_and_nothing_else():
    base = '[project]\nname = "P"\nslug = "p"\n[[milestone]]\nslug = "m"\nlayer = "mixed"\n'
    digest = parse_plan(base).digest
    assert parse_plan("# a comment\n" + base.replace('"P"', "'P'")).digest == digest
    assert parse_plan(base + "settle_days = 0\n").digest == digest
    assert parse_plan(base + "settle_days = 1\n").digest != digest
