"""Digests of a file's layers: one pair of rows a null step and state, whatever its windows are."""

from __future__ import annotations

from hashlib import sha256

from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import split

PLAN = b"""
[project]
name = "p"
slug = "p"
assume = ["closed-world", "line-numbers"]
[[milestone]]
slug = "one"
title = "one"
layer = "null"
macros = ["V_a"]
table = "#define V_a a"
[[milestone]]
slug = "two"
title = "two"
layer = "null"
macros = ["V_b"]
table = "#define V_b b"
[[milestone]]
slug = "rest"
title = "rest"
layer = "meat"
"""

#: Two hunks: in the first the first step has something to do, in the second the other one.
DIFF = b"""diff --git a/f.c b/f.c
--- a/f.c
+++ b/f.c
@@ -10,3 +10,3 @@
 x = 1;
-x = a;
+x = V_a;
 x = 2;
@@ -50,3 +50,3 @@
 y = 1;
-y = b;
+y = V_b;
 y = 2;
"""


def _digest(text: bytes) -> str:
    return sha256(b"\0".join(text.split())).hexdigest()


def test_every_layer_is_digested_over_the_same_windows() -> None:
    result = split(DIFF, parse_plan(PLAN))
    streams = _digest(b"x = 1 ; x = a ; x = 2 ; y = 1 ; y = b ; y = 2 ;")
    assert [(row.path, row.layer, row.state, row.sha256) for row in result.digests] == [
        ("f.c", layer, "default", streams) for layer in ("base", "one", "one", "two")
    ]
