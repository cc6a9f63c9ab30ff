"""Find hazards: places where a renamed name is no use of the global that it stands for.

Takes no part in any proof. May miss what it cannot see; what it reports is worth a look.
"""

from __future__ import annotations

from collections.abc import Iterator

from vimagetrack.engine.null.hazards import Hazard, HazardKind
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import BINARY, STRUCTS, TYPES, is_name

_OPENS = frozenset({b"{", b","})
_DECLARED = frozenset({b"=", b";", b",", b"[", b")"})


class Shadows:
    """Looks through one stream."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.tokens = stream.tokens
        self.depths, self.functions = _nesting(stream.tokens)

    def find(self) -> Iterator[Hazard]:
        """Give the hazards in the order of the text, those of plain locals last."""
        stream, stems = self.stream, dict[bytes, bytes]()
        for index in [place for place, macro in enumerate(stream.macro) if macro]:
            macro, token = stream.macro[index] or b"", self.tokens[index]
            if not is_name(token) or stream.source[stream.first[index]] != macro or not self._leads(index):
                continue
            stems.setdefault(token, macro)
            kind = self._kind(index)
            if kind:
                yield self._hazard(kind, macro, index)
        yield from self._plain_locals(stems)

    def _hazard(self, kind: HazardKind, macro: bytes, index: int) -> Hazard:
        lineno = self.stream.lineno(self.stream.first[index])
        return Hazard(kind=kind, token=macro.decode("utf-8", "replace"), lineno=lineno)

    def _leads(self, index: int) -> bool:
        """Say whether a name is the first thing in its unit, but for parentheses."""
        while index and self.stream.first[index - 1] == self.stream.first[index]:
            index -= 1
            if self.tokens[index] != b"(":
                return False
        return True

    def _kind(self, index: int) -> HazardKind | None:
        """Tell how a name is used from its neighbours."""
        first = self.stream.first
        left, right = index - 1, index + 1
        while left >= 0 and first[left] == first[index]:
            left -= 1
        while right < len(self.tokens) and first[right] == first[index]:
            right += 1
        before = self.tokens[left] if left >= 0 else b""
        after = self.tokens[right] if right < len(self.tokens) else b""
        if before == b"->":
            return HazardKind.MEMBER_SHADOW
        if before == b".":
            opens = left > 0 and self.tokens[left - 1] in _OPENS
            return HazardKind.DESIGNATOR if opens else HazardKind.MEMBER_SHADOW
        if before in STRUCTS:
            return HazardKind.TAG
        if before == b"goto" or (after == b":" and before in (b";", b"{", b"}", b":")):
            return HazardKind.LABEL
        return HazardKind.LOCAL_SHADOW if self._declares(left, after) else None

    def _declares(self, left: int, after: bytes) -> bool:
        """Say whether a name between these is declared inside of braces or parentheses."""
        if left < 0 or after not in _DECLARED or not self.depths[left]:
            return False
        pointed = self.tokens[left] == b"*"
        while left > 0 and self.tokens[left] == b"*":
            left -= 1
        before = self.tokens[left]
        begins = left == 0 or self.tokens[left - 1] not in BINARY | {b"(", b"return", b".", b"->"}
        return before in TYPES or (is_name(before) and (not pointed or begins))

    def _plain_locals(self, stems: dict[bytes, bytes]) -> Iterator[Hazard]:
        """A local that has the plain name, in a function that uses the macro of that name."""
        macro = self.stream.macro
        used = {
            (self.functions[i], token) for i, token in enumerate(self.tokens) if token in stems and macro[i]
        }
        for index, token in enumerate(self.tokens):
            if token in stems and macro[index] is None and (self.functions[index], token) in used:
                after = self.tokens[index + 1] if index + 1 < len(self.tokens) else b""
                if self._declares(index - 1, after):
                    yield self._hazard(HazardKind.LOCAL_SHADOW, stems[token], index)


def _nesting(tokens: list[bytes]) -> tuple[list[int], list[int]]:
    """Give for each token how deep in brackets it stands, and the number of the outermost braces around
    it.
    """
    depths, functions = [], []
    depth = braces = number = 0
    for token in tokens:
        if token in (b"{", b"("):
            depth += 1
            number += token == b"{" and not braces
            braces += token == b"{"
        elif token in (b"}", b")"):
            depth = max(0, depth - 1)
            braces = max(0, braces - (token == b"}"))
        depths.append(depth)
        functions.append(number)
    return depths, functions


def find(stream: Stream) -> tuple[Hazard, ...]:
    """Give the hazards of a stream whose rules on statements have not been applied yet."""
    return tuple(Shadows(stream).find()) if any(stream.macro) else ()
