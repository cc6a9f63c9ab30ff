"""Find hazards: places where a renamed name is no use of the global that it stands for.

Takes no part in any proof. May miss what it cannot see; what it reports is worth a look.
"""

from __future__ import annotations

from collections.abc import Iterator

from vimagetrack.engine.null.hazards import Hazard, HazardKind
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import BINARY, STRUCTS, TYPES, is_directive, is_name

_OPENS = frozenset({b"{", b","})
_DECLARED = frozenset({b"=", b";", b",", b"[", b")"})


def find(stream: Stream) -> Iterator[Hazard]:
    """Give the hazards of a stream whose rules on statements have not been applied yet."""
    stems: dict[bytes, bytes] = {}
    for index, token in enumerate(stream.tokens):
        macro = stream.macro[index]
        if macro is None or not stream.source[stream.first[index]] == macro or not is_name(token):
            continue
        if index and stream.first[index - 1] == stream.first[index] and stream.tokens[index - 1] != b"(":
            continue
        kind = _kind(stream, index)
        if kind:
            yield Hazard(
                kind=kind, token=macro.decode("utf-8", "replace"), lineno=stream.lineno(stream.first[index])
            )
        stems.setdefault(token, macro)
    yield from _plain_locals(stream, stems)


def _kind(stream: Stream, index: int) -> HazardKind | None:
    """Tell how a name is used from its neighbours."""
    left, right = index - 1, index + 1
    while left >= 0 and stream.first[left] == stream.first[index]:
        left -= 1
    while right < len(stream.tokens) and stream.first[right] == stream.first[index]:
        right += 1
    before = stream.tokens[left] if left >= 0 else b""
    after = stream.tokens[right] if right < len(stream.tokens) else b""
    if before == b"->":
        return HazardKind.MEMBER_SHADOW
    if before == b".":
        opens = left > 0 and stream.tokens[left - 1] in _OPENS
        return HazardKind.DESIGNATOR if opens else HazardKind.MEMBER_SHADOW
    if before in STRUCTS:
        return HazardKind.TAG
    if before == b"goto" or (after == b":" and before in (b";", b"{", b"}", b":")):
        return HazardKind.LABEL
    return HazardKind.LOCAL_SHADOW if _declares(stream, left, after) else None


def _declares(stream: Stream, left: int, after: bytes) -> bool:
    """Say whether a name between these is declared inside of braces or parentheses."""
    if left < 0 or after not in _DECLARED or not _inside(stream, left):
        return False
    while left > 0 and stream.tokens[left] == b"*":
        left -= 1
    before = stream.tokens[left]
    pointed = stream.tokens[left + 1] == b"*" if left + 1 < len(stream.tokens) else False
    if before in TYPES:
        return True
    begins = left == 0 or stream.tokens[left - 1] not in BINARY | {b"(", b"return", b".", b"->"}
    return is_name(before) and (not pointed or begins)


def _inside(stream: Stream, index: int) -> bool:
    depth = 0
    for token in stream.tokens[: index + 1]:
        depth += (token in (b"{", b"(")) - (token in (b"}", b")"))
    return depth > 0


def _plain_locals(stream: Stream, stems: dict[bytes, bytes]) -> Iterator[Hazard]:
    """A local that has the plain name, in a function that uses the macro of that name."""
    functions = _functions(stream) if stems else []
    for index, token in enumerate(stream.tokens):
        if token in stems and stream.macro[index] is None and not is_directive(token):
            after = stream.tokens[index + 1] if index + 1 < len(stream.tokens) else b""
            if (
                index
                and _declares(stream, index - 1, after)
                and _used_beside(stream, functions, index, token)
            ):
                name = stems[token].decode("utf-8", "replace")
                yield Hazard(
                    kind=HazardKind.LOCAL_SHADOW, token=name, lineno=stream.lineno(stream.first[index])
                )


def _functions(stream: Stream) -> list[int]:
    """Number the tokens by the outermost braces they are in."""
    out, depth, number = [], 0, 0
    for token in stream.tokens:
        if token == b"{" and not depth:
            number += 1
        depth = max(0, depth + (token == b"{") - (token == b"}"))
        out.append(number)
    return out


def _used_beside(stream: Stream, functions: list[int], index: int, token: bytes) -> bool:
    return any(
        other == token and stream.macro[place] is not None and functions[place] == functions[index]
        for place, other in enumerate(stream.tokens)
    )
