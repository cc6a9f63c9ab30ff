"""Text that a database and a page can hold, made from bytes and names that they cannot.

PostgreSQL's text refuses NUL and lone surrogates, and a control or bidirectional character in a name may
lie about what is shown. What is exact is kept as bytes; this is what stands beside it.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

# Controls (C0, DEL, C1), zero width and bidirectional marks, line and paragraph separators, BOM, surrogates.
_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

# The same without line breaks and tabs, which stand in texts of more than one line.
_UNSTORABLE = re.compile(_UNSHOWABLE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f", 1))


def _escape(match: re.Match[str]) -> str:
    point = ord(match[0])
    if 0xDC80 <= point <= 0xDCFF:  # a byte that is not UTF-8, as surrogateescape holds it
        return f"\\x{point - 0xDC00:02x}"
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"


def to_display(text: str | bytes) -> str:
    """Spell out each character that cannot be stored or seen; the result is one line of valid UTF-8.

    Not reversible: two names may show alike. Never look anything up by it.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    return _UNSHOWABLE.sub(_escape, text)


def to_bytes(path: str) -> bytes:
    """Give the exact bytes of a path that was decoded with surrogateescape."""
    return path.encode("utf-8", "surrogateescape")


def path_digest(path: str | bytes) -> str:
    """Give the sha256 of a path's bytes in hex: what paths are indexed by, for a b-tree row ends at 8 KB."""
    return hashlib.sha256(path if isinstance(path, bytes) else to_bytes(path)).hexdigest()


def to_json(value: Any) -> Any:
    """Make every text inside a JSON value storable as jsonb, line breaks and tabs kept."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(_escape, value)
    if isinstance(value, dict):
        return {to_json(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value
