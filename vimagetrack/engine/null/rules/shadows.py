"""Find hazards: places where a renamed name is no use of the global that it stands for.

Claim: a member, tag, label, designated initialiser, parameter, local, enumerator or other declaration that
has a macro's name is reported, and so is a local of the plain name in whose scope the macro is used.

Argument: one walk over the tokens keeps, for each open bracket, what it holds (file, block, members,
enumerators, initialiser, parentheses) and how far its statement has come; a name behind the words of a type,
or behind a comma of such a statement, is declared there. A parameter lives to the end of the statement or
body behind its parentheses, any other local to the end of its block.

Counter-example: ``x = V_foo;`` declares nothing and gives no hazard, nor does ``int V_foo;`` at file level,
which is the global itself. ``T(V_foo);`` may declare in C++ and is missed. Takes no part in any proof.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

from vimagetrack.engine.null.hazards import Hazard, HazardKind
from vimagetrack.engine.null.rules.spans import OPENERS, OPENS, Spans, branch
from vimagetrack.engine.null.stream import Stream
from vimagetrack.engine.null.words import (
    ATTRIBUTES,
    CONTROL,
    DECLARES,
    STRUCTS,
    TAKES_TYPES,
    is_directive,
    is_name,
)

_STORED: Final = frozenset({b"extern", b"static", b"typedef"})
_ACCESS: Final = frozenset({b"public", b"private", b"protected"})
_BEHIND: Final = frozenset({b"=", b";", b",", b"[", b")", b"(", b":", b""})
_VALUED: Final = frozenset({b"=", b",", b"return", b"]"})
_LITERAL: Final = _VALUED | {b"(", b"&", b"?", b":"}
OFFSETS: Final = frozenset(
    b"offsetof __offsetof __builtin_offsetof container_of __containerof __container_of".split()
)


class _Kind(Enum):
    """What a bracket holds."""

    FILE = auto()
    BLOCK = auto()
    MEMBERS = auto()
    ENUMERATORS = auto()
    VALUES = auto()
    PARENS = auto()
    DECLARATOR = auto()
    OFFSET = auto()


class _Mode(Enum):
    """How far a statement has come."""

    START = auto()
    MAYBE = auto()  # one name, which may be a type
    CALLED = auto()  # a name and parentheses, which may stand for a type
    SPEC = auto()  # words of a type
    TAG = auto()  # struct, whose tag may follow
    NEXT = auto()  # a declarator follows
    AFTER = auto()  # behind a declarator's name
    INIT = auto()  # behind its =
    CASE = auto()
    EXPR = auto()


#: By their own names: in a loop, a look into an enumeration costs more than all else.
_FILE, _BLOCK, _MEMBERS, _ENUMERATORS, _VALUES, _PARENS, _DECLARATOR, _OFFSET = _Kind
_START, _MAYBE, _CALLED, _SPEC, _TAG, _NEXT, _AFTER, _INIT, _CASE, _EXPR = _Mode
_DECLARING: Final = (_MAYBE, _SPEC, _NEXT)
_SETTLED: Final = (_AFTER, _INIT, _CASE, _EXPR)
_DECLARES: Final = DECLARES - ATTRIBUTES


@dataclass(slots=True)
class _Frame:
    """An open bracket. The scope of what is declared in it ends at ``end``, or where the statement ends that
    goes on ``behind`` it; in ``strong`` parentheses a name
    and a star begin a declaration, in ``old`` ones stand the bare names of a K&R function's parameters.
    ``root`` is the frame in which a declarator's parentheses stand, ``brace`` the innermost open brace.
    """

    kind: _Kind
    end: int = -1
    behind: int = -1
    opened: bytes = b""
    outer: _Frame | None = None
    mode: _Mode = _START
    strong: bool = False
    old: bool = False
    stored: bool = False
    struct: bytes = b""
    root: _Frame | None = None
    brace: _Frame | None = None

    @property
    def is_settled(self) -> bool:
        """Say whether a name changes nothing here and declares nothing."""
        return self.mode in _SETTLED and self.kind is not _ENUMERATORS


class Expanded(NamedTuple):
    """Parts of a stream as they were before the rules on statements took any of them out."""

    tokens: list[bytes]
    first: list[int]
    macro: list[bytes | None]


class Shadows:
    """Looks through one stream."""

    def __init__(self, stream: Stream, now: Expanded) -> None:
        self.stream = stream  # its source, and the lines of it
        #: The tokens without the directives, each wrapped macro's name as one; their places in the source.
        self.tokens: list[bytes] = []
        self.places: list[int] = []
        self.macros: dict[int, bytes] = {}  # the names that a macro brought
        self.branches: dict[int, list[bytes]] = {}  # the directives before a token
        self._read(now)
        self.spans = Spans(self.tokens, self.branches)
        self.names = frozenset(filter(is_name, set(self.tokens)))
        self.uses: dict[bytes, list[int]] = {}
        for index in self.macros:
            self.uses.setdefault(self.tokens[index], []).append(index)
        self.frame = self.file = _Frame(_FILE)
        self.locals: list[Hazard] = []

    def _read(self, now: Expanded) -> None:
        """Go from one unit of a macro to the next."""
        first, count, done = now.first, len(now.tokens), 0
        heads = {token for token in set(now.tokens) if is_directive(token)}
        directives = [place for place, token in enumerate(now.tokens) if token in heads] if heads else []
        directives.reverse()  # the next one last
        for start in [place for place, macro in enumerate(now.macro) if macro is not None]:
            if start >= done:
                self._take(now, done, start, directives)
                done = start + 1
                while done < count and first[done] == first[start]:
                    done += 1
                self._take(now, *self._unit(now, start, done), directives)
        self._take(now, done, count, directives)

    def _take(self, now: Expanded, first: int, last: int, directives: list[int]) -> None:
        """Take tokens as they are, but for the directives among them."""
        while directives and directives[-1] < last:
            place = directives.pop()
            self.tokens += now.tokens[first:place]
            self.places += now.first[first:place]
            self.branches.setdefault(len(self.tokens), []).append(now.tokens[place])
            first = place + 1
        self.tokens += now.tokens[first:last]
        self.places += now.first[first:last]

    def _unit(self, now: Expanded, first: int, last: int) -> tuple[int, int]:
        """Give what to take of the tokens that one call became; the first that is no parenthesis stands for
        its macro.
        """
        tokens, macro = now.tokens[first:last], now.macro[first]
        leads = next((place for place, token in enumerate(tokens) if token != b"("), 0)
        if macro is None or self.stream.source[now.first[first]] != macro or not is_name(tokens[leads]):
            return first, last
        if all(token == b")" for token in tokens[leads + 1 :]):
            first, last, leads = first + leads, first + leads + 1, 0
        self.macros[len(self.tokens) + leads] = macro
        return first, last

    def find(self) -> Iterator[Hazard]:
        """Give the hazards in the order of the text, those of plain locals last."""
        saved: list[_Frame] = []
        looked_at = sorted(self.branches.keys() | {*self.macros, *self._other_uses()})
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            for directive in self.branches.get(index, ()):
                self.frame = branch(directive, saved, self.frame)
            if token not in self.names:
                self._step(index, token)
            elif index in self.macros or not self.frame.is_settled:
                kind = self._name(index, token)
                if kind:
                    yield self._hazard(kind, self.macros[index], index)
            index = self._next(index, token, looked_at)
        yield from self.locals

    def _other_uses(self) -> Iterator[int]:
        """Find where the plain name of a macro stands."""
        return (index for index, token in enumerate(self.tokens) if token in self.uses)

    def _next(self, index: int, token: bytes, looked_at: list[int]) -> int:
        """Give the next place to look at: a block without names to look at changes nothing around it."""
        if token == b"{" and self.frame.kind is _BLOCK:
            end = self.spans.braces.get(index)
            place = bisect_right(looked_at, index)
            if end is not None and (place == len(looked_at) or looked_at[place] > end):
                return end
        return index + 1

    def _hazard(self, kind: HazardKind, macro: bytes, index: int) -> Hazard:
        lineno = self.stream.lineno(self.places[index])
        return Hazard(kind=kind, token=macro.decode("utf-8", "replace"), lineno=lineno)

    def _at(self, index: int) -> bytes:
        return self.tokens[index] if 0 <= index < len(self.tokens) else b""

    def _name(self, index: int, name: bytes) -> HazardKind | None:
        """Tell what a name is, note a plain local, and step over it."""
        before, after, frame, mode = self._at(index - 1), self._at(index + 1), self.frame, self.frame.mode
        declared = self._declares(name, before, after)
        if index not in self.macros:
            if declared and name in self.uses:
                self._plain(index, name, frame)
            return None
        if before in (b"->", b"."):
            opens = before == b"." and self._at(index - 2) in (b"{", b",")
            return HazardKind.DESIGNATOR if opens else HazardKind.MEMBER_SHADOW
        if before in STRUCTS or mode is _TAG:
            return HazardKind.TAG
        if before in (b"goto", b"__label__") or (after == b":" and mode is _START):
            return HazardKind.LABEL
        if frame.kind is _VALUES and after == b":" and before in (b"{", b","):
            return HazardKind.DESIGNATOR
        if frame.kind is _OFFSET and before == b"," and after in (b")", b".", b"["):
            return HazardKind.MEMBER_SHADOW
        return _declared(frame, after) if declared else None

    def _plain(self, index: int, name: bytes, frame: _Frame) -> None:
        """Note a local of the plain name if the macro is used in its scope."""
        uses = self.uses[name]
        at = bisect_left(uses, index)
        end = frame.end if frame.behind < 0 else self.spans.ends[frame.behind]
        if at < len(uses) and uses[at] <= end:
            self.locals.append(self._hazard(HazardKind.LOCAL_SHADOW, self.macros[uses[at]], index))

    def _declares(self, name: bytes, before: bytes, after: bytes) -> bool:
        """Say whether a name is declared here, and step over it."""
        frame, mode = self.frame, self.frame.mode
        if frame.kind is _ENUMERATORS:
            return before in (b"{", b",")
        if mode is _START:
            frame.mode = _MAYBE
            return frame.old and after in (b")", b",")
        if mode is _TAG:
            frame.mode = mode if name.startswith(b"__") else _SPEC
        if mode is _CALLED:
            frame.mode = _AFTER
            return frame.kind is _MEMBERS or after == b";"
        if mode not in _DECLARING or (frame.kind is _FILE and after == b")"):
            return False
        if after in _BEHIND:
            frame.mode = _AFTER
            return True
        return after.startswith((b"__", b"asm"))  # what stands behind a declarator

    def _step(self, index: int, token: bytes) -> None:
        """Step over a token that is no name."""
        frame, mode = self.frame, self.frame.mode
        if token in OPENERS:
            self._brace(index) if token == b"{" else self._parenthesis(index, token)
        elif token in OPENS:
            self._shut(token)
        elif token == b";":
            frame.mode, frame.stored, frame.struct = _START, False, b""
        elif token == b",":
            self._comma(frame)
        elif token == b":":
            self._colon(frame, self._at(index - 1))
        elif mode not in _SETTLED:
            frame.mode = self._word(token)
        elif token == b"=" and mode is _AFTER:
            frame.mode = _INIT

    @staticmethod
    def _comma(frame: _Frame) -> None:
        if frame.kind is _PARENS:
            frame.mode = _START
        else:
            listed = frame.mode in (_NEXT, _AFTER, _INIT)
            frame.mode = _NEXT if listed else _EXPR

    @staticmethod
    def _colon(frame: _Frame, before: bytes) -> None:
        """Step over the end of a label or the sign of a bit-field."""
        labels = frame.mode is _MAYBE and frame.kind is not _PARENS
        if labels or frame.mode is _CASE or before in _ACCESS:
            frame.mode = _START
        elif frame.mode is _SPEC and not frame.struct:
            frame.mode = _AFTER

    def _word(self, token: bytes) -> _Mode:
        """Give the mode behind a keyword or operator of a statement whose nature is open."""
        frame, mode = self.frame, self.frame.mode
        if token in DECLARES:
            frame.stored |= token in _STORED
            if token in STRUCTS:
                frame.struct = token
                return _TAG
            return mode if mode in (_NEXT, _TAG) else _SPEC
        if token in (b"case", b"default"):
            return _CASE
        if token in CONTROL or token in (b"else", b"do"):
            return _START
        if token == b"*" and mode is _MAYBE and frame.kind is not _PARENS:
            return _NEXT
        if token in (b"*", b"&", b"&&") and (mode in (_SPEC, _NEXT) or (frame.strong and mode is _MAYBE)):
            return _NEXT
        return _EXPR

    def _brace(self, index: int) -> None:
        """Open what a brace opens."""
        outer, before = self.frame, self._at(index - 1)
        kind, mode, end, follows = _VALUES, _EXPR, -1, -1
        if outer.struct and outer.mode in (_TAG, _SPEC):
            if outer.struct == b"enum":
                kind, end, follows = _ENUMERATORS, outer.end, outer.behind
            else:
                kind, mode = _MEMBERS, _START
        elif before[:1] == b'"' or b"namespace" in (before, self._at(index - 2)):
            kind, mode = _FILE, _START
        elif not self._is_value(index, before):
            kind, mode, end = _BLOCK, _START, self.spans.close[index]
        self.frame = _Frame(kind, end, follows, b"{", outer, mode)
        self.frame.brace = self.frame

    def _is_value(self, index: int, before: bytes) -> bool:
        """Say whether a brace opens an initialiser or a compound literal."""
        if before == b")":
            return self._at(self.spans.open.get(index - 1, 0) - 1) in _LITERAL
        return before in _VALUED or (self.frame.kind is _VALUES and before != b"(")

    def _parenthesis(self, index: int, token: bytes) -> None:
        """Open what a parenthesis or bracket opens."""
        outer, before, mode = self.frame, self._at(index - 1), self.frame.mode
        close = self.spans.close[index]
        behind = self._at(close + 1)
        kind = _BLOCK if before == b"for" else _OFFSET if before in OFFSETS else _PARENS
        self.frame = frame = _Frame(kind, -1, -1, token, outer, _EXPR, brace=outer.brace)
        if token == b"[" or before in TAKES_TYPES or before in OFFSETS:
            return
        star = self._at(index + 1) in (b"*", b"^")
        typed = mode in (_SPEC, _NEXT) and (star or outer.kind is not _PARENS)
        if typed or (mode is _MAYBE and star and behind in (b"(", b"[")):
            frame.kind, frame.mode = _DECLARATOR, _NEXT
            frame.end, frame.behind = outer.end, outer.behind
            frame.root = outer.root or outer
            outer.mode = _AFTER
            return
        frame.mode, frame.behind = _START, close + 1
        frame.strong = mode is _AFTER and outer.kind in (_FILE, _MEMBERS)
        if outer.kind is _FILE and (is_name(behind) or behind in _DECLARES):
            body = self.spans.bodies[close + 1]
            if self._at(body - 1) == b";" and self._at(body) == b"{":
                frame.old, frame.end, frame.behind = True, self.spans.close[body], -1
        if mode is _MAYBE:
            outer.mode = _CALLED
        elif mode is _START and before not in CONTROL:
            outer.mode = _EXPR

    def _shut(self, token: bytes) -> None:
        """Close a bracket, and those in it that were left open."""
        frame = self.frame
        if token == b"}":
            frame = frame.brace or self.file
        if frame.outer and frame.opened == OPENS[token]:
            self.frame = frame.outer
            if frame.kind in (_MEMBERS, _ENUMERATORS):
                self.frame.mode, self.frame.struct = _SPEC, b""
                return
        elif token == b"}":
            self.frame = frame
        if token == b"}" and frame.kind in (_BLOCK, _FILE):
            held = self.frame.kind in (_PARENS, _OFFSET)
            self.frame.mode, self.frame.stored = _EXPR if held else _START, False


def _declared(frame: _Frame, after: bytes) -> HazardKind | None:
    """Say what a declaration in a frame declares."""
    if frame.root:
        frame, after = frame.root, b"("
    if frame.kind is _MEMBERS:
        return HazardKind.MEMBER_SHADOW
    if frame.kind is _FILE:
        return HazardKind.DECLARATION if frame.stored or after != b";" else None
    return HazardKind.DECLARATION if frame.kind is _ENUMERATORS else HazardKind.LOCAL_SHADOW


def finder(stream: Stream) -> Callable[[], tuple[Hazard, ...]]:
    """Give what finds the hazards of a stream, when it is asked, in the tokens that are now in it."""
    if not any(stream.macro):
        return tuple
    now = Expanded(stream.tokens, stream.first, stream.macro)
    return lambda: tuple(Shadows(stream, now).find())
