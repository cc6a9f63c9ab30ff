"""Splits of small monoliths: each shape of file and of change has its one place."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.engine.split.tools import check_composes, unfold
from vimagetrack.engine.diff.emit import file_patch
from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.errors import ApplyError, ParseError
from vimagetrack.engine.output import chunk_files, patch_files
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import Change, Kind, Part, Progress, SplitResult, split

PLAN = """
[project]
name = "Test"
slug = "test"
headers = ["sys/vimage.h"]
assume = ["line-numbers", "warnings-not-errors", "closed-world", "inert-headers", "bare-blocks",
    "mixed-declarations"]
[[milestone]]
slug = "heads-up"
title = "Heads-up"
layer = "announce"
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
macros = ["V_*", "SYSCTL_*"]
table = '''
#define V_hostname hostname
#define V_domain domain
#define INIT_VNET(x)
#define VNET_FOREACH(v)
'''
[[milestone]]
slug = "nulls"
title = "Null macros"
layer = "null"
macros = ["INIT_*", "VNET_*"]
[[milestone]]
slug = "meat"
title = "Meat"
layer = "meat"
[[milestone]]
slug = "jail"
title = "Jail"
layer = "meat"
[[rule]]
touches = ["jail_attach"]
milestone = "jail"
[defaults]
meat = "meat"
"""


def whole(name: str, old: str | None, new: str | None) -> bytes:
    """Write a section whose one hunk shows the whole file."""
    before, after = (body_lines((text or "").encode()) for text in (old, new))
    from difflib import SequenceMatcher

    from vimagetrack.engine.diff.emit import PatchHunk

    lines: list[tuple[bytes, bytes]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += ((b" ", line) for line in before[a:b])
        else:
            lines += ((b"-", line) for line in before[a:b])
            lines += ((b"+", line) for line in after[c:d])
    hunk = PatchHunk(old_start=int(old is not None), new_start=int(new is not None), lines=lines)
    return file_patch(
        old_path=name if old is not None else None,
        new_path=name if new is not None else None,
        old_mode=None,
        new_mode=None,
        hunks=[hunk],
    )


FRAME = "int before(void)\n{\n\treturn (0);\n}\n" + "/* far */\n" * 12


def run(old: str, new: str, *, name: str = "sys/kern/a.c", plan: str = PLAN) -> SplitResult:
    base = {name: (FRAME + old + FRAME.replace("before", "after")).encode()}
    final = FRAME + new + FRAME.replace("before", "after")
    return split(whole(name, base[name].decode(), final), parse_plan(plan), base=base)


def kinds(result: SplitResult) -> list[tuple[str, str, str]]:
    return [(change.milestone, change.kind.value, change.part.value) for change in result.changes]


def one(result: SplitResult) -> Change:
    (change,) = result.changes
    return change


def body(*lines: str) -> str:
    return "int f(int x)\n{\n" + "".join(f"\t{line}\n" for line in lines) + "}\n"


# --- what must stay meat


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return (hostname);", "return (V_other);"),
        ("return (hostname);", "return (V_domain);"),
        ('log("hostname");', 'log("V_hostname");'),
        ("x = 1;", "x = 2;"),
    ],
)
def test_what_is_not_the_same_is_meat(old: str, new: str) -> None:
    assert {kind for _, kind, _ in kinds(run(body(old), body(new)))} == {"meat"}


def test_a_macro_of_no_table_is_meat_and_says_nothing_of_proof() -> None:
    change = one(run(body("x = y;"), body("x = V_y;")))
    assert (change.kind, change.verdict, change.states) == (Kind.MEAT, "undecided", ())


def test_an_option_that_is_granted_to_nobody_keeps_the_change_meat() -> None:
    plan = PLAN.replace('"bare-blocks",', "")
    loop = body("VNET_FOREACH(v) {", "\twork();", "}")
    granted, refused = run(body("work();"), loop), run(body("work();"), loop, plan=plan)
    assert not [change for change in granted.changes if change.kind is Kind.MEAT]
    assert [change for change in refused.changes if change.kind is Kind.MEAT and b"}" in change.after]


def test_meat_says_which_macro_does_not_give_the_same() -> None:
    change = one(run(body("return (domain);"), body("return (V_hostname);")))
    assert change.rule == "tokens"
    assert "V_hostname" in change.reason


# --- null


def test_a_rename_is_null_in_the_milestone_of_its_macro() -> None:
    change = one(run(body("return (hostname);"), body("return (V_hostname);")))
    assert (change.milestone, change.kind, change.part) == ("macros", Kind.NULL_MACRO, Part.WHOLE)
    assert (change.verdict, change.states, change.macros) == ("proved", ("default",), ("V_hostname",))
    assert change.function == "f"
    assert change.before.strip() == b"return (hostname);"


def test_a_nothing_statement_lands_with_its_own_milestone() -> None:
    change = one(run(body("work();"), body("INIT_VNET(x);", "work();")))
    assert (change.milestone, change.kind, change.old, change.new) == (
        "nulls",
        Kind.NULL_MACRO,
        (18, 0),
        (19, 1),
    )


def test_a_line_that_mixes_is_split_inside() -> None:
    result = run(body("foo(hostname, 0);"), body("foo(V_hostname, 1);"))
    assert kinds(result) == [("macros", "null-macro", "null"), ("meat", "meat", "meat")]
    patches = patch_files(result)
    assert b"+\tfoo(V_hostname, 0);\n" in patches["02-macros.patch"]
    assert b"-\tfoo(V_hostname, 0);\n+\tfoo(V_hostname, 1);\n" in patches["04-meat.patch"]


def test_two_milestones_in_one_line() -> None:
    result = run(body("x = hostname;"), body("INIT_VNET(v); x = V_hostname;"))
    assert {(milestone, kind) for milestone, kind, _ in kinds(result)} == {
        ("macros", "null-macro"),
        ("nulls", "null-macro"),
    }


def test_a_reindented_loop_is_null_as_a_whole() -> None:
    old = body("for (i = 0; i < 3; i++)", "\twork(i, hostname);", "done();")
    new = body("VNET_FOREACH(v) {", "\tfor (i = 0; i < 3; i++)", "\t\twork(i, V_hostname);", "}", "done();")
    result = run(old, new)
    assert {kind for _, kind, _ in kinds(result)} <= {"null-macro", "cosmetic"}


def test_white_space_and_comments_are_cosmetic() -> None:
    result = run(body("x  = 1; /* one */"), body("x = 1; /* two */"))
    assert kinds(result) == [("macros", "cosmetic", "whole")]


def test_cosmetic_beside_meat_is_meat() -> None:
    assert kinds(run(body("x  = 1;"), body("x = 2;"))) == [("meat", "meat", "whole")]


def test_an_include_lands_with_the_first_layer_that_uses_it() -> None:
    old, new = body("return (hostname);"), body("return (V_hostname);")
    name = "sys/kern/a.c"
    base = {name: ("#include <sys/param.h>\n" + FRAME + old).encode()}
    final = "#include <sys/param.h>\n#include <sys/vimage.h>\n" + FRAME + new
    result = split(whole(name, base[name].decode(), final), parse_plan(PLAN), base=base)
    assert kinds(result) == [("macros", "vocabulary", "whole"), ("macros", "null-macro", "whole")]


# --- names that the base uses already


def test_a_name_in_use_is_reported_and_every_use_of_it_is_meat() -> None:
    """The base's own V_hostname is something else: nothing may be said of it, much of the rest."""
    old = body("V_hostname();", "return (hostname + domain);")
    new = body("V_hostname();", "return (V_hostname + V_domain);")
    result = run(old, new)
    assert kinds(result) == [("macros", "null-macro", "null"), ("meat", "meat", "meat")]
    assert result.changes[0].macros == ("V_domain",)
    (warning,) = (warning for warning in result.warnings if warning.code == "name-in-use")
    assert "V_hostname is used in line 19" in warning.text


