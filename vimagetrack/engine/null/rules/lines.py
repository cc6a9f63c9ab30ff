"""White space, comments and lines.

Claim: the amount of white space between two tokens, and comments, change nothing that is compiled.

Argument: phase 3 makes one blank of each, and tokens have been cut already. What can see them is handled
where it looks: arguments that # may see (``rules.callees``), directives (``rules.text``), and here what
asks for a line number or a column, and warnings that stop the build.

Where a call spans lines, compilers differ in which of them ``__LINE__`` is: that of the name or that of the
closing parenthesis. So all of the outermost call has to stay. A default argument of C++ asks where its
function is called, so with one in sight, or out of sight, every token has to stay where it is. Warnings are
judged by where each token stands in its line, and are silent about what a macro brings: there what was
written out may be called, one token by one, and nothing else. In C an unseen macro may ask for the column as
well, if the compiler is clang; this is not guarded against.

Counter-example: a blank line above ``assert(x)``: its message holds the line number. ``/* FALLTHROUGH */``
under -Werror=implicit-fallthrough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from vimagetrack.engine.lex.ctokens import COMMENT, KINDS, NEWLINE, SPACE
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.lexical import unseen_comments
from vimagetrack.engine.null.rules.reach import Reach
from vimagetrack.engine.null.stream import Language, Options, Side, Stream
from vimagetrack.engine.null.words import OBSERVERS, is_watcher

Sides = tuple[Stream, Stream]
#: What a token may be marked with in a stream: a blank before it, or the line that it begins or stands in.
_MARKS: Final = (b" ", b"\n", b"\r")


def _places(stream: Stream, *, strict: bool = False) -> list[tuple[int, int]]:
    """Give first and last line of what each token of the stream, or of its strict form, stands for."""
    at = stream.lines_above
    first, last = (stream.strict_first, stream.strict_last) if strict else (stream.first, stream.last)
    return [(at[one], at[two - 1]) for one, two in zip(first, last, strict=True)]


def observers(reach: Reach, known: Known) -> frozenset[bytes]:
    """Give the names that ask for their line: the compiler's, and the macros of a text that lead to them.

    One that pastes may make the name of any macro that is known.
    """
    found = {name for name in reach.macros if not OBSERVERS.isdisjoint(reach.of(name))}
    if found or known.observes:
        found |= _pasting(reach)
    return OBSERVERS | found


def watchers(reach: Reach, known: Known) -> frozenset[bytes]:
    """Give the macros of a text that lead to what asks for more than its line."""
    found = {name for name in reach.macros if any(map(is_watcher, reach.of(name)))}
    if found or known.watches:
        found |= _pasting(reach)
    return frozenset(found)


def _pasting(reach: Reach) -> set[bytes]:
    return {
        name
        for name in reach.macros
        if any(b"##" in way.body or b"%:%:" in way.body for way in reach.all_of(name))
    }


def _observed(stream: Stream) -> list[tuple[bytes, tuple[int, int], tuple[int, int]]]:
    """List what asks for its line in sight, with its lines and those of the call that it stands in or
    begins; directives that set or show a line count too.
    """
    names = stream.observers
    likely = [
        token for token in set(stream.tokens) if token in names or token[:1] in _MARKS or b"__LINE__" in token
    ]
    marked = {token for token in likely if _asks(token, names)}
    if not marked:
        return []
    places, calls = _places(stream), _calls(stream.tokens)
    return [
        (token, places[at], (places[calls[at][0]][0], places[calls[at][1]][1]))
        for at, token in enumerate(stream.tokens)
        if token in marked
    ]


def _calls(tokens: Sequence[bytes]) -> list[tuple[int, int]]:
    """Give for each token first and last token of the outermost call that it belongs to: the name, and all
    parentheses that follow it. A call that begins or ends out of sight reaches as far as can be seen.
    """
    found = [(at, at) for at in range(len(tokens))]
    first = depth = 0
    for at, token in enumerate(tokens):
        if token == b"(":
            if not depth:
                first = found[max(at - 1, 0)][0]
            depth += 1
        elif token == b")":
            depth -= 1
            if depth <= 0:
                first, depth = (0, 0) if depth < 0 else (first, 0)
                found[first : at + 1] = [(first, at)] * (at + 1 - first)
    if depth:
        found[first:] = [(first, len(tokens) - 1)] * (len(tokens) - first)
    return found


def _asks(token: bytes, names: frozenset[bytes]) -> bool:
    word = token.strip()
    return word in names or word.startswith((b"#line ", b"# ")) or b"__LINE__" in word


def _shifted(sides: Sides, before: Side, after: Side) -> bool:
    """Say whether any token that both sides have stands in another line, or the rest of the file does."""
    strict = sides[0].tokens != sides[1].tokens
    if _places(sides[0], strict=strict) != _places(sides[1], strict=strict):
        return True
    return not (before.whole and after.whole) and before.text.count(b"\n") != after.text.count(b"\n")


def _heads(stream: Stream) -> list[bytes]:
    """Give for each token what stands before it in its line: its column, as compilers count it."""
    heads, head = [], b""
    for token in stream.source:
        heads.append(head)
        head = (head + token).rpartition(b"\n")[2]
    return [heads[first] for first in stream.strict_first]


def moved(sides: Sides, before: Side, after: Side, options: Options) -> tuple[str, str] | None:
    """Say what asks for its line and lost it; None where no one does, or the owner does not mind."""
    return None if options.grants(Assumption.LINE_NUMBERS) else _lost(sides, before, after, options)


def _lost(sides: Sides, before: Side, after: Side, options: Options) -> tuple[str, str] | None:
    if _observed(sides[0]) != _observed(sides[1]):
        return "R13", "what asks for its line number stands in another line"
    if sides[0].source != sides[1].source and any(map(_is_watched, sides)):
        return "R13", "what asks for a column, a count or the place of a call is in sight"
    unseen = options.unseen_observers or not options.grants(Assumption.CLOSED_WORLD)
    if unseen and _shifted(sides, before, after):
        return (
            "R13",
            "lines move, and text out of sight may ask for its line number (line-numbers is not granted)",
        )
    called = options.unseen_observers and options.language is Language.CXX
    if called and [len(head) for head in _heads(sides[0])] != [len(head) for head in _heads(sides[1])]:
        return "R13", "columns move, and a default argument out of sight may ask for them"
    return None


def _is_watched(stream: Stream) -> bool:
    """Say whether a text, or a macro that it uses, asks for more than a line."""
    return not stream.watchers.isdisjoint(stream.words) or is_watcher(b"\n".join(stream.words))


def _layout(stream: Stream) -> list[tuple[bytes, ...]]:
    """List what stands before each token, and behind the last, as a warning may look at it: comments, line
    ends, the indentation, whether there is a blank and whether a macro vanished. A token from within an
    expansion has none of these.
    """
    found: list[tuple[bytes, ...]] = []
    done = 0
    for first, last in zip(stream.strict_first, stream.strict_last, strict=True):
        found.append((b"",) if first < done else _gap(stream.source[done:first], fresh=not done))
        done = last
    return [*found, _gap(stream.source[done:], fresh=not done)]


def _gap(tokens: Sequence[bytes], *, fresh: bool) -> tuple[bytes, ...]:
    found = []
    for token in tokens:
        kind = KINDS[token]
        if kind in (COMMENT, NEWLINE):
            found.append(token)
        elif kind is SPACE:
            found.append(token if fresh else b" ")
        else:
            found.append(b"\x00")
        fresh = kind is NEWLINE
    return tuple(found)


def _written(stream: Stream) -> list[bool]:
    """Say of each token whether it stands in the source as it is, and does not come out of a macro."""
    places = zip(stream.strict, stream.strict_first, strict=True)
    return [stream.source[first] == token for token, first in places]


def _is_relaid(sides: Sides) -> bool:
    """Say whether a warning may see a difference. What a macro brings gets none that it did not get where it
    was written out.
    """
    if sides[0].strict != sides[1].strict or _layout(sides[0]) != _layout(sides[1]):
        return True
    return any(two and not one for one, two in zip(_written(sides[0]), _written(sides[1]), strict=True))


def relaid(sides: Sides, before: Side, after: Side, options: Options) -> tuple[str, str] | None:
    """Say what a reader (R24) or a warning that stops the build (R26) sees in comments and layout."""
    plain = before.text.isascii() and after.text.isascii()
    if not plain and unseen_comments(sides[0].source) != unseen_comments(sides[1].source):
        return "R24", "a comment with unseen characters came, went or changed"
    if options.language is Language.ASM or options.grants(Assumption.WARNINGS_NOT_ERRORS):
        return None
    if _is_relaid(sides):
        return "R26", "comments, layout, macros or empty statements change, and warnings may stop the build"
    return None


def assumed(sides: Sides, before: Side, after: Side, options: Options) -> Iterable[Assumption]:
    """Name the assumptions that the comparison of lines and layout used."""
    recounted = before.text.count(b"\n") != after.text.count(b"\n")
    if options.grants(Assumption.LINE_NUMBERS) and (recounted or _lost(sides, before, after, options)):
        yield Assumption.LINE_NUMBERS
    if options.grants(Assumption.WARNINGS_NOT_ERRORS) and _is_relaid(sides):
        yield Assumption.WARNINGS_NOT_ERRORS
