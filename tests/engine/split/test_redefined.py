"""A null milestone that redefines a macro is judged on every use of it, also where it changes nothing."""

from __future__ import annotations

import pytest

from tests.engine.split.test_split import FRAME, PLAN, body, whole
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split

SECOND = """
[[milestone]]
slug = "second"
title = "Second"
layer = "null"
macros = ["W_*"]
table = '''
#define W_x x
%s
'''
"""
USES, OTHER = "sys/a.c", "sys/b.c"


def plan(redefines: str) -> str:
    return PLAN.replace('[[milestone]]\nslug = "meat"', SECOND % redefines + '[[milestone]]\nslug = "meat"')


def run(redefines: str, uses: tuple[str | None, str | None]) -> SplitResult:
    texts = [None if text is None else FRAME + text for text in uses]
    base = {OTHER: FRAME.encode() + b"int g(void)\n{\n\treturn (x);\n}\n"}
    final = base[OTHER].replace(b"(x)", b"(W_x)").decode()
    if texts[0] is not None:
        base[USES] = texts[0].encode()
    diff = whole(USES, *texts) + whole(OTHER, base[OTHER].decode(), final)
    return split(diff, parse_plan(plan(redefines)), base=base)


def proofs(result: SplitResult) -> dict[str, str | None]:
    return {milestone.slug: milestone.proof.verdict for milestone in result.milestones}


RENAMED = (body("return (hostname);"), body("return (V_hostname);"))
USED_SINCE_LONG = body("return (VNET(hostname));")


@pytest.mark.parametrize(
    ("redefines", "expected"),
    [
        ("#define V_hostname (other)", "undecided"),
        ("#define V_hostname domain", "undecided"),
        ("#define V_hostname (hostname)", "proved"),  # the same once expanded
        ("#define V_hostname V_new\n#define V_new hostname", "proved"),
        ("#define V_domain hostname", "proved"),  # nobody uses it
        ("#undef V_hostname", "undecided"),
    ],
)
def test_an_unchanged_use_is_judged(redefines: str, expected: str) -> None:
    result = run(redefines, RENAMED)
    assert proofs(result)["macros"] == "proved"
    assert proofs(result)["second"] == expected
    told = [warning for warning in result.warnings if warning.code == "redefined"]
    assert len(told) == (expected == "undecided")
    for warning in told:
        assert warning.path == USES
        assert "V_hostname in line 19" in warning.text, warning.text


def test_a_use_through_another_macro_is_seen() -> None:
    old, new = body("return (hostname + 1);"), body("return (V_hostname + 1);")
    result = run("#define V_a other\n#define V_hostname V_a", (old, new))
    assert proofs(result)["second"] == "undecided"


def test_files_that_come_and_go_are_judged_while_they_are_there() -> None:
    use = body("return (V_hostname);")
    assert proofs(run("#define V_hostname other", (None, use)))["second"] == "proved"  # comes with the meat
    early = plan("#define V_hostname other").replace('layer = "announce"', 'layer = "meat"')
    early = early.replace('meat = "meat"', 'meat = "heads-up"')
    diff = whole(USES, None, FRAME + use)
    assert proofs(split(diff, parse_plan(early)))["second"] is None  # it has no change, so it claims nothing


def test_a_use_through_a_macro_of_another_file_is_seen() -> None:
    header = "sys/k.h"
    base = {header: b"#define K V_hostname\nint x;\n", OTHER: b"int g(void)\n{\n\treturn (x + K);\n}\n"}
    final = {header: b"#define K V_hostname\nint x, y;\n", OTHER: base[OTHER].replace(b"x +", b"W_x +")}
    diff = b"".join(whole(name, base[name].decode(), final[name].decode()) for name in base)
    text = plan("#define V_hostname other").replace(
        'layer = "announce"', 'layer = "announce"\nlanded_on = 2008-01-01'
    )
    text = text.replace('slug = "macros"', 'slug = "macros"\nlanded_on = 2008-01-02')
    result = split(diff, parse_plan(text), base=base)
    assert proofs(result)["second"] != "proved"
    assert [change.kind.value for change in result.changes if change.path == OTHER] == ["meat"]


