"""What a verdict on two texts depends on, besides the texts and the kernel: the definitions that they reach.

A proof is looked up by the digest of its premises, so it must change whenever another verdict could come out.
Safe to be wrong by holding too much: a proof is then made once more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from vimagetrack.engine.lex.ctokens import IDENTIFIER, KINDS, tokenize
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.stream import Options, Side
from vimagetrack.engine.null.table import Table


@dataclass(frozen=True, slots=True)
class Premises:
    """``definitions`` are the names of the table's macros that either side reaches, sorted; ``sha256`` is
    over all definitions of both sides, the macros of other texts, state, headers, granted assumptions, and
    what is known of the texts' surroundings.
    """

    definitions: tuple[str, ...]
    sha256: str


def premises(before: Side, after: Side, tokens: Collection[bytes], options: Options) -> Premises:
    """Collect what the verdict on two sides depends on; ``tokens`` are the different ones of both texts."""
    words = [token for token in tokens if KINDS[token] is IDENTIFIER]
    known = options.known
    fields = [
        options.language.value.encode(),
        *sorted(assumption.value.encode() for assumption in options.assumptions),
        *_encoded(options.headers),
        b"%d%d%d%d" % (options.vocabulary, options.unseen_observers, known.look, known.asks),
        *sorted(known.undefined.intersection(words)),
    ]
    names: set[bytes] = set()
    for side in (before, after):
        reached = _reached(words, side.table)
        names.update(reached)
        fields += _encoded([side.path])
        fields.append(b"%d%d%d" % (side.whole, side.tail, side.table.operates))
        fields += [found.canonical for name in reached if (found := side.table.get(name))]
        fields += side.table.state_lines
        fields += _of_headers(side, known)
        taking_part = known.reached(words, side.table)
        fields += [way.canonical for name in sorted(taking_part) for way in taking_part[name]]
        fields.append(b"")
    digest = sha256(b"".join(b"%d:%s" % (len(field), field) for field in fields)).hexdigest()
    return Premises(tuple(sorted(name.decode("utf-8", "surrogateescape") for name in names)), digest)


def _of_headers(side: Side, known: Known) -> list[bytes]:
    """Collect what an include of a transition header may depend on: its text, and its words elsewhere."""
    fields = []
    for path, text in sorted(side.table.header_texts.items()):
        if path.rpartition("/")[2].encode("utf-8", "surrogateescape") in side.text:
            words = {token for token in tokenize(text) if KINDS[token] is IDENTIFIER}
            ways = {way.canonical for word in words for way in known.definitions.get(word, ())}
            fields += [*_encoded([path]), text, *sorted(ways)]
            fields += sorted(words & known.undefined) + [b""] + sorted(words & known.words)
            fields += [found.canonical for word in sorted(words) if (found := side.table.get(word))]
    return fields


def _encoded(texts: Collection[str]) -> list[bytes]:
    return [text.encode("utf-8", "surrogateescape") for text in texts]


def _reached(words: Collection[bytes], table: Table) -> tuple[bytes, ...]:
    """Give the macros of a table that words come to, sorted."""
    called = [word for word in words if table.get(word)]
    names = set(called).union(*(table.reached(name) for name in called))
    return tuple(sorted(name for name in names if table.get(name)))
