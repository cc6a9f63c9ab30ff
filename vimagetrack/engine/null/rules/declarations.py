"""Tell declarations from statements by their first words. Safe to be wrong by seeing a declaration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.words import ASSIGNS, DECLARES, STRUCTS, TYPES, is_body_word, is_name

_EXPRESSION: Final = ASSIGNS | {b".", b"->", b"[", b"++", b"--", b"(", b":", b"?", b",", b";", b"==", b"!="}


@dataclass(frozen=True, slots=True)
class Names:
    """What a text shows of its names: those that seem types, and those that are surely none."""

    types: frozenset[bytes]
    values: frozenset[bytes]

    @classmethod
    def of(cls, tokens: Sequence[bytes]) -> Names:
        """Read the names of a stream."""
        words = [token.lstrip(b"\n ") if is_body_word(token) else token for token in tokens]
        return cls(type_names(words), value_names(words))


def type_names(tokens: Sequence[bytes]) -> frozenset[bytes]:
    """Collect the names that a text shows, or seems, to be types: two names in a row, ``x *)``, typedef,
    ``_t``.

    May collect names that are none. Tags are no types: ``struct x x`` says nothing of x.
    """
    names = {token for token in set(tokens) if is_name(token)}
    found = {token for token in names if token.endswith(b"_t")}
    followers = zip([b"", *tokens], tokens, tokens[1:], [*tokens[2:], b""], strict=False)
    found |= {
        one
        for before, one, two, three in followers
        if one in names
        and (two in names or (two == b"*" and three in (b"*", b")")))
        and before not in STRUCTS
    }
    return frozenset(found | _typedefs(tokens))


_OF_VALUES: Final = ASSIGNS | {b".", b"->", b"[", b"++", b"--"}
_OPENS_OPERAND: Final = ASSIGNS | {b"(", b",", b"[", b"return", b"&&", b"||", b"!"}


def value_names(tokens: Sequence[bytes]) -> frozenset[bytes]:
    """Collect the names that a text shows to be no types: what is declared or assigned, has members or an
    address.

    ``(x)`` counts as x. Must not collect a type's name, so a name that also seems a type is left out by who
    asks.
    """
    names = {token for token in set(tokens) if is_name(token)}
    typed = names | (TYPES - STRUCTS)
    found: set[bytes] = set()
    fours = zip([b"", *tokens], tokens, [*tokens[1:], b""], [*tokens[2:], b"", b""], strict=False)
    for a, b, c, d in fours:
        if b in names:
            used = c in _OF_VALUES and a not in (b".", b"->")
            declared = c == b";" and a in typed
            if used or declared or (a == b"(" and c == b")" and d in _OF_VALUES):
                found.add(b)
        elif b == b"&" and a in _OPENS_OPERAND:
            found |= names & {d if c == b"(" else c}
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
    depth = 0
    for index in range(opener, len(tokens) - 1):
        depth += (tokens[index] == b"(") - (tokens[index] == b")")
        if not depth:
            following = tokens[index + 1]
            return following == b"=" or KINDS[following] is TokenKind.IDENTIFIER
    return True
