"""Write a token as HTML, once: sources repeat the same few thousand tokens, so a memo does most work."""

from __future__ import annotations

from typing import Final, NamedTuple

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of
from vimagetrack.look.characters import visible


class Piece(NamedTuple):
    """A part of a token that the lines of a text cut, or one whose class its neighbours decide.

    Alone, the second line of a comment would be read as code; so it carries its class with it.
    """

    css: str
    text: bytes


#: A token as the lexer gives it, or a piece of one.
Cell = bytes | Piece

KEYWORDS: Final = frozenset(
    b"auto break case char const continue default do double else enum extern float for goto if inline int "
    b"long register restrict return short signed sizeof static struct switch typedef union unsigned void "
    b"volatile while _Bool bool class public private protected virtual template typename namespace using new "
    b"delete this nullptr true false NULL u_int u_char u_long u_short size_t".split()
)
#: Above this many remembered tokens the memo starts anew: someone sends texts to fill it.
MEMO_LIMIT: Final = 100_000


class TokenMemo(dict[Cell, str]):
    """Escaped HTML by token; a miss is written and kept."""

    def __missing__(self, cell: Cell) -> str:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[cell] = written = _write(cell)
        return written


def css_of(token: bytes) -> str:
    """Give the class of a token, empty for plain code."""
    if token in KEYWORDS:
        return "k"
    match kind_of(token):
        case TokenKind.COMMENT:
            return "cm"
        case TokenKind.STRING | TokenKind.CHAR:
            return "s"
        case _:
            return ""


def _write(cell: Cell) -> str:
    css, text = cell if isinstance(cell, Piece) else (css_of(cell), cell)
    inner = visible(text, code=css not in ("cm", "s", "t"))
    return f'<span class="{css}">{inner}</span>' if css not in ("", "t") else inner


#: Shared by all requests: a token's HTML depends on nothing but its bytes.
MEMO: Final = TokenMemo()
