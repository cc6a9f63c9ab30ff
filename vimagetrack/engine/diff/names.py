"""File names of a diff: git's quoting, the prefixes, and which names nobody should ever get.

A name is `str`, decoded as UTF-8 with surrogateescape, so that any bytes survive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_PATH = 4096
"""Bytes; the longest name that the usual systems open."""
MAX_COMPONENT = 255

_ESCAPES = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}
_LETTERS = {value: letter.decode() for letter, value in _ESCAPES.items()}
_ESCAPE = re.compile(rb"\\([0-3][0-7]{2}|[abtnvfr\"\\])")
_QUOTED = re.compile(rb'"((?:[^"\\\n]|\\.)*+)"')
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*+(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*+)*+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_MARKUP = re.compile(r"[<>\"'&|;`$*?]|\{\{|\{%")
_BIDI_OR_INVISIBLE = frozenset("\u00ad\u061c\u115f\u1160\u180e\u3164\ufeff") | frozenset(
    chr(code) for code in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
_DISTINCT = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
"""Scripts that nobody takes for Latin, and that people mix with it every day."""


class NameFault(ValueError):
    """A name that is refused; the text is a sentence part: ``the name X`` + text."""


def decode(name: bytes) -> str:
    """Decode a name so that any bytes can be had back."""
    return name.decode("utf-8", "surrogateescape")


def encode(name: str) -> bytes:
    """Undo ``decode``."""
    return name.encode("utf-8", "surrogateescape")


def quote(name: str) -> bytes:
    """Write a name as git does: in quotes with octal escapes where it holds anything unusual."""
    raw = encode(name)
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return raw
    return b'"' + "".join(_escaped(byte) for byte in raw).encode() + b'"'


def _escaped(byte: int) -> str:
    if byte in _LETTERS:
        return "\\" + _LETTERS[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def unquote(text: bytes) -> tuple[bytes, bytes]:
    """Take a C-quoted name off the front: (its bytes, the rest).

    Raises NameFault where the quote does not end or an escape is unknown.
    """
    match = _QUOTED.match(text)
    if match is None:
        raise NameFault("opens a quote that does not close")
    inner = match[1]
    if _ESCAPE.sub(b"", inner).count(b"\\"):
        raise NameFault("has an escape that git does not know")
    return _ESCAPE.sub(_unescaped, inner), text[match.end() :]


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes((_ESCAPES[code] if code in _ESCAPES else int(code, 8),))


def shown(name: str) -> str:
    """Return a name as it can stand in a message: nothing in it can move the reader's cursor."""
    text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in name[:200])
    return text if len(name) <= 200 else text + "..."


def tidy(name: str) -> str:
    """Drop what says nothing in a name: a leading ``./`` and doubled slashes."""
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    while "//" in name:
        name = name.replace("//", "/")
    return name


def check(name: str) -> None:
    """Raise NameFault for a name that must not reach a tree, a page or a reviewer."""
    if _PLAIN.fullmatch(name) and len(name) <= MAX_PATH and max(map(len, name.split("/"))) <= MAX_COMPONENT:
        return
    fault = _fault(name)
    if fault is not None:
        raise NameFault(fault)


def _fault(name: str) -> str | None:
    if not name:
        return "is empty"
    if _CONTROL.search(name):
        return "holds a control character"
    if "\\" in name:
        return "holds a backslash, which some systems read as a directory separator"
    if name.startswith("/") or re.match(r"[A-Za-z]:/", name):
        return "is absolute"
    if len(encode(name)) > MAX_PATH:
        return f"is longer than {MAX_PATH} bytes"
    for component in name.split("/"):
        fault = _component_fault(component)
        if fault is not None:
            return fault
    return None


def _component_fault(component: str) -> str | None:
    if component == "..":
        return "leaves the tree with '..'"
    if component in ("", "."):
        return "has an empty component" if not component else "has a component '.'"
    if len(encode(component)) > MAX_COMPONENT:
        return f"has a component longer than {MAX_COMPONENT} bytes"
    if component.isascii() and component[0] not in ".gG":
        return None  # nothing below could come of it, and a name may have two thousand components
    bare = "".join(char for char in component if char not in _BIDI_OR_INVISIBLE)
    if bare.casefold().split(":")[0].rstrip(". ") in (".git", "git~1"):
        return "reaches into git's own directory"
    return None


def oddities(name: str) -> Iterator[tuple[str, str]]:
    """Yield (code, sentence part) for what a reviewer should be told of an accepted name."""
    if _PLAIN.fullmatch(name):
        return
    if any("\ud800" <= char <= "\udfff" for char in name):
        yield "name-not-utf8", "is not UTF-8"
    if _SCHEME.match(name):
        yield "name-like-url", "begins like an address with a scheme"
    if _MARKUP.search(name):
        yield "name-markup", "holds characters that shells, templates or HTML read as commands"
    if any(
        char in _BIDI_OR_INVISIBLE or not (char.isprintable() or "\ud800" <= char <= "\udfff")
        for char in name
    ):
        yield "name-invisible", "holds invisible or direction-changing characters"
    if unicodedata.normalize("NFC", name) != name:
        yield "name-not-normal", "is not in Unicode's composed form"
    elif unicodedata.normalize("NFKC", name) != name:
        yield "name-lookalike", "holds characters that stand for ordinary ones, and look like them"
    if any(part != part.strip() or part.startswith("-") for part in name.split("/")):
        yield "name-edges", "has a component that begins with a dash or with a blank, or ends with one"
    if any(len(_scripts(part)) > 1 for part in name.split("/")):
        yield "name-mixed-scripts", "mixes letters of several scripts, which can look alike"


def _scripts(component: str) -> set[str]:
    """Name the scripts of the letters; full-width and mathematical letters are scripts of their own."""
    letters = (char for char in component if char.isalpha() and not "\ud800" <= char <= "\udfff")
    found = {"LATIN" if char < "\x80" else unicodedata.name(char, "UNNAMED").split()[0] for char in letters}
    return found - _DISTINCT


def fold(name: str) -> str:
    """Return what two names have in common that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def split_prefix(name: str) -> tuple[str, str]:
    """Split off the first component: ``a/sys/x.c`` gives (``a``, ``sys/x.c``)."""
    head, slash, rest = name.partition("/")
    return (head, rest) if slash and rest else ("", name)
