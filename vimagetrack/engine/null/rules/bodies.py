"""The bodies of macros that are not in the table.

Claim: a macro whose body is equal after expansion is the same macro, as long as the table is in force
wherever it is used (``bodies-in-force``, which is why that must be granted).

Argument: when such a macro is used, its body is scanned again and the transition macros in it are replaced
then. That gives what replacing them in the body gives, unless # or ## sees their spelling, a parameter of
the macro takes one of the names that are replaced or that they become, or a parameter stands among the
arguments of one of them, where it may bring more than one; all are refused. What a call in a body may look at
is asked for where the macros of the text are known (``handed``).

Counter-example: ``#define MM(foo) (V_foo + foo)``: inside the body foo is the parameter, V_foo is not.
``#define L(...) V_FIRST(__VA_ARGS__)``: one argument in the body, several where L is used.
"""

from __future__ import annotations

from collections.abc import Iterator

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS
from vimagetrack.engine.null.expand import Expander
from vimagetrack.engine.null.table import Definition, Table
from vimagetrack.engine.null.units import Tok, Unexpandable


def transition_words(definition: Definition, table: Table) -> bool:
    """Say whether the body has a word that the table replaces."""
    return any(KINDS[word] is IDENTIFIER and table.get(word) is not None for word in definition.body)


def expanded(definition: Definition, table: Table) -> tuple[Tok, ...]:
    """Expand a body under the table. Raises Unexpandable where its use would not be the same."""
    if definition.operates:
        raise Unexpandable("R04", definition.name, "its body has # or ## and a transition macro")
    params = frozenset(definition.params or ())
    if definition.name in _reach(definition, table):
        raise Unexpandable("R05", definition.name, "its body leads back to it")
    if any(table.get(name) for name in params):
        raise Unexpandable("R07", definition.name, "a parameter has the name of a transition macro")
    if any(word in params and _calls(callees[-1:], table) for word, callees in _calls_around(definition)):
        raise Unexpandable("R31", definition.name, "a parameter is an argument of a transition macro")
    if not params.isdisjoint(_reach(definition, table)):
        raise Unexpandable("R07", definition.name, "a parameter has the name that a transition macro becomes")
    own = Expander(table)
    result = own.words(definition.body, definition.spaces)
    if own.used_operators:
        raise Unexpandable("R04", definition.name, "# or ## takes part in expanding its body")
    if result and _may_call(result[-1].text, table):
        raise Unexpandable("R06", definition.name, "its body ends in a function-like macro")
    return result


def handed(definition: Definition, table: Table) -> Iterator[tuple[bytes, bytes]]:
    """Give each word of a body that the table replaces, with each word in whose parentheses it stands."""
    for word, callees in _calls_around(definition):
        if table.get(word):
            yield from ((word, callee) for callee in callees)


def is_one_operand(word: bytes, table: Table) -> bool:
    """Say whether what a word of the table becomes is one argument to whatever it is given."""
    ways = [way for name in {word} | table.reached(word) if (way := table.get(name))]
    return not any(way.variadic or not {b",", b"(", b")"}.isdisjoint(way.body) for way in ways)


def _calls_around(definition: Definition) -> Iterator[tuple[bytes, list[bytes]]]:
    """Give each word of a body with what stands before the parentheses around it, the innermost last; behind
    ``f(x)(`` that is f.
    """
    open_calls: list[bytes] = []
    before = b""
    for word in definition.body:
        if word == b"(":
            open_calls.append(before)
        yield word, list(open_calls)
        before = open_calls.pop() if word == b")" and open_calls else word


def _calls(callees: list[bytes], table: Table) -> bool:
    """Say whether a parenthesis behind a word may hold the arguments of a macro of the table."""
    return any(_may_call(tok.text, table) for word in callees for tok in Expander(table).words([word])[-1:])


def _reach(definition: Definition, table: Table) -> frozenset[bytes]:
    """Collect what the table's macros in a body become, not the body's own words."""
    words = [word for word in definition.body if table.get(word) is not None]
    return frozenset().union(*(table.reached(word) for word in words))


def _may_call(word: bytes, table: Table) -> bool:
    found = table.get(word)
    return found is not None and found.params is not None
