"""A grammar of diffs, biased to the awkward; every choice names the trap that it is there for."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from vimagetrack.engine.diff.emit import PatchHunk, file_patch

LINES = st.sampled_from(
    [
        b"int x;",
        b"",  # an empty line, whose context blank a mail program eats
        b"-- x.c",  # removed, it looks like a header
        b"++ y.c",  # added, it looks like one, too
        b"@@ -1 +1 @@",  # a hunk header as text
        b"diff --git a/x b/x",
        b"\\ No newline at end of file",
        b"a\x0cb",  # form feed, for splitlines()
        b"a\rb",  # lone carriage return, for universal newlines
        b"crlf\r",
        "NEL\u0085 LS\u2028 \u202e".encode(),
        b"caf\xe9",  # latin-1
        b"-- ",  # a mail's signature
        b"\x00\x1b[2J",
        b".",  # ends an ed script
        b" ",
    ]
)
NAMES = st.sampled_from(
    [
        "x.c",
        "sys/net/if.c",
        "with blank.c",
        'qu"ote',
        "caf\u00e9.c",
        "x b/x",
        "a/b/a/b",
        "\udcff\udcfe.c",
        "-dash",
    ]
)
BETWEEN = st.sampled_from(
    [
        b"",
        b"",
        b"-- \n2.30.1\n\nFrom 1234 Mon Sep 17 00:00:00 2001\nSubject: y\n\n---\n y | 2 +-\n\n",
        b"\n",
        b"Only in b: z\n",
        b"\nProperty changes on: x\n___\nAdded: svn:eol-style\n",
        b"prose\n@ home\n",
    ]
)


@st.composite
def hunks(draw: st.DrawFn) -> list[PatchHunk]:
    """Draw hunks in order, with every count from 0 on and a missing final newline now and then."""
    found: list[PatchHunk] = []
    old_lineno = new_lineno = 1
    for number in range(draw(st.integers(1, 4))):
        gap = draw(st.integers(0, 3))
        signs = draw(st.lists(st.sampled_from([b" ", b"-", b"+"]), min_size=1, max_size=6))
        if not {b"-", b"+"} & set(signs):
            signs.append(b"+")
        lines = [(sign, draw(LINES) + b"\n") for sign in signs]
        old, new = sum(sign != b"+" for sign in signs), sum(sign != b"-" for sign in signs)
        old_lineno, new_lineno = old_lineno + gap, new_lineno + gap
        found.append(
            PatchHunk(
                old_start=old_lineno - (not old),  # with no line, the header names the line before
                new_start=new_lineno - (not new),
                lines=lines,
            )
        )
        old_lineno, new_lineno = old_lineno + old, new_lineno + new
        if number == 3 and draw(st.booleans()):
            _drop_newline(found)
    return found


def _drop_newline(found: list[PatchHunk]) -> None:
    """Take the newline of the file's last line, on the sides that it ends."""
    last = found[-1]
    lines = list(last.lines)
    sign, line = lines[-1]
    lines[-1] = (sign, line[:-1])
    found[-1] = PatchHunk(old_start=last.old_start, new_start=last.new_start, lines=lines)


@st.composite
def diffs(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, list[PatchHunk]]]]:
    """Draw a diff of several files: its bytes, and what was written into it."""
    names: Sequence[str] = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    parts: list[bytes] = []
    written: list[tuple[str, list[PatchHunk]]] = []
    for name in names:
        made = draw(hunks())
        parts.append(draw(BETWEEN))
        parts.append(file_patch(old_path=name, new_path=name, old_mode=None, new_mode=None, hunks=made))
        written.append((name, made))
    parts.append(draw(BETWEEN))
    return b"".join(parts), written
