"""Scaffolds in the layers: a step writes what it needs into a header, and a later one takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.split.tools import check_composes, diff_of, grown
from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.output import chunk_files, patch_files, report_json
from vimagetrack.engine.plan import Plan, parse_plan
from vimagetrack.engine.split import Change, Kind, SplitResult, split

HEAD = """
[project]
name = "Test"
slug = "test"
headers = ["sys/vimage.h"]
assume = ["line-numbers", "warnings-not-errors", "closed-world", "inert-headers"]
[[state]]
name = "globals"
undefine = ["STRUCTS"]
[[state]]
name = "structs"
define = ["STRUCTS=1"]
"""
MACROS = """
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
scaffold = "sys/vimage.h"
table = '''
#define V_host host
#define VSYM(x) (x)
#define V_dom VSYM(dom)
'''
macros = ["V_*"]
"""
STRUCTS = """
[[milestone]]
slug = "structs"
title = "Structures"
layer = "null"
null_in = ["globals"]
scaffold = "sys/vimage.h"
table = '''
#ifdef STRUCTS
#define V_host g.host
#else
#define V_host host
#endif
'''
"""
MEAT = """
[[milestone]]
slug = "meat"
title = "Meat"
layer = "meat"
"""
LATE = """
[[milestone]]
slug = "late"
title = "Later"
layer = "open"
[[rule]]
paths = ["late/**"]
milestone = "late"
[[rule]]
touches = ["late"]
milestone = "late"
[defaults]
meat = "meat"
"""
PLAN = HEAD + MACROS + MEAT + LATE

GUARDED = b"#ifndef _VIMAGE_H_\n#define _VIMAGE_H_\n\n/* nothing yet */\n\n#endif /* !_VIMAGE_H_ */\n"
BEGIN = b"/* VimageTrack scaffold of milestone %s: begin */\n"
END = b"/* VimageTrack scaffold of milestone %s: end */\n"
LINES = b"#define V_host host\n#define VSYM(x) (x)\n#define V_dom VSYM(dom)\n"
BLOCK = BEGIN % b"macros" + LINES + END % b"macros"
USE = b'#include "vimage.h"\n\nint\nf(void)\n{\n\treturn (%s);\n}\n'

BASE = {"sys/a.c": USE % b"host", "sys/vimage.h": GUARDED}
#: The header that the monolith ends with.
OWN = GUARDED.replace(b"/* nothing yet */\n", b"#define V_host this->host\n#define V_dom this->dom\n")
FINAL = {"sys/a.c": USE % b"V_host", "sys/vimage.h": OWN}


def run(
    final: dict[str, bytes] | None = None,
    *,
    base: dict[str, bytes] | None = None,
    plan: Plan | str = PLAN,
    jobs: int = 1,
) -> SplitResult:
    """Split the way from one tree to another."""
    base, final = base or BASE, final or FINAL
    plan = parse_plan(plan) if isinstance(plan, str) else plan
    return split(diff_of(base, final), plan, base=base, jobs=jobs)


def headers(result: SplitResult, base: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """Give the header after each layer, by the patch's name."""
    trees = grown(base or BASE, patch_files(result).values())
    names = ["base", *patch_files(result)]
    return {name: tree["sys/vimage.h"] for name, tree in zip(names, trees, strict=True)}


def scaffolds(result: SplitResult) -> list[Change]:
    return [change for change in result.changes if change.rule == "scaffold"]


# --- what comes and what goes


def test_a_null_step_writes_its_macros_and_the_monoliths_first_edit_takes_them_back(tmp_path: Path) -> None:
    result = run()
    after = headers(result)
    assert after["01-macros.patch"] == GUARDED.replace(b"#endif", BLOCK + b"#endif")
    assert after["02-meat.patch"] == OWN
    put, taken = scaffolds(result)
    assert (put.milestone, put.kind, put.verdict, put.added, put.removed) == (
        "macros", Kind.VOCABULARY, "proved", 5, 0,
    )  # fmt: skip
    assert put.macros == ("VSYM", "V_dom", "V_host")
    assert "does not contain" in put.reason
    assert (taken.milestone, taken.kind, taken.verdict, taken.added, taken.removed) == (
        "meat", Kind.MEAT, "undecided", 0, 5,
    )  # fmt: skip
    assert taken.reason == "What macros wrote goes, and this file no longer defines VSYM."
    assert [row.proof.verdict for row in result.milestones][:1] == ["proved"]
    check_composes(tmp_path / "layers", BASE, FINAL, patch_files(result).values())
    check_composes(tmp_path / "chunks", BASE, FINAL, chunk_files(result).values())


