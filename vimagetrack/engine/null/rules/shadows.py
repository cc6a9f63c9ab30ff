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

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from typing import Final, NamedTuple, TypeAlias, TypeVar

from vimagetrack.engine.null.hazards import Hazard, HazardKind
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

_OPENS: Final = {b"}": b"{", b")": b"(", b"]": b"["}
_T = TypeVar("_T")
_Stack: TypeAlias = "tuple[int, _Stack] | None"

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


_DECLARING: Final = frozenset({_Mode.MAYBE, _Mode.SPEC, _Mode.NEXT})
_SETTLED: Final = frozenset({_Mode.AFTER, _Mode.INIT, _Mode.CASE, _Mode.EXPR})


class _Item(NamedTuple):
    """A token, or a macro's name in its parentheses; ``leads`` if it is the first name of its unit."""

    token: bytes
    macro: bytes | None
    place: int
    leads: bool


@dataclass(slots=True)
class _Frame:
    """An open bracket. The scope of what is declared in it ends at ``end``; in ``strong`` parentheses a name
    and a star begin a declaration, in ``old`` ones stand the bare names of a K&R function's parameters.
    ``root`` is the frame in which a declarator's parentheses stand, ``brace`` the innermost open brace.
    """

    kind: _Kind
    end: int = -1
    opened: bytes = b""
    outer: _Frame | None = None
    mode: _Mode = _Mode.START
    strong: bool = False
    old: bool = False
    stored: bool = False
    struct: bytes = b""
    root: _Frame | None = None
    brace: _Frame | None = None


