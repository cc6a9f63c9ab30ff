# ruff: noqa: E501
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, kind_of, tokenize

AWKWARD = st.sampled_from(
    [b'"', b"'", b"\\", b"\n", b"\r\n", b"\r", b"/*", b"*/", b"//", b'R"(', b')"', b"L", b"u8", b"0x1e", b"+", b"-", b"."]
    + [b" ", b"\t", b"\f", b"#", b"##", b"<:", b"%:", b"\xe2\x80\xa8", b"\xff", b"\0", b"foo", b"'1", b"...", b"??/", b"a"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=200), st.lists(AWKWARD, max_size=60).map(b"".join)))
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost(text: bytes) -> None:
    tokens = tokenize(text)

    assert b"".join(tokens) == text
    assert all(tokens)
    for token in tokens:
        kind_of(token)


@given(st.lists(AWKWARD, max_size=60).map(b"".join), st.integers(min_value=0))
@settings(max_examples=200, deadline=None)
def test_no_token_depends_on_what_is_before_it(text: bytes, number: int) -> None:
    """So a text that begins where a token does is read rightly from there on."""
    tokens = tokenize(text)
    cut = number % (len(tokens) + 1)

    assert tokenize(b"".join(tokens[cut:])) == tokens[cut:]


def kinds(text: bytes) -> list[tuple[bytes, str]]:
    return [(token, kind_of(token).name) for token in tokenize(text) if kind_of(token) is not TokenKind.SPACE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'L"x" R"y(")y"', [(b'L"x"', "STRING"), (b'R"y(")y"', "STRING")]),
        (b"u'a' U8", [(b"u'a'", "CHAR"), (b"U8", "IDENTIFIER")]),
        (b'foo"bar"', [(b"foo", "IDENTIFIER"), (b'"bar"', "STRING")]),
        (b"0x1p+3 .5e-1 1.f 0xe+foo", [(b"0x1p+3", "NUMBER"), (b".5e-1", "NUMBER"), (b"1.f", "NUMBER"), (b"0xe+foo", "NUMBER")]),
        (b"a->b...c", [(b"a", "IDENTIFIER"), (b"->", "PUNCTUATOR"), (b"b", "IDENTIFIER"), (b"...", "PUNCTUATOR"), (b"c", "IDENTIFIER")]),
        (b"// a\\\nb\nc", [(b"// a\\\nb", "COMMENT"), (b"\n", "NEWLINE"), (b"c", "IDENTIFIER")]),
        (b"/* ' */ '", [(b"/* ' */", "COMMENT"), (b"'", "CHAR")]),
        (b'"/*" x "*/"', [(b'"/*"', "STRING"), (b"x", "IDENTIFIER"), (b'"*/"', "STRING")]),
        (b"don't /* x\ny", [(b"don", "IDENTIFIER"), (b"'t /* x", "CHAR"), (b"\n", "NEWLINE"), (b"y", "IDENTIFIER")]),
        (b"/* open", [(b"/* open", "COMMENT")]),
        (b"a\r\nb\rc", [(b"a", "IDENTIFIER"), (b"\r\n", "NEWLINE"), (b"b", "IDENTIFIER"), (b"\r", "OTHER"), (b"c", "IDENTIFIER")]),
        (b"caf\xc3\xa9 \\", [(b"caf\xc3\xa9", "IDENTIFIER"), (b"\\", "OTHER")]),
        (b"<:%:%:%>", [(b"<:", "PUNCTUATOR"), (b"%:%:", "PUNCTUATOR"), (b"%>", "PUNCTUATOR")]),
        (b"a\x00b", [(b"a", "IDENTIFIER"), (b"\x00", "OTHER"), (b"b", "IDENTIFIER")]),
        (b'R""(a " b)"" c', [(b'R""(a " b)""', "STRING"), (b"c", "IDENTIFIER")]),
        (b'u8R"(a)" b', [(b'u8R"(a)"', "STRING"), (b"b", "IDENTIFIER")]),
        (b'a R"x(b" c\nd', [(b"a", "IDENTIFIER"), (b'R"x(b" c\nd', "STRING")]),
        (b'R"x y\n(z" a', [(b'R"x y\n(z"', "STRING"), (b"a", "IDENTIFIER")]),
        (b"a::b::>c", [(b"a", "IDENTIFIER"), (b"::", "PUNCTUATOR"), (b"b", "IDENTIFIER"), (b"::>", "PUNCTUATOR"), (b"c", "IDENTIFIER")]),
        (b'xR"(" 1R"("', [(b"xR", "IDENTIFIER"), (b'"("', "STRING"), (b"1R", "NUMBER"), (b'"("', "STRING")]),
        (b'"R" R"(b)" /*R"(*/ c', [(b'"R"', "STRING"), (b'R"(b)"', "STRING"), (b'/*R"(*/', "COMMENT"), (b"c", "IDENTIFIER")]),
        (b"u8'a' u8x uL\"a\"", [(b"u8'a'", "CHAR"), (b"u8x", "IDENTIFIER"), (b"uL", "IDENTIFIER"), (b'"a"', "STRING")]),
        (b"'t \\ \n#if\nx", [(b"'t \\ \n#if", "CHAR"), (b"\n", "NEWLINE"), (b"x", "IDENTIFIER")]),
        (b"'a\\\\\n#if\nx", [(b"'a\\\\\n#if", "CHAR"), (b"\n", "NEWLINE"), (b"x", "IDENTIFIER")]),
        (b'"\\\\\n\\\n"b" "\\\\" c', [(b'"\\\\\n\\\n"b"', "STRING"), (b'"\\\\"', "STRING"), (b"c", "IDENTIFIER")]),
        (b'"a\\\r\nb" "c\\ d"', [(b'"a\\\r\nb"', "STRING"), (b'"c\\ d"', "STRING")]),
    ],
)  # fmt: skip
def test_tokens_and_kinds(text: bytes, expected: list[tuple[bytes, str]]) -> None:
    assert kinds(text) == expected


def test_only_layout_comes_before_identifiers_in_the_order_of_kinds() -> None:
    layout = [kind for kind in TokenKind if kind <= TokenKind.COMMENT]

    assert layout == [TokenKind.SPACE, TokenKind.NEWLINE, TokenKind.COMMENT]


def test_a_splice_is_white_space_and_no_line_end() -> None:
    assert tokenize(b"a \\\n b\\ \nc") == [b"a", b" \\\n ", b"b", b"\\ \n", b"c"]


def test_the_memo_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(KINDS), "limit", 3)
    for number in range(10):
        kind_of(b"name%d" % number)

    assert len(KINDS) <= 3


def test_the_empty_token_is_other() -> None:
    assert kind_of(b"") is TokenKind.OTHER