def test_a_name_in_use_in_one_file_is_meat_in_all() -> None:
    monolith = whole("a.c", body("V_hostname();"), body("V_hostname(1);"))
    monolith += whole("b.c", body("x = hostname;"), body("x = V_hostname;"))
    assert {change.kind for change in split(monolith, parse_plan(PLAN)).changes} == {Kind.MEAT}


def test_a_word_in_a_comment_is_no_use() -> None:
    result = run(
        body("/* V_hostname, later */", "x = hostname;"), body("/* V_hostname, later */", "x = V_hostname;")
    )
    assert kinds(result) == [("macros", "null-macro", "whole")]


def test_a_landed_milestone_s_names_may_be_in_use() -> None:
    plan = PLAN.replace('title = "Macros"', 'title = "Macros"\nlanded_on = 2008-06-15')
    result = run(body("V_domain();", "x = hostname;"), body("V_domain();", "x = V_hostname;"), plan=plan)
    assert kinds(result) == [("nulls", "null-macro", "whole")]
    assert one(result).straggler_of == "macros"


# --- pieces, rules, chunks


def test_files_that_come_go_or_are_no_c() -> None:
    monolith = b"".join(
        [
            whole("sys/new.c", None, "int a;\n"),
            whole("sys/old.c", "int b;\n", None),
            whole("Makefile", "a:\n\ttrue\n", "a:\n\tfalse\n"),
        ]
    )
    result = split(monolith, parse_plan(PLAN))
    assert [(change.path, change.kind, change.old, change.new) for change in result.changes] == [
        ("sys/new.c", Kind.MEAT, (0, 0), (1, 1)),
        ("sys/old.c", Kind.MEAT, (1, 1), (0, 0)),
        ("Makefile", Kind.OPAQUE, (2, 1), (2, 1)),
    ]


