"""Tell declarations from statements by their first words. Safe to be wrong by seeing a declaration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.words import ASSIGNS, DECLARES, TYPES, is_name

_EXPRESSION: Final = ASSIGNS | {b".", b"->", b"[", b"++", b"--", b"(", b":", b"?", b",", b";", b"==", b"!="}


def type_names(tokens: Sequence[bytes]) -> frozenset[bytes]:
    """Collect the names that a text shows, or seems, to be types: two names in a row, casts, ``_t``.

    May collect names that are none.
    """
    found = {token for token in set(tokens) if token.endswith(b"_t") and is_name(token)}
    triples = zip(tokens, tokens[1:], [*tokens[2:], b""], strict=False)
    for one, two, three in triples:
        if is_name(one) and (is_name(two) or (two == b"*" and three in (b"*", b")"))):
            found.add(one)
    found |= _typedefs(tokens)
    return frozenset(found)


def _typedefs(tokens: Sequence[bytes]) -> set[bytes]:
    found = set()
    places = [index for index, token in enumerate(tokens) if token == b"typedef"]
    for place in places:
        end = place
        while end < len(tokens) and tokens[end] != b";":
            end += 1
        found |= {token for token in tokens[place:end] if is_name(token)}
    return found


def may_declare(tokens: Sequence[bytes], index: int, types: frozenset[bytes]) -> bool:
    """Say whether what begins at an index may be a declaration.

    A call counts as a statement unless its name is known, or seems, to be a type.
    """
    token = tokens[index]
    if token in DECLARES:
        return True
    if token in (b"[", b"::"):
        return True
    if not is_name(token):
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else b""
    if following == b"(":
        return token in types or _initialises(tokens, index + 1)
    return following not in _EXPRESSION


def _initialises(tokens: Sequence[bytes], opener: int) -> bool:
    """Say whether a parenthesis is followed as a declarator is, and a call is not: ``T (x) = 3;``."""
    depth, index = 0, opener
    while index < len(tokens):
        depth += (tokens[index] == b"(") - (tokens[index] == b")")
        index += 1
        if not depth:
            break
    following = tokens[index] if index < len(tokens) else b""
    return following == b"=" or KINDS.get(following) is TokenKind.IDENTIFIER


def is_type(token: bytes, types: frozenset[bytes]) -> bool:
    """Say whether a name is, or seems, a type."""
    return token in TYPES or token in types
