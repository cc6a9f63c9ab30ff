"""White space, comments and lines.

Claim: the amount of white space between two tokens, and comments, change nothing that is compiled.

Argument: phase 3 makes one blank of each, and tokens have been cut already. What can see them is handled
where it looks: arguments that # may see (``rules.callees``), directives (``rules.text``), and here what
asks for a line number, and warnings that stop the build.

Counter-example: a blank line above ``assert(x)``: its message holds the line number. ``/* FALLTHROUGH */``
under -Werror=implicit-fallthrough.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from vimagetrack.engine.lex.ctokens import KINDS, TokenKind
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.lexical import unseen_comments
from vimagetrack.engine.null.rules.reach import Reach
from vimagetrack.engine.null.stream import Language, Options, Side, Stream

#: Names whose meaning is the line where they stand.
OBSERVERS: Final = frozenset(
    {
        b"__LINE__",
        b"__COUNTER__",
        b"__builtin_LINE",
        b"__builtin_COLUMN",
        b"source_location",
        b"assert",
    }
)

Sides = tuple[Stream, Stream]


def _linenos(stream: Stream) -> list[int]:
    """Give the line in which each source token starts, 0-based, and the count of lines at the end."""
    return [0, *accumulate(token.count(b"\n") for token in stream.source)]


def _places(stream: Stream, *, strict: bool = False) -> list[tuple[int, int]]:
    """Give first and last line of what each token of the stream, or of its strict form, stands for."""
    at = _linenos(stream)
    first, last = (stream.strict_first, stream.strict_last) if strict else (stream.first, stream.last)
    return [(at[one], at[two - 1]) for one, two in zip(first, last, strict=True)]


def observers(reach: Reach) -> frozenset[bytes]:
    """Give the names that ask for their line: the compiler's, and the macros of a text that lead to them."""
    return OBSERVERS | {name for name in reach.macros if not OBSERVERS.isdisjoint(reach.of(name))}


def _observed(stream: Stream) -> list[tuple[bytes, tuple[int, int]]]:
    """List what asks for its line in sight, with its lines; directives that set or show a line count too."""
    marked = {token for token in set(stream.tokens) if _asks(token, stream.observers)}
    if not marked:
        return []
    pairs = zip(stream.tokens, _places(stream), strict=True)
    return [(token, place) for token, place in pairs if token in marked]


def _asks(token: bytes, names: frozenset[bytes]) -> bool:
    word = token.strip()
    return word in names or word.startswith((b"#line ", b"# ")) or b"__LINE__" in word


def _shifted(sides: Sides, before: Side, after: Side) -> bool:
    """Say whether any token that both sides have stands in another line, or the rest of the file does."""
    strict = sides[0].tokens != sides[1].tokens
    if _places(sides[0], strict=strict) != _places(sides[1], strict=strict):
        return True
    return not (before.whole and after.whole) and before.text.count(b"\n") != after.text.count(b"\n")


def moved(sides: Sides, before: Side, after: Side, options: Options) -> tuple[str, str] | None:
    """Say what asks for its line and lost it; None where no one does, or the owner does not mind."""
    if options.grants(Assumption.LINE_NUMBERS):
        return None
    if _observed(sides[0]) != _observed(sides[1]):
        return "R13", "what asks for its line number stands in another line"
    if b"__COUNTER__" in before.text + after.text and (sides[0].source != sides[1].source):
        return "R13", "a __COUNTER__ is in sight"
    unseen = options.unseen_observers or not options.grants(Assumption.CLOSED_WORLD)
    if unseen and _shifted(sides, before, after):
        return (
            "R13",
            "lines move, and text out of sight may ask for its line number (line-numbers is not granted)",
        )
    return None


def _layout(stream: Stream) -> list[bytes]:
    """List comments, line ends and the white space at the start of lines: what a warning may look at."""
    found, fresh = [], True
    for token in stream.source:
        kind = KINDS[token]
        if kind in (TokenKind.COMMENT, TokenKind.NEWLINE) or (fresh and kind is TokenKind.SPACE):
            found.append(token)
        fresh = kind is TokenKind.NEWLINE
    return found


def relaid(sides: Sides, options: Options) -> tuple[str, str] | None:
    """Say what a reader (R24) or a warning that stops the build (R26) sees in comments and layout."""
    if unseen_comments(sides[0].source) != unseen_comments(sides[1].source):
        return "R24", "a comment with unseen characters came, went or changed"
    if options.language is Language.ASM or options.grants(Assumption.WARNINGS_NOT_ERRORS):
        return None
    if _layout(sides[0]) != _layout(sides[1]) or sides[0].strict != sides[1].strict:
        return "R26", "comments, indentation or empty statements change, and warnings may stop the build"
    return None


def assumed(sides: Sides, before: Side, after: Side, options: Options) -> Iterable[Assumption]:
    """Name the assumptions that the comparison of lines and layout used."""
    if options.grants(Assumption.LINE_NUMBERS) and before.text.count(b"\n") != after.text.count(b"\n"):
        yield Assumption.LINE_NUMBERS
    if options.grants(Assumption.WARNINGS_NOT_ERRORS) and _layout(sides[0]) != _layout(sides[1]):
        yield Assumption.WARNINGS_NOT_ERRORS
