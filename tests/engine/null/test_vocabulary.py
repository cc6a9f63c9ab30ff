"""The place of vocabulary: a text that seems to break what the plan says of the table is not believed."""

from __future__ import annotations

import pytest

from tests.engine.null.test_kernel import ALL, EMPTY, side
from vimagetrack.engine.null.kernel import Options, Outcome, prove
from vimagetrack.engine.null.table import Table

TABLE = Table.parse(b"#define V_foo foo\n#define V_bar bar\n#define INIT(v)\n", EMPTY.state)
OPTIONS = Options(assumptions=ALL.assumptions, headers=("sys/vimage.h",))
HEADER, DEFINE, USE = "#include <sys/vimage.h>\n", "#define V_foo foo\n", "int f(void) { return V_foo; }\n"
PLAIN = USE.replace("V_", "")
NOTHING = "int f(void) { INIT(x); return foo; }\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (PLAIN, HEADER + USE, "proved"),
        (PLAIN, USE + HEADER, "R07"),
        (PLAIN, DEFINE + USE, "proved"),
        (PLAIN, USE + DEFINE, "R07"),
        (USE + DEFINE, USE + DEFINE + "\n", "proved"),
        (HEADER + USE, USE, "R16"),
        (HEADER + USE, PLAIN, "proved"),
        (HEADER + USE, "int x;\n" + HEADER + USE.replace("int f", "int g"), "tokens"),
        (DEFINE + USE, USE, "R16"),
        (DEFINE + USE, HEADER + USE, "proved"),
        (DEFINE + PLAIN, PLAIN, "proved"),
        (HEADER + USE, DEFINE + USE, "proved"),
        (HEADER + USE + "int y = V_bar;\n", DEFINE + USE + "int y = V_bar;\n", "R16"),
        (HEADER + HEADER + USE, HEADER + USE, "proved"),
        (HEADER + NOTHING, NOTHING, "R16"),
        (DEFINE + HEADER + NOTHING, HEADER + NOTHING, "proved"),
        (HEADER + NOTHING, PLAIN, "proved"),
    ],
)
def test_definitions_and_includes_serve_the_uses_below_them(before: str, after: str, expected: str) -> None:
    found = prove(side(before, TABLE), side(after, TABLE), OPTIONS)
    assert ("proved" if found.outcome is Outcome.PROVED else found.rule) == expected
