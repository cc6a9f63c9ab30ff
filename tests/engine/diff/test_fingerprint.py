"""Fingerprints: blind to white space and to nothing else, and the same for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vimagetrack.engine.diff.fingerprint import digest_parts, fingerprint, spelling
from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize

PIECES = st.sampled_from(
    [
        b" ",
        b"\t",
        b"\f",
        b"\v",
        b"\n",
        b"\r",
        b"\r\n",
        b"\\",
        b"\\\n",
        b"x",
        b"+",
        b"/*",
        b"*/",
        b"//",
        b'"',
        b"1",
    ]
)


def said(text: bytes) -> bytes:
    """Spell a text as its definition says."""
    blank = (TokenKind.SPACE, TokenKind.NEWLINE)
    return b"\0".join(layout(token) for token in tokenize(text) if kind_of(token) not in blank)


def layout(token: bytes) -> bytes:
    """Make white space one blank in comments and in literals that do not end."""
    open_literal = kind_of(token) in (TokenKind.STRING, TokenKind.CHAR) and token[-1:] not in (b"'", b'"')
    return b" ".join(token.split()) if open_literal or kind_of(token) is TokenKind.COMMENT else token


@given(st.lists(PIECES).map(b"".join))
def test_a_spelling_leaves_out_white_space_and_nothing_else(text: bytes) -> None:
    assert spelling(text) == said(text)


def test_comments_and_strings_may_be_indented_otherwise() -> None:
    block = b"\tx = 1;\t/*\n\t\t * don't\n\t\t */\n\t * it's no comment in sight\n"
    assert spelling(block) == spelling(block.replace(b"\t", b"    ").replace(b"\n", b"\r\n"))
    assert spelling(b'x = "a  b";') != spelling(b'x = "a b";')
    assert spelling(b"/* ab */") != spelling(b"/* a b */")


@pytest.mark.parametrize("text", [b"\\\n", b" \\\n x", b"\r", b"a\r\nb", b"\\ \n", b"\\", b"/* \\\n */"])
def test_splices_and_carriage_returns(text: bytes) -> None:
    assert spelling(text) == said(text)


def test_approvals_of_old_are_found_again() -> None:
    found = fingerprint(
        path="a.c", function="f", before=b"\tx = 1;\n", after=b"\tV_x = 1; /* y */\n", ordinal=2
    )
    assert found == "e2e8b00142ab614d70e1b28c8b61e25c463eb9e3f6e1995d2e1280303d8552f4"


def test_parts_are_told_apart_by_their_lengths() -> None:
    assert digest_parts([b"ab", b"c"]) != digest_parts([b"a", b"bc"])
    assert digest_parts([b""]) != digest_parts([b"", b""])
