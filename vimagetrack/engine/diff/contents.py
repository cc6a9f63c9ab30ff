"""Find bytes in changed lines that a reader's eye or another tool takes for something else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from vimagetrack.engine.diff.model import DiffWarning, FileDiff

_TEXTS = {
    "line-break-lookalike": "holds a character that some tools take for a line end and compilers do not",
    "bidi": "holds characters that change the direction of text: what you see may not be what runs",
    "invisible": "holds an invisible character",
    "blank-lookalike": "holds a blank that is none to a compiler",
    "letter-lookalike": "mixes Latin letters with others that look like them",
    "control": "holds a control character that moves a terminal's cursor or ends a C string",
}
_WORD = rb"[A-Za-z0-9_]"


def _lookalike(letter: bytes) -> bytes:
    """Match a letter that looks Latin beside one that is: alone it is somebody's language."""
    return rb"(?<=%s)%s|%s(?=%s)" % (_WORD, letter, letter, _WORD)


_UNICODE = (
    (0xC2, "blank-lookalike", rb"\xc2\xa0"),
    (0xE2, "blank-lookalike", rb"\xe2(?:\x80[\x80-\x8a\xaf]|\x81\x9f)"),
    (0xE3, "blank-lookalike", rb"\xe3\x80\x80"),
    (0xC2, "invisible", rb"\xc2\xad"),
    (0xE1, "invisible", rb"\xe1(?:\x85[\x9f\xa0]|\x9e[\xb4\xb5]|\xa0\x8e)"),
    (0xE3, "invisible", rb"\xe3\x85\xa4"),
    (0xEF, "invisible", rb"\xef\xbe\xa0"),
    (0xF3, "invisible", rb"\xf3\xa0[\x80-\x87]"),
    (
        0xCE,
        "letter-lookalike",
        _lookalike(rb"\xce[\x91\x92\x95-\x97\x99\x9a\x9c\x9d\x9f\xa1\xa4\xa5\xa7\xbd\xbf]"),
    ),
    (0xCF, "letter-lookalike", _lookalike(rb"\xcf[\x81\x85\xb2\xb3]")),
    (
        0xD0,
        "letter-lookalike",
        _lookalike(rb"\xd0[\x85\x86\x88\x90\x92\x95\x9a\x9c-\x9e\xa0-\xa3\xa5\xb0\xb5\xbe]"),
    ),
    (0xD1, "letter-lookalike", _lookalike(rb"\xd1[\x80\x81\x83\x85\x95\x96\x98]")),
    (0xEF, "letter-lookalike", _lookalike(rb"\xef(?:\xbc[\xa1-\xba]|\xbd[\x81-\x9a])")),
    (0xC2, "line-break-lookalike", rb"\xc2\x85"),
    (0xE2, "line-break-lookalike", rb"\xe2\x80[\xa8\xa9]"),
    (0xE2, "bidi", rb"\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])"),
    (0xE2, "invisible", rb"\xe2(?:\x80[\x8b-\x8d]|\x81[\xa0-\xa5\xaa-\xaf])"),
    (0xD8, "bidi", rb"\xd8\x9c"),
    (0xEF, "invisible", rb"\xef\xbb\xbf"),
)
Sign = tuple[int, str, re.Pattern[bytes]]
"""A first byte, the code of its warning, and the whole pattern."""

_SIGNS: tuple[Sign, ...] = (
    (0x0D, "line-break-lookalike", re.compile(rb"\r(?!\n)")),
    *(
        (byte, "line-break-lookalike", re.compile(re.escape(bytes((byte,)))))
        for byte in b"\x0b\x0c\x1c\x1d\x1e"
    ),
    *((byte, "control", re.compile(re.escape(bytes((byte,))))) for byte in b"\0\a\b\x0e\x0f\x1a\x1b\x7f"),
    *((first, code, re.compile(pattern)) for first, code, pattern in _UNICODE),
)
_ASCII_SIGNS = tuple((sign, sign[0]) for sign in _SIGNS if sign[0] < 128)
_OTHER_SIGNS = tuple(
    (first, re.compile(gate), tuple(sign for sign in _SIGNS if sign[0] == first))
    for first, gate in (
        (0xC2, rb"\xc2[\x85\xa0\xad]"),
        (0xCE, rb"\xce[\x91-\xbf]"),
        (0xCF, rb"\xcf[\x81-\xb3]"),
        (0xD0, rb"\xd0[\x85-\xbe]"),
        (0xD1, rb"\xd1[\x80-\x98]"),
        (0xD8, rb"\xd8\x9c"),
        (0xE1, rb"\xe1[\x85\x9e\xa0]"),
        (0xE2, rb"\xe2(?:\x80[\x80-\x8f\xa8-\xaf]|\x81[\x9f-\xaf])"),
        (0xE3, rb"\xe3[\x80\x85][\x80\xa4]"),
        (0xEF, rb"\xef[\xbb-\xbe]"),
        (0xF3, rb"\xf3\xa0"),
    )
)
OVERLAP = 3
"""Bytes by which pieces given to ``watch`` must overlap: the longest sign crosses no border then."""


