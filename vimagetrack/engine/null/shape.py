"""What the braces, parentheses and conditionals of a token stream enclose.

A brace is called a block only where that is plain from what stands before it; whatever else (a structure, an
initialiser, a window's border, branches of a conditional that do not agree) is OTHER, and no rule applies
there. Safe to be wrong by calling a block OTHER.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from vimagetrack.engine.null.braces import Braces
from vimagetrack.engine.null.frames import (
    BLOCK,
    BLOCKS,
    BRACKET,
    FILE,
    LEVEL,
    OTHER,
    PAREN,
    START,
    UNSEEN,
    VALUE,
    Frame,
    Kind,
    common,
)
from vimagetrack.engine.null.words import CONTROL, SURELY_STATEMENT, is_directive, is_head, is_name


@dataclass(slots=True)
class _Branches:
    """An open conditional: what held before it, and at the end of each branch so far."""

    key: tuple[bytes, bool] | None
    frame: Frame
    prevs: tuple[int, ...]
    ends: list[tuple[Frame, tuple[int, ...]]] = field(default_factory=list)
    has_else: bool = False
    dead: bool = False


_PAIRS: Final = {b")": PAREN, b"]": BRACKET}
_OPEN: Final = {b"(": PAREN, b"[": BRACKET}
_BRACES: Final = {b"{": b"{", b"}": b"}", b"<%": b"{", b"%>": b"}"}
_EVENTS: Final = frozenset({b"(", b")", b"[", b"]", b"{", b"}", b"<%", b"%>", b";", b"do", b"while"})
_TRANSPARENT: Final = (b"\n#define ", b"\n#undef ")
MOST_PREVS: Final = 8


class Shape:
    """The shape of one token stream, or of one of its configurations (``assumed``: condition key ->
    truth).
    """

    def __init__(
        self,
        tokens: Sequence[bytes],
        *,
        whole: bool,
        closed: bool,
        assumed: Mapping[bytes, bool] | None = None,
        strange: frozenset[bytes] = frozenset(),
        first: Kind = OTHER,
    ) -> None:
        self.tokens = tokens
        self.first = first  # what a brace opens that a window begins with
        self.closed = closed
        self.assumed = assumed or {}
        self.strange = strange  # macros behind whose call a brace opens no block
        self.frame = Frame(FILE if whole else LEVEL, START, None)
        self.prevs: tuple[int, ...] = (START,)
        self.groups: list[_Branches] = []
        self.ends_at: dict[int, int] = {}  # closer -> opener
        self.closed_at: dict[int, int] = {}  # opener -> closer
        self.closed_kind: dict[int, Kind] = {}  # closer -> kind
        self.dos: dict[Frame, int] = {}
        self.dos_at: dict[int, int] = {}
        self.troubled: set[bytes] = set()
        self.broken = False
        self.dead: list[tuple[int, int]] = []
        self.conditional: dict[
            int, tuple[list[int], int]
        ] = {}  # directive -> all of its group, the index of its #endif
        self._open_groups: list[list[int]] = []
        self._dead_from: int | None = None
        self.at: list[int] = []
        self.frames: list[Frame] = []
        self._prev_memo: dict[int, tuple[int, ...]] = {}
        self._levels: dict[Frame, bool] = {}
        self.braces = Braces(self)
        self._walk()

    # --- asking

    def frame_of(self, index: int) -> Frame:
        """Give what encloses a token (for a bracket: what the pair stands in)."""
        if index in self.ends_at:
            index = self.ends_at[index]
        place = bisect_left(self.at, index)
        return self.frames[place - 1] if place else self._first

    def prevs_of(self, index: int) -> tuple[int, ...]:
        """Give the tokens that may stand before a token, one for each way through the conditionals."""
        if index in self._prev_memo:
            return self._prev_memo[index]
        return (index - 1,) if index else (START,)

    def nexts_of(self, index: int) -> set[int]:
        """Give the tokens that may stand at an index or, where a directive is there, behind it; UNSEEN where
        that cannot be told."""
        found: set[int] = set()
        todo, seen = [index], set()
        while todo:
            place = todo.pop()
            if place in seen:
                continue
            seen.add(place)
            token = self.tokens[place] if place < len(self.tokens) else None
            if token is None:
                found.add(UNSEEN)
            elif not is_directive(token):
                found.add(place)
            else:
                todo += self._behind(place, token, found)
        return found

    def _behind(self, place: int, token: bytes, found: set[int]) -> list[int]:
        if place in self.conditional:
            group, end = self.conditional[place]
            if token.startswith(b"\n#if"):
                has_else = any(self.tokens[branch].startswith(b"\n#else") for branch in group)
                return [branch + 1 for branch in group[:-1]] + ([] if has_else else [end + 1])
            return [end + 1]
        if token.startswith(_TRANSPARENT) or not is_head(token):
            return [place + 1]
        found.add(UNSEEN)
        return []

    def is_dead(self, index: int) -> bool:
        """Say whether a token is in no way through this configuration."""
        return any(first <= index < last for first, last in self.dead)

    def is_statement_level(self, frame: Frame) -> bool:
        """Say whether statements stand directly in a frame: a block, or a window that shows a statement
        there.
        """
        if frame.kind is not LEVEL:
            return frame.kind in BLOCKS
        if frame not in self._levels:
            self._levels[frame] = any(self._is_evidence(index) for index in self._directly_in(frame))
        return self._levels[frame]

    def begins_with_block(self) -> bool:
        """Say whether the brace that a window begins with holds statements."""
        opened = next((frame for frame in self.frames if frame.opener == 0), None)
        return opened is not None and any(self._is_evidence(index) for index in self._directly_in(opened))

    def _directly_in(self, frame: Frame) -> Iterator[int]:
        return (index for index in range(len(self.tokens)) if self.frame_of(index) is frame)

    def _is_evidence(self, index: int) -> bool:
        """Say whether a token begins a statement that can stand nowhere but among statements.

        A name that is assigned to may be an enumerator, so its ``;`` must be in sight.
        """
        token = self.tokens[index]
        if token in SURELY_STATEMENT:
            return True
        if not self.closed or not is_name(token) or token.upper() == token:
            return False
        if not all(self._may_begin(prev) for prev in self.prevs_of(index)):
            return False
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else b""
        if following == b"(":
            end = self.closed_at.get(index + 1, len(self.tokens))
            return self.tokens[end + 1 : end + 2] == [b";"]
        return following in (b"=", b"+=", b"-=", b"->", b".", b"++", b"--") and self._ends(index)

    def _may_begin(self, prev: int) -> bool:
        if prev >= 0 and self.tokens[prev] == b")":
            return self.is_header_end(prev)
        return prev < 0 or self.tokens[prev] in (b";", b"{", b"}", b":", b"else", b"do")

    def _ends(self, index: int) -> bool:
        """Say whether a ; is the next thing to end what begins at an index."""
        while index < len(self.tokens) and self.tokens[index] not in (b";", b"}", b")", b"]"):
            index = self.closed_at.get(index, index) + 1
        return self.tokens[index : index + 1] == [b";"]

    def is_header_end(self, index: int) -> bool:
        """Say whether a token is the ) of a control header."""
        opener = self.ends_at.get(index, 0)
        return opener > 0 and self.tokens[index] == b")" and self.tokens[opener - 1] in CONTROL

    # --- walking

    def _walk(self) -> None:
        self._first = self.frame
        tokens = self.tokens
        wanted = _EVENTS | {token for token in set(tokens) if token[:1] == b"\n"}
        events = [index for index, token in enumerate(tokens) if token in wanted]
        at, frames = self.at, self.frames
        for index in events:
            token = tokens[index]
            if token == b"(" and self._dead_from is None:
                self.frame = Frame(PAREN, index, self.frame)
            elif token[:1] == b"\n":
                self._directive(index, token)
            elif self._dead_from is None:
                self._event(index, token)
            if self._dead_from is None:
                at.append(index)
                frames.append(self.frame)

    def _event(self, index: int, token: bytes) -> None:
        if token in _OPEN:
            self.frame = Frame(_OPEN[token], index, self.frame)
        elif token in _PAIRS:
            self._close(index, (_PAIRS[token],))
        elif token in _BRACES:
            self.dos_at[index] = self.dos.get(self.frame, 0)
            self._brace(index, _BRACES[token])
        elif token == b"do":
            self.dos[self.frame] = self.dos.get(self.frame, 0) + 1
        elif token == b"while":
            self._while(index)
        else:
            self.dos_at[index] = self.dos.get(self.frame, 0)

    def _brace(self, index: int, token: bytes) -> None:
        if token == b"{":
            self.frame = Frame(self.braces.kind_at(index), index, self.frame)
        elif self.frame.kind is LEVEL:
            self.closed_kind[index] = OTHER
            self.frame = Frame(LEVEL, -3 - index, None)
        else:
            self._close(index, (BLOCK, VALUE, OTHER, FILE))

    def _close(self, index: int, kinds: tuple[Kind, ...]) -> None:
        frame = self.frame
        if frame.kind not in kinds or frame.parent is None:
            self._lose()
            return
        self.closed_kind[index] = frame.kind
        if frame.opener >= 0:
            self.ends_at[index] = frame.opener
            self.closed_at[frame.opener] = index
        self.frame = frame.parent

    def _lose(self) -> None:
        """Brackets do not match: nothing is known from here on."""
        self.broken = True
        self.frame = Frame(OTHER, UNSEEN, Frame(OTHER, UNSEEN, None))

    def _while(self, index: int) -> None:
        """A while behind a statement may end a do; in a conditional it is not counted, which is safe."""
        if not self.dos.get(self.frame) or self.groups:
            return
        if all(prev >= 0 and self.tokens[prev] in (b";", b"}") for prev in self.prevs_of(index)):
            self.dos[self.frame] -= 1

    # --- conditionals

    def _directive(self, index: int, token: bytes) -> None:
        if token.startswith((b"\n#if ", b"\n#ifdef ", b"\n#ifndef ")):
            self._open_group(index, token)
        elif token.startswith((b"\n#elif", b"\n#else")) and self.groups:
            self._next_branch(index, token)
        elif token.startswith(b"\n#endif") and self.groups:
            self._end_group(index)
        elif self._dead_from is None and token.startswith((b"\n#el", b"\n#endif")):
            self.frame = Frame(LEVEL, -3 - index, None)  # its #if is above the window
            self._pass(index, (UNSEEN,))
        elif self._dead_from is None and is_head(token):
            self._pass(index, self._before(index) if token.startswith(_TRANSPARENT) else (UNSEEN,))
        elif self._dead_from is None:
            self._pass(index, self._before(index))

    def _before(self, index: int) -> tuple[int, ...]:
        if index and not is_directive(self.tokens[index - 1]):
            return (index - 1,)
        return self.prevs

    def _pass(self, index: int, prevs: tuple[int, ...]) -> None:
        """What stands behind a directive follows the tokens that could stand before it."""
        self.prevs = prevs if len(prevs) <= MOST_PREVS else (UNSEEN,)
        self._prev_memo[index + 1] = self.prevs

    def _open_group(self, index: int, token: bytes) -> None:
        self._open_groups.append([index])
        key = condition_key(token)
        group = _Branches(key, self.frame, self._before(index), dead=self._dead_from is not None)
        self.groups.append(group)
        if not group.dead:
            self._pass(index, group.prevs)
            if key and key[0] in self.assumed and self.assumed[key[0]] != key[1]:
                self._dead_from = index + 1

    def _next_branch(self, index: int, token: bytes) -> None:
        self._open_groups[-1].append(index)
        group = self.groups[-1]
        if group.dead:
            return
        self._end_branch(index, group)
        group.has_else = group.has_else or token.startswith(b"\n#else")
        self.frame = group.frame
        self._pass(index, group.prevs)
        if group.key and group.key[0] in self.assumed and self.assumed[group.key[0]] == group.key[1]:
            self._dead_from = index + 1

    def _end_branch(self, index: int, group: _Branches) -> None:
        if self._dead_from is None:
            group.ends.append((self.frame, self._before(index)))
        else:
            self.dead.append((self._dead_from, index))
            self._dead_from = None

    def _end_group(self, index: int) -> None:
        indexes = [*self._open_groups.pop(), index]
        for place in indexes:
            self.conditional[place] = (indexes, index)
        group = self.groups.pop()
        if group.dead:
            return
        self._end_branch(index, group)
        decided = group.key is not None and group.key[0] in self.assumed
        empty_way = group.key is not None and self.assumed.get(group.key[0]) is not group.key[1]
        if not group.has_else and (not decided or empty_way):
            group.ends.append((group.frame, group.prevs))
        self._join(index, group)

    def _join(self, index: int, group: _Branches) -> None:
        """Go on behind a conditional with what all its branches agree on."""
        frames = [frame for frame, _ in group.ends] or [group.frame]
        kinds = {tuple(frame.kind for frame in end.chain()) for end in frames}
        if len(kinds) > 1:
            if group.key:
                self.troubled.add(group.key[0])
            self._lose()
        else:
            self.frame = frames[0] if all(end is frames[0] for end in frames) else common(frames)
        prevs = tuple(dict.fromkeys(prev for _, way in group.ends for prev in way))
        self._pass(index, prevs or group.prevs)


def condition_key(token: bytes) -> tuple[bytes, bool] | None:
    """Give the name that a simple condition asks for, and the answer that opens its first branch."""
    words = token.split()
    if words[0] in (b"#ifdef", b"#ifndef") and len(words) == 2:
        return words[1], words[0] == b"#ifdef"
    if words[:3] == [b"#if", b"defined", b"("] and len(words) == 5:
        return words[3], True
    if words[:4] == [b"#if", b"!", b"defined", b"("] and len(words) == 6:
        return words[4], False
    return None


#: How many names whose branches do not balance are tried both ways.
MOST_TROUBLED: Final = 3


def shapes(
    tokens: Sequence[bytes],
    *,
    whole: bool,
    closed: bool,
    local: frozenset[bytes],
    strange: frozenset[bytes] = frozenset(),
) -> list[Shape]:
    """Give the shapes to look at: one, or one for each way to decide the conditions whose branches do not
    balance.

    A rule may use a place only if every shape in which it is not dead allows it. ``local`` names are
    defined in the text, so their conditions may be answered in two ways.
    """
    make = partial(Shape, tokens, whole=whole, closed=closed, strange=strange)
    found = [make()]
    if tokens and tokens[0] == b"{" and not whole and found[0].begins_with_block():
        # whose block it is stands above: the last statement of one in parentheses is its value
        make = partial(make, first=VALUE)
        found = [make()]
    asked: list[bytes] = []
    while len(asked) < MOST_TROUBLED:
        troubled = set().union(*(shape.troubled for shape in found)) - set(asked) - local
        if not troubled:
            break
        asked.append(min(troubled))
        ways = range(1 << len(asked))
        decided = [{name: bool(way >> bit & 1) for bit, name in enumerate(asked)} for way in ways]
        found = [make(assumed=way) for way in decided]
    return found
