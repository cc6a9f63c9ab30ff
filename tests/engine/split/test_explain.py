"""A line of the monolith, explained: every fact that a reviewer asks for, in words, on one screen."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from vimagetrack import demo
from vimagetrack.engine.__main__ import main
from vimagetrack.engine.commands import explaining
from vimagetrack.engine.diff.model import DiffWarning
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import EngineError
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import split
from vimagetrack.engine.split.explain import KnownText, Place, explain
from vimagetrack.engine.split.model import OrderFinding
from vimagetrack.engine.split.rule_words import words_of
from vimagetrack.engine.split.run import known_layers

PLAN = """
[project]
name = "Test"
slug = "test"
assume = ["line-numbers", "warnings-not-errors"]
[[state]]
name = "globals"
undefine = ["STRUCTS"]
[[state]]
name = "structs"
define = ["STRUCTS=1"]
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
landed
null_in = ["globals"]
macros = ["V_*"]
table = '''
#ifdef STRUCTS
#define V_host all.host
#else
#define V_host host
#endif
#define V_size(x) ((x) + size)
'''
[[milestone]]
slug = "later"
title = "Later"
layer = "null"
null_in = ["globals"]
table = "#define NOTHING(x)"
[[milestone]]
slug = "rest"
title = "The rest"
layer = "meat"
[[area]]
name = "kern"
paths = ["sys/**"]
"""
OLD = [
    "int f(int a)", "{", "\tint host = a;", "\tif (a)", "\t\treturn (host + 1);", "\treturn (0);", "}",
    "", "int g(void)", "{", "\treturn (size + f(3));", "}",
]  # fmt: skip
NEW = [*OLD]
NEW[4] = "\t\treturn (V_host + 2);"
NEW[10] = "\treturn (host[7] = V_size(1));"
BASE = {"sys/a.c": "\n".join(OLD).encode() + b"\n"}
DIFF = "--- a/sys/a.c\n+++ b/sys/a.c\n@@ -2,10 +2,10 @@\n" + "".join(
    f" {one}\n" if one == two else f"-{one}\n+{two}\n" for one, two in list(zip(OLD, NEW, strict=True))[1:11]
)


def explained(
    lineno: int,
    *,
    old: bool = False,
    landed: str = "",
    base: bool = True,
    path: str = "sys/a.c",
    **more: object,
) -> list[str]:
    plan = parse_plan(PLAN.replace("landed", landed).encode())
    known = BASE if base else {}
    result = dataclasses.replace(split(DIFF.encode(), plan, base=known), **more)
    layers = known_layers(parse(DIFF.encode()), plan, known)
    text = "\n".join(OLD if old else NEW).encode() + b"\n"
    texts = [KnownText(text=text, first_lineno=1, whole=True)]
    return list(explain(result, layers, Place(path=path, lineno=lineno, old=old), texts))


def test_a_split_line_has_both_halves_with_all_that_is_known_of_them() -> None:
    lines = explained(5)
    assert len(lines) < 40
    assert lines[:3] == [
        "sys/a.c:5 (new side), in f",
        "                    return (V_host + 2);",
        "The line is split inside: its null half lands with macros and its meat half lands with rest.",
    ]
    null, meat = "\n".join(lines).split("\n\n")[1:]
    for words in (
        "null-macro, proved, milestone macros in f: old line 5, new line 5\n",
        "    -                return (host + 1);\n    +                return (V_host + 1);\n",
        "why: the tokens are the same once the macros are replaced (rule expansion)\n",
        "macro V_host: #define V_host host (not defined before)\n",
        "here V_host becomes host\n",
        "null in: globals\n",
        "look at: ",
        "read in: chunk macros/0001 (f() in a.c, area kern, +1 -1)\n",
        "fingerprint: ",
    ):
        assert words in null, words
    for words in (
        "meat, undecided, milestone rest in f: old line 5, new line 5\n",
        "    -                return (V_host + 1);\n    +                return (V_host + 2);\n",
        "why: no macro of the plan explains what changes here, so a reader has to judge it\n",
        "read in: chunk rest/0001",
    ):
        assert words in meat, words


def test_what_is_not_token_equal_says_so_and_what_the_macro_becomes() -> None:
    text = "\n".join(explained(11))
    assert "meat, undecided, milestone rest in g" in text
    assert "why: The tokens are not the same after replacing V_size.\n" in text
    assert "macro V_size: #define V_size(x) ((x) + size)\n" in text
    assert "here V_size(1) becomes ((1) + size)" in text


def test_a_definition_is_no_use_of_its_macro() -> None:
    result = split(demo.monolith(), demo.plan(), base=demo.base_files(), second_opinion=False)
    layers = known_layers(parse(demo.monolith(), second_opinion=False), demo.plan(), demo.base_files())
    lines = explain(result, layers, Place(path="sys/sys/vimage.h", lineno=12))
    assert "  macro CURVNET_RESTORE: #define CURVNET_RESTORE() curvnet = saved_vnet" in "\n".join(lines)
    assert "(before: #define CURVNET_RESTORE())" in "\n".join(lines)
    assert [line for line in lines if line.startswith("  here ")] == []


def test_the_old_side() -> None:
    lines = explained(5, old=True)
    assert lines[:2] == ["sys/a.c:5 (old side), in f", "                    return (host + 1);"]
    assert "null-macro, proved, milestone macros in f: old line 5, new line 5" in lines


def test_an_unchanged_line_names_its_function_and_the_nearest_changes() -> None:
    assert explained(6) == [
        "sys/a.c:6 (new side), in f",
        "            return (0);",
        "The monolith leaves this line as it is.",
        "  nearest above: line 5: null-macro, proved, milestone macros in f",
        "  nearest below: line 11: meat, undecided, milestone rest in g",
    ]
    assert explained(12)[-1] == "  nearest above: line 11: meat, undecided, milestone rest in g"


def test_a_straggler_says_whom_it_is_late_for() -> None:
    text = "\n".join(explained(5, landed="landed_on = 2008-01-01"))
    assert "null-macro, proved, milestone later in f" in text
    assert "late: its macros are those of macros, which has landed without it" in text
    assert "macro V_host: #define V_host host [globals]; #define V_host all.host [structs]" not in text


def test_findings_at_a_line_are_told_there_alone() -> None:
    warning = DiffWarning(
        path="sys/a.c", diff_lineno=None, code="redefined", text="later changes what X in line 6 means."
    )
    order = OrderFinding(
        identifier="x",
        used_in="macros",
        used_path="sys/a.c",
        used_lineno=6,
        defined_in="rest",
        defined_path="sys/a.c",
        defined_lineno=11,
    )
    text = explained(6, warnings=(warning,), order=(order,))
    assert text[-2:] == [
        "warning: later changes what X in line 6 means.",
        "order: macros uses x here, which rest defines later (sys/a.c:11)",
    ]
    text = explained(11, warnings=(warning,), order=(order,))
    assert text[-1] == "order: rest defines x here, and macros uses it before (sys/a.c:6)"
    assert len([line for line in explained(7, warnings=(warning,), order=(order,)) if "x" in line[:6]]) == 0


def test_what_is_not_there_is_refused_with_a_hint() -> None:
    with pytest.raises(EngineError, match=r"does not touch this file \(sys/b.c\)\. Perhaps sys/a.c\?"):
        explained(1, path="sys/b.c")
    with pytest.raises(EngineError, match="has 12 lines there, not 13"):
        explained(13)


def test_every_rule_has_words() -> None:
    folder = Path(explaining.__file__).parents[1]
    texts = [path.read_text() for path in sorted(folder.rglob("*.py"))]
    rules = {rule for text in texts for rule in re.findall(r"\"(R\d\d)\"", text)} | {"tokens", "closed-world"}
    assert len(rules) > 20
    assert [rule for rule in sorted(rules) if not words_of(rule)] == []


def test_every_changed_line_of_the_demo_is_explained_on_a_screen() -> None:
    """Lines of every kind, part and rule, on both sides."""
    base = demo.base_files()
    result = split(demo.monolith(), demo.plan(), base=base, second_opinion=False)
    layers = known_layers(parse(demo.monolith(), second_opinion=False), demo.plan(), base)
    seen = set()
    for change in result.changes:
        key = (change.kind, change.part, change.rule, change.milestone, bool(change.hazards))
        for old, (first, count) in ((True, change.old), (False, change.new)):
            if (key, old) not in seen and (first, count) != (0, 0):
                seen.add((key, old))
                path = change.old_path if old and change.old_path else change.path
                for lineno in (max(first, 1), first + count):
                    lines = explain(result, layers, Place(path=path, lineno=lineno, old=old))
                    assert 2 <= len(lines) < 60, lines
                    if count and lineno == max(first, 1):
                        assert any(f"fingerprint: {change.fingerprint}" in line for line in lines)
    assert len(seen) > 20
    lines = explain(result, layers, Place(path="sys/kern/kern_jail.c", lineno=278))
    assert any(line.startswith("  on the owner's word: ") and "line-numbers" in line for line in lines)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "base/sys").mkdir(parents=True)
    (tmp_path / "base/sys/a.c").write_bytes(BASE["sys/a.c"])
    (tmp_path / "plan.toml").write_text(PLAN.replace("landed", ""))
    (tmp_path / "diff").write_text(DIFF)
    given = [str(tmp_path / "diff"), "--plan", str(tmp_path / "plan.toml")]
    base = ["--base", str(tmp_path / "base")]
    assert main(["explain", *given, *base, "sys/a.c:5"]) == 0
    assert capsys.readouterr().out.splitlines() == explained(5)
    assert main(["explain", *given, *base, "sys/a.c:5", "--old"]) == 0
    assert capsys.readouterr().out.splitlines() == explained(5, old=True)
    assert main(["explain", *given, "sys/a.c:6"]) == 0  # what the hunk shows is enough for the line itself
    assert capsys.readouterr().out.splitlines()[:2] == ["sys/a.c:6 (new side)", "            return (0);"]
    assert main(["explain", *given, "sys/b.c:5"]) == 3
    assert "Perhaps sys/a.c?" in capsys.readouterr().err
    for wrong in ("sys/a.c", "a.c:0", "a.c:x", ":3"):
        with pytest.raises(SystemExit) as stop:
            main(["explain", *given, wrong])
        assert stop.value.code == 2


def test_a_side_without_the_line_says_what_to_ask() -> None:
    result = split(demo.monolith(), demo.plan(), base=demo.base_files(), second_opinion=False)
    layers = known_layers(parse(demo.monolith(), second_opinion=False), demo.plan(), demo.base_files())

    def second(path: str) -> str:
        return explain(result, layers, Place(path=path, lineno=3))[1]

    assert second("sys/kern/kern_globals.c").endswith(
        "is not there on this side of the monolith: ask with --old."
    )
    assert second("share/doc/vimage/stacks.png").startswith("No line of this file can be told")
    assert second("sys/kern/kern_jail.c").endswith("if there is one: the diff does not show it.")
