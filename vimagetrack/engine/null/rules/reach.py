"""What macros lead to, through the definitions of a text and those of the table alike.

Safe to be wrong by reaching too far: hide sets are not looked at, and every definition of a name counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vimagetrack.engine.null.table import Definition, Table

Macros = Mapping[bytes, Sequence[Definition]]


class Reach:
    """Answers for the macros that a text defines, under a table."""

    def __init__(self, macros: Macros, table: Table) -> None:
        self.macros = macros
        self.table = table
        self._memo: dict[bytes, frozenset[bytes]] = {}

    def definitions(self, name: bytes) -> Iterable[Definition]:
        """Give every definition that a name may have."""
        yield from self.macros.get(name, ())
        known = self.table.get(name)
        if known:
            yield known

    def of(self, name: bytes) -> frozenset[bytes]:
        """Give every identifier that an expansion of the name can come to, without itself unless it leads
        back.
        """
        if name not in self._memo:
            seen: set[bytes] = set()
            todo = [name]
            while todo:
                for definition in self.definitions(todo.pop()):
                    fresh = definition.identifiers - seen
                    seen |= fresh
                    todo += fresh
            self._memo[name] = frozenset(seen)
        return self._memo[name]

    def all_of(self, name: bytes) -> Iterable[Definition]:
        """Give every definition that an expansion of the name may use."""
        for word in {name} | self.of(name):
            yield from self.definitions(word)
