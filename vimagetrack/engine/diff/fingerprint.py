"""Names for changes that survive regeneration: fingerprints and neighbourhoods.

Approvals are kept by fingerprint, so the safe way to be wrong is to differ: two equal changes with
different fingerprints cost a second reading, two different ones with the same would carry an
approval that nobody gave. White space never counts, comments do; line numbers and git's ``@@``
headings do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize

_BLANK = frozenset({TokenKind.SPACE, TokenKind.NEWLINE})
#: What white space begins with in a text without backslashes and carriage returns.
_BLANK_BYTES = frozenset(b" \t\f\v\n")


def fingerprint(*, path: str, function: str, before: bytes, after: bytes, ordinal: int = 0) -> str:
    """Digest a change by place and by the tokens of its lines before and after its own layer.

    ``ordinal`` counts equals in the layer, from 0. Returns 64 hex digits.
    """
    parts = (
        path.encode("utf-8", "surrogateescape"),
        function.encode("utf-8", "surrogateescape"),
        spelling(before),
        spelling(after),
    )
    return digest_parts((*parts, str(ordinal).encode()))


def neighbourhood(before: Iterable[bytes], after: Iterable[bytes]) -> str:
    """Digest the unchanged lines nearest to a change, white space left out; 64 hex digits."""
    return digest_parts([spelling(b"".join(before)), spelling(b"".join(after))])


def spelling(text: bytes) -> bytes:
    """Spell a text as its tokens, comments among them, with one separator and no white space."""
    tokens = tokenize(text)
    if b"\\" in text or b"\r" in text:
        return b"\0".join([token for token in tokens if kind_of(token) not in _BLANK])
    return b"\0".join([token for token in tokens if token[0] not in _BLANK_BYTES])


def digest_parts(parts: Sequence[bytes]) -> str:
    """Digest byte strings so that no two different sequences look alike: each with its length."""
    return sha256(b"".join([b"%d:%b" % (len(part), part) for part in parts])).hexdigest()
