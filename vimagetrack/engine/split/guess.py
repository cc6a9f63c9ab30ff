"""Guess which layer an edit of a transition header lands in, before there are tables to judge it by.

A definition that the monolith adds is brought by the milestone whose ``macros`` name it, else by the first
null one; one that it changes or removes comes there too where it expands to the same tokens, else it is meat,
as is what is no definition. A wrong guess costs one more round, never a proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.split.edits import Edit, apply
from vimagetrack.engine.split.model import Kind
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.tables import is_readable, is_same
from vimagetrack.engine.split.windows import Span, Window

_DEFINE = re.compile(rb"^[ \t]*#[ \t]*(?:define|undef)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_LAYOUT = re.compile(rb"/\*.*?\*/|//[^\n]*|[ \t\r\f\v]+", re.DOTALL)


def guessed(
    path: str, window: Window, ends: tuple[bytes | None, bytes | None], layers: Layers
) -> tuple[bytes | None, ...]:
    """Give the text of a header after each number of steps, None where there is no file."""
    guess = _Guess(path, window, layers)
    old, new = ends
    count = len(layers.steps) + 1
    if old is None and new is not None:
        home = creation_step(new, layers)
        at = guess.meat if home is None else home
    elif new is None or old == new:
        at = guess.meat
    else:
        edits = list(guess.edits())
        return tuple(apply(window.old, window.new, edits, step=index - 1) for index in range(count))
    return tuple(old if index <= at else new for index in range(count))


def creation_step(text: bytes, layers: Layers) -> int | None:
    """Choose the null layer in which a header that the monolith creates may land: the first that one of its
    definitions belongs to. None where there is none.
    """
    names = {name.decode("utf-8", "surrogateescape") for name in _DEFINE.findall(text)}
    targets = [layers.null_target([name]) for name in sorted(names)]
    return min((target.step for target in targets if target), default=None)


class _Guess:
    def __init__(self, path: str, window: Window, layers: Layers) -> None:
        self.window = window
        self.layers = layers
        self.meat = layers.meat_step(path)
        states = layers.plan.states
        readable = is_readable(window.old, states) and is_readable(window.new, states)
        self.tables = [
            (Table.parse(window.old, state), Table.parse(window.new, state)) for state in states if readable
        ]

    def edits(self) -> Iterator[Edit]:
        """Guess the edits: run by run, and line by line where definitions are added."""
        for run in self.window.runs:
            added = self.window.new[run.new_start : run.new_end]
            if run.start == run.end and not _NEEDS_OTHERS.search(added):
                start = run.new_start
                for line in body_lines(added):
                    yield self._edit(Span(run.start, run.end, start, start + len(line)))
                    start += len(line)
            else:
                yield self._edit(run)

    def _edit(self, span: Span) -> Edit:
        old = self.window.old[span.start : span.end]
        new = self.window.new[span.new_start : span.new_end]
        return Edit(
            start=span.start,
            end=span.end,
            new_start=span.new_start,
            new_end=span.new_end,
            step=self._step(old, new),
            kind=Kind.VOCABULARY,
        )

    def _step(self, old: bytes, new: bytes) -> int:
        lines = [line for text in (old, new) for line in _bare(text).split(b"\n")]
        names = {*_DEFINE.findall(old), *_DEFINE.findall(new)}
        if not names or not all(line.startswith(b"#") for line in lines if line):
            return self.meat
        if not self.tables or not all(map(self._is_no_change, names)):
            return self.meat
        target = self.layers.null_target(name.decode("utf-8", "surrogateescape") for name in sorted(names))
        return target.step if target else self.meat

    def _is_no_change(self, name: bytes) -> bool:
        """Say whether a definition is new, or expands as before, in every state."""
        return all(before.get(name) is None or is_same(name, before, after) for before, after in self.tables)


#: Lines that are nothing without others: conditionals, and what goes on in the next line or comment.
_NEEDS_OTHERS = re.compile(rb"^[ \t]*#[ \t]*(?:if|el|endif)|\\\r?$|/\*", re.MULTILINE)


def _bare(text: bytes) -> bytes:
    """Take comments and blanks away, and join spliced lines."""
    return _LAYOUT.sub(b"", text.replace(b"\\\r\n", b"").replace(b"\\\n", b""))