class Shadows:
    """Looks through one stream."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.branches: dict[int, list[bytes]] = {}
        self.items = list(self._items())
        self.tokens = [item.token for item in self.items]
        self.spans = _Spans(self.tokens, self.branches)
        self.uses: dict[bytes, list[int]] = {}
        for index, item in enumerate(self.items):
            if item.macro and item.leads:
                self.uses.setdefault(item.token, []).append(index)
        self.frame = self.file = _Frame(_Kind.FILE)
        self.locals: list[Hazard] = []

    def _items(self) -> Iterator[_Item]:
        """Give the tokens without the directives, and each wrapped macro's name as one."""
        stream, count = self.stream, 0
        places = enumerate(stream.tokens)
        for _, unit in groupby(places, lambda at: stream.first[at[0]]):
            tokens = list(unit)
            place = tokens[0][0]
            macro = stream.macro[place]
            if macro is None or stream.source[stream.first[place]] != macro:
                macro = None
            wraps = next((n for n, (_, token) in enumerate(tokens) if token != b"("), 0)
            name = tokens[wraps][1]
            if macro and is_name(name) and all(token == b")" for _, token in tokens[wraps + 1 :]):
                tokens, wraps = [tokens[wraps]], 0
            for number, (at, token) in enumerate(tokens):
                if is_directive(token):
                    self.branches.setdefault(count, []).append(token)
                    continue
                leads = number == wraps and is_name(token)
                yield _Item(token, macro if leads else None, at, leads)
                count += 1

    def find(self) -> Iterator[Hazard]:
        """Give the hazards in the order of the text, those of plain locals last."""
        saved: list[_Frame] = []
        for index, item in enumerate(self.items):
            for directive in self.branches.get(index, ()):
                self.frame = _branch(directive, saved, self.frame)
            if not is_name(item.token):
                self._step(index, item.token)
                continue
            kind = self._name(index, item)
            if kind:
                yield self._hazard(kind, item.macro or b"", index)
        yield from self.locals

    def _hazard(self, kind: HazardKind, macro: bytes, index: int) -> Hazard:
        lineno = self.stream.lineno(self.stream.first[self.items[index].place])
        return Hazard(kind=kind, token=macro.decode("utf-8", "replace"), lineno=lineno)

    def _at(self, index: int) -> bytes:
        return self.tokens[index] if 0 <= index < len(self.tokens) else b""

    def _name(self, index: int, item: _Item) -> HazardKind | None:
        """Tell what a name is, note a plain local, and step over it."""
        before, after, frame, mode = self._at(index - 1), self._at(index + 1), self.frame, self.frame.mode
        declared = self._declares(item.token, before, after)
        if not item.macro:
            if declared and item.token in self.uses:
                self._plain(index, item.token, frame.end)
            return None
        if before in (b"->", b"."):
            opens = before == b"." and self._at(index - 2) in (b"{", b",")
            return HazardKind.DESIGNATOR if opens else HazardKind.MEMBER_SHADOW
        if before in STRUCTS or mode is _Mode.TAG:
            return HazardKind.TAG
        if before in (b"goto", b"__label__") or (after == b":" and mode is _Mode.START):
            return HazardKind.LABEL
        if frame.kind is _Kind.VALUES and after == b":" and before in (b"{", b","):
            return HazardKind.DESIGNATOR
        if frame.kind is _Kind.OFFSET and before == b"," and after in (b")", b".", b"["):
            return HazardKind.MEMBER_SHADOW
        return _declared(frame, after) if declared else None

    def _plain(self, index: int, name: bytes, end: int) -> None:
        """Note a local of the plain name if the macro is used in its scope."""
        uses = self.uses[name]
        at = bisect_left(uses, index)
        if at < len(uses) and uses[at] <= end:
            self.locals.append(
                self._hazard(HazardKind.LOCAL_SHADOW, self.items[uses[at]].macro or b"", index)
            )

    def _declares(self, name: bytes, before: bytes, after: bytes) -> bool:
        """Say whether a name is declared here, and step over it."""
        frame, mode = self.frame, self.frame.mode
        if frame.kind is _Kind.ENUMERATORS:
            return before in (b"{", b",")
        if mode is _Mode.START:
            frame.mode = _Mode.MAYBE
            return frame.old and after in (b")", b",")
        if mode is _Mode.TAG:
            frame.mode = mode if name.startswith(b"__") else _Mode.SPEC
        if mode is _Mode.CALLED:
            frame.mode = _Mode.AFTER
            return frame.kind is _Kind.MEMBERS or after == b";"
        if mode not in _DECLARING or (frame.kind is _Kind.FILE and after == b")"):
            return False
        if after in _BEHIND:
            frame.mode = _Mode.AFTER
            return True
        return after.startswith((b"__", b"asm"))  # what stands behind a declarator

    def _step(self, index: int, token: bytes) -> None:
        """Step over a token that is no name."""
        frame, mode = self.frame, self.frame.mode
        if token in _OPENS.values():
            self._brace(index) if token == b"{" else self._parenthesis(index, token)
        elif token in _OPENS:
            self._shut(token)
        elif token == b";":
            frame.mode, frame.stored, frame.struct = _Mode.START, False, b""
        elif token == b",":
            self._comma(frame)
        elif token == b":":
            self._colon(frame, self._at(index - 1))
        elif mode not in _SETTLED:
            frame.mode = self._word(token)
        elif token == b"=" and mode is _Mode.AFTER:
            frame.mode = _Mode.INIT

    @staticmethod
    def _comma(frame: _Frame) -> None:
        if frame.kind is _Kind.PARENS:
            frame.mode = _Mode.START
        else:
            listed = frame.mode in (_Mode.NEXT, _Mode.AFTER, _Mode.INIT)
            frame.mode = _Mode.NEXT if listed else _Mode.EXPR

    @staticmethod
    def _colon(frame: _Frame, before: bytes) -> None:
        """Step over the end of a label or the sign of a bit-field."""
        labels = frame.mode is _Mode.MAYBE and frame.kind is not _Kind.PARENS
        if labels or frame.mode is _Mode.CASE or before in _ACCESS:
            frame.mode = _Mode.START
        elif frame.mode is _Mode.SPEC and not frame.struct:
            frame.mode = _Mode.AFTER

    def _word(self, token: bytes) -> _Mode:
        """Give the mode behind a keyword or operator of a statement whose nature is open."""
        frame, mode = self.frame, self.frame.mode
        if token in DECLARES:
            frame.stored |= token in _STORED
            if token in STRUCTS:
                frame.struct = token
                return _Mode.TAG
            return mode if mode in (_Mode.NEXT, _Mode.TAG) else _Mode.SPEC
        if token in (b"case", b"default"):
            return _Mode.CASE
        if token in CONTROL or token in (b"else", b"do"):
            return _Mode.START
        if token == b"*" and mode is _Mode.MAYBE and frame.kind is not _Kind.PARENS:
            return _Mode.NEXT
        if token in (b"*", b"&", b"&&") and (
            mode in (_Mode.SPEC, _Mode.NEXT) or (frame.strong and mode is _Mode.MAYBE)
        ):
            return _Mode.NEXT
        return _Mode.EXPR

    def _brace(self, index: int) -> None:
        """Open what a brace opens."""
        outer, before = self.frame, self._at(index - 1)
        kind, mode, end = _Kind.VALUES, _Mode.EXPR, -1
        if outer.struct and outer.mode in (_Mode.TAG, _Mode.SPEC):
            if outer.struct == b"enum":
                kind, end = _Kind.ENUMERATORS, outer.end
            else:
                kind, mode = _Kind.MEMBERS, _Mode.START
        elif before[:1] == b'"' or b"namespace" in (before, self._at(index - 2)):
            kind, mode = _Kind.FILE, _Mode.START
        elif not self._is_value(index, before):
            kind, mode, end = _Kind.BLOCK, _Mode.START, self.spans.close[index]
        self.frame = _Frame(kind, end, b"{", outer, mode)
        self.frame.brace = self.frame

    def _is_value(self, index: int, before: bytes) -> bool:
        """Say whether a brace opens an initialiser or a compound literal."""
        if before == b")":
            return self._at(self.spans.open.get(index - 1, 0) - 1) in _LITERAL
        return before in _VALUED or (self.frame.kind is _Kind.VALUES and before != b"(")

    def _parenthesis(self, index: int, token: bytes) -> None:
        """Open what a parenthesis or bracket opens."""
        outer, before, mode = self.frame, self._at(index - 1), self.frame.mode
        close = self.spans.close[index]
        behind = self._at(close + 1)
        kind = _Kind.BLOCK if before == b"for" else _Kind.OFFSET if before in OFFSETS else _Kind.PARENS
        self.frame = frame = _Frame(kind, -1, token, outer, _Mode.EXPR, brace=outer.brace)
        if token == b"[" or before in TAKES_TYPES or before in OFFSETS:
            return
        star = self._at(index + 1) in (b"*", b"^")
        typed = mode in (_Mode.SPEC, _Mode.NEXT) and (star or outer.kind is not _Kind.PARENS)
        if typed or (mode is _Mode.MAYBE and star and behind in (b"(", b"[")):
            frame.kind, frame.end, frame.mode = _Kind.DECLARATOR, outer.end, _Mode.NEXT
            frame.root = outer.root or outer
            outer.mode = _Mode.AFTER
            return
        frame.mode, frame.end = _Mode.START, self.spans.ends[close + 1]
        frame.strong = mode is _Mode.AFTER and outer.kind in (_Kind.FILE, _Kind.MEMBERS)
        if outer.kind is _Kind.FILE and (is_name(behind) or behind in DECLARES - ATTRIBUTES):
            body = self.spans.bodies[close + 1]
            if self._at(body - 1) == b";" and self._at(body) == b"{":
                frame.old, frame.end = True, self.spans.close[body]
        if mode is _Mode.MAYBE:
            outer.mode = _Mode.CALLED
        elif mode is _Mode.START and before not in CONTROL:
            outer.mode = _Mode.EXPR

    def _shut(self, token: bytes) -> None:
        """Close a bracket, and those in it that were left open."""
        frame = self.frame
        if token == b"}":
            frame = frame.brace or self.file
        if frame.outer and frame.opened == _OPENS[token]:
            self.frame = frame.outer
            if frame.kind in (_Kind.MEMBERS, _Kind.ENUMERATORS):
                self.frame.mode, self.frame.struct = _Mode.SPEC, b""
                return
        elif token == b"}":
            self.frame = frame
        if token == b"}" and frame.kind in (_Kind.BLOCK, _Kind.FILE):
            held = self.frame.kind in (_Kind.PARENS, _Kind.OFFSET)
            self.frame.mode, self.frame.stored = _Mode.EXPR if held else _Mode.START, False


