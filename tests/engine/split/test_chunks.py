"""Chunks: one milestone, kind and area, what is read together together, none longer than a sitting."""

from __future__ import annotations

from tests.engine.split.test_split import PLAN, body, whole
from tests.engine.split.tools import check_composes, unfold
from vimagetrack.engine.output import chunk_files
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import Chunk, Kind, SplitResult, split
from vimagetrack.engine.split.chunks import MEAT_LINES


def function(name: str, lines: int, *, start: int = 0) -> str:
    return f"int\n{name}(int x)\n{{\n" + "".join(f"\tx = {n + start};\n" for n in range(lines)) + "}\n\n"


def run(*sections: bytes, plan: str = PLAN) -> SplitResult:
    monolith = b"".join(sections)
    return split(monolith, parse_plan(plan), base=unfold(monolith)[0], second_opinion=False)


def paths(result: SplitResult) -> list[tuple[str, ...]]:
    return [chunk.files for chunk in result.chunks]


def size(chunk: Chunk) -> int:
    return chunk.added + chunk.removed


def test_a_chunk_has_one_kind_and_includes_come_first() -> None:
    old = "#include <sys/param.h>\n" + body("return (hostname); /* name */", "x = 1;")
    new = "#include <sys/param.h>\n#include <sys/vimage.h>\n" + body(
        "return (V_hostname); /* name */", "x = 2;"
    )
    result = run(whole("a.c", old, new), whole("b.c", body("y  = 1;"), body("y = 1;")))
    assert [(chunk.milestone, chunk.kind) for chunk in result.chunks] == [
        ("macros", Kind.VOCABULARY),
        ("macros", Kind.NULL_MACRO),
        ("macros", Kind.COSMETIC),
        ("meat", Kind.MEAT),
    ]
    for chunk in result.chunks:
        assert {result.changes[index].kind for index in chunk.changes} == {chunk.kind}


def test_a_definition_is_read_with_its_use() -> None:
    """Alone the three files fill two chunks, a and m, then z; z uses what a defines."""
    helper = "int\nhelper(int x)\n{\n\treturn (x);\n}\n\n"
    result = run(
        whole("a.c", "int a;\n\n", "int a;\n\n" + helper),
        whole("m.c", function("m", 198), function("m", 198, start=1000)),
        whole("z.c", body("z(1);"), body("z(helper(1));")),
    )
    assert paths(result) == [("a.c", "z.c"), ("m.c",)]


def test_what_is_together_never_grows_beyond_a_sitting() -> None:
    helper = "int\nhelper(int x)\n{\n\treturn (x);\n}\n\n"
    result = run(
        whole("a.c", "int a;\n\n", "int a;\n\n" + helper),
        whole(
            "z.c", body("z(1);") + function("f", 198), body("z(helper(1));") + function("f", 198, start=500)
        ),
    )
    assert paths(result) == [("a.c",), ("z.c",)]


def test_a_long_file_is_cut_between_functions() -> None:
    names = [f"f{n}" for n in range(10)]
    old = "".join(function(name, 30) for name in names)
    new = "".join(function(name, 30, start=100) for name in names)
    result = run(whole("a.c", old, new))
    assert [size(chunk) for chunk in result.chunks] == [360, 240]
    assert [chunk.title for chunk in result.chunks] == ["a.c", "a.c"]
    for chunk in result.chunks:
        assert {result.changes[index].chunk for index in chunk.changes} == {chunk.id}


def test_a_long_run_of_new_functions_is_cut_at_their_ends(tmp_path) -> None:
    added = "".join(function(f"g{n}", 60) for n in range(20))
    monolith = whole("a.c", function("f", 3) + function("h", 3), function("f", 3) + added + function("h", 3))
    result = run(monolith)
    assert max(map(size, result.chunks)) <= MEAT_LINES
    assert {chunk.oversize for chunk in result.chunks} == {""}
    for change in result.changes[1:]:  # where the first begins is the diff's choice
        assert change.after.startswith(b"int\ng")
    base, final = unfold(monolith)
    check_composes(tmp_path, base, final, chunk_files(result).values())


def test_a_long_rewrite_is_cut_where_both_sides_end_a_function(tmp_path) -> None:
    old = "".join(function(f"g{n}", 30) for n in range(20)).replace("\n\n", "\n")
    new = (
        "".join(function(f"g{n}", 40, start=100) for n in range(20))
        .replace("\n\n", "\n")
        .replace("int\n", "long\n")
    )
    new = new.replace("}", "};").replace("{", "{;").replace("(int x)", "(long x)")
    monolith = whole("a.c", old, new)
    result = run(monolith)
    assert max(map(size, result.chunks)) <= MEAT_LINES
    base, final = unfold(monolith)
    check_composes(tmp_path, base, final, chunk_files(result).values())


def test_what_cannot_be_cut_says_why() -> None:
    result = run(
        whole("a.c", function("f", 300), function("f", 300, start=1000)),
        whole("new.c", None, function("n", 500)),
    )
    assert [(chunk.files, chunk.oversize) for chunk in result.chunks] == [
        (("a.c",), "one contiguous change of 600 lines in f in a.c, which no end of a function divides"),
        (("new.c",), "new.c is created, deleted or replaced as a whole: one change of 505 lines"),
    ]


def test_titles_say_what_a_chunk_holds() -> None:
    old = "#include <sys/param.h>\n" + body("return (hostname);", "x = 1;")
    new = "#include <sys/param.h>\n#include <sys/vimage.h>\n" + body("return (V_hostname);", "x = 2;")
    plan = PLAN + '[[area]]\nname = "new"\npaths = ["n/**"]\n[[area]]\nname = "old"\npaths = ["o/**"]\n'
    result = run(
        whole("a.c", old, new),
        whole("n/new.c", None, "int a;\n"),
        whole("o/old.c", "int b;\n", None),
        *(whole(f"s/m{n}.c", body("x = 1;"), body("x = 2;")) for n in range(4)),
        plan=plan,
    )
    assert [chunk.title for chunk in result.chunks] == [
        "Includes and definitions in a.c",
        "f() in a.c",
        "New file new.c",
        "old.c goes",
        "f() in a.c",
        "m0.c, m1.c and 2 more in s",
    ]
