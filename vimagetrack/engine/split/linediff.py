"""Find the changed lines between two texts, as a function of these two texts alone.

A change keeps its name only if it is cut again where it was cut before. The diff that we are given was
aligned by somebody's tool on other texts (base and end, while a layer has texts of its own), so its runs
say which lines changed and not how a layer's lines belong together. Here the same two texts give the same
runs, whatever lies before them in the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from vimagetrack.engine.diff.model import body_lines
from vimagetrack.engine.split.align import equal_blocks
from vimagetrack.engine.split.edits import common_prefix

#: A run of changed items as half-open ranges: first and end on the left, first and end on the right.
Run = tuple[int, int, int, int]

#: So many equal lines around the first and last difference are looked at when a run is moved.
MARGIN_LINES = 100

_CLOSERS = (b"}", b"#endif", b"#else", b"#elif", b")", b"else", b"*/")


def line_runs(before: bytes, after: bytes, *, margins: tuple[int, int] = (0, 0)) -> list[Run]:
    """List the runs of changed whole lines, as byte offsets in both texts.

    Between two runs stands at least one equal line. ``margins`` are so many bytes at both ends, of whole
    lines, that stay out of it where they are equal: what slides to the border of a window has no context
    left. Which of several alignments comes out is a matter of taste; that it is always the same one is not.
    """
    head, tail = margins
    end, after_end = len(before) - tail, len(after) - tail
    kept = head <= min(end, after_end) and before[:head] == after[:head] and before[end:] == after[after_end:]
    if not kept or not (_is_line_start(before, end) and _is_line_start(after, after_end)):
        return _line_runs(before, after)
    inner = _line_runs(before[head:end], after[head:after_end])
    return [(a + head, b + head, c + head, d + head) for a, b, c, d in inner]


def _line_runs(before: bytes, after: bytes) -> list[Run]:
    start, tail = _common_ends(before, after)
    if start is None:
        return []
    first = lines_back(before, start, MARGIN_LINES)
    end = lines_forward(before, len(before) - tail, MARGIN_LINES)
    old = body_lines(before[first:end])
    new = body_lines(after[first : end + len(after) - len(before)])
    old_at = list(accumulate(map(len, old), initial=first))
    new_at = list(accumulate(map(len, new), initial=first))
    return [(old_at[a], old_at[b], new_at[c], new_at[d]) for a, b, c, d in changed(old, new)]


def _common_ends(before: bytes, after: bytes) -> tuple[int | None, int]:
    """Give where the first line starts that differs, and the length of the equal lines at the end.

    None: nothing differs.
    """
    if before == after:
        return None, 0
    start = before.rfind(b"\n", 0, common_prefix(before, after)) + 1
    limit = min(len(before), len(after)) - start
    tail = _common_suffix(before, after, limit)
    if not (_is_line_start(before, len(before) - tail) and _is_line_start(after, len(after) - tail)):
        tail = _to_line_start(before, tail)
    return start, tail


def _is_line_start(text: bytes, offset: int) -> bool:
    return offset == 0 or text[offset - 1 : offset] == b"\n"


def _to_line_start(text: bytes, tail: int) -> int:
    """Shorten a tail to what begins with a whole line."""
    newline = text.find(b"\n", len(text) - tail)
    return 0 if newline < 0 else len(text) - newline - 1


def _common_suffix(before: bytes, after: bytes, limit: int) -> int:
    """Count the last bytes that two texts share, at most ``limit``, by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if before.endswith(after[len(after) - middle : len(after) - low], 0, len(before) - low):
            low = middle
        else:
            high = middle - 1
    return low


def lines_back(text: bytes, offset: int, lines: int) -> int:
    """Go so many line starts back from a line start, to the start of the text at most."""
    for _ in range(lines):
        if offset == 0:
            break
        offset = text.rfind(b"\n", 0, offset - 1) + 1
    return offset


def lines_forward(text: bytes, offset: int, lines: int) -> int:
    """Go so many line ends forward, to the end of the text at most."""
    for _ in range(lines):
        offset = text.find(b"\n", offset) + 1
        if offset == 0:
            return len(text)
    return offset


# --- lines


def changed(old: Sequence[bytes], new: Sequence[bytes]) -> list[Run]:
    """List the runs of lines that differ, as 0-based line indexes.

    Lines that only one side has are left out before the others are aligned: they match nothing, and what
    repeats (a brace, an empty line) is less often matched with the wrong one.
    """
    theirs, ours = set(new), set(old)
    mine = [index for index, line in enumerate(old) if line in theirs]
    others = [index for index, line in enumerate(new) if line in ours]
    runs: list[Run] = []
    i = j = 0
    blocks = equal_blocks([old[index] for index in mine], [new[index] for index in others])
    pairs = ((mine[a + n], others[b + n]) for a, b, length in blocks for n in range(length))
    for a, b in (*pairs, (len(old), len(new))):
        if a > i or b > j:
            runs.append((i, a, j, b))
        i, j = a + 1, b + 1
    return _slid(old, new, runs)


def _slid(old: Sequence[bytes], new: Sequence[bytes], runs: Sequence[Run]) -> list[Run]:
    """Move what is only added or only removed to its best place; join what meets then."""
    found: list[Run] = []
    todo = list(reversed(runs))
    while todo:
        run = todo.pop()
        left = found[-1] if found else (0, 0, 0, 0)
        following = todo[-1] if todo else (len(old), len(old), len(new), len(new))
        up, down = _room(old, new, run, left, following)
        if found and run[0] - up == left[1]:
            run = (left[0], run[1] - up, left[2], run[3] - up)
            found.pop()
            todo.append(run)
        elif todo and run[1] + down == following[0]:
            todo[-1] = (run[0] + down, following[1], run[2] + down, following[3])
        else:
            lines, start, end = (old, run[0], run[1]) if run[1] > run[0] else (new, run[2], run[3])
            shift = min(range(-up, down + 1), key=lambda by: _ugliness(lines, start + by, end + by))
            found.append((run[0] + shift, run[1] + shift, run[2] + shift, run[3] + shift))
    return found


def _room(old: Sequence[bytes], new: Sequence[bytes], run: Run, left: Run, following: Run) -> tuple[int, int]:
    """Say how many lines a run may go up and down and still mean the same; nowhere if it is on both sides."""
    if run[1] > run[0] and run[3] > run[2]:
        return 0, 0
    lines, start, end = (old, run[0], run[1]) if run[1] > run[0] else (new, run[2], run[3])
    up = down = 0
    while up < run[0] - left[1] and lines[start - 1 - up] == lines[end - 1 - up]:
        up += 1
    while down < following[0] - run[1] and lines[start + down] == lines[end + down]:
        down += 1
    return up, down


def _ugliness(lines: Sequence[bytes], start: int, end: int) -> tuple[int, bool, bool, int]:
    """Rate a place for added or removed lines: shallow, not from a closing brace on, behind an empty line."""
    first = next((line for line in lines[start:end] if line.strip()), b"")
    text = first.lstrip(b" \t")
    indent = len(first.expandtabs()) - len(text.expandtabs()) if text else 0
    behind_blank = start == 0 or not lines[start - 1].strip()
    return indent, lines[start].lstrip().startswith(_CLOSERS), not behind_blank, -start
