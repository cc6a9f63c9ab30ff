from __future__ import annotations

import pickle

import pytest

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.plan import Layer, Milestone, Plan, ProjectInfo, parse_plan

STORY = """
[project]
name = "P"
slug = "p"
[[state]]
name = "globals"
[[state]]
name = "structs"
define = ["S"]
[[milestone]]
slug = "announce"
layer = "announce"
[[milestone]]
slug = "macros"
layer = "null"
null_in = ["globals"]
table = '''
#define V_hostname hostname
/*
#define V_in_a_comment 1
*/
# define \\
  V_spliced 1
#ifdef S
#define INIT_EARLY(x)
#endif'''
[[milestone]]
slug = "structs"
layer = "mixed"
table = "#define V_hostname globals.hostname"
[[milestone]]
slug = "null-macros"
layer = "null"
table = "#define VNET_LOOP for (;;)"
macros = ["INIT_*", "VNET_*"]
families = ["G_*"]
[[milestone]]
slug = "jail"
layer = "meat"
[[milestone]]
slug = "many"
layer = "meat"
[[milestone]]
slug = "later"
layer = "open"
[[rule]]
paths = ["sys/kern/kern_jail.c", "sys/**/jail*"]
milestone = "jail"
[[rule]]
paths = ["sys/conf/**"]
touches = ["VIMAGE"]
milestone = "later"
[[rule]]
touches = ["vimage_*", "alloc"]
milestone = "many"
[[area]]
name = "netinet"
paths = ["sys/netinet/**"]
[[area]]
name = "net"
paths = ["sys/net*/**", "*.man"]
"""


@pytest.fixture
def plan():
    return parse_plan(STORY)


def landed(*slugs: str) -> Plan:
    text = STORY
    for slug in slugs:
        text = text.replace(f'slug = "{slug}"\n', f'slug = "{slug}"\nlanded_on = 2008-08-17\n')
    return parse_plan(text)


def test_tables_are_in_force_from_their_milestone_on(plan):
    assert plan.table_text(-1) == b""
    assert plan.table_pieces(0) == ()
    first, second = plan.table_pieces(2)
    assert first.endswith(b"#endif\n")
    assert second == b"#define V_hostname globals.hostname\n"
    assert plan.table_text(6) == first + second + b"#define VNET_LOOP for (;;)\n"
    assert plan.has_table


@pytest.mark.parametrize(
    ("macro", "slug"),
    [
        ("V_hostname", "macros"),  # defined twice: the first milestone brings the name
        ("V_spliced", "macros"),
        ("INIT_EARLY", "null-macros"),  # a written pattern comes before the table that defines it
        ("VNET_LOOP", "null-macros"),
        ("V_in_a_comment", "macros"),  # not defined by any table: the first null milestone
        ("unheard_of", "macros"),
    ],
)
def test_null_milestone_of(plan, macro, slug):
    assert plan.null_milestone_of(macro) == slug


def test_families_bring_macros_where_no_pattern_is_written():
    text = STORY.replace('macros = ["INIT_*", "VNET_*"]\n', "")
    assert parse_plan(text).null_milestone_of("G_count") == "null-macros"
    assert parse_plan(text).null_milestone_of("INIT_EARLY") == "macros"


def test_without_a_null_layer_no_macro_has_a_milestone():
    plan = parse_plan('[project]\nname = "P"\nslug = "p"\n[[milestone]]\nslug = "m"\nlayer = "meat"\n')
    assert plan.null_milestone_of("V_hostname") is None
    assert plan.defaults.null is None
    assert not plan.has_table


@pytest.mark.parametrize(
    ("path", "identifiers", "rule", "home"),
    [
        ("sys/kern/kern_jail.c", (), "jail", "jail"),
        ("sys/sys/jail.h", ("alloc",), "jail", "jail"),
        ("sys/conf/options", ("VIMAGE",), "later", "later"),
        ("sys/conf/options", ("OTHER",), None, "many"),
        ("sys/net/if.c", ("vimage_alloc",), "many", "many"),
        ("sys/net/if.c", ("alloc2",), None, "many"),
    ],
)
def test_rules_first_match_wins(plan, path, identifiers, rule, home):
    assert plan.rule_for(path, identifiers) == rule
    assert plan.meat_home(path, identifiers) == home


def test_areas_first_match_wins(plan):
    assert plan.area_of("sys/netinet/ip.c") == "netinet"
    assert plan.area_of("sys/net/if.c") == "net"
    assert plan.area_of("share/vimage.man") == "net"
    assert plan.area_of("sys/kern/k.c") == ""


def test_defaults_prefer_what_has_not_landed():
    assert parse_plan(STORY).defaults.meat == "many"
    assert landed("many").defaults.meat == "jail"
    assert landed("macros").defaults.null == "null-macros"
    assert landed("jail", "many", "structs").defaults.meat == "many"


def test_meat_of_a_landed_milestone_goes_on():
    assert landed("jail").meat_home("sys/sys/jail.h", ()) == "many"
    assert landed("jail", "many").meat_home("sys/sys/jail.h", ()) == "later"
    assert landed("structs", "jail", "many", "later").meat_home("sys/sys/jail.h", ()) is None


def test_stragglers_go_to_the_next_open_null_layer():
    assert landed("macros").straggler_home("macros") == "structs"
    assert landed("macros", "structs").straggler_home("macros") == "null-macros"
    assert landed("macros", "structs", "null-macros").straggler_home("macros") == "many"
    wish = '[defaults]\nstragglers = "later"\n'
    text = STORY.replace('slug = "macros"\n', 'slug = "macros"\nlanded_on = 2008-08-17\n')
    assert parse_plan(text + wish).straggler_home("macros") == "later"


def test_states_of_a_milestone(plan):
    assert [state.name for state in plan.states_of("macros")] == ["globals"]
    assert [state.name for state in plan.states_of("structs")] == ["globals", "structs"]
    with pytest.raises(KeyError):
        plan.milestone("nothing")
    with pytest.raises(KeyError):
        plan.state("nothing")


def test_a_plan_made_by_hand_must_have_a_place_for_meat():
    milestone = Milestone(slug="m", title="m", layer=Layer.NULL, null_in=("default",))
    with pytest.raises(PlanError):
        Plan(project=ProjectInfo(name="P", slug="p"), milestones=(milestone,))


def test_a_plan_travels_between_processes(plan):
    again = pickle.loads(pickle.dumps(plan))
    assert again == plan
    assert again.defaults == plan.defaults
