# ruff: noqa: E501
from __future__ import annotations

import json
from pathlib import Path

import pytest

from vimagetrack.engine.null.prove_jsonl import judge_case

PLAIN = ["#define V_foo foo", "#define V_bar bar"]
NOTHING = ["#define INIT(x)", "#define SET(x)", "#define RESTORE()"]
PAREN = ["#define VNET(n) (n)", "#define V_foo VNET(foo)", "#define V_T (T)", "#define V_out (out)"]


def case(macros: list[str], before: str, after: str, **more: object) -> dict[str, object]:
    known = {
        "name": "x", "lang": "c", "closed_world": True, "line_observers": "none", "warnings_as_errors": False,
        "macros_in_before": True, "file_visible": False,
    }  # fmt: skip
    return {**known, "macros": macros, "before": before, "after": after, **more}


NULL = [
    case(PLAIN, "foo = x;\n", "V_foo = x;\n"),
    case(PLAIN, "foo = x;\n", "V_foo = x;\n", closed_world=False),
    case(PLAIN, "if (foo > 1)\n\treturn (foo);\n", "if (V_foo > 1)\n\treturn (V_foo);\n", closed_world=False),
    case(PLAIN, "foo = x;\n", "V_foo = x;\n", warnings_as_errors=True),
    case(PLAIN, "foo = x;\n", "V_foo = x;\n", line_observers="unknown"),
    case(NOTHING, "g(x);\ng(foo);\n", "g(x);\nSET(ifp);\ng(foo);\n"),
    case(NOTHING, "int f(int a)\n{\n\tg(a);\n\treturn (a);\n}\n", "int f(int a)\n{\n\tSET(a);\n\tg(a);\n\tRESTORE();\n\treturn (a);\n}\n"),
    case(NOTHING, "if (x) {\n\tg(1);\n} else {\n\tg(2);\n}\n", "if (x) {\n\tg(1);\n\tRESTORE();\n} else {\n\tSET(a);\n\tg(2);\n}\n"),
    case(NOTHING, "switch (x) {\ncase 1:\n\tg(1);\n\tbreak;\n}\n", "switch (x) {\ncase 1:\n\tg(1);\n\tRESTORE();\n\tbreak;\n}\n"),
    case(NOTHING, "do {\n g(1);\n} while (--x);\n", "do {\n SET(x);\n g(1);\n} while (--x);\n"),
    case(NOTHING, "{ if (y) g(1);\n while (x--) g(2); }\nif (x) y = 1;\n", "{ if (y) g(1);\n while (x--) g(2); }\nif (x) y = 1;\n\n"),
    case(PAREN, "x = foo;\n", "x = V_foo;\n"),
    case(PLAIN, "x = 1;\n", "x =  1;\n", macros_in_before=False),
    case(PAREN, "if (x) {\n g(foo);\n}\n", "if (x) {\n g(V_foo);\n}\n"),
    case(PAREN, "if (foo > 1)\n g(1);\n", "if (V_foo > 1)\n g(1);\n"),
    case(PAREN, "p = &foo;\n", "p = &V_foo;\n"),
    case(["#define V_RET return"], "return;\n", "V_RET;\n"),
    case(PLAIN, "// don't\n#error don't\nfoo = 1;\n", "// don't\n#error don't\nV_foo = 1;\n"),
    case(PLAIN, "#include <a.h>\n", "#include  <a.h>\n"),
    case(PLAIN, "movl foo, %eax\n", "movl  V_foo, %eax\n", lang="S"),
    case(NOTHING, "int f() { g(1); g(2); }\n", "int f() { g(1); SET(x); g(2); }\n", lang="c++"),
]  # fmt: skip
NOT_NULL = [
    case(NOTHING, "g(x);\ng(foo);\n", "g(x);\nSET(ifp);\ng(foo);\n", closed_world=False),
    case(PLAIN, "g(foo);\n", "g(V_foo);\n", closed_world=False),
    case(["#define S(x) #x", "#define X(x) S(x)"], "p = S(a);\n", "p = X(a);\n", closed_world=False),
    case(PLAIN, "g(a+b);\n", "g(a + b);\n", closed_world=False),
    case(NOTHING, "g(1);\ng(2);\n", "g(1);\nSET(ifp);\ng(2);\n", line_observers="unknown"),
    case(NOTHING, "g(1);\ng(2);\n", "g(1);\nSET(ifp);\ng(2);\n", warnings_as_errors=True),
    case(PLAIN, "g(1);\n", "g(1); /* a */\n", warnings_as_errors=True),
    case(PLAIN, "foo = x;\n", "V_foo = x;\n", macros_in_before=False),
    case(PLAIN, "V_foo = x;\n", "V_foo = x;\n", macros_in_before=False),
    case(NOTHING, "g(x);\n", "g(x);\nRESTORE();\n"),
    case(NOTHING, "g(x);\n", "SET(ifp);\ng(x);\n"),
    case(PLAIN, "x = __LINE__;\n", "\nx = __LINE__;\n"),
    case(PLAIN, "foo = 1;\nx = __LINE__;\n", "V_foo =\n 1;\nx = __LINE__;\n"),
    case(PLAIN, '#define L() pf("%d", __LINE__)\nL();\n', '#define L() pf("%d", __LINE__)\n\nL();\n'),
    case(PLAIN, "x = __COUNTER__;\nfoo = 1;\n", "x = __COUNTER__;\nV_foo = 1;\n"),
    case(PAREN, "out: g(1);\n", "V_out: g(1);\n"),
    case(PAREN, "p = &&out;\n", "p = &&V_out;\n"),
    case(PAREN, "goto out;\n", "goto V_out;\n"),
    case(PAREN, "T * p;\n", "V_T * p;\n"),
    case(PAREN, "x = (T)+foo;\n", "x = (V_T)+foo;\n"),
    case(PAREN, "x = (T *)foo;\n", "x = (V_T *)foo;\n"),
    case(PAREN, "x = sizeof(T);\n", "x = sizeof(V_T);\n"),
    case(PAREN, "__typeof__(T) z;\n", "__typeof__(V_T) z;\n"),
    case(PAREN, "x = va_arg(ap, T);\n", "x = va_arg(ap, V_T);\n"),
    case(PAREN, "int h(T);\n", "int h(V_T);\n"),
    case(PAREN, "int h(int foo) { return 0; }\n", "int h(int V_foo) { return 0; }\n"),
    case(PAREN, "{ enum { A, foo }; g(1); }\n", "{ enum { A, V_foo }; g(1); }\n"),
    case(PAREN, "int fn(int a) { return foo; }\n", "int fn(int a) { return V_foo; }\n", lang="c++"),
    case(PLAIN, "g(1);\n", "#ifdef QQ\n#endif\ng(1);\n"),
    case(PLAIN, "foo = 1;\n", '_Pragma("push_macro(\\"V_foo\\")")\nV_foo = 1;\n'),
    case(PLAIN, "foo = 1;\n", "V_foo = 1;\n", file_visible=True, file_pre='#pragma push_macro("V_foo")\n', file_post=""),
    case(PLAIN, "foo = 1;\n", "#define V_foo foo\nV_foo = 1;\n"),
    case(["#define V_foo foo + 1"], "x = (foo + 1) * 2;\n", "x = V_foo * 2;\n"),
    case(["#define V_foo bar", "#define V_foo foo"], "foo = 1;\n", "V_foo = 1;\n"),
    case(["#ifdef X", "#define V_foo foo", "#endif"], "foo = 1;\n", "foo =  1;\n"),
    case(["#define"], "foo = 1;\n", "foo =  1;\n"),
    case(["#define u8 x"], 'x = u8"a";\n', 'x = u8 "a";\n'),
    case(NOTHING, "int f(a)\nint a;\n{ return a; }\n", "int f(a)\nint a;\nINIT(x);\n{ return a; }\n"),
    case(NOTHING, "switch (x) {\ncase 1:\n\tg(1);\n}\n", "switch (x) {\ncase 1:\n\tSET(x);\n\tg(1);\n}\n"),
    case(PLAIN, "movl foo, %eax\n", "movlfoo, %eax\n", lang="S"),
    case(PLAIN, "nop\n", "nop \n", lang="make"),
    case(PLAIN, "a<::b> c;\n", "a< ::b> c;\n", lang="c++"),
    case(PLAIN, "x = 1;\n", "x =  1;\n", file_names=["a.c", "b.c"]),
    case(PLAIN, "x = 1;\n", "x =  1;\n", file_names={"before": "a.c", "after": "b.c"}),
]  # fmt: skip


