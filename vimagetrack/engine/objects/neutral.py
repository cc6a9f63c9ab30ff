"""Take out of a source text what the compiler knows of place and time, to see whether only that differs."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Builtins(StrEnum):
    """A group of macros that the compiler defines anew in each line or run."""

    LINES = "line numbers"
    DATES = "dates"
    BOTH = "line numbers and dates"


_LINES: Final = (b"__LINE__ 1",)
_DATES: Final = (
    b'__DATE__ "Jan  1 1970"',
    b'__TIME__ "00:00:00"',
    b'__TIMESTAMP__ "Thu Jan  1 00:00:00 1970"',
)
_GIVEN: Final = {Builtins.LINES: _LINES, Builtins.DATES: _DATES, Builtins.BOTH: _LINES + _DATES}


def neutral(text: bytes, name: bytes, builtins: Builtins) -> bytes:
    """Give a text in which these macros are constants; ``name`` is the file's name as the compiler has it.

    The first lines pass for a system header, so that no compiler warns of what they define.
    """
    quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    head = b'# 1 "%s" 3\n' % quoted
    head += b"".join(b"#define %s\n" % line for line in _GIVEN[builtins])
    return head + b'# 1 "%s"\n' % quoted + text
