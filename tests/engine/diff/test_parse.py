from __future__ import annotations

import pytest

from vimagetrack.engine.diff.emit import emit
from vimagetrack.engine.diff.model import FileOp
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ParseError

GIT = b"""diff --git a/sys/net/if.c b/sys/net/if.c
index 1111111..2222222 100644
--- a/sys/net/if.c
+++ b/sys/net/if.c
@@ -1,3 +1,3 @@ static int
 ctx
-foo = 1;
+V_foo = 1;
 end
@@ -10 +10,2 @@
-last
+last
+more
\\ No newline at end of file
diff --git a/new b/new
new file mode 100644
index 0000000..e69de29
"""


def test_keeps_every_byte_and_names_the_parts() -> None:
    diff = parse(GIT)
    assert emit(diff) == GIT
    first, second = diff.files
    assert (first.op, first.old_path, first.new_path, first.old_mode) == (
        FileOp.MODIFY,
        "sys/net/if.c",
        "sys/net/if.c",
        "100644",
    )
    assert [hunk.diff_lineno for hunk in first.hunks] == [5, 10]
    assert first.hunks[0].section == b"static int"
    assert first.hunks[1].new_text == b"last\nmore"
    assert (second.op, second.old_path, second.new_mode) == (FileOp.CREATE, None, "100644")


def test_runs_name_the_lines_of_both_sides() -> None:
    run = parse(GIT).files[0].hunks[0].runs()[0]
    assert (run.old_start_lineno, run.old_lines) == (2, (b"foo = 1;\n",))
    assert (run.new_start_lineno, run.new_lines) == (2, (b"V_foo = 1;\n",))


def test_a_name_above_the_tree_is_refused_with_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b"--- ../../etc/passwd\n+++ ../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n")
    assert caught.value.path == "../../etc/passwd"
    assert caught.value.diff_lineno == 1
    assert "leaves the tree" in str(caught.value)


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_is_left_as_it_was_found(running: bool) -> None:
    import gc

    before = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        parse(GIT)
        with pytest.raises(ParseError):
            parse(b"nothing")
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()
