"""Meat that lands before a macro and uses it already: only what has to do with that macro is undecided."""

from __future__ import annotations

from pathlib import Path

from tests.engine.split.objects import objects
from tests.engine.split.test_split import FRAME, PLAN, whole
from vimagetrack.engine.output import report_json
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split

EARLY = '[[milestone]]\nslug = "early"\ntitle = "Early"\nlayer = "meat"\n'
MACROS = '[[milestone]]\nslug = "macros"'
FIRST = PLAN.replace(MACROS, EARLY + MACROS).replace('meat = "meat"', 'meat = "early"')
HEAD = "extern int hostname, domain;\n"
NAME = "sys/kern/a.c"


def function(name: str, value: str) -> str:
    return f"int {name}(void)\n{{\n\treturn ({value});\n}}\n"


def run(old: str, new: str, plan: str = FIRST) -> tuple[dict[str, bytes], SplitResult]:
    base = {NAME: (HEAD + old).encode()}
    return base, split(whole(NAME, HEAD + old, HEAD + new), parse_plan(plan), base=base)


OLD = function("f", "domain") + FRAME + function("g", "hostname + domain")
NEW = (
    function("f", "V_domain")
    + function("created", "V_hostname + 2")
    + FRAME
    + function("g", "V_hostname + V_domain")
)


def test_what_has_nothing_to_do_with_the_name_is_proved(tmp_path: Path) -> None:
    base, result = run(OLD, NEW)
    found = [(c.milestone, c.kind.value, c.macros, c.rule, c.part.value) for c in result.changes]
    assert found == [
        ("early", "meat", ("V_hostname",), "tokens", "whole"),
        ("early", "meat", ("V_hostname",), "R01", "meat"),
        ("macros", "null-macro", ("V_domain",), "expansion", "whole"),
        ("macros", "null-macro", ("V_domain",), "expansion", "null"),
    ]
    assert result.changes[1].reason == "V_hostname is in use before its macro is in force."
    # the layer as a whole changes what V_hostname means, and says so
    assert {m.slug: m.proof.verdict for m in result.milestones}["macros"] == "undecided"
    (warning,) = result.warnings
    assert (warning.code, warning.path) == ("redefined", NAME)
    assert "V_hostname in line 8" in warning.text
    assert [(o.identifier, o.used_in, o.defined_in) for o in result.order] == [
        ("V_hostname", "early", "macros")
    ]
    # with the names told to the compiler as what they stand for, the null layer is the same object
    options = ("-DV_hostname=hostname", "-DV_domain=domain")
    made = objects(tmp_path, base, result, *options)
    assert list(made) == ["base", "02-early.patch", "03-macros.patch"]
    assert made["02-early.patch"] == made["03-macros.patch"] != made["base"]


def test_the_step_before_the_macro_does_not_compile(tmp_path: Path) -> None:
    """What the order check tells: with the definitions where the table has them, the early layer fails."""
    base, result = run(OLD, NEW)
    made = objects(tmp_path, base, result)
    assert b"V_hostname" in made["02-early.patch"][NAME]
    assert result.order


def test_two_states_and_several_jobs_agree() -> None:
    states = '[[state]]\nname = "one"\n[[state]]\nname = "two"\ndefine = ["TWO=1"]\n'
    plan = FIRST.replace("[[milestone]]", states + "[[milestone]]", 1)
    _, result = run(OLD, NEW, plan)
    assert [c.kind.value for c in result.changes].count("null-macro") == 2
    assert report_json(result) == report_json(run(OLD, NEW, plan)[1])
    for row in result.layer_files:
        assert all(proof.before_digest == proof.after_digest for proof in row.proofs)


def test_a_macro_that_comes_to_the_name_is_not_proved() -> None:
    plan = FIRST.replace("#define V_domain domain\n", "#define V_domain V_hostname + domain\n")
    _, result = run(
        function("f", "hostname + domain"),
        function("f", "V_domain") + function("created", "V_hostname"),
        plan,
    )
    assert {change.kind.value for change in result.changes} == {"meat"}
