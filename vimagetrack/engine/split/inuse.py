"""Find the transition names that the base already uses: every use of them stays undecided (law 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vimagetrack.engine.diff.model import DiffWarning
from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.null.kernel import Language
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.split.steps import Layers

_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
#: A name is told with its first places only: a macro of the whole tree stands in every file.
_TOLD = 200


def names_in_use(texts: Iterable[tuple[str, bytes]], layers: Layers) -> dict[bytes, tuple[str, int]]:
    """Map every such name to its first place, (path, 1-based line); ``texts`` are (path, old text).

    Words in comments and strings do not count, and of a file in no language of ours only the bodies of
    macros do. Sees known texts only: a use elsewhere is not found.
    """
    found: dict[bytes, tuple[str, int]] = {}
    for path, text in texts:
        all_words = set(_IDENTIFIER.findall(text))
        if Language.of_path(path) is None:
            ways = Known.of([text]).definitions.values() if b"define" in text else ()
            all_words = {word for found_ways in ways for way in found_ways for word in way.body}
        words = {word for word in all_words if word not in found and layers.lands_later(word)}
        if words:
            found |= {name: (path, lineno) for name, lineno in first_uses(text, words).items()}
    return found


def defined_otherwise(texts: Iterable[tuple[str, bytes]], layers: Layers) -> dict[bytes, tuple[str, int]]:
    """Map the macros that the plan has in force in the base, and that the base defines, but never so.

    What they come to is not known then, like that of a name in use. One of several definitions is enough.
    """
    in_force = layers.in_force_in_base()
    known = list(texts) if in_force else []
    found: dict[bytes, tuple[str, int]] = {}
    ways = Known.of(text for _, text in known).definitions
    for name, said in in_force.items():
        mine = {way.canonical for way in ways.get(name, ())}
        if mine and mine.isdisjoint(said):
            found |= next(
                {name: (path, uses[name])}
                for path, text in known
                if name in text and name in (uses := first_uses(text, {name}))
            )
    return found


def first_uses(text: bytes, words: set[bytes]) -> dict[bytes, int]:
    """Map words that a text has, not counting comments and strings, to their first 1-based lines."""
    uses: dict[bytes, int] = {}
    lineno = 1
    for token in tokenize(text):
        if token in words and kind_of(token) is TokenKind.IDENTIFIER:
            uses.setdefault(token, lineno)
        lineno += token.count(b"\n")
    return uses


def warnings(found: dict[bytes, tuple[str, int]]) -> list[DiffWarning]:
    """Say of every name where the base uses it; the rest is counted, never hidden."""
    told = [
        DiffWarning(
            path=path,
            diff_lineno=None,
            code="name-in-use",
            text=f"{name.decode()} is used in line {lineno} of the base, before its milestone brings it or "
            "otherwise than the table says: every use of it is undecided",
        )
        for name, (path, lineno) in sorted(found.items())
    ]
    if len(told) <= _TOLD:
        return told
    rest = f"{len(told) - _TOLD} more names are used before the milestones that bring them"
    return [*told[:_TOLD], DiffWarning(path=None, diff_lineno=None, code="name-in-use", text=rest)]
