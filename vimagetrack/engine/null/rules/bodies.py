"""The bodies of macros that are not in the table.

Claim: a macro whose body is equal after expansion is the same macro, as long as the table is in force
wherever it is used (``bodies-in-force``, which is why that must be granted).

Argument: when such a macro is used, its body is scanned again and the transition macros in it are replaced
then. That gives what replacing them in the body gives, unless # or ## sees their spelling or a parameter of
the macro takes one of the names that they become; both are refused.

Counter-example: ``#define MM(foo) (V_foo + foo)``: inside the body foo is the parameter, V_foo is not.
"""

from __future__ import annotations

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.table import Definition, Table
from vimagetrack.engine.null.units import Tok, Unexpandable


def transition_words(definition: Definition, table: Table) -> bool:
    """Say whether the body has a word that the table replaces."""
    return any(
        KINDS[word] is TokenKind.IDENTIFIER and table.get(word) is not None for word in definition.body
    )


def expanded(definition: Definition, table: Table) -> tuple[Tok, ...]:
    """Expand a body under the table. Raises Unexpandable where its use would not be the same."""
    if definition.operates:
        raise Unexpandable("R04", definition.name, "its body has # or ## and a transition macro")
    params = frozenset(definition.params or ())
    if definition.name in _reach(definition, table):
        raise Unexpandable("R05", definition.name, "its body leads back to it")
    if not params.isdisjoint(_reach(definition, table)):
        raise Unexpandable("R07", definition.name, "a parameter has the name that a transition macro becomes")
    own = Expander(table)
    result = own.words(definition.body, definition.spaces)
    if own.used_operators:
        raise Unexpandable("R04", definition.name, "# or ## takes part in expanding its body")
    if result and _may_call(result[-1].text, table):
        raise Unexpandable("R06", definition.name, "its body ends in a function-like macro")
    return result


def _reach(definition: Definition, table: Table) -> frozenset[bytes]:
    """Collect what the table's macros in a body become, not the body's own words."""
    words = [word for word in definition.body if table.get(word) is not None]
    return frozenset().union(*(table.reached(word) for word in words))


def _may_call(word: bytes, table: Table) -> bool:
    found = table.get(word)
    return found is not None and found.params is not None
