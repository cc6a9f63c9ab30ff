"""The judge: one bad proposal costs only itself, and nothing unproved stays in a null layer."""

from __future__ import annotations

from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Options
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split.edits import Edit, check
from vimagetrack.engine.split.judge import Judge, atoms
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.windows import Window

PLAN = """
[project]
name = "Test"
slug = "test"
[[milestone]]
slug = "macros"
title = "Macros"
layer = "null"
table = "#define V_a a"
[[milestone]]
slug = "meat"
title = "Meat"
layer = "meat"
"""


def settle(old: str, new: str, words: list[tuple[str, str]]) -> list[Edit]:
    """Propose every (old word, new word), in order, as null, and let the judge settle it."""
    edits, at, new_at = [], 0, 0
    for before, after in words:
        at, new_at = old.index(before, at), new.index(after, new_at)
        end, new_end = at + len(before), new_at + len(after)
        edits.append(Edit(start=at, end=end, new_start=new_at, new_end=new_end, step=0, kind=Kind.NULL_MACRO))
        at, new_at = end, new_end
    window = Window(old.encode(), new.encode(), 1, 1, (), whole=True)
    check(window.old, window.new, edits)
    layers = Layers(parse_plan(PLAN))
    prover = Prover(Options(assumptions=frozenset({Assumption.CLOSED_WORLD})))
    settled, verdicts = Judge(window, "a.c", layers, prover).settle(edits)
    check(window.old, window.new, settled)
    assert all(verdict.proved for verdict in verdicts.values())
    return settled


def function(name: str, *words: str) -> str:
    return f"int {name}(void)\n{{\n" + "".join(f"\tuse({word});\n" for word in words) + "}\n"


def test_everything_is_refused_when_nothing_is_null() -> None:
    settled = settle(function("f", "x"), function("f", "y"), [("x", "y")])
    assert [(edit.step, edit.kind) for edit in settled] == [(1, Kind.MEAT)]
    assert "became" in settled[0].reason


def test_one_wrong_edit_costs_only_itself() -> None:
    old = function("f", "a", "x", "a") + function("g", "a")
    new = function("f", "V_a", "y", "V_a") + function("g", "V_a")
    settled = settle(old, new, [("a)", "V_a)"), ("x", "y"), ("a)", "V_a)"), ("a)", "V_a)")])
    assert [edit.kind for edit in settled] == [Kind.NULL_MACRO, Kind.MEAT, Kind.NULL_MACRO, Kind.NULL_MACRO]


def test_several_wrong_functions() -> None:
    words = ["a", "x", "a", "x", "a"]
    old = "".join(function(f"f{n}", word, "a") for n, word in enumerate(words))
    new = "".join(function(f"f{n}", f"V_{word}", "V_a") for n, word in enumerate(words))
    pairs = [pair for word in words for pair in ((f"{word})", f"V_{word})"), ("a)", "V_a)"))]
    kinds = [edit.kind for edit in settle(old, new, pairs)]
    assert kinds == [
        Kind.MEAT if index % 2 == 0 and words[index // 2] == "x" else Kind.NULL_MACRO for index in range(10)
    ]


def test_edits_that_are_null_only_together_stay_together() -> None:
    old = "int f(void)\n{\n\tint a;\n\treturn (a);\n}\n"
    new = old.replace("a;", "V_a;").replace("(a)", "(V_a)")
    settled = settle(old, new, [("a;", "V_a;"), ("(a)", "(V_a)")])
    assert {edit.kind for edit in settled} == {Kind.NULL_MACRO}


def test_what_the_kernel_cannot_read_is_meat_with_its_reason() -> None:
    old = "#if 1\n" + function("f", "a")
    settled = settle(old, old.replace("a)", "V_a)"), [("a)", "V_a)")])
    assert [edit.kind for edit in settled] == [Kind.MEAT]
    assert "not closed" in settled[0].reason


def test_what_opens_and_closes_stays_together() -> None:
    new = b"#if A\nx;\n#endif\nw { y; }\nv;\n"
    places = [(0, 6), (9, 16), (16, 19), (23, 25), (25, 28)]
    edits = [Edit(start=0, end=0, new_start=a, new_end=b, step=0, kind=Kind.NULL_MACRO) for a, b in places]
    window = Window(b"", new, 1, 1, (), whole=True)
    assert atoms(window, edits, range(5)) == [(0, 1), (2, 3), (4,)]


def test_a_refused_guard_says_why_and_not_that_its_half_is_missing() -> None:
    """Both lines of a guard go, and the reason is the pair's."""
    old = "int x;\n" + function("f", "a")
    new = old.replace("int x;\n", "#ifdef B\nint x;\n#endif\n").replace("use(a)", "use(V_a)")
    settled = settle(old, new, [("int x;\n", "#ifdef B\nint x;\n#endif\n"), ("a)", "V_a)")])
    assert [edit.kind for edit in settled] == [Kind.MEAT, Kind.NULL_MACRO]
    assert "not closed" not in settled[0].reason