def test_rules_send_meat_by_what_it_touches() -> None:
    result = run(body("x = 1;", "y();", "z();"), body("x = 2;", "y();", "jail_attach(1);"))
    assert [milestone for milestone, _, _ in kinds(result)] == ["meat", "jail"]


def test_chunks_keep_to_an_area_else_to_a_folder() -> None:
    plan = PLAN + '[[area]]\nname = "net"\npaths = ["sys/net/**", "sys/netinet/**"]\n'
    names = ["sys/net/a.c", "sys/kern/b.c", "sys/netinet/c.c", "lib/d.c", "sys/kern/sub/e.c", "f.c"]
    monolith = b"".join(whole(name, "int a;\n", "int b;\n") for name in names)
    chunks = split(monolith, parse_plan(plan)).chunks
    assert [(chunk.area, chunk.files) for chunk in chunks] == [
        ("net", ("sys/net/a.c", "sys/netinet/c.c")),
        ("", ("f.c",)),
        ("", ("lib/d.c",)),
        ("", ("sys/kern/b.c", "sys/kern/sub/e.c")),
    ]


def test_layers_and_chunks_compose(tmp_path) -> None:
    head = "int f{0}(void)\n{{\n"
    functions = [
        (
            head.format(n) + f"\twork(hostname, {n});\n}}\n",
            head.format(n) + f"\tINIT_VNET(v);\n\twork(V_hostname, {n + n % 3});\n}}\n",
        )
        for n in range(120)
    ]
    old, new = ("".join(side) for side in zip(*functions, strict=True))
    monolith = b"".join(
        [
            whole("sys/a.c", old, new),
            whole("sys/new.c", None, "int a;\n"),
            whole("sys/gone.c", "int b;", None),
        ]
    )
    result = split(monolith, parse_plan(PLAN))
    base, final = unfold(monolith)
    check_composes(tmp_path / "layers", base, final, patch_files(result).values())
    check_composes(tmp_path / "chunks", base, final, chunk_files(result).values())
    assert [
        chunk for chunk in result.chunks if chunk.kind is Kind.MEAT and chunk.added + chunk.removed > 400
    ] == []


def test_windows_of_a_diff_without_its_base(tmp_path) -> None:
    """The same, where only three lines around each change are known."""
    lines = [f"int f{n}(void)\n{{\n\twork(hostname);\n\tmore({n});\n\tend();\n}}\n" for n in range(40)]
    old = "".join(lines)
    new = old.replace("more(7)", "more(8)").replace(
        "f20(void)\n{\n\twork(hostname)", "f20(void)\n{\n\twork(V_hostname)"
    )
    import difflib

    text = "".join(
        difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), "a/s.c", "b/s.c")
    )
    result = split(text.encode(), parse_plan(PLAN))
    assert not result.whole
    check_composes(tmp_path, {"s.c": old.encode()}, {"s.c": new.encode()}, patch_files(result).values())