def watch(data: bytes, start: int, end: int, odd: dict[Sign, None]) -> None:
    """Add to ``odd`` the signs that occur in a piece of the input, while it is in the cache anyway."""
    for sign, byte in _ASCII_SIGNS:
        if data.find(byte, start, end) >= 0 and sign not in odd and _occurs(sign, data, start, end):
            odd[sign] = None
    for first, gate, signs in _OTHER_SIGNS:
        if data.find(first, start, end) >= 0 and gate.search(data, start, end):
            odd.update((sign, None) for sign in signs if sign not in odd and _occurs(sign, data, start, end))


def _occurs(sign: Sign, data: bytes, start: int, end: int) -> bool:
    return sign[2].search(data, start, end) is not None


def flag_contents(
    data: bytes, files: list[FileDiff], spans: list[tuple[int, int]], odd: Iterable[Sign]
) -> Iterator[DiffWarning]:
    """Yield one warning for each file and kind, at the first changed line that deserves it.

    ``spans`` gives, for each file, the positions of its header and of its end in the data; ``odd`` the
    signs that ``watch`` has seen.
    """
    places = _Places(data, files, spans)
    seen: set[tuple[int, str]] = set()
    for first, code, pattern in odd:
        for number, lineno in places.changed_lines(first, pattern):
            if (number, code) not in seen:
                seen.add((number, code))
                text = f"a changed line {_TEXTS[code]}"
                yield DiffWarning(path=files[number].path, diff_lineno=lineno, code=code, text=text)


class _Places:
    """Where the bodies of the hunks lie; worked out only for files that hold something odd."""

    def __init__(self, data: bytes, files: list[FileDiff], spans: list[tuple[int, int]]) -> None:
        self.data = data
        self.files = files
        self.spans = spans
        self.bodies: dict[int, list[int]] = {}

    def changed_lines(self, first: int, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
        """Yield (index of the file, 1-based diff line) of the first changed line that matches, by file."""
        pos = 0
        while (pos := self._next(first, pattern, pos)) >= 0:
            number = bisect_right(self.spans, pos, key=lambda span: span[0]) - 1
            lineno = self._changed(number, pos) if number >= 0 else None
            if lineno is not None:
                yield number, lineno
                pos = self.spans[number][1]
            else:
                # To the end of the line, not of the match: a line may hold a million of them.
                pos = self.data.find(b"\n", pos)
                if pos < 0:
                    return

    def _next(self, first: int, pattern: re.Pattern[bytes], pos: int) -> int:
        """Find the pattern from here on; -1 for nowhere. Looking for its first byte alone is faster."""
        pos = self.data.find(first, pos)
        if pos < 0 or pattern.match(self.data, pos):
            return pos
        match = pattern.search(self.data, pos)
        return match.start() if match else -1

    def _changed(self, number: int, pos: int) -> int | None:
        """Return the 1-based diff line of a position in an added or removed line; None elsewhere."""
        if number not in self.bodies:
            self.bodies[number] = [hunk.body_at for hunk in self.files[number].hunks]
        starts = self.bodies[number]
        which = bisect_right(starts, pos) - 1
        if which < 0:
            return None
        hunk, start = self.files[number].hunks[which], starts[which]
        if pos >= hunk.end:
            return None
        line = self.data.rfind(b"\n", start, pos) + 1 or start
        if self.data[line] not in b"+-":
            return None
        return hunk.diff_lineno + 1 + self.data.count(b"\n", start, line)