def _declared(frame: _Frame, after: bytes) -> HazardKind | None:
    """Say what a declaration in a frame declares."""
    if frame.root:
        frame, after = frame.root, b"("
    if frame.kind is _Kind.MEMBERS:
        return HazardKind.MEMBER_SHADOW
    if frame.kind is _Kind.FILE:
        return HazardKind.DECLARATION if frame.stored or after != b";" else None
    return HazardKind.DECLARATION if frame.kind is _Kind.ENUMERATORS else HazardKind.LOCAL_SHADOW


def _branch(directive: bytes, saved: list[_T], now: _T) -> _T:
    """Begin every branch of a conditional where the first one began."""
    if directive.startswith(b"\n#if"):
        saved.append(now)
    elif saved and directive.startswith(b"\n#el"):
        return saved[-1]
    elif saved and directive.startswith(b"\n#endif"):
        saved.pop()
    return now


class _Spans:
    """For each token: ``close``, where the bracket that it opens ends; ``ends``, where a statement that goes
    on with it ends; ``bodies``, the next brace on its level. What is left open ends with the text.
    """

    def __init__(self, tokens: list[bytes], branches: dict[int, list[bytes]]) -> None:
        count = len(tokens)
        self.open: dict[int, int] = {}
        self.close = [count - 1] * count
        stack: _Stack = None
        saved: list[_Stack] = []
        for index, token in enumerate(tokens):
            for directive in branches.get(index, ()):
                stack = _branch(directive, saved, stack)
            if token in _OPENS.values():
                stack = (index, stack)
            elif token in _OPENS and stack and tokens[stack[0]] == _OPENS[token]:
                self.close[stack[0]], self.open[index] = index, stack[0]
                stack = stack[1]
        self.ends, self.bodies = [count] * (count + 1), [count] * (count + 1)
        for index in range(count - 1, -1, -1):
            self._back(index, tokens)

    def _back(self, index: int, tokens: list[bytes]) -> None:
        """Fill in one token from those behind it."""
        token, close = tokens[index], self.close[index]
        opens = token in _OPENS.values()
        behind = (close if opens else index) + 1
        stops = token in (b";", b"{") or token in _OPENS
        goes_on = token in (b";", b"{") and tokens[behind : behind + 1] == [b"else"]
        self.ends[index] = behind - 1 if stops and not goes_on else self.ends[behind]
        self.bodies[index] = index if token == b"{" or token in _OPENS else self.bodies[behind]


def find(stream: Stream) -> tuple[Hazard, ...]:
    """Give the hazards of a stream whose rules on statements have not been applied yet."""
    return tuple(Shadows(stream).find()) if any(stream.macro) else ()
