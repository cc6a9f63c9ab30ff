"""What a scaffold's block says, and when it is known again."""

from __future__ import annotations

import pytest

from tests.engine.split.test_weave import BEGIN, BLOCK, END, HEAD, LATE, MACROS, MEAT, STRUCTS
from vimagetrack.engine.plan import Plan, parse_plan
from vimagetrack.engine.split.scaffold import Block, defined, find
from vimagetrack.engine.split.steps import Layers


def plan(*milestones: str) -> Plan:
    return parse_plan("".join((HEAD, *milestones, MEAT, LATE)))


def block(*milestones: str, slug: str = "macros") -> Block:
    blocks = Layers(plan(*milestones)).scaffolds.of("sys/vimage.h")
    return next(one for one in blocks if one.slug == slug)


def tabled(table: str, *, macros: str = 'macros = ["V_*"]') -> str:
    head, _, rest = MACROS.partition("table = '''\n")
    return head + "table = '''\n" + table + rest[rest.index("'''") :].replace('macros = ["V_*"]', macros)


def inner(one: Block) -> str:
    """Give a block's lines between its marks."""
    return "".join(line.text.decode() for line in one.lines[1:-1])


# --- what it says


def test_it_says_what_the_table_says_between_marks() -> None:
    assert block(MACROS).text() == BLOCK


def test_helpers_are_written_with_what_reaches_them_and_others_are_not() -> None:
    assert inner(block(tabled("#define HELP(x) x\n#define OTHER 1\n#define V_a HELP(a)\n"))) == (
        "#define HELP(x) x\n#define V_a HELP(a)\n"
    )


def test_conditionals_stay_and_empty_ones_go() -> None:
    table = (
        "#ifdef STRUCTS\n# if 1\n#define V_a s.a\n# endif\n#else\n#define V_a a /* two\n lines */\n#endif\n"
        "#ifdef STRUCTS\n#define OTHER 1\n#endif\n#include <sys/x.h>\nint x;\n/* not this */\n"
    )
    assert inner(block(tabled(table))) == (
        "#ifdef STRUCTS\n# if 1\n#define V_a s.a\n# endif\n#else\n#define V_a a /* two\n lines */\n#endif\n"
    )


def test_continued_lines_stay_whole_and_take_the_files_line_end() -> None:
    one = block(tabled("#define V_f(a) \\\n\tg(a)\n"))
    assert inner(one) == "#define V_f(a) \\\n\tg(a)\n"
    assert b"V_f(a) \\\r\n\tg(a)\r\n" in one.text(b"\r\n")


def test_what_a_later_milestone_brings_is_not_written_yet() -> None:
    later = '[[milestone]]\nslug = "nulls"\ntitle = "N"\nlayer = "null"\nmacros = ["N_*"]\n'
    later += 'scaffold = "sys/vimage.h"\n'
    both = tabled("#define V_a a\n#define N_b\n")
    assert inner(block(both, later)) == "#define V_a a\n"
    assert inner(block(both, later, slug="nulls")) == "#define N_b\n"


def test_a_helper_of_an_earlier_milestone_comes_along_unless_that_has_a_scaffold() -> None:
    second = STRUCTS.replace("#define V_host g.host", "#define V_host VSYM(g.host)")
    assert b"VSYM(x)" not in block(MACROS, second, slug="structs").text()
    bare = MACROS.replace('scaffold = "sys/vimage.h"', "")
    assert inner(block(bare, second, slug="structs")).startswith("#define VSYM(x) (x)\n#ifdef STRUCTS\n")
    announced = bare.replace('layer = "null"', 'layer = "announce"')
    assert b"VSYM(x)" not in block(announced, second, slug="structs").text()


def test_a_milestone_without_definitions_has_no_block() -> None:
    assert Layers(plan(tabled("#define OTHER 1\n"))).scaffolds.of("sys/vimage.h") == ()


# --- when it is known again


@pytest.mark.parametrize("eol", [b"\n", b"\r\n"])
def test_a_block_is_found_by_its_marks_and_every_byte(eol: bytes) -> None:
    one = block(MACROS)
    text = (b"int x;\n" + BLOCK + b"int y;\n").replace(b"\n", eol)
    found = find(one, text)
    assert found is not None
    assert (text[found.start : found.end], found.block.lines) == (BLOCK.replace(b"\n", eol), one.lines)


def test_a_block_without_some_names_is_found() -> None:
    found = find(block(MACROS), BLOCK.replace(b"#define V_host host\n", b""))
    assert found is not None
    assert found.block.names == {b"VSYM", b"V_dom"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"int x;\n",
        BLOCK + BLOCK,
        BLOCK.replace(BEGIN % b"macros", b""),
        BLOCK.replace(END % b"macros", b""),
        END % b"macros" + BEGIN % b"macros",
        b" " + BLOCK,
        BLOCK.replace(b"host\n", b"host\n\n"),
        BLOCK.replace(b"host\n", b"host \n"),
        BLOCK.replace(b"host\n", b"host\r\n"),
        BLOCK.replace(b"(x) (x)", b"(x) x"),
        BLOCK.replace(b"#define VSYM", b"#undef V_host\n#define VSYM"),
        BLOCK.replace(b"#define VSYM", b"#define EVIL evil\n#define VSYM"),
        BLOCK.replace(b"macros", b"structs"),
    ],
)
def test_anything_else_is_somebodys_own_text(text: bytes) -> None:
    assert find(block(MACROS), text) is None


def test_half_a_conditional_is_not_the_plans() -> None:
    one = block(STRUCTS.replace('"structs"\ntitle', '"macros"\ntitle'))
    assert find(one, one.text()) is not None
    assert find(one, one.text().replace(b"#ifdef STRUCTS\n#define V_host g.host\n#else\n", b"")) is None


def test_names_are_found_in_any_conditional_and_never_in_comments() -> None:
    assert defined(b"#if 0\n# define A 1\n#endif\n/* #define B */\n#define C(x)\nint d;\n") == {b"A", b"C"}
    assert defined(b"int x;\n") == frozenset()


def test_a_text_without_its_blocks_says_nothing_of_them() -> None:
    scaffolds = Layers(plan(MACROS)).scaffolds
    assert scaffolds.without("sys/vimage.h", b"a\n" + BLOCK + b"b\n") == b"a\nb\n"
    assert scaffolds.without("sys/other.h", BLOCK) == BLOCK
