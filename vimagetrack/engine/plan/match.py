"""Match paths and names against the plan's patterns, without a file system.

Paths are matched as gitignore does: ``**`` spans folders, ``*`` and ``?`` stay inside one name, brackets are
classes, a backslash takes the next character as it is. A pattern with a slash stands at the root of the
tree; one without matches at any depth. A pattern that names a folder matches all that is in it. There is no
negation: a later rule or area says the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# None stands for `**`; the flag says that something must be left over, as after a slash at the end
_Steps = tuple[tuple[re.Pattern[str] | None, ...], bool]


@lru_cache(maxsize=65536)
def match_path(pattern: str, path: str) -> bool:
    """Say whether ``path`` (no a/ b/ prefix, forward slashes) is what the pattern names, or lies in it.

    Takes time of the order of pattern times path for every pattern: they come from people.
    """
    if not pattern.strip("/"):
        return False
    steps, inside_only = _compiled_path(pattern)
    names = path.split("/")
    places = {0}
    for step in steps:
        places = _advanced(places, step, names)
    return any(place < len(names) or not inside_only for place in places)


def match_name(pattern: str, name: str) -> bool:
    """Say whether a whole identifier or macro name fits: ``V_*``, ``INIT_VNET_?NET``; case counts."""
    return _compiled_name(pattern).fullmatch(name) is not None


def literal_head(pattern: str) -> str:
    """Give what every name begins with that a pattern of ``match_name`` fits; it may begin with more."""
    return re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]


def _advanced(places: Iterable[int], step: re.Pattern[str] | None, names: list[str]) -> set[int]:
    """Return before which names one may stand after a step; ``**`` may pass any number of names."""
    if step is None:
        return set(range(min(places, default=len(names) + 1), len(names) + 1))
    return {place + 1 for place in places if place < len(names) and step.fullmatch(names[place])}


@lru_cache(maxsize=4096)
def _compiled_path(pattern: str) -> _Steps:
    names = pattern.strip("/").split("/")
    floating = len(names) == 1 and not pattern.startswith("/") and names[0] != "**"
    steps = [None if name == "**" else _compiled_name(name) for name in names]
    if names[-1] == "**":
        # a/** is what is in a, and not a itself
        return (*steps[:-1],), True
    return ((None, *steps) if floating else (*steps,)), pattern.endswith("/")


@lru_cache(maxsize=4096)
def _compiled_name(pattern: str) -> re.Pattern[str]:
    return re.compile(_name(pattern), re.DOTALL)


_PIECE = re.compile(
    r"\\(?P<plain>.)|(?P<stars>\*+)|(?P<one>\?)|\[(?P<not>[!^]?)(?P<set>\]?[^\]/]*)\]", re.DOTALL
)


def _name(text: str) -> str:
    """Translate one name between slashes; an unclosed bracket stands for itself.

    What stands between two stars is looked for once, leftmost, and never given back (an atomic group): a
    later place could not let more match, and trying them all takes exponential time.
    """
    parts, start = [""], 0
    for piece in _PIECE.finditer(text):
        parts[-1] += re.escape(text[start : piece.start()])
        start = piece.end()
        if piece["stars"] is not None:
            parts.append("")
        else:
            parts[-1] += _translated(piece)
    parts[-1] += re.escape(text[start:])
    first, *middle = parts
    if not middle:
        return first
    return first + "".join(f"(?>.*?{part})" for part in middle[:-1]) + ".*" + middle[-1]


def _translated(piece: re.Match[str]) -> str:
    if piece["plain"] is not None:
        return re.escape(piece["plain"])
    if piece["one"] is not None:
        return "."
    return _character_class(piece["set"], negated=bool(piece["not"]), whole=piece[0])


def _character_class(members: str, *, negated: bool, whole: str) -> str:
    """Keep ranges as they are; an empty class or a range that runs backwards is ordinary text."""
    if not members:
        return re.escape(whole)
    source = ""
    for low, high, single in re.findall(r"(.)-(.)|(.)", members, re.DOTALL):
        if low > high:
            return re.escape(whole)
        source += f"{re.escape(low)}-{re.escape(high)}" if low else re.escape(single)
    return f"[{'^' if negated else ''}{source}]"
