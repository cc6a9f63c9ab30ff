"""Which arguments of a text's own macro are seen as they are written."""

from __future__ import annotations

import pytest

from tests.engine.null.test_callees import rule
from tests.engine.null.test_kernel import without
from vimagetrack.engine.null.assumptions import Assumption

FREE = without(Assumption.BODIES_IN_FORCE)


@pytest.mark.parametrize(
    ("text", "use", "expected"),
    [
        ("#define M(x, y) g(x) #y\n", "M(@foo, 1)", "proved"),
        ("#define M(x, y) g(x) #y\n", "M(1, @foo)", "R02"),
        ("#define M(f, x, y) f(x) #y\n", "M(g, @foo, 1)", "R02"),  # f may look
        ("#define S(x) #x\n#define M(x, y) g(x) S(y)\n", "M(@foo, 1)", "proved"),
        ("#define S(x) #x\n#define M(x, y) g(x) S(y)\n", "M(1, @foo)", "R02"),
        ("#define S(x) #x\n#define M(x) S(x\n", "M(@foo))", "R02"),  # its call ends out of sight
        ("#define S(x) #x\n#define M(x) S(x\n#define E )\n", "M(@foo) E", "R02"),
    ],
)
def test_an_argument_may_change_where_nothing_looks_at_it(text: str, use: str, expected: str) -> None:
    before, after = (f"{text}int f(void) {{ return {use.replace('@', head)}; }}\n" for head in ("", "V_"))
    assert rule("#define V_foo foo\n", before, after, FREE) == expected
