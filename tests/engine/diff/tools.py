"""What the tests of diffs share: small diffs, and where refusals are looked at."""

from __future__ import annotations

import pytest

from vimagetrack.engine.diff.emit import emit
from vimagetrack.engine.diff.model import Diff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ParseError

BODY = b"@@ -1,2 +1,2 @@\n ctx\n-foo = 1;\n+V_foo = 1;\n"


def plain(old: bytes = b"a/x.c", new: bytes = b"b/x.c", body: bytes = BODY) -> bytes:
    return b"--- " + old + b"\n+++ " + new + b"\n" + body


def git(name: bytes = b"x.c", *extended: bytes, body: bytes = BODY) -> bytes:
    """Write a git section; without a body it has no names below the extended lines."""
    head = b"diff --git a/" + name + b" b/" + name + b"\n" + b"".join(line + b"\n" for line in extended)
    return head + (plain(b"a/" + name, b"b/" + name, body) if body else b"")


def kept(data: bytes) -> Diff:
    """Parse and see that every byte comes back."""
    diff = parse(data)
    assert emit(diff) == data
    return diff


def refused(data: bytes, code: str, words: str = "") -> ParseError:
    """See that the input is refused, with a code, a place and a hint."""
    with pytest.raises(ParseError) as caught:
        parse(data)
    error = caught.value
    assert (error.code, words in error.message) == (code, True), str(error)
    assert error.diff_lineno is not None
    assert 1 <= error.diff_lineno <= data.count(b"\n") + 1
    assert error.hint
    return error


def codes(data: bytes) -> list[str]:
    return [warning.code for warning in kept(data).warnings]
