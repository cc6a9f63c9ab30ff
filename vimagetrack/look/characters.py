"""The one place that turns text from outside into HTML: escaped, and every odd character seen as what it is.

Whoever uploads a diff chooses its characters. A bidirectional override, a zero-width joiner or a control
character makes a reader see other text than the compiler does (CVE-2021-42574), so each is replaced by its
code point in a box. In code also letters outside ASCII are named, because many look like ASCII ones
(CVE-2021-42694); plain ASCII never raises an alarm. Safe to be wrong by boxing too much, never too little.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from django.utils.safestring import SafeString

from vimagetrack.display import to_display

# Anything that is not printable ASCII, tab or newline has to be looked at one by one.
_SUSPECT = re.compile(r"[^\t\n -~]")

# Characters of category Mn, Lo or So that print as nothing although Unicode does not call them format ones.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"})
_CONTROL_NAMES = {0x00: "NUL", 0x0B: "VT", 0x0C: "FF", 0x0D: "CR", 0x1B: "ESC", 0x7F: "DEL"}


def visible(text: str | bytes, *, code: bool = False) -> SafeString:
    """Escape ``text`` and box what cannot be seen; with ``code`` name every letter outside ASCII, too.

    Bytes are read as UTF-8; a byte that is none is boxed as ``\\xNN``, as is a lone surrogate that
    surrogateescape made of it. Tabs and newlines stay.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    escaped = html.escape(text)
    if not _SUSPECT.search(escaped):
        return SafeString(escaped)
    box = _box_code if code else _box_prose
    return SafeString(_SUSPECT.sub(lambda match: box(match[0]), escaped))


def paragraphs(text: str) -> SafeString:
    """Set prose: blank lines part paragraphs; a line that is indented or a list's keeps its own line."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.strip("\n")) if block.strip()]
    return SafeString("".join(f"<p>{_joined(block)}</p>" for block in blocks))


def _joined(block: str) -> str:
    joined = re.sub(r"\n(?![ \t*+-])", " ", block)
    return "<br>".join(visible(line.strip()) for line in joined.split("\n"))


def attribute(text: str | bytes) -> SafeString:
    """Escape text for an attribute's value, where no markup can stand: what cannot be seen is spelled out."""
    return SafeString(html.escape(to_display(text)))


def is_odd(character: str) -> bool:
    """Tell whether a character is boxed in prose."""
    return bool(_SUSPECT.match(character)) and _is_unseen(character)


@lru_cache(maxsize=4096)
def _box_prose(character: str) -> str:
    return _box(character) if _is_unseen(character) else character


@lru_cache(maxsize=4096)
def _box_code(character: str) -> str:
    if _is_unseen(character):
        return _box(character)
    name = unicodedata.name(character, "unnamed character").lower()
    return f'{character}<span class="odd" title="{name}, not ASCII">{_point(character)}</span>'


def _is_unseen(character: str) -> bool:
    point = ord(character)
    return (
        0xD800 <= point <= 0xDFFF
        or character in _INVISIBLE
        or unicodedata.category(character) in _UNSEEN_CATEGORIES
    )


def _box(character: str) -> str:
    point = ord(character)
    if 0xDC80 <= point <= 0xDCFF:
        return f'<span class="odd" title="a byte that is not UTF-8">\\x{point - 0xDC00:02X}</span>'
    if point in _CONTROL_NAMES:
        label = _CONTROL_NAMES[point]
        return f'<span class="odd" title="control character, shown as what it is">{label}</span>'
    name = unicodedata.name(character, "control character").lower()
    return f'<span class="odd" title="{name}, shown as what it is">{_point(character)}</span>'


def _point(character: str) -> str:
    return f"U+{ord(character):04X}"
