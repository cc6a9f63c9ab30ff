"""Tell declarations from statements by their first words. Safe to be wrong by seeing a declaration."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS
from vimagetrack.engine.null.words import ASSIGNS, CONTROL, DECLARES, STRUCTS, TYPES, is_body_word, is_name

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
_STEPS: Final = frozenset({b"++", b"--"})
_OPENS_OPERAND: Final = ASSIGNS | {b"(", b",", b"[", b"return", b"&&", b"||", b"!"}
#: No cast and no declaration has one of these behind a type, nor a type alone behind one.
_BINARY: Final = frozenset(
    {b"==", b"!=", b"<", b">", b"<=", b">=", b"<<", b">>", b"/", b"%", b"|", b"^", b"||"}
)
_BEFORE_VALUES: Final = _BINARY | ASSIGNS | {b"&&", b"!", b"~", b"return"}
_ASKS: Final = frozenset({b"if", b"while", b"switch"})
_ENDS: Final = frozenset({b";", b")", b"]", b","})
_MEMBER_OF: Final = frozenset({b".", b"->"})
#: One of these stands beside every name that shows itself to be a value, but for one in parentheses.
_BEHIND_VALUES: Final = _OF_VALUES | _BINARY
_LEADS_VALUES: Final = _BEFORE_VALUES | _ASKS | {b"&"}


def value_names(tokens: Sequence[bytes]) -> frozenset[bytes]:
    """Collect the names that a text shows to be no types: what is declared or assigned, has members or an
    address, or stands beside an operator that no cast has.

    ``(x)`` counts as x, but behind a name: ``sizeof(x) > 1``. Must not collect a type's name, so a name that
    also seems a type is left out by who asks.
    """
    names = {token for token in set(tokens) if is_name(token)}
    found = _declared(tokens, names)
    around = zip([b"", *tokens], tokens, [*tokens[1:], b""], strict=False)
    near = [
        index
        for index, (before, name, after) in enumerate(around)
        if (after in _BEHIND_VALUES or before in _LEADS_VALUES or (before == b"(" and after == b")"))
        and name in names
    ]
    for index in near:
        name = tokens[index]
        if name in found:
            continue
        left, right = index - 1, index + 1
        while left > 0 and tokens[left] == b"(" and tokens[right : right + 1] == [b")"]:
            if KINDS[tokens[left - 1]] is IDENTIFIER and tokens[left - 1] not in CONTROL:
                break
            left, right = left - 1, right + 1
        before = tokens[left] if left >= 0 else b""
        used = before not in _MEMBER_OF and _is_value(before, [*tokens[right : right + 2], b"", b""])
        if used or (before == b"&" and left and tokens[left - 1] in _OPENS_OPERAND):
            found.add(name)
    return frozenset(found)


def _is_value(before: bytes, behind: Sequence[bytes]) -> bool:
    """Say whether what stands around a name is said of values only; ``(x) ++ y`` may cast."""
    after, second = behind[:2]
    if after in _STEPS and (second == b"(" or KINDS[second] is IDENTIFIER):
        return False
    asked = before in _ASKS or (before in _BEFORE_VALUES and after in _ENDS)
    return asked or after in _BEHIND_VALUES


def _declared(tokens: Sequence[bytes], names: Collection[bytes]) -> set[bytes]:
    """Collect what is declared: ``T a;``, ``int *a, b[2];``."""
    found: set[bytes] = set()
    declaring = _PLAIN_TYPES.union(names)
    behind = zip(tokens, tokens[1:], tokens[2:], strict=False)
    places = [
        index
        for index, (token, name, after) in enumerate(behind)
        if after in _ENDS_DECLARATOR and name in names and token in declaring
    ]
    for index in places:
        declared = _declarators(tokens, index + 1, names)
        found.update(declared if tokens[index] in _PLAIN_TYPES else declared[:1])
    return found


_PLAIN_TYPES: Final = TYPES - STRUCTS
_ENDS_DECLARATOR: Final = frozenset({b";", b","})


def _declarators(tokens: Sequence[bytes], place: int, names: Collection[bytes]) -> list[bytes]:
    """Give the names that are declared from a place on; none where a list of them does not end in a ;."""
    found: list[bytes] = []
    while True:
        while found and tokens[place : place + 1] == [b"*"]:
            place += 1
        name = tokens[place] if place < len(tokens) else b""
        if name not in names:
            return []
        found.append(name)
        after = tokens[place + 1] if place + 1 < len(tokens) else b""
        if after == b";":
            return found
        if after != b",":
            return []
        place += 2


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
            return following == b"=" or KINDS[following] is IDENTIFIER
    return True
