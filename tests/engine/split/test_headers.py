"""Where the plan gives no table at all, the transition headers of the tree are the table, layer by layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.split.objects import objects
from tests.engine.split.test_split import PLAN, whole
from tests.engine.split.tools import check_composes
from vimagetrack.engine.output import chunk_files, patch_files, report_json
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split

HEADER, SOURCE = "sys/vimage.h", "sys/kern/a.c"
NO_TABLE = PLAN[: PLAN.index("table = '''")] + PLAN[PLAN.index("'''\n[[milestone]]\nslug = \"nulls\"") + 4 :]
NO_TABLE = NO_TABLE.replace('"inert-headers", ', "")

GLOBALS = "extern int hostname, domain;\nvoid work(void);\n"
INCLUDE = "#include <sys/vimage.h>\n"
OLD = GLOBALS + "int f(int x)\n{\n\twork();\n\treturn (hostname + domain);\n}\n"
NEW = (
    INCLUDE + GLOBALS + "int f(int x)\n{\n\tINIT_VNET(x);\n\twork();\n\treturn (V_hostname + V_domain);\n}\n"
)
DEFINES = (
    "#define VSYM(s) (s)\n#define V_hostname VSYM(hostname)\n#define V_domain domain\n#define INIT_VNET(x)\n"
)


def guarded(text: str) -> str:
    return f"#ifndef _VIMAGE_H_\n#define _VIMAGE_H_\n{text}#endif\n"


def run(
    header: tuple[str | None, str | None],
    source: tuple[str, str] = (OLD, NEW),
    plan: str = NO_TABLE,
    *,
    with_base: bool = True,
    jobs: int = 1,
) -> tuple[dict[str, bytes], dict[str, bytes], SplitResult]:
    sides = [{HEADER: text, SOURCE: other} for text, other in zip(header, source, strict=True)]
    base, final = ({name: text.encode() for name, text in side.items() if text is not None} for side in sides)
    diff = b"".join(
        whole(name, sides[0][name], sides[1][name])
        for name in (HEADER, SOURCE)
        if sides[0][name] != sides[1][name]
    )
    result = split(diff, parse_plan(plan), base=base if with_base else None, jobs=jobs)
    return base, final, result


def seen(result: SplitResult) -> list[tuple[str, str, str]]:
    return [(change.path, change.milestone, change.kind.value) for change in result.changes]


def kinds(result: SplitResult, path: str = SOURCE) -> set[str]:
    return {kind for name, _, kind in seen(result) if name == path}


def check(tmp_path: Path, base: dict[str, bytes], final: dict[str, bytes], result: SplitResult) -> None:
    """Compose, and compile each step: a null layer changes no object."""
    check_composes(tmp_path / "layers", base, final, patch_files(result).values())
    check_composes(tmp_path / "chunks", base, final, chunk_files(result).values())
    made = list(objects(tmp_path, base, result).items())
    null = {m.patches[0][0] for m in result.milestones if m.layer == "null" and m.patches}
    for (_, before), (name, after) in zip(made, made[1:], strict=False):
        assert not [text for text in after.values() if b"error" in text], name
        assert name not in null or before == after, name


def test_the_definitions_that_the_base_has_are_in_force_from_the_start(tmp_path: Path) -> None:
    text = guarded(DEFINES)
    base, final, result = run((text, text))
    assert set(seen(result)) == {
        (SOURCE, "macros", "vocabulary"), (SOURCE, "macros", "null-macro"), (SOURCE, "nulls", "null-macro"),
    }  # fmt: skip
    assert result.warnings == ()
    assert {m.slug: m.proof.verdict for m in result.milestones}["nulls"] == "proved"
    assert all("inert-headers" not in change.assumptions for change in result.changes)
    check(tmp_path, base, final, result)


def test_definitions_that_the_monolith_adds_come_with_their_milestones(tmp_path: Path) -> None:
    base, final, result = run((guarded(""), guarded(DEFINES)))
    assert kinds(result) == {"null-macro", "vocabulary"}
    assert kinds(result, HEADER) == {"vocabulary"}
    lines = {c.after.decode().strip(): c.milestone for c in result.changes if c.path == HEADER}
    assert lines["#define INIT_VNET(x)"] == "nulls"
    assert set(lines.values()) == {"macros", "nulls"}
    check(tmp_path, base, final, result)
    digests = result.table_sha256
    assert len({digests[slug]["default"] for slug in ("heads-up", "macros", "nulls")}) == 3
    assert digests["nulls"] == digests["meat"]


def test_a_header_that_the_monolith_creates_comes_with_the_first_that_it_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vimagetrack.engine.split.run.BATCH_BYTES", 1)  # a file is worth a process
    base, final, result = run((None, guarded(DEFINES)))
    assert seen(result)[0] == (HEADER, "macros", "vocabulary")
    assert kinds(result) == {"null-macro", "vocabulary"}
    assert {proof.verdict for row in result.layer_files for proof in row.proofs} == {"proved"}
    check(tmp_path, base, final, result)
    assert report_json(result) == report_json(run((None, guarded(DEFINES)), jobs=2)[2])


def test_a_created_header_that_holds_more_is_meat_and_so_are_its_uses(tmp_path: Path) -> None:
    base, final, result = run((None, guarded(DEFINES + "extern int more;\n")))
    assert {kind for _, _, kind in seen(result)} == {"meat"}
    check(tmp_path, base, final, result)


def test_a_null_milestone_after_the_meat_may_use_a_header_that_came_with_it(tmp_path: Path) -> None:
    late = '[[milestone]]\nslug = "late"\ntitle = "Late"\nlayer = "null"\nmacros = ["V_*", "INIT_*"]\n'
    plan = NO_TABLE.replace('macros = ["V_*", "SYSCTL_*"]', 'macros = ["X_*"]').replace('"INIT_*", ', "")
    plan = plan.replace("[[rule]]", late + "[[rule]]", 1)
    base, final, result = run((None, guarded(DEFINES + "extern int more;\n")), plan=plan)
    assert ("late", "null-macro") in {(m, k) for p, m, k in seen(result) if p == SOURCE}
    check(tmp_path, base, final, result)


def test_a_definition_that_changes_is_meat_and_is_in_force_from_then_on(tmp_path: Path) -> None:
    old = guarded(DEFINES)
    new = guarded(DEFINES.replace("#define V_domain domain", "#define V_domain (domain + 1)"))
    base, final, result = run((old, new))
    assert kinds(result, HEADER) == {"meat"}
    assert ("macros", "null-macro") in {(m, k) for p, m, k in seen(result) if p == SOURCE}
    assert {m.slug: m.proof.verdict for m in result.milestones}["macros"] == "proved"
    check(tmp_path, base, final, result)


def test_a_definition_that_comes_to_the_same_may_change(tmp_path: Path) -> None:
    old = guarded(DEFINES)
    new = old.replace("#define V_domain domain", "#define V_domain VSYM(domain)")
    base, final, result = run((old, new), (NEW, NEW.replace("work();", "work(); ")))
    assert kinds(result, HEADER) == {"vocabulary"}
    check(tmp_path, base, final, result)


def test_a_definition_that_goes_is_meat() -> None:
    old = guarded(DEFINES)
    new = old.replace("#define V_domain domain\n", "")
    _, _, result = run((old, new), (NEW, NEW.replace("V_domain", "domain")))
    assert kinds(result, HEADER) == {"meat"}
    assert kinds(result) == {"null-macro"}


STATES = """
[[state]]
name = "globals"
undefine = ["STRUCTS"]
[[state]]
name = "structs"
define = ["STRUCTS=1"]
"""
BOTH = (
    "#ifdef STRUCTS\nextern struct { int _hostname, _domain; } g;\n#define V_hostname g._hostname\n"
    "#else\n#define V_hostname hostname\n#endif\n#define V_domain domain\n#define INIT_VNET(x)\n"
)


def test_the_states_decide_what_a_header_says() -> None:
    plan = NO_TABLE.replace("[[milestone]]", STATES + "[[milestone]]", 1)
    plan = plan.replace('slug = "macros"', 'slug = "macros"\nnull_in = ["globals"]')
    text = guarded(BOTH)
    _, _, result = run((text, text), plan=plan)
    assert ("macros", "null-macro") in {(m, k) for _, m, k in seen(result)}
    both = plan.replace('null_in = ["globals"]\n', "")
    _, _, result = run((text, text), plan=both)
    assert "V_hostname" not in {name for c in result.changes if c.kind == "null-macro" for name in c.macros}


def test_two_headers_that_disagree_are_not_believed() -> None:
    plan = NO_TABLE.replace('headers = ["sys/vimage.h"]', 'headers = ["sys/vimage.h", "net/vnet.h"]')
    base = {
        HEADER: guarded(DEFINES).encode(), "net/vnet.h": b"#define V_domain (other)\n", SOURCE: OLD.encode()
    }  # fmt: skip
    result = split(whole(SOURCE, OLD, NEW), parse_plan(plan), base=base)
    macros = {name for c in result.changes if c.kind == "null-macro" for name in c.macros}
    assert macros == {"V_hostname", "INIT_VNET"}
    (warning,) = result.warnings
    assert (warning.code, warning.text.split()[0]) == ("name-contested", "V_domain")


def test_a_name_that_the_base_uses_before_a_definition_comes_is_in_use() -> None:
    old, new = OLD.replace("work()", "V_domain()"), NEW.replace("work()", "V_domain()")
    _, _, result = run((guarded(""), guarded(DEFINES)), (old, new))
    assert "V_domain" not in {name for c in result.changes if c.kind == "null-macro" for name in c.macros}
    assert "name-in-use" in {warning.code for warning in result.warnings}


@pytest.mark.parametrize(
    ("header", "base", "why"),
    [
        (None, {}, "its whole text is not known"),
        ("#if 1\n", {}, "a directive that is no part of a table"),
        ("#if V(\n#endif\n", {}, "a directive that is no part of a table"),
    ],
)
def test_a_header_that_is_no_table_brings_nothing(
    header: str | None, base: dict[str, bytes], why: str
) -> None:
    texts = base | {SOURCE: OLD.encode()} | ({HEADER: header.encode()} if header else {})
    result = split(whole(SOURCE, OLD, NEW), parse_plan(NO_TABLE), base=texts)
    assert {change.kind.value for change in result.changes} == {"meat"}
    (warning,) = result.warnings
    assert (warning.code, warning.path) == ("no-table", HEADER)
    assert why in warning.text


def test_a_window_of_a_header_is_no_table() -> None:
    lines = [f"/* {number} */\n" for number in range(40)]
    old = "".join(lines)
    diff = whole(SOURCE, OLD, NEW)
    window = "".join(f" {line}" for line in lines[17:20]) + "+#define V_domain domain\n"
    window += "".join(f" {line}" for line in lines[20:23])
    diff += f"--- a/{HEADER}\n+++ b/{HEADER}\n@@ -18,6 +18,7 @@\n{window}".encode()
    plan = parse_plan(NO_TABLE)
    assert "no-table" in {w.code for w in split(diff, plan, base={SOURCE: OLD.encode()}).warnings}
    result = split(diff, plan, base={SOURCE: OLD.encode(), HEADER: old.encode()})
    assert result.warnings == ()
    assert ("macros", "vocabulary") in {(m, k) for p, m, k in seen(result) if p == HEADER}


@pytest.mark.parametrize(
    "asks",
    [
        "#if __has_include(<sys/vimage.h>)\nint there;\n#endif\n",
        "#ifdef HAVE\n#include <sys/vimage.h>\n#endif\n",
    ],
)
def test_a_tree_that_knows_the_header_already_gets_it_as_meat(asks: str) -> None:
    _, _, result = run((None, guarded(DEFINES)), (asks + OLD, asks + NEW))
    assert {kind for _, _, kind in seen(result)} == {"meat"}


def test_a_condition_that_no_state_decides_is_told() -> None:
    text = guarded(DEFINES + "#ifdef SMP\n#define V_smp smp\n#endif\n")
    _, _, result = run((text, text))
    assert [(w.code, "SMP" in w.text) for w in result.warnings] == [("table-unknown", True)]


def test_a_mixed_milestone_has_its_definitions_in_its_null_part(tmp_path: Path) -> None:
    start, end = NO_TABLE.index('[[milestone]]\nslug = "macros"'), NO_TABLE.index("[[rule]]")
    one = '[[milestone]]\nslug = "all"\ntitle = "All"\nlayer = "mixed"\n'
    plan = NO_TABLE[:start] + one + NO_TABLE[end:].replace('milestone = "jail"', 'milestone = "all"')
    plan = plan.replace('meat = "meat"', 'meat = "all"')
    header = (guarded(""), guarded(DEFINES + "extern int more;\n"))
    base, final, result = run(header, (OLD, NEW.replace("domain);", "domain + 1);")), plan)
    patches = [name for m in result.milestones for name, _ in m.patches]
    assert patches == ["02-all.1-null.patch", "02-all.2-meat.patch"]
    assert kinds(result, HEADER) == {"vocabulary", "meat"}
    made = objects(tmp_path, base, result)
    assert made["base"] == made[patches[0]] != made[patches[1]]
    check_composes(tmp_path / "layers", base, final, patch_files(result).values())


def test_after_a_landing_what_comes_late_is_a_straggler(tmp_path: Path) -> None:
    plan = NO_TABLE.replace('slug = "macros"', 'slug = "macros"\nlanded_on = 2008-06-15')
    old = DEFINES.replace("#define V_domain domain\n", "")
    base, final, result = run((guarded(old), guarded(DEFINES)), plan=plan)
    assert {(m, k) for _, m, k in seen(result)} == {("nulls", "vocabulary"), ("nulls", "null-macro")}
    assert {c.straggler_of for c in result.changes if "V_domain" in c.macros} == {"macros"}
    check(tmp_path, base, final, result)


def test_families_stand_beside_the_headers() -> None:
    plan = NO_TABLE.replace('slug = "macros"', 'slug = "macros"\nfamilies = ["W_*"]', 1)
    text = guarded(DEFINES)
    _, _, result = run((text, text), (OLD, NEW.replace("V_domain", "W_domain")), plan)
    assert kinds(result) == {"vocabulary", "null-macro"}
    _, _, result = run((text, text), ("int W_domain;\n" + OLD, "int W_domain;\n" + NEW), plan)
    assert "name-in-use" in {warning.code for warning in result.warnings}


def test_without_names_in_the_plan_everything_of_the_headers_is_of_the_transition() -> None:
    plan = NO_TABLE.replace('macros = ["V_*", "SYSCTL_*"]\n', "").replace(
        'macros = ["INIT_*", "VNET_*"]\n', ""
    )
    text = guarded(DEFINES)
    _, _, result = run((text, text), plan=plan)
    assert {(m, k) for _, m, k in seen(result)} == {("macros", "vocabulary"), ("macros", "null-macro")}


def test_whole_hunks_are_enough() -> None:
    _, _, result = run((None, guarded(DEFINES)), with_base=False)
    assert HEADER in {path for path, _, kind in seen(result) if kind == "vocabulary"}


# --- texts of headers beside a table of the plan


def test_a_header_that_says_what_the_table_says_needs_no_assumption() -> None:
    plan = PLAN.replace('"inert-headers", ', "")
    text = guarded("#define V_hostname hostname\n#define V_domain domain\n")
    source = (OLD, NEW.replace("\tINIT_VNET(x);\n", ""))
    _, _, result = run((text, text), source, plan)
    assert kinds(result) == {"vocabulary", "null-macro"}
    for other in (text + "int more;\n", text.replace("V_domain domain", "V_domain other"), None):
        _, _, result = run((other, other), source, plan)
        assert "vocabulary" not in kinds(result)
    _, _, result = run((guarded(""), text), source, plan)
    assert kinds(result) == {"vocabulary", "null-macro"}
    _, _, result = run((guarded(""), text + "int more;\n"), source, plan)
    assert kinds(result) == {"vocabulary", "null-macro"}  # it holds no more than that in this layer
    assert kinds(result, HEADER) == {"vocabulary", "meat"}


def test_an_include_that_is_refused_and_comes_too_late_is_told() -> None:
    text = guarded(DEFINES + "extern int more;\n")
    _, _, result = run((text, text))
    assert ("meat", "meat") in {(m, k) for p, m, k in seen(result) if p == SOURCE}
    first = result.order[0]
    assert (first.used_in, first.used_path, first.defined_in, first.defined_path) == (
        "macros", SOURCE, "meat", SOURCE
    )  # fmt: skip
    assert first.identifier in ("V_domain", "V_hostname")
    assert first.defined_lineno == 1
    granted = NO_TABLE.replace("assume = [", 'assume = ["inert-headers", ')
    assert run((text, text), plan=granted)[2].order == ()
