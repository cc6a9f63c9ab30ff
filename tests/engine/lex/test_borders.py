# ruff: noqa: E501
from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vimagetrack.engine.lex.borders import doubtful
from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize

#: What may stand out of sight before a window, and leave something open.
OPENERS = (b"/* ", b"// x \\\n", b'"x \\\n', b"'x \\\n", b"#define A \\\n")
PARTS = st.sampled_from(
    [b'"', b"'", b"\\", b"\\\n", b"\\ \n", b"\n", b"\r\n", b"/*", b"*/", b"//", b"a", b" ", b";", b"*", b"/", b'"s"', b"'c'", b"L"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("window", "token"),
    [
        (b"see http://x */ int a;\n", b"//x */ int a;"),
        (b"it's */ a  b; // it's\n", b"'s */ a  b; // it'"),
        (b"x /* y\nint a;\n/* c */\n", b"/* y\nint a;\n/* c */"),
        (b'baz"); // "x\n', b'"); // "'),
        (b"a \\\n/* b\n*/\n", b"/* b\n*/"),
    ],
)
def test_a_token_that_another_reading_cuts(window: bytes, token: bytes) -> None:
    index = doubtful(window)

    assert index is not None
    assert tokenize(window)[index] == token


@pytest.mark.parametrize(
    "window",
    [
        b"", b"\n", b"a b\n", b"/* a */ b\n", b"a */ b\n", b'x = "a */ b";\n', b'f("a", "b");\n', b"x = '\"';\n",
        b"// a\nb\n", b"x;\n/* a\n*/\n", b'"a \\\n b" c\n', b"a\r\nb\r\n", b"a", b"x \\\n y\n",
    ],
)  # fmt: skip
def test_windows_that_every_reading_cuts_alike(window: bytes) -> None:
    assert doubtful(window) is None


def test_a_first_line_of_its_own_may_still_begin_in_a_comment() -> None:
    assert doubtful(b"x /* y\nint a;\n/* c */\n", continued=False) is None
    assert doubtful(b"see http://x */ int a;\n", continued=False) is not None


def literals_end(tokens: list[bytes]) -> bool:
    """Say whether the first line is one that a compiler takes."""
    kinds = [kind_of(token) for token in tokens]
    last = kinds.index(TokenKind.NEWLINE) if TokenKind.NEWLINE in kinds else len(kinds)
    own = [t for t, k in zip(tokens[:last], kinds, strict=False) if k in (TokenKind.STRING, TokenKind.CHAR)]
    return all(tokenize(token + b"+") == [token, b"+"] for token in own)


@given(st.lists(PARTS, max_size=25).map(b"".join), st.sampled_from(OPENERS))
@example(b"a *", b"/* ")
@settings(max_examples=1500)
def test_what_is_not_doubtful_is_cut_alike_behind_every_opener(window: bytes, opener: bytes) -> None:
    if doubtful(window) is not None:
        return
    tokens, at, gone = tokenize(opener + window), 0, b""
    while tokens and at < len(opener):
        gone = tokens.pop(0)
        at += len(gone)
    if literals_end([gone, *tokens]) and (at > len(opener) or opener.startswith(b"#")):
        theirs, ours = seen(tokens), seen(tokenize(window))
        assert ours[len(ours) - len(theirs) :] == theirs


def seen(tokens: list[bytes]) -> list[bytes]:
    """Leave out what is white space to a compiler; line ends between tokens count, for directives."""
    layout = (TokenKind.SPACE, TokenKind.COMMENT)
    found = [b"\n" if kind_of(t) is TokenKind.NEWLINE else t for t in tokens if kind_of(t) not in layout]
    while found and found[-1] == b"\n":
        found.pop()
    return found
