"""Shapes of input that have made parsers quadratic, and what one of them costs when it doubles.

``python -m tests.bench.bench_growth`` prints time(2n)/time(n) a shape; the aim is 2.3 at most. It is
measured here and not asserted in the tests, since a machine has neighbours.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from tests.engine.diff.tools import git, plain
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import EngineError

MAIL = b"From 1 Mon Sep 17 00:00:00 2001\nSubject: x\n\ntext\n---\n\n"
CONTEXT = b"@@ -1,%d +1,%d @@\n%s-a\n+b\n"


def names(count: int, make: Callable[[bytes], bytes]) -> bytes:
    return b"".join(make(b"f%d.c" % number) for number in range(count))


SHAPES: dict[str, Callable[[int], bytes]] = {
    "one file, many hunks": lambda n: plain(
        body=b"".join(b"@@ -%d +%d @@\n-a\n+b\n" % (3 * k + 1, 3 * k + 1) for k in range(n))
    ),
    "many files": lambda n: names(n, lambda name: git(name, b"index 1111111..2222222 100644")),
    "many plain files": lambda n: names(n, lambda name: plain(b"a/" + name, b"b/" + name)),
    "many mails": lambda n: names(n, lambda name: MAIL + git(name) + b"-- \n2.30.1\n\n"),
    "one long hunk": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b" line\n" * n)),
    "one long hunk of empty lines": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b"\n" * n)) + b"\n\n",
    "one long hunk of CRLF empty lines": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b"\r\n" * n)),
    "a marker at the end": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b" l\n" * n) + b"\\ No newline\n"),
    "one long line": lambda n: plain(body=b"@@ -1 +1 @@\n-" + b"x" * 50 * n + b"\n+b\n"),
    "one long line of form feeds": lambda n: plain(
        body=b"@@ -1,2 +1,2 @@\n " + b"\x0c" * 20 * n + b"\n-a\n+b\n"
    ),
    "form feeds in lines that stay": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b" \x0c\n" * n)),
    "quotation marks": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b" \xe2\x80\x9cx\xe2\x80\x9d\n" * n)),
    "prose": lambda n: b"some words\n" * n + plain(),
    "prose of digits": lambda n: b"1a\n12c\n" * n + plain(),
    "at signs in a body": lambda n: plain(body=CONTEXT % (n + 1, n + 1, b" @@@@@@@@@@@@\n" * n)),
    "lines that begin with at": lambda n: plain() + b"@ x\n" * n + plain(b"a/y", b"b/y"),
    "lookalike letters": lambda n: plain(body=CONTEXT % (n + 1, n + 1, " \u0430x\u0430\n".encode() * n)),
    "a file while a file": lambda n: (b"File " + b" while file " * 600 + b"\n") * (n // 200) + plain(),
    "binary files in German": lambda n: (
        ("Bin\u00e4rdateien " + " und " * 1500 + "\n").encode() * (n // 200) + plain()
    ),
    "submodules": lambda n: (b"Submodule " + b"abcdef.." * 900 + b"\n") * (n // 200) + plain(),
    "ninety long lines": lambda n: plain(body=CONTEXT % (91, 91, (b" " + b"x" * n + b"\n") * 90)),
    "empty lines in every hunk": lambda n: plain(
        body=b"".join(b"@@ -%d,2 +%d,2 @@\n\n-a\n+b\n" % (3 * k + 1, 3 * k + 1) for k in range(n))
    ),
    "names without hunks": lambda n: b"--- x\n+++ y\n\n" * n + plain(),
    "minus lines": lambda n: b"--- x\n" * n + plain(),
    "index lines": lambda n: (b"Index: x\n" + b"=" * 20 + b"\n") * n + plain(),
    "heading lines": lambda n: b"diff -u x\n" * n + plain(),
    "stars": lambda n: b"***************\n" * n + plain(),
    "binary differ": lambda n: b"Binary files a and b and c differ\n" * n + plain(),
    "binary names": lambda n: names(n, lambda name: git(name, body=b"") + b"Binary files x and y differ\n"),
    "binary payload": lambda n: (
        git(b"x", body=b"") + b"GIT binary patch\nliteral 9\n" + (b"z" + b"0" * 65 + b"\n") * n + b"\n"
    ),
    "refused at the end": lambda n: plain(body=CONTEXT % (n + 9, n + 9, b" line\n" * n)),
    "lines behind a hunk": lambda n: plain() + b" \n" * n,
    "boundaries": lambda n: b'boundary="xyz"\n' + names(n, lambda name: git(name) + b"--xyz\n\n"),
    "blanks in a git line": lambda n: names(n, lambda name: git(name + b" " * 50, b"old mode 1", body=b"")),
    "words in a git line": lambda n: names(
        n // 20, lambda name: git(b"a " * 300 + name, b"old mode 100644", b"new mode 100755", body=b"")
    ),
    "escapes": lambda n: b'--- "a/' + b"\\303" * (n // 10) + b'"\n',
    "nothing": lambda n: b"\n" * n,
    "one line without end": lambda n: b"x" * 20 * n,
    "deep names": lambda n: names(n // 20, lambda name: git(b"d/" * 400 + name)),
}


def cost(data: bytes) -> float:
    """Give the processor time of one parse, the best of five; what is refused counts as well."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        with contextlib.suppress(EngineError):
            parse(data, second_opinion=False)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    """Print a line a shape."""
    for name, make in SHAPES.items():
        once, twice = cost(make(20_000)), cost(make(40_000))
        print(f"{name:36} {once * 1000:8.1f} ms {twice * 1000:8.1f} ms  x {twice / once:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
