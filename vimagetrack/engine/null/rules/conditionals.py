"""Conditionals whose condition is known in the state.

Claim: where the state and the table decide a condition, the branch that counts may stand alone.

Argument: the preprocessor would leave exactly that branch. A name is known when the state defines or
undefines it or the table defines it; a name that the text itself defines or undefines is never known, since
then the line counts. All other conditions stay as tokens, so both sides must have them alike, and every
branch must be equal.

``#elifdef`` is as old as C23: a compiler before that passes over it in a skipped group and stops at it in
another. So it is never resolved, and only stays beside an ``#if`` that stays.

Counter-example: ``#ifdef DEBUG`` with DEBUG in no one's list: dropping the branch would prove a change in
it null.
"""

from __future__ import annotations

from dataclasses import dataclass

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS
from vimagetrack.engine.lex.directives import Directive
from vimagetrack.engine.null.condition import ConditionError, evaluate
from vimagetrack.engine.null.table import Table

OPENING = (b"if", b"ifdef", b"ifndef")
MIDDLE = (b"elif", b"elifdef", b"elifndef", b"else")
NAMES = frozenset({*OPENING, *MIDDLE, b"endif"})
_YOUNG = (b"elifdef", b"elifndef")


@dataclass(slots=True)
class _Group:
    """One open conditional. ``reached``: its text around counts. ``done``: a branch that surely counts is
    over. ``live``: the present branch counts. ``shown``: an #if of it stands in the stream."""

    reached: bool
    done: bool = False
    live: bool = False
    shown: bool = False
    ended: bool = False  # its #else is over


class Conditionals:
    """Follows the conditionals of one text from top to bottom."""

    def __init__(self, source: list[bytes], table: Table, local: frozenset[bytes]) -> None:
        self.source = source
        self.table = table
        self.local = local
        self.groups: list[_Group] = []

    @property
    def live(self) -> bool:
        """Say whether the present line may count."""
        return not self.groups or self.groups[-1].live

    def take(self, directive: Directive) -> bytes | None:
        """Follow one conditional directive; give the token that it leaves, or None where it is resolved.

        Raises ConditionError where the conditionals do not balance or a condition cannot be read.
        """
        name = directive.name
        if name in OPENING:
            return self._open(directive)
        if not self.groups:
            raise ConditionError(f"#{name.decode()} belongs to an #if that is not in sight")
        group = self.groups[-1]
        if name == b"endif":
            self.groups.pop()
            return b"\n#endif" if group.shown else None
        if group.ended:
            raise ConditionError(f"#{name.decode()} behind the #else of its #if")
        group.ended = name == b"else"
        if not group.reached:
            return None
        if name in _YOUNG and (group.done or not group.shown):
            raise ConditionError(f"a compiler before C23 does not know #{name.decode()}")
        if group.done:
            group.live = False
            return None
        return self._next(group, directive)

    def _open(self, directive: Directive) -> bytes | None:
        group = _Group(reached=self.live)
        self.groups.append(group)
        if not group.reached:
            return None
        value = self._value(directive)
        group.live = value is not False
        group.done = value is True
        group.shown = value is None
        return self._spell(directive, directive.name) if group.shown else None

    def _next(self, group: _Group, directive: Directive) -> bytes | None:
        value = True if directive.name == b"else" else self._value(directive)
        group.live = value is not False
        group.done = value is True
        if value is False:
            return None
        if value is True:
            return b"\n#else" if group.shown else None
        name = directive.name if group.shown else directive.name[2:]
        group.shown = True
        return self._spell(directive, name)

    def _spell(self, directive: Directive, name: bytes) -> bytes:
        return b"\n#" + b" ".join([name, *(self.source[index] for index in directive.words)])

    def _value(self, directive: Directive) -> bool | None:
        words = [self.source[index] for index in directive.words]
        if directive.name in (b"if", b"elif"):
            value = evaluate(words, self.table, self._is_defined)
            return None if value is None else value != 0
        if len(words) != 1 or KINDS[words[0]] is not IDENTIFIER or words[0] == b"defined":
            raise ConditionError(f"#{directive.name.decode()} takes one name")
        known = self._is_defined(words[0])
        if directive.name in _YOUNG:
            return None
        return known if known is None or directive.name == b"ifdef" else not known

    def _is_defined(self, name: bytes) -> bool | None:
        return None if name in self.local else self.table.is_defined(name)
