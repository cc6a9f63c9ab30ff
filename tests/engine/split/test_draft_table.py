"""A table proposed from the monolith's own definitions, with the conflicts shown."""

from __future__ import annotations

import io
import sys
import tomllib
from pathlib import Path

import pytest

from tests.engine.split.test_split import whole
from vimagetrack.engine.__main__ import main
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.split.draft_table import draft_table

GUARDED = "/* (c) */\n#ifndef _VIMAGE_H_\n#define _VIMAGE_H_\n%s#endif /* _VIMAGE_H_ */\n"
HEADER = GUARDED % (
    "#define VSYM(s) \\\n\t(s)\n#define V_hostname VSYM(hostname)\n"
    "#ifdef VIMAGE\nint a;\n#define V_domain g.domain\n#else\n#define V_domain domain\n#endif\n"
    "#ifdef OTHER\n#define UNRELATED 1\n#endif\n"
)


def draft(monolith: bytes, *patterns: str, base: dict[str, bytes] | None = None) -> tuple[str, list[str]]:
    """Give the table and the comments."""
    text = draft_table(monolith, patterns, base).decode()
    return tomllib.loads(text)["table"], [line for line in text.splitlines() if line.startswith("#  ")]


def test_what_the_monolith_defines_becomes_a_table() -> None:
    table, comments = draft(whole("sys/vimage.h", None, HEADER), "V_*")
    assert table == (
        "#define VSYM(s) \\\n\t(s)\n#define V_hostname VSYM(hostname)\n"
        "#ifdef VIMAGE\n#define V_domain g.domain\n#else\n#define V_domain domain\n#endif\n"
    )
    assert comments == [
        "#   #define V_domain g.domain    in sys/vimage.h:9 (#ifdef VIMAGE)",
        "#   #define V_domain domain    in sys/vimage.h:11 (#else of #ifdef VIMAGE)",
    ]
    everything, _ = draft(whole("sys/vimage.h", None, HEADER))
    assert "UNRELATED" in everything
    assert "_VIMAGE_H_" not in everything
    states = State(name="on", define=(("VIMAGE", "1"),)), State(name="off")
    found = [Table.parse(table.encode(), state).definitions[b"V_domain"] for state in states]
    assert [way.body for way in found] == [(b"g", b".", b"domain"), (b"domain",)]


def test_two_files_that_disagree_are_shown_and_the_first_counts() -> None:
    monolith = whole("a.c", "int a;\n", "#define V_x x\nint a;\n")
    monolith += whole("b.c", "int b;\n", "int b;\n#define V_x (x)\n#define V_y y\n")
    monolith += whole("c.c", "int c;\n", "int c;\n#define  V_x  x\n") + whole(
        "d.txt", None, "#define V_t t\n"
    )
    table, comments = draft(monolith)
    assert table == "#define V_x x\n#define V_y y\n"
    assert comments == ["#   #define V_x x    in a.c:1, c.c:2", "#   #define V_x (x)    in b.c:2"]


def test_what_the_base_defines_is_not_the_monolith_s_own() -> None:
    old = "#define V_old old\n" + "/* far */\n" * 9
    base = {"a.c": old.encode()}
    assert draft(whole("a.c", old, old + "#define V_new V_old\n"), base=base)[0] == "#define V_new V_old\n"
    window = (
        b"--- a/a.c\n+++ b/a.c\n@@ -8,3 +8,4 @@\n /* far */\n /* far */\n /* far */\n+#define V_new V_old\n"
    )
    assert draft(window, base=base)[0] == draft(window)[0] == "#define V_new V_old\n"


def test_nothing_is_an_empty_table_and_odd_bytes_are_kept() -> None:
    assert draft(whole("a.c", "int a;\n", "int b;\n")) == ("", [])
    odd = "#define V_a(\n#define V_\u00e9 1\n#if 1\n#endif\n#endif\n#else\n#define V_b \x01\n"
    assert "V_\u00e9" in draft(whole("a.c", None, odd))[0]
    latin = whole("a.c", None, "#define V_c 'X'\n").replace(b"X", b"\xe9")
    found = tomllib.loads(draft_table(latin).decode())
    assert found["table"].encode(found["table_encoding"]) == b"#define V_c '\xe9'\n"


def test_the_command_writes_it(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monolith = whole("sys/vimage.h", None, HEADER)
    (tmp_path / "m.diff").write_bytes(monolith)
    assert main(["draft-table", str(tmp_path / "m.diff"), "--base", str(tmp_path), "--pattern", "V_h*"]) == 0
    assert capfdbinary.readouterr().out == draft_table(monolith, ["V_h*"])
    assert main(["draft-table", str(tmp_path / "m.diff"), "--base", str(tmp_path / "none")]) == 3
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(monolith)))
    capfdbinary.readouterr()
    assert main(["draft-table", "-"]) == 0
    assert capfdbinary.readouterr().out == draft_table(monolith)
