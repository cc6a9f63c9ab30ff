"""Names for changes that survive regeneration: fingerprints and neighbourhoods.

Approvals are kept by fingerprint, so the safe way to be wrong is to differ: two equal changes with
different fingerprints cost a second reading, two different ones with the same would carry an
approval that nobody gave. White space never counts, comments do; line numbers and git's ``@@``
headings do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind, tokenize

_BLANK = frozenset({TokenKind.SPACE, TokenKind.NEWLINE})
_LITERAL = frozenset({TokenKind.CHAR, TokenKind.STRING})
_QUOTES = (b"'", b'"')
#: What white space begins with in a text without backslashes and carriage returns.
_BLANK_BYTES = frozenset(b" \t\f\v\n")

#: So many tokens on each side are a neighbourhood.
NEAREST = 8


def fingerprint(*, path: str, function: str, before: bytes, after: bytes, ordinal: int = 0) -> str:
    """Digest a change by place and by the tokens of its lines before and after its own layer.

    ``ordinal`` counts equals, from 0. Returns 64 hex digits.
    """
    parts = (
        path.encode("utf-8", "surrogateescape"),
        function.encode("utf-8", "surrogateescape"),
        spelling(before),
        spelling(after),
    )
    return digest_parts((*parts, str(ordinal).encode()))


def neighbourhood(above: bytes, below: bytes) -> str:
    """Digest the tokens next to a change, the last of what is above and the first below; 64 hex digits."""
    return digest_parts((*_tokens(above)[-NEAREST:], b"", *_tokens(below)[:NEAREST]))


def spelling(text: bytes) -> bytes:
    """Spell a text as its tokens, comments among them, with one separator and no white space."""
    return b"\0".join(_tokens(text))


def _tokens(text: bytes) -> list[bytes]:
    """List the tokens but for white space, also that inside of comments: they are indented like code."""
    kinds, tokens = KINDS, tokenize(text)
    if b"\\" in text or b"\r" in text:
        tokens = [token for token in tokens if kinds[token] not in _BLANK]
    else:
        tokens = [token for token in tokens if token[0] not in _BLANK_BYTES]
    if any(mark in text for mark in (b"/*", b"//", *_QUOTES)):
        return [_without_layout(token) for token in tokens]
    return tokens


def _without_layout(token: bytes) -> bytes:
    """Make white space one blank in a comment, and in a literal without its end: an apostrophe in the second
    line of a comment begins one.
    """
    kind = KINDS[token]
    if kind is TokenKind.COMMENT or (kind in _LITERAL and token[-1:] not in _QUOTES):
        return b" ".join(token.split())
    return token


def digest_parts(parts: Sequence[bytes]) -> str:
    """Digest byte strings so that no two different sequences look alike: each with its length."""
    return sha256(b"".join([b"%d:%b" % (len(part), part) for part in parts])).hexdigest()