def test_a_body_in_a_file_of_no_language_is_a_use() -> None:
    base = {"sys/k.inc": b"#define K V_hostname\nint x;\n", USES: (FRAME + RENAMED[0]).encode()}
    diff = whole("sys/k.inc", "#define K V_hostname\nint x;\n", "#define K V_hostname\nint x, y;\n")
    diff += whole(USES, FRAME + RENAMED[0], FRAME + RENAMED[1])
    result = split(diff, parse_plan(PLAN), base=base)
    assert [warning.code for warning in result.warnings] == ["name-in-use"]


def test_a_name_that_an_earlier_layer_uses_before_its_macro_comes() -> None:
    early = plan("").replace(
        'slug = "second"', 'slug = "early"\ntitle = "E"\nlayer = "meat"\n[[milestone]]\nslug = "second"'
    )
    early = early.replace('meat = "meat"', 'meat = "early"')
    old = body("return (1);")
    base = {USES: (FRAME + old).encode(), OTHER: FRAME.encode() + b"int g(void)\n{\n\treturn (x);\n}\n"}
    final = {USES: (FRAME + body("return (W_x);")), OTHER: base[OTHER].replace(b"(x)", b"(W_x)").decode()}
    diff = b"".join(whole(name, base[name].decode(), final[name]) for name in base)
    result = split(diff, parse_plan(early), base=base)
    assert proofs(result)["second"] == "undecided"
    assert [warning.path for warning in result.warnings if warning.code == "redefined"] == [USES]


RENAME = b"diff --git a/sys/o.c b/sys/p.c\nsimilarity index 100%\nrename from sys/o.c\nrename to sys/p.c\n"
MODE = b"diff --git a/sys/o.c b/sys/o.c\nold mode 100644\nnew mode 100755\n"


@pytest.mark.parametrize(("name", "section"), [("sys/o.c", RENAME), ("sys/o.c", MODE)])
def test_the_base_of_a_file_that_only_moves_is_judged(name: str, section: bytes) -> None:
    base = {name: b"int f(void) { return V_hostname; }\n", OTHER: b"int g(void)\n{\n\treturn (x);\n}\n"}
    diff = whole(OTHER, base[OTHER].decode(), base[OTHER].replace(b"(x)", b"(W_x)").decode()) + section
    text = plan("#define V_hostname other").replace(
        'slug = "macros"', 'slug = "macros"\nlanded_on = 2008-01-02'
    )
    assert proofs(split(diff, parse_plan(text), base=base))["second"] == "undecided"


def test_a_file_that_another_tool_makes_code_of_is_not_believed() -> None:
    grammar = "sys/g.y"
    base = {grammar: b"%%\na: { x = V_hostname; }\n", OTHER: b"int g(void)\n{\n\treturn (x);\n}\n"}
    diff = whole(OTHER, base[OTHER].decode(), base[OTHER].replace(b"(x)", b"(W_x)").decode())
    diff += whole(grammar, base[grammar].decode(), base[grammar].decode() + "b: ;\n")
    text = plan("#define V_hostname other").replace(
        'slug = "macros"', 'slug = "macros"\nlanded_on = 2008-01-02'
    )
    result = split(diff, parse_plan(text), base=base)
    assert proofs(result)["second"] == "undecided"
    assert "line 2" in next(w.text for w in result.warnings if w.code == "redefined")


def test_a_milestone_that_brings_what_is_in_use_is_undecided() -> None:
    old = body("return (V_hostname + domain);")
    base = {USES: (FRAME + old).encode()}
    diff = whole(USES, FRAME + old, FRAME + body("return (V_hostname + V_domain);"))
    result = split(diff, parse_plan(PLAN), base=base)
    assert proofs(result)["macros"] == "undecided"
    assert [change.verdict for change in result.changes] == ["proved"]  # of the change itself it is said


def test_a_helper_that_the_base_defines_otherwise_is_not_believed() -> None:
    helped = PLAN.replace("#define V_hostname hostname", "#define H(x) x\n#define V_hostname H(hostname)")
    old, new = body("return (hostname * 2);"), body("return (V_hostname * 2);")
    for header, kind in (("#define H(x) x+1\nint a;\n", "meat"), ("#define H(x) x\nint a;\n", "null-macro")):
        base = {USES: (FRAME + old).encode(), "sys/k.h": header.encode()}
        diff = whole(USES, FRAME + old, FRAME + new) + whole("sys/k.h", header, header + "int b;\n")
        result = split(diff, parse_plan(helped), base=base)
        assert [change.kind.value for change in result.changes if change.path == USES] == [kind]
