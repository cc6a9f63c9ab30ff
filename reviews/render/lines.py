"""Cut a text into lines of tokens; bytes in, no token lost, lines end at ``\\n`` only."""

from __future__ import annotations

import re
from typing import Final

from reviews.render.tokens import Cell, Piece, css_of
from vimagetrack.engine.lex.ctokens import tokenize

#: Files whose lines are coloured as C; all others are cut into words and written plainly.
C_SUFFIXES: Final = (".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".inc")
_WORDS: Final = re.compile(rb"[A-Za-z0-9_\x80-\xff]+|[^\S\n]+|.", re.DOTALL)


def is_c(path: str) -> bool:
    """Tell whether a file is read as C or C++ for its colours; a wrong guess costs colour, never text."""
    return path.lower().endswith(C_SUFFIXES)


def cut(text: bytes, *, path: str) -> list[list[Cell]]:
    """Cut a text into lines of cells, without their newlines; joined by ``\\n`` they give the text back.

    A text that ends with a newline has no empty last line. Tokens are read over the whole text, so that a
    comment or string over several lines keeps its colour on each.
    """
    if not text:
        return []
    lines = _c_lines(text) if is_c(path) else _plain_lines(text)
    if text.endswith(b"\n"):
        lines.pop()
    return lines


def _plain_lines(text: bytes) -> list[list[Cell]]:
    return [[Piece("t", word) for word in _WORDS.findall(line)] for line in text.split(b"\n")]


def _c_lines(text: bytes) -> list[list[Cell]]:
    line: list[Cell] = []
    lines = [line]
    for token in tokenize(text):
        if b"\n" not in token:
            line.append(token)
            continue
        css = "" if token.isspace() else css_of(token)
        first, *rest = token.split(b"\n")
        if first:
            line.append(Piece(css, first))
        for part in rest:
            line = [Piece(css, part)] if part else []
            lines.append(line)
    for one in lines:
        if b"#" in one[:2]:
            _colour_directive(one)
    return lines


def _colour_directive(line: list[Cell]) -> None:
    """Colour ``#`` and the directive's name, where the line begins with one."""
    for index, cell in enumerate(line[:2]):
        if cell == b"#":
            line[index] = Piece("p", b"#")
            following = range(index + 1, min(index + 3, len(line)))
            name = next((i for i in following if bytes(_text(line[i])).isalpha()), None)
            if name is not None:
                line[name] = Piece("p", _text(line[name]))
            return
        if not _text(cell).isspace():
            return


def _text(cell: Cell) -> bytes:
    return cell.text if isinstance(cell, Piece) else cell


def text_of(line: list[Cell]) -> bytes:
    """Give a line's bytes back, without its newline."""
    return b"".join(map(_text, line))
