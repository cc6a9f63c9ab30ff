"""What a verdict on two texts depends on, besides the texts and the kernel: the definitions that they reach.

A proof is looked up by the digest of its premises, so it must change whenever another verdict could come out.
Safe to be wrong by holding too much: a proof is then made once more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.stream import Options, Side
from vimagetrack.engine.null.table import Table


@dataclass(frozen=True, slots=True)
class Premises:
    """``definitions`` are the names of the table's macros that the after side reaches, sorted; ``sha256``
    is over all definitions of both sides, the macros of other texts, state, headers and granted assumptions.
    """

    definitions: tuple[str, ...]
    sha256: str


def premises(before: Side, after: Side, tokens: Collection[bytes], options: Options) -> Premises:
    """Collect what the verdict on two sides depends on; ``tokens`` are the different ones of both texts."""
    words = [token for token in tokens if KINDS[token] is TokenKind.IDENTIFIER]
    lines = [
        b"language " + options.language.value.encode(),
        b"assume " + " ".join(sorted(options.assumptions)).encode(),
        b"headers " + "\n".join(options.headers).encode("utf-8", "surrogateescape"),
        *(name.encode() + text for name, text in sorted(options.header_texts.items())),
        b"vocabulary %d observers %d whole %d" % (options.vocabulary, options.unseen_observers, after.whole),
    ]
    names: tuple[bytes, ...] = ()
    for side in (before, after):
        names = _reached(words, side.table)
        lines.append(b"side " + side.path.encode("utf-8", "surrogateescape"))
        lines += [found.canonical for name in names if (found := side.table.get(name))]
        lines += side.table.state_lines
        known = options.known.reached(words, side.table)
        lines += [way.canonical for name in sorted(known) for way in known[name]]
    digest = sha256(b"\n".join(lines)).hexdigest()
    return Premises(tuple(name.decode("utf-8", "surrogateescape") for name in names), digest)


def _reached(words: Collection[bytes], table: Table) -> tuple[bytes, ...]:
    """Give the macros of a table that words come to, sorted."""
    called = [word for word in words if table.get(word)]
    names = set(called).union(*(table.reached(name) for name in called))
    return tuple(sorted(name for name in names if table.get(name)))
