"""Blocks are found by braces, and a spoilt count mends itself at the next column-0 brace."""

from __future__ import annotations

from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.split.functions import Blocks

TEXT = b"""\
#include <a.h>
#define BODY(x) { x; }

static int table[] = { 1, 2, 3 };

struct ifnet {
	int if_index;
};

static int
ip_output(struct mbuf *m, int flags)
{
	if (flags) {
		return (1);
	}
	return (0);
}

int
old_style(a, b)
	int a;
	int b;
{
	return (a + b);
}

#ifdef SMALL
int both(void) {
#else
int both(int x) {
#endif
	return (0);
}

void
after(void)
{
	work();
}
"""


def name_at(needle: bytes) -> str:
    return Blocks(tokenize(TEXT)).name_at(TEXT.index(needle))


def test_it_names_the_enclosing_function() -> None:
    assert name_at(b"return (1)") == "ip_output"
    assert name_at(b"static int\nip_output") == "ip_output"


def test_it_names_structures_and_tables() -> None:
    assert (name_at(b"if_index"), name_at(b"2, 3")) == ("ifnet", "table")


def test_it_names_nothing_between_blocks() -> None:
    assert (name_at(b"#include"), name_at(b"#define"), name_at(b"\n#ifdef")) == ("", "", "")


def test_it_names_old_style_definitions() -> None:
    assert name_at(b"return (a + b)") == "old_style"


def test_two_heads_under_a_conditional_do_not_swallow_the_rest() -> None:
    assert name_at(b"work()") == "after"


def test_an_unfinished_block_reaches_to_the_end() -> None:
    blocks = Blocks(tokenize(b"int f(void)\n{\n\tx();\n"))
    assert blocks.name_at(14) == "f"
