"""Match paths and names against the plan's patterns, without a file system.

Paths are matched as gitignore does: ``**`` spans folders, ``*`` and ``?`` stay inside one name, brackets are
classes, a backslash takes the next character as it is. A pattern with a slash stands at the root of the
tree; one without matches at any depth. A pattern that names a folder matches all that is in it. There is no
negation: a later rule or area says the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache


def match_path(pattern: str, path: str) -> bool:
    """Say whether ``path`` (no a/ b/ prefix, forward slashes) is what the pattern names, or lies in it."""
    return _compiled_path(pattern).fullmatch(path) is not None


def match_name(pattern: str, name: str) -> bool:
    """Say whether a whole identifier or macro name fits: ``V_*``, ``INIT_VNET_?NET``; case counts."""
    return _compiled_name(pattern).fullmatch(name) is not None


@lru_cache(maxsize=4096)
def _compiled_path(pattern: str) -> re.Pattern[str]:
    body = pattern.strip("/")
    anchored = "/" in body or pattern.startswith("/")
    segments = body.split("/") if body else []
    source = "" if anchored else "(?:.*/)?"
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "**":
            source += ".+" if last else "(?:.*/)?"
        else:
            source += _segment(segment) + ("" if last else "/")
    # a/ as a pattern means the folder, so the folder's own name is no match for a file of that name
    inside = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    return re.compile(source + inside, re.DOTALL)


@lru_cache(maxsize=4096)
def _compiled_name(pattern: str) -> re.Pattern[str]:
    return re.compile(_segment(pattern), re.DOTALL)


_PIECE = re.compile(
    r"\\(?P<plain>.)|(?P<stars>\*+)|(?P<one>\?)|\[(?P<not>[!^]?)(?P<set>\]?[^\]/]*)\]", re.DOTALL
)


def _segment(text: str) -> str:
    """Translate one name between slashes; an unclosed bracket stands for itself."""
    source, start = "", 0
    for piece in _PIECE.finditer(text):
        source += re.escape(text[start : piece.start()]) + _translated(piece)
        start = piece.end()
    return source + re.escape(text[start:])


def _translated(piece: re.Match[str]) -> str:
    if piece["plain"] is not None:
        return re.escape(piece["plain"])
    if piece["stars"] is not None:
        return "[^/]*"
    if piece["one"] is not None:
        return "[^/]"
    return _character_class(piece["set"], negated=bool(piece["not"]), whole=piece[0])


def _character_class(members: str, *, negated: bool, whole: str) -> str:
    """Keep ranges as they are; an empty class or a range that runs backwards is ordinary text."""
    if not members:
        return re.escape(whole)
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
    source = f"(?!/)[{'^' if negated else ''}{escaped}]"
    try:
        re.compile(source)
    except re.error:
        return re.escape(whole)
    return source
