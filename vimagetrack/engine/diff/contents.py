"""Find bytes in changed lines that a reader's eye or another tool takes for something else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from vimagetrack.engine.diff.model import DiffWarning, FileDiff

_BREAKS = "line-break-lookalike", "holds a character that some tools take for a line end, a compiler does not"
_BIDI = "bidi", "holds characters that change the direction of text: what you see may not be what runs"
_HIDDEN = "invisible", "holds an invisible character"
_CONTROL = "control", "holds a control character that moves a terminal's cursor or ends a C string"

_SIGNS: tuple[tuple[bytes, re.Pattern[bytes], tuple[str, str]], ...] = (
    *((bytes((byte,)), re.compile(re.escape(bytes((byte,)))), _BREAKS) for byte in (11, 12, 28, 29, 30)),
    (b"\xc2\x85", re.compile(rb"\xc2\x85"), _BREAKS),
    (b"\xe2\x80", re.compile(rb"\xe2\x80[\xa8\xa9]"), _BREAKS),
    (b"\xe2\x80", re.compile(rb"\xe2\x80[\x8e\x8f\xaa-\xae]"), _BIDI),
    (b"\xe2\x81", re.compile(rb"\xe2\x81[\xa6-\xa9]"), _BIDI),
    (b"\xd8\x9c", re.compile(rb"\xd8\x9c"), _BIDI),
    (b"\xe2\x80", re.compile(rb"\xe2\x80[\x8b-\x8d]"), _HIDDEN),
    (b"\xe2\x81", re.compile(rb"\xe2\x81[\xa0-\xa4]"), _HIDDEN),
    (b"\xef\xbb\xbf", re.compile(rb"\xef\xbb\xbf"), _HIDDEN),
    *(
        (bytes((byte,)), re.compile(re.escape(bytes((byte,)))), _CONTROL)
        for byte in (0, 7, 8, 14, 15, 26, 27, 127)
    ),
)
_LONE_CR = re.compile(rb"\r(?!\n)")


def flag_contents(data: bytes, files: list[FileDiff]) -> Iterator[DiffWarning]:
    """Yield one warning for each file and kind, at the first changed line that deserves it.

    Costs one scan of the data for each byte that never occurs, which is the common case.
    """
    patterns = [(pattern, kind) for literal, pattern, kind in _SIGNS if literal in data]
    if b"\r" in data and _LONE_CR.search(data):
        patterns.append((_LONE_CR, _BREAKS))
    if not patterns:
        return
    spans = _Spans(files)
    seen: set[tuple[int, str]] = set()
    for pattern, (code, text) in patterns:
        for match in pattern.finditer(data):
            found = spans.changed_line(data, match.start())
            if found is None or (found[0], code) in seen:
                continue
            seen.add((found[0], code))
            path = files[found[0]].path
            yield DiffWarning(path=path, diff_lineno=found[1], code=code, text=f"a changed line {text}")


class _Spans:
    """Where the bodies of the hunks lie in the input."""

    def __init__(self, files: list[FileDiff]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.places: list[tuple[int, int]] = []
        at = 0
        for number, file in enumerate(files):
            at += len(file.preamble) + len(file.header)
            for hunk in file.hunks:
                at += len(hunk.header)
                self.starts.append(at)
                at += len(hunk.body)
                self.ends.append(at)
                self.places.append((number, hunk.diff_lineno))
            at += len(file.trailer)

    def changed_line(self, data: bytes, pos: int) -> tuple[int, int] | None:
        """Return (index of the file, 1-based diff line) of an added or removed line; None elsewhere."""
        which = bisect_right(self.starts, pos) - 1
        if which < 0 or pos >= self.ends[which]:
            return None
        start = data.rfind(b"\n", self.starts[which], pos) + 1 or self.starts[which]
        if data[start : start + 1] not in (b"+", b"-"):
            return None
        number, lineno = self.places[which]
        return number, lineno + 1 + data.count(b"\n", self.starts[which], start)