@pytest.mark.parametrize("given", NULL, ids=lambda c: c["after"])
def test_what_is_null_is_proved(given: dict[str, object]) -> None:
    found = judge_case(given)
    assert found["verdict"] == "proved", found


@pytest.mark.parametrize("given", NOT_NULL, ids=lambda c: c["after"])
def test_what_may_differ_is_not_proved_and_says_why(given: dict[str, object]) -> None:
    found = judge_case(given)
    assert found["verdict"] != "proved", found
    assert found["rule"]
    assert str(found["reason"])[0].isupper()
    assert str(found["reason"]).endswith(".")


def test_hazards_are_sentences() -> None:
    found = judge_case(case(PLAIN, "ifp->foo = x;\n", "ifp->V_foo = x;\n"))
    assert found["hazards"] == ["V_foo in line 1: a member is named so, which the real macro would rewrite."]


@pytest.mark.parametrize(
    "given", [{"lang": "c"}, {"lang": "c", "before": 1, "after": ""}, {"lang": "c", "macros": "x"}]
)
def test_a_case_that_is_none(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        judge_case(given)


@pytest.mark.parametrize("given", [["c"], "x", 1, None])
def test_what_is_no_object_is_no_case(given: object) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        judge_case(given)  # type: ignore[arg-type]


def test_the_soundness_cases(shared_dir: Path) -> None:
    """Never proved where the verdict is not null; proved on every must."""
    lines = (shared_dir / "soundness" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    verdicts = {given["name"]: judge_case(given)["verdict"] for given in cases}

    wrong = [c["name"] for c in cases if verdicts[c["name"]] == "proved" and c["verdict"] != "null"]
    missed = [c["name"] for c in cases if verdicts[c["name"]] != "proved" and c["must"]]
    silent = [c["name"] for c in cases if c["hazard"] and not judge_case(c)["hazards"]]

    assert (wrong, missed, silent) == ([], [], [])
    assert len(cases) > 100


def test_a_language_of_another_type_is_none() -> None:
    found = judge_case({"name": "x", "lang": ["c"], "before": "", "after": ""})
    assert (found["verdict"], found["rule"]) == ("undecided", "R19")