# --- refusals and bookkeeping


def test_a_base_that_does_not_fit_is_refused_with_its_place() -> None:
    monolith = whole("a.c", "one\ntwo\n", "one\n2\n")
    with pytest.raises(ApplyError, match=r"a\.c"):
        split(monolith, parse_plan(PLAN), base={"a.c": b"eins\nzwei\n"})


def test_a_file_that_comes_twice_is_refused() -> None:
    section = whole("a.c", "one\n", "two\n")
    with pytest.raises(ParseError, match="two sections"):
        split(section + section, parse_plan(PLAN))


def test_progress_is_told_by_stage_and_file() -> None:
    told: list[Progress] = []
    monolith = b"".join(whole(f"a{n}.c", "int a;\n", "int b;\n") for n in range(3))
    split(monolith, parse_plan(PLAN), progress=told.append)
    assert list(dict.fromkeys(progress.stage for progress in told)) == [
        "parse",
        "prove",
        "chunk",
        "recompose",
    ]
    assert [progress.done for progress in told if progress.stage == "prove"] == [1, 2, 3]


def test_fingerprints_tell_equals_apart_and_ignore_white_space() -> None:
    twice = body("x = 1;", "keep();", "x = 1;")
    first = run(twice, body("x = 2;", "keep();", "x = 2;"))
    assert len(fingerprints(first)) == 2
    spaced = run(twice, body("x  =  2;", "keep();", "x = 2;"))
    assert fingerprints(first) == fingerprints(spaced)


def fingerprints(result: SplitResult) -> set[str]:
    return {change.fingerprint for change in result.changes}


def test_order_names_what_is_used_before_it_is_defined() -> None:
    old = body("x = 1;", "keep();")
    new = body("x = helper(1);", "keep();") + "int helper(int jail_attach)\n{\n\treturn (jail_attach);\n}\n"
    result = run(old, new)
    assert [(f.identifier, f.used_in, f.defined_in) for f in result.order] == [("helper", "meat", "jail")]


def test_order_names_macros_that_come_later() -> None:
    early = PLAN.replace(
        'slug = "heads-up"\ntitle = "Heads-up"\nlayer = "announce"',
        'slug = "early"\ntitle = "E"\nlayer = "meat"',
    )
    early = early.replace('meat = "meat"', 'meat = "early"')
    result = run(body("x = 1;"), body("x = V_hostname + W_none;"), plan=early)
    (found,) = result.order
    assert (found.identifier, found.used_in, found.used_path) == ("V_hostname", "early", "sys/kern/a.c")
    assert (found.defined_in, found.defined_path, found.defined_lineno) == ("macros", "table of macros", 1)


def test_report_has_every_kind_and_every_milestone() -> None:
    report = run(body("x = hostname;"), body("x = V_hostname;")).report()
    assert list(report["totals"]) == ["null-macro", "cosmetic", "vocabulary", "opaque", "meat"]  # type: ignore[call-overload]
    rows = report["milestones"]
    assert isinstance(rows, Iterable)
    assert [(row["slug"], row["patch"]) for row in rows] == [
        ("heads-up", None),
        ("macros", "02-macros.patch"),
        ("nulls", None),
        ("meat", None),
        ("jail", None),
    ]


def test_a_proof_tells_all_that_it_takes_to_make_it_again() -> None:
    report = run(body("return (hostname);"), body("return (V_hostname);")).report()
    (proof,) = report["proofs"]
    assert (proof["path"], proof["milestone"], proof["state"]) == ("sys/kern/a.c", "macros", "default")
    assert (proof["verdict"], proof["rules"], proof["definitions"]) == (
        "proved",
        ["expansion"],
        ["V_hostname"],
    )
    assert proof["kernel"] == report["kernel"]
    assert proof["before_tokens_sha256"] == proof["after_tokens_sha256"]
    assert proof["before_sha256"] != proof["after_sha256"]