def test_no_line_of_the_monolith_is_a_scaffolds() -> None:
    for change in scaffolds(run()):
        assert (change.old, change.new) == ((5, 0), (6, 0))


def test_a_file_that_the_monolith_leaves_alone_is_taken_back_in_the_last_layer(tmp_path: Path) -> None:
    final = {**BASE, "sys/a.c": USE % b"V_host + 1", "late/b.c": b"int b;\n"}
    result = run(final)
    after = headers(result)
    assert after["02-meat.patch"] == after["01-macros.patch"] != GUARDED
    assert after["03-late.patch"] == GUARDED
    assert result.files == 2
    assert "no longer defines VSYM, V_dom, V_host." in scaffolds(result)[1].reason
    check_composes(tmp_path, BASE, final, chunk_files(result).values())


def test_a_null_layers_edit_of_the_file_leaves_the_scaffold_alone() -> None:
    final = {**FINAL, "sys/vimage.h": GUARDED.replace(b"nothing", b"nothing   at   all")}
    base = {**BASE, "sys/vimage.h": GUARDED}
    after = headers(run(final, base=base), base)
    assert BLOCK in after["01-macros.patch"]
    assert BLOCK not in after["03-late.patch"]


def test_what_the_monolith_defines_itself_in_the_layer_is_not_written_twice() -> None:
    mine = GUARDED.replace(b"/* nothing yet */", b"#define V_host host\n#define V_dom late")
    result = run({**FINAL, "sys/vimage.h": mine})
    layer = headers(result)["01-macros.patch"]
    assert layer.count(b"#define V_host") == 1
    assert scaffolds(result)[0].macros == ("VSYM", "V_dom")


def test_the_same_answer_with_any_number_of_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vimagetrack.engine.split.run.BATCH_BYTES", 1)  # a file is worth a process
    assert report_json(run(jobs=1)) == report_json(run(jobs=2)) == report_json(run(jobs=7))


def test_a_scaffold_of_a_meat_milestone_is_meat() -> None:
    plan = HEAD + MACROS.replace('"null"', '"meat"') + MEAT + LATE
    result = run({**FINAL, "sys/vimage.h": GUARDED}, plan=plan)
    assert [(change.milestone, change.kind, change.verdict) for change in scaffolds(result)] == [
        ("macros", Kind.MEAT, "undecided"), ("late", Kind.MEAT, "undecided"),
    ]  # fmt: skip


# --- two milestones, one file


def test_two_scaffolds_stand_in_order_and_no_macro_is_defined_in_both(tmp_path: Path) -> None:
    result = run(plan=HEAD + MACROS + STRUCTS + MEAT + LATE)
    after = headers(result)
    assert after["01-macros.patch"] == GUARDED.replace(b"#endif /*", BLOCK + b"#endif /*")
    rest = BLOCK.replace(b"#define V_host host\n", b"")
    branches = b"#ifdef STRUCTS\n#define V_host g.host\n#else\n#define V_host host\n#endif\n"
    second = BEGIN % b"structs" + branches + END % b"structs"
    assert after["02-structs.patch"] == GUARDED.replace(b"#endif /*", rest + second + b"#endif /*")
    assert after["03-meat.patch"] == OWN
    assert {change.kind for change in scaffolds(result) if change.milestone == "structs"} == {Kind.VOCABULARY}
    assert [row.proof.verdict for row in result.milestones][:2] == ["proved", "proved"]
    check_composes(tmp_path / "layers", BASE, FINAL, patch_files(result).values())
    check_composes(tmp_path / "chunks", BASE, FINAL, chunk_files(result).values())


def test_a_later_table_that_repeats_a_definition_does_not_move_it() -> None:
    again = STRUCTS.replace("#ifdef STRUCTS", "#define VSYM(x) (x)\n#define V_dom VSYM(dom)\n#ifdef STRUCTS")
    result = run(plan=HEAD + MACROS + again + MEAT + LATE)
    second = [change for change in scaffolds(result) if change.milestone == "structs" and change.added]
    assert [change.macros for change in second] == [("V_host",)]


