"""What can be open at a place of a token stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What encloses a place."""

    FILE = auto()  # outside all, in a whole file
    LEVEL = auto()  # outside all that a window shows
    BLOCK = auto()
    VALUE = auto()  # the block of a statement expression: ({ })
    OTHER = auto()
    PAREN = auto()
    BRACKET = auto()


#: The kinds by their own names: in a loop, a look into the enumeration costs more than all else.
FILE, LEVEL, BLOCK, VALUE, OTHER, PAREN, BRACKET = Kind
BLOCKS: Final = (BLOCK, VALUE)
#: Places before the text, and behind something that is not seen.
START: Final = -1
UNSEEN: Final = -2


class Frame:
    """One thing that is open: its kind, where it was opened (a token index, or negative), and what it is in.

    Two frames are the same only if they are one object. Never changed once made.
    """

    __slots__ = ("kind", "opener", "parent")

    def __init__(self, kind: Kind, opener: int, parent: Frame | None) -> None:
        self.kind = kind
        self.opener = opener
        self.parent = parent

    def chain(self) -> Iterator[Frame]:
        """Give this frame and those around it, from the inside."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent


def common(frames: Sequence[Frame]) -> Frame:
    """Join frames of equal kinds: where the openers differ, the joint one has none."""
    joint: Frame | None = None
    chains = [list(frame.chain()) for frame in frames]
    for level in reversed(list(zip(*chains, strict=True))):
        first = level[0]
        if any(frame is not first for frame in level):
            same = all(frame.opener == first.opener for frame in level)
            first = Frame(first.kind, first.opener if same else UNSEEN, joint)
        joint = first
    assert joint is not None  # every chain has a frame
    return joint
