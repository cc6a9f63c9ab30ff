"""Put together what is read together: a definition and its uses.

Names are found by spelling, as the order check finds them. A wrong guess costs a reader a jump, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from vimagetrack.engine.split.changes import Draft

_DEFINED = re.compile(
    rb"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)"
    rb"|^(?:struct|union|enum)[ \t]+([A-Za-z_]\w*)\s*\{"
    rb"|^(?:[A-Za-z_][\w \t*]*[ \t*]|)([A-Za-z_]\w*)[ \t]*\([^;{}()]*\)\s*\{",
    re.MULTILINE,
)
_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
_KEYWORDS = frozenset(b"if while for switch return sizeof".split())

#: Changes that stay together: (file index, change) pairs in file order.
Block = list[tuple[int, Draft]]


def together(blocks: Sequence[Block], lines: Callable[[Block], int], limit: int) -> list[Block]:
    """Join the blocks that define a name with those that use it, first come first, as long as both fit.

    The order of the result is that of each one's first block.
    """
    defined: dict[bytes, int] = {}
    for index, block in enumerate(blocks):
        for name in _definitions(block):
            defined.setdefault(name, index)
    if not defined:
        return list(blocks)
    groups = _Groups([lines(block) for block in blocks], limit)
    for index, block in enumerate(blocks):
        for name in dict.fromkeys(_uses(block)):
            if defined.get(name, index) != index:
                groups.join(defined[name], index)
    joined: dict[int, Block] = {}
    for index, block in enumerate(blocks):
        joined.setdefault(groups.find(index), []).extend(block)
    return list(joined.values())


class _Groups:
    """Disjoint sets of blocks that never grow beyond a limit; a set is named by its first block."""

    def __init__(self, lines: list[int], limit: int) -> None:
        self.lines = lines
        self.limit = limit
        self.parent = list(range(len(lines)))

    def find(self, index: int) -> int:
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def join(self, left: int, right: int) -> None:
        """Join two sets, unless they are one already or would be too long."""
        first, second = sorted((self.find(left), self.find(right)))
        if first != second and self.lines[first] + self.lines[second] <= self.limit:
            self.parent[second] = first
            self.lines[first] += self.lines[second]


def _definitions(block: Block) -> Iterator[bytes]:
    """Name what a block defines and did not define before: macros, tags, functions at top level."""
    for _, draft in block:
        if b"{" in draft.after_text or b"define" in draft.after_text:
            before = {_name(match) for match in _DEFINED.finditer(draft.before_text)}
            for match in _DEFINED.finditer(draft.after_text):
                if _name(match) not in before and _name(match) not in _KEYWORDS:
                    yield _name(match)


def _name(match: re.Match[bytes]) -> bytes:
    return match[match.lastindex or 1]


def _uses(block: Block) -> Iterator[bytes]:
    """Name what a block brings into use."""
    for _, draft in block:
        before = set(_IDENTIFIER.findall(draft.before_text))
        yield from (name for name in _IDENTIFIER.findall(draft.after_text) if name not in before)
