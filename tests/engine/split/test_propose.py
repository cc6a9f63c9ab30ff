"""What is proposed beside meat, and in gaps where directives stand on both sides."""

from __future__ import annotations

from tests.engine.split.test_split import FRAME, PLAN, body, kinds, run, whole
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import Kind, split


def test_indentation_below_new_meat_is_cosmetic() -> None:
    """A block around directives is no bare block to the kernel: its head is meat, what it indents is not."""
    old = body("lock();", "work(1);", "#ifdef X", "work(2);", "#endif", "done();").replace("\t#", "#")
    new = body("LOOP {", "\tlock();", "\twork(1);", "#ifdef X", "\twork(2);", "#endif", "}", "done();")
    result = run(old, new.replace("\t#", "#"))
    assert [change.after for change in result.changes if change.kind is Kind.MEAT] == [
        b"\tLOOP {\n",
        b"\t}\n",
    ]
    assert {kind for _, kind, _ in kinds(result)} == {"meat", "cosmetic"}


def test_an_include_between_the_last_directives_is_vocabulary() -> None:
    old = "#ifndef H\n#define H\n" + FRAME + "#ifdef _X\nint x;\n#endif\n#endif\n"
    new = old.replace("#endif\n#endif\n", "#endif\n\n#include <sys/vimage.h>\n\n#endif\n")
    plan = PLAN.replace("[[milestone]]", '[[state]]\nname = "x"\ndefine = ["_X=1"]\n[[milestone]]', 1)
    result = split(whole("a.h", old, new), parse_plan(plan), base={"a.h": old.encode()})
    assert [change.kind for change in result.changes] == [Kind.VOCABULARY]