def test_a_redefinition_in_some_states_only_is_refused_by_the_kernel_and_told(tmp_path: Path) -> None:
    some = STRUCTS.replace("#else\n#define V_host host\n", "").replace(
        'null_in = ["globals"]', 'null_in = ["structs"]'
    )
    result = run(plan=HEAD + MACROS + some + MEAT + LATE)
    assert b"structs" not in b"".join(headers(result).values())
    told = [warning.text for warning in result.warnings if warning.code == "scaffold"]
    assert len(told) == 1
    assert told[0].startswith("The scaffold of structs is not written")
    check_composes(tmp_path, BASE, FINAL, patch_files(result).values())


# --- what it may not be


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sys/vimage.h": None}, "deletes that file"),
        ({"sys/vimage.h": None, "sys/vnet.h": GUARDED}, "deletes that file"),
    ],
)
def test_no_scaffold_where_the_file_goes(change: dict[str, bytes | None], words: str) -> None:
    final = {name: text for name, text in {**FINAL, **change}.items() if text is not None}
    with pytest.raises(PlanError, match=words):
        run(final)


def test_no_scaffold_in_a_file_that_only_the_monolith_creates() -> None:
    base = {"sys/a.c": BASE["sys/a.c"]}
    with pytest.raises(PlanError, match=r"sys/vimage.h: only the monolith creates that file. Commit it"):
        run(base=base)


@pytest.mark.parametrize(
    "head",
    [
        b"rename from sys/vimage.h\nrename to sys/vnet.h\n",
        b"copy from sys/vimage.h\ncopy to sys/vnet.h\n",
    ],
)
def test_no_scaffold_in_a_file_that_moves(head: bytes) -> None:
    other = b"vnet.h"
    section = b"diff --git a/sys/vimage.h b/sys/%s\nsimilarity index 100%%\n%s" % (other, head)
    monolith = section + diff_of({"sys/a.c": BASE["sys/a.c"]}, {"sys/a.c": FINAL["sys/a.c"]})
    with pytest.raises(PlanError, match="moves, copies or replaces"):
        split(monolith, parse_plan(PLAN), base=BASE)


def test_no_scaffold_in_a_file_whose_mode_changes() -> None:
    section = b"diff --git a/sys/vimage.h b/sys/vimage.h\nold mode 100644\nnew mode 100755\n"
    with pytest.raises(PlanError, match="moves, copies or replaces"):
        split(section, parse_plan(PLAN), base=BASE)


def test_no_scaffold_where_the_text_is_not_known() -> None:
    only = {"sys/a.c": BASE["sys/a.c"]}
    monolith = diff_of(only, {"sys/a.c": FINAL["sys/a.c"]})
    for base in (None, only):
        result = split(monolith, parse_plan(PLAN), base=base)
        (told,) = [warning for warning in result.warnings if warning.code == "scaffold"]
        assert told.path == "sys/vimage.h"
        assert "scaffold of macros is not written" in told.text
        assert told.text.endswith("the monolith does not touch it. State the base.")
        assert {change.path for change in result.changes} == {"sys/a.c"}


def test_no_scaffold_without_a_later_layer() -> None:
    plan = HEAD + MEAT + MACROS
    with pytest.raises(PlanError, match=r"no later layer could take it back.*layer is \"meat\""):
        run(plan=plan)


def test_no_scaffold_in_a_file_that_is_no_c() -> None:
    with pytest.raises(PlanError, match="that file is no C"):
        run(plan=PLAN.replace('scaffold = "sys/vimage.h"', 'scaffold = "sys/Makefile"'))


def test_a_milestone_that_has_landed_asks_for_nothing() -> None:
    plan = PLAN.replace('scaffold = "sys/vimage.h"', 'scaffold = "gone.h"\nlanded_on = 2008-06-15')
    assert scaffolds(run(plan=plan)) == []


def test_a_scaffold_with_nothing_to_write_is_told() -> None:
    plan = PLAN.replace("#define V_host host\n", "").replace("#define VSYM(x) (x)\n", "")
    plan = plan.replace("#define V_dom VSYM(dom)\n", "") + '[[area]]\nname = "a"\npaths = ["a"]\n'
    result = run(plan=plan)
    assert [warning.text for warning in result.warnings if warning.code == "scaffold"] == [
        "The scaffold of macros is empty: no table defines what that milestone brings"
    ]


# --- names that mean something already


def test_a_name_in_use_is_left_out() -> None:
    base = {**BASE, "sys/b.c": b"int V_dom;\n"}
    result = run({**FINAL, "sys/b.c": b"int V_dom, late;\n"}, base=base)
    assert scaffolds(result)[0].macros == ("VSYM", "V_host")


