from __future__ import annotations

import pytest

from tests.engine.diff.tools import codes, git, kept, plain
from vimagetrack.engine.diff import source

BREAK = "line-break-lookalike"


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        *((text, BREAK) for text in ("\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\rx")),
        *((text, "bidi") for text in ("\u202e", "\u2066", "\u2069", "\u200f", "\u061c")),
        *((text, "invisible") for text in ("\u200b", "\u200d", "\u2060", "\ufeff")),
        *((text, "invisible") for text in ("\u00ad", "\u115f", "\u180e", "\u3164", "\uffa0", "\U000e0041")),
        *((text, "blank-lookalike") for text in ("\u00a0", "\u2003", "\u202f", "\u3000")),
        *((text, "letter-lookalike") for text in ("\u0430", "\u0440", "\u0455", "\u03bf", "\uff41")),
        *((text, "control") for text in ("\0", "\x1b[2J", "\b", "\x7f", "\x0e")),
    ],
)
@pytest.mark.parametrize("sign", ["-", "+"])
def test_an_odd_character_in_a_changed_line_is_flagged_at_its_line(odd: str, code: str, sign: str) -> None:
    lines = ["-a", "+b"]
    lines["-+".index(sign)] += odd + "z"
    diff = kept(plain(body=f"@@ -1,2 +1,2 @@\n ctx\n{lines[0]}\n{lines[1]}\n".encode()))
    found = [(warning.code, warning.diff_lineno, warning.path) for warning in diff.warnings]
    assert found == [(code, 5 + "-+".index(sign), "x.c")]


@pytest.mark.parametrize("odd", ["\f", "\u2028", "\u202e", "\r", "\0", "\ufeff"])
def test_the_same_in_a_line_that_stays_is_not(odd: str) -> None:
    body = f"@@ -1,3 +1,3 @@\n ctx{odd}z\n-a\n+b\n end\n".encode()
    assert codes(f"pre{odd}face\n".encode() + plain(body=body) + f"-- \n{odd}x\n".encode()) == []


@pytest.mark.parametrize(
    "text",
    [
        "caf\u00e9 \u201cquoted\u201d",
        "\u0441\u043b\u043e\u0432\u043e \u03bf\u03c1",
        "5 \u00b5s \u0394x",
        "\u0601",
        "\uff01",
        "crlf\r",
        "tab\t",
    ],
)
def test_ordinary_bytes_are_ordinary(text: str) -> None:
    assert codes(plain(body=f"@@ -1 +1 @@\n-a\n+{text}\n".encode())) == []


def test_one_warning_for_each_file_and_kind() -> None:
    odd = b"@@ -1,3 +1,3 @@\n a\x0c\n-b\x0c\n-b\x0b\n+c\x0c\n+c\x1b\n@@ -9 +9 @@\n-a\x0c\n+b\n"
    assert codes(git(b"x", body=odd) + git(b"y", body=odd)) == [BREAK, "control"] * 2


def test_a_character_on_the_border_of_two_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    data = plain(body="@@ -1 +1 @@\n-a\n+b\u202ec\u2028d\n\n".encode().rstrip(b"\n") + b"\n")
    for size in range(1, 40):
        monkeypatch.setattr(source, "_PIECE", size)
        assert codes(data) == ["bidi", BREAK]


def test_an_odd_last_line_without_an_end_is_read_to_its_end() -> None:
    assert codes(plain(body=b"@@ -1 +1 @@\n-a\x0c\n+b\n") + b"-- \n\x0c") == [BREAK]
