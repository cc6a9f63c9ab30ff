"""Find preprocessor directives in a list of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vimagetrack.engine.lex.ctokens import COMMENT, IDENTIFIER, KINDS, NEWLINE, SPACE

#: Kinds that separate tokens and mean nothing themselves; a comment may hold line ends and ends no line.
BLANK: Final = (SPACE, COMMENT)
_HASHES: Final = (b"#", b"%:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """One directive line, spliced lines joined.

    ``first`` and ``last`` are a half-open range of token indexes: from the first blank of the line to its
    line end, which belongs to it (the end of the text may stand in). ``name`` is empty for the null
    directive and for ``# 33 "file"``; ``words`` are the indexes of the tokens after the name that are
    neither blank nor comment.
    """

    first: int
    last: int
    name: bytes
    hash_index: int
    words: tuple[int, ...]


def _line_start(tokens: Sequence[bytes], index: int) -> int | None:
    """Go back over blanks from a hash; None where code stands before it on the line."""
    while index and KINDS[tokens[index - 1]] in BLANK:
        index -= 1
    return index if not index or KINDS[tokens[index - 1]] is NEWLINE else None


def _read(tokens: Sequence[bytes], first: int, hash_index: int) -> Directive:
    last, words = hash_index + 1, []
    while last < len(tokens):
        kind = KINDS[tokens[last]]
        if kind is NEWLINE:
            last += 1
            break
        if kind not in BLANK:
            words.append(last)
        last += 1
    named = bool(words) and KINDS[tokens[words[0]]] is IDENTIFIER
    name = tokens[words[0]] if named else b""
    return Directive(first=first, last=last, name=name, hash_index=hash_index, words=tuple(words[named:]))


def places(tokens: Sequence[bytes], token: bytes) -> Iterator[int]:
    """Yield the indexes of one token, at the speed of ``list.index``."""
    index = -1
    for _ in range(tokens.count(token)):
        index = tokens.index(token, index + 1)
        yield index


def _hash_indexes(tokens: Sequence[bytes]) -> list[int]:
    return sorted(index for token in _HASHES for index in places(tokens, token))


def directives(tokens: Sequence[bytes]) -> Iterator[Directive]:
    """Yield the directives of a text in order; ranges never overlap.

    Lines inside skipped groups are yielded too: who evaluates conditionals skips them.
    """
    done = 0
    for index in _hash_indexes(tokens):
        if index < done:
            continue
        first = _line_start(tokens, index)
        if first is not None:
            found = _read(tokens, first, index)
            done = found.last
            yield found