def test_a_block_that_is_not_proved_is_not_written_and_told(tmp_path: Path) -> None:
    plan = PLAN.replace("#define V_host host", "#ifdef NOBODY_KNOWS\n#endif\n#define V_host host")
    assert [change.verdict for change in scaffolds(run(plan=plan))] == ["proved", "undecided"]
    plan = PLAN.replace("#define V_host host", "#ifndef NOBODY_KNOWS\n#define V_host host\n#endif")
    result = run(plan=plan)
    assert scaffolds(result) == []
    (told,) = [warning for warning in result.warnings if warning.code == "scaffold"]
    assert told.path == "sys/vimage.h"
    assert "since it is not proved: " in told.text
    check_composes(tmp_path, BASE, FINAL, patch_files(result).values())


def test_the_order_check_knows_what_a_scaffold_defines() -> None:
    plan = HEAD + MACROS + MEAT + LATE.replace('layer = "open"', 'layer = "mixed"\nmacros = ["VSYM"]')
    final = {**FINAL, "sys/a.c": USE % b"VSYM(host) + 1"}
    assert [finding.identifier for finding in run(final, plan=plan).order] == []
    without = plan.replace('scaffold = "sys/vimage.h"', "")
    assert [finding.identifier for finding in run(final, plan=without).order] == ["VSYM"]


# --- after it has landed


def landed(plan: Plan, *slugs: str) -> Plan:
    milestones = (replace(m, landed_on=date(2008, 6, 15)) if m.slug in slugs else m for m in plan.milestones)
    return replace(plan, milestones=tuple(milestones))


def told(result: SplitResult, *but: str) -> list[tuple[object, ...]]:
    """Give what a reader keeps of the changes, in their order."""
    return [
        (c.path, c.milestone, c.kind, c.verdict, c.fingerprint)
        for c in result.changes
        if c.milestone not in but
    ]


def check_landing(base: dict[str, bytes], final: dict[str, bytes], plan: Plan, slugs: list[str]) -> None:
    """Land milestone after milestone; what remains must stay what it was."""
    before = split(diff_of(base, final), plan, base=base)
    patches = patch_files(before)
    for number, slug in enumerate(slugs, 1):
        mine = [patch for name, patch in patches.items() if name.split("-", 1)[1].startswith(slug + ".")]
        base = grown(base, mine)[-1]
        plan = landed(plan, slug)
        after = split(diff_of(base, final), plan, base=base)
        wanted = [row for row in told(before, *slugs[:number]) if row[0] == "sys/vimage.h"]
        assert [row for row in told(after) if row[0] == "sys/vimage.h"] == wanted
        assert not any(change.straggler_of for change in after.changes)
        assert grown(base, patch_files(after).values())[-1] == final
        patches = patch_files(after)


@pytest.mark.parametrize("slugs", [["macros"], ["macros", "structs"]])
def test_a_landed_scaffold_goes_where_it_went_before(slugs: list[str]) -> None:
    plan = parse_plan(HEAD + MACROS + STRUCTS + MEAT + LATE)
    check_landing(BASE, FINAL, plan, slugs)


def test_a_landed_scaffold_of_a_file_that_the_monolith_leaves_alone_goes_in_the_last_layer() -> None:
    final = {**BASE, "sys/a.c": USE % b"V_host + 1"}
    check_landing(BASE, final, parse_plan(PLAN), ["macros"])


def test_how_a_tool_pairs_the_lines_of_a_block_does_not_count() -> None:
    own = GUARDED.replace(
        b"/* nothing yet */", b"int a;\n#define VSYM(x) (x)\n#define V_dom VSYM(dom)\nint b;"
    )
    base = {**BASE, "sys/vimage.h": GUARDED.replace(b"#endif", BLOCK + b"#endif")}
    monolith = diff_of(base, {**FINAL, "sys/vimage.h": own})
    assert b"\n #define VSYM(x) (x)\n" in monolith  # the block's line is taken for the monolith's
    check_landing(BASE, {**FINAL, "sys/vimage.h": own}, parse_plan(PLAN), ["macros"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"#define V_host host\n", b"#define V_host hostname\n"),
        (b"#define V_host host\n", b"#define V_host host\nint x;\n"),
        (b"#define V_host host\n", b"#define V_host host /* ? */\n"),
        (b"milestone macros: end", b"milestone macros: END"),
        (BEGIN % b"macros", b"int x; " + BEGIN % b"macros"),
        (LINES, b"#define V_dom VSYM(dom)\n#define V_host host\n"),
    ],
)
def test_an_edited_block_is_text_like_any_other(old: bytes, new: bytes) -> None:
    text = GUARDED.replace(b"#endif", BLOCK.replace(old, new) + b"#endif")
    base = {"sys/a.c": FINAL["sys/a.c"], "sys/vimage.h": text}
    result = split(diff_of(base, FINAL), landed(parse_plan(PLAN), "macros"), base=base)
    assert scaffolds(result) == []
    assert {change.milestone for change in result.changes} == {"meat"}
    assert grown(base, patch_files(result).values())[-1] == FINAL


