"""What is shown and stored beside exact bytes: nothing that a database refuses or an eye misreads."""

from __future__ import annotations

import pytest

from vimagetrack.display import path_digest, to_bytes, to_display, to_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sys/net/if.c", "sys/net/if.c"),
        ("Fußgänger/日本.c", "Fußgänger/日本.c"),
        ("a\0b\n\x1b[31m", r"a\x00b\x0a\x1b[31m"),
        ("a\u202efdp\u2066\u200b\ufeff\u2028", r"a\u202efdp\u2066\u200b\ufeff\u2028"),
        ("lone\udcff\ud800", r"lone\xff\ud800"),
        (b"latin\xe9.c", r"latin\xe9.c"),
    ],
)
def test_to_display_spells_out_what_cannot_be_seen(text: str | bytes, shown: str) -> None:
    assert to_display(text) == shown
    shown.encode()


def test_to_json_keeps_lines_and_cleans_to_any_depth() -> None:
    value = {"a\0": ["x\ty\nz\r", ("\udcff", 1, None)]}
    assert to_json(value) == {r"a\x00": ["x\ty\nz\\x0d", [r"\xff", 1, None]]}


def test_to_bytes_gives_back_what_was_decoded() -> None:
    name = bytes(range(1, 256))
    assert to_bytes(name.decode("utf-8", "surrogateescape")) == name


def test_path_digest_is_one_for_both_forms() -> None:
    assert path_digest(b"a\xff") == path_digest("a\udcff") != path_digest("a")