def test_a_block_that_the_monolith_keeps_is_text_like_any_other() -> None:
    text = GUARDED.replace(b"#endif", BLOCK + b"#endif")
    base = {"sys/a.c": FINAL["sys/a.c"], "sys/vimage.h": text}
    final = {**base, "sys/vimage.h": text.replace(b"nothing yet", b"something")}
    result = split(diff_of(base, final), landed(parse_plan(PLAN), "macros"), base=base)
    assert scaffolds(result) == []
    assert grown(base, patch_files(result).values())[-1] == final


def test_a_block_in_the_base_is_not_written_again() -> None:
    """It has landed, and nobody has recorded that."""
    base = {"sys/a.c": BASE["sys/a.c"], "sys/vimage.h": GUARDED.replace(b"#endif", BLOCK + b"#endif")}
    result = run(base=base)
    assert [(change.milestone, change.old) for change in scaffolds(result)] == [("meat", (6, 5))]


# --- random edits around the block

KINDS = ("int x%d;", "/* a%d */", "#define A%d 1", "struct s%d { int a; };", "int  y%d ;\t")
OWNS = ("#define V_host this->host", "#define V_dom this->dom", "int late;")


@st.composite
def header_pairs(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Draw a header before and after: no two lines are equal, so that there is one way to pair them."""
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=8))
    old = [kind % number for number, kind in enumerate(kinds)]
    new = [line for line in old if draw(st.integers(0, 3))]
    new = [" ".join(line.split()) if draw(st.booleans()) else line for line in new]
    for number, own in enumerate(draw(st.lists(st.sampled_from((*KINDS, *OWNS)), max_size=5, unique=True))):
        new.insert(draw(st.integers(0, len(new))), own % (100 + number) if "%" in own else own)
    if draw(st.booleans()):
        old = ["#ifndef G", "#define G", *old, "#endif"]
        new = [
            "#ifndef G",
            "#define G",
            *new,
            draw(st.sampled_from(["#endif", "#endif /* G */", "#endif //"])),
        ]
        new += draw(st.lists(st.just("int below;"), max_size=1))
    eol = "\r\n" if draw(st.booleans()) else "\n"
    texts = ["".join(line + eol for line in lines).encode() for lines in (old, new)]
    return texts[0], texts[1]


@settings(max_examples=40, deadline=None)
@given(pair=header_pairs(), size=st.integers(0, 200))
def test_whatever_the_last_line_is_layers_and_chunks_add_up(pair: tuple[bytes, bytes], size: int) -> None:
    base = {**BASE, "sys/vimage.h": pair[0][:size] + b"\n"}
    final = {**FINAL, "sys/vimage.h": pair[1][:size]}
    for plan in (PLAN, HEAD + MACROS + STRUCTS + MEAT + LATE):
        result = run(final, base=base, plan=plan)
        assert grown(base, patch_files(result).values())[-1] == final
        assert grown(base, chunk_files(result).values())[-1] == final


@settings(max_examples=60, deadline=None)
@given(both=st.booleans(), pair=header_pairs())
def test_whatever_the_monolith_does_around_it_layers_add_up_before_and_after_the_landing(
    both: bool, pair: tuple[bytes, bytes]
) -> None:
    base, final = {**BASE, "sys/vimage.h": pair[0]}, {**FINAL, "sys/vimage.h": pair[1]}
    if both:
        plan = parse_plan(HEAD + MACROS + STRUCTS + MEAT + LATE)
        check_landing(base, final, plan, ["macros", "structs"])
    else:
        check_landing(base, final, parse_plan(PLAN), ["macros"])
