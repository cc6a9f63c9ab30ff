"""Say where the files of a split differ from what it comes to now: which value, which row, which line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

#: How much of a value or line is told.
TOLD_CHARS = 100

#: What names a row of the report's lists: rows are paired by it where their numbers differ.
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "milestones": ("slug",),
    "changes": ("path", "milestone", "kind", "fingerprint"),
    "chunks": ("id",),
    "proofs": ("path", "milestone", "state", "before_sha256"),
    "warnings": ("path", "diff_lineno", "code"),
    "order": ("identifier", "used"),
}
_MISSING: Final = object()


def differences(found: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> list[str]:
    """Say every difference between the files in OUT and those that the split comes to, sorted by file."""
    lines = []
    for name in sorted({*found, *wanted}):
        if name not in found:
            lines.append(f"missing: {name}")
        elif name not in wanted:
            lines.append(f"not expected: {name}")
        elif found[name] != wanted[name]:
            lines += [f"differs: {name}: {text}" for text in _inside(name, found[name], wanted[name])]
    return lines


def _inside(name: str, found: bytes, wanted: bytes) -> Iterator[str]:
    tell: Callable[[bytes, bytes], Iterator[str]] = _lines
    if name == "report.json":
        tell = _report
    elif name == "digests.tsv":
        tell = _rows
    told = list(tell(found, wanted))
    # Two spellings of one report are different files all the same.
    yield from told or _lines(found, wanted)


def _report(found: bytes, wanted: bytes) -> Iterator[str]:
    try:
        value = json.loads(found)
    except (ValueError, RecursionError) as error:
        yield f"it is no JSON ({error})"
        return
    yield from _values("", value, json.loads(wanted))


def _values(path: str, found: Any, wanted: Any) -> Iterator[str]:
    """Compare two JSON values, and say the path of each that differs."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in {**wanted, **found}:
            inner = f"{path}.{key}" if path else str(key)
            yield from _values(inner, found.get(key, _MISSING), wanted.get(key, _MISSING))
    elif isinstance(found, list) and isinstance(wanted, list):
        yield from _lists(path, found, wanted)
    elif found != wanted or type(found) is not type(wanted):
        yield f"{path or 'the whole'}: {_say(found)}, and it comes to {_say(wanted)}"


def _lists(path: str, found: Sequence[Any], wanted: Sequence[Any]) -> Iterator[str]:
    keys = _NAMES.get(path, ())
    if len(found) == len(wanted) or not keys:
        for index in range(max(len(found), len(wanted))):
            mine, other = (rows[index] if index < len(rows) else _MISSING for rows in (found, wanted))
            name = _name(other if other is not _MISSING else mine, keys)
            yield from _values(f"{path}[{index}]{name}", mine, other)
        return
    mine_by, other_by = _by_name(found, keys), _by_name(wanted, keys)
    for key in {**other_by, **mine_by}:
        (index, mine), (place, other) = mine_by.get(key, (-1, _MISSING)), other_by.get(key, (-1, _MISSING))
        row = other if other is not _MISSING else mine
        yield from _values(f"{path}[{index if index >= 0 else place}]{_name(row, keys)}", mine, other)


def _by_name(rows: Sequence[Any], keys: tuple[str, ...]) -> dict[tuple[str, int], tuple[int, Any]]:
    """Index rows by what names them, with a number among equals."""
    seen: Counter[str] = Counter()
    found = {}
    for index, row in enumerate(rows):
        name = _name(row, keys)
        found[name, seen[name]] = (index, row)
        seen[name] += 1
    return found


def _name(row: Any, keys: tuple[str, ...]) -> str:
    """Write what a reader knows a row by: `` (sys/a.c macros null-macro)``."""
    if not isinstance(row, dict):
        return ""
    words = [str(row[key]) for key in keys if key in row and not key.endswith(("sha256", "fingerprint"))]
    lines = row.get("new")
    if isinstance(lines, list) and len(lines) == 2:
        words.append(f"new line {lines[0]}")
    return f" ({' '.join(words)})" if words else ""


def _rows(found: bytes, wanted: bytes) -> Iterator[str]:
    """Compare digests.tsv: a row is known by path, layer and state."""
    mine, other = (_table(text) for text in (found, wanted))
    for key in {**other, **mine}:
        (lineno, row), (place, now) = mine.get(key, (0, ())), other.get(key, (0, ()))
        shown = " ".join(key[:3])
        if not row:
            yield f"line {place} is missing: {shown}"
        elif not now:
            yield f"line {lineno} is not expected: {shown}"
        elif row != now:
            at = next((i for i, (a, b) in enumerate(zip(row, now, strict=False)) if a != b), len(now) - 1)
            name = _COLUMNS[at] if at < len(_COLUMNS) else f"column {at + 1}"
            yield f"line {lineno}: {shown}: {name} {_cell(row, at)}, and it comes to {_cell(now, at)}"


_COLUMNS: Final = ("path", "layer", "state", "md5", "sha256")
_Key = tuple[str, str, str, int]


def _table(text: bytes) -> dict[_Key, tuple[int, tuple[str, ...]]]:
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[_Key, tuple[int, tuple[str, ...]]] = {}
    for lineno, line in enumerate(text.decode("utf-8", "surrogateescape").split("\n"), 1):
        cells = tuple(line.split("\t"))
        path, layer, state = (*cells, "", "", "")[:3]
        found[path, layer, state, seen[cells[:3]]] = (lineno, cells)
        seen[cells[:3]] += 1
    return found


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else "nothing"


def _lines(found: bytes, wanted: bytes) -> Iterator[str]:
    """Say the first line that differs, and the file of the patch that it stands in."""
    mine, other = found.split(b"\n"), wanted.split(b"\n")
    pairs = enumerate(zip(mine, other, strict=False))
    index = next((i for i, (a, b) in pairs if a != b), min(len(mine), len(other)))
    path = next((line[4:] for line in reversed(mine[: index + 1]) if line.startswith(b"+++ ")), b"")
    where = f" (in {path.decode('utf-8', 'backslashreplace')})" if path else ""
    has, wants = (_line(lines, index) for lines in (mine, other))
    yield f"line {index + 1}{where}: {has}, and it comes to {wants}"


def _line(lines: Sequence[bytes], index: int) -> str:
    if index >= len(lines) or (index == len(lines) - 1 and not lines[index]):
        return "the end"
    return _say(lines[index].decode("utf-8", "backslashreplace"))


def _say(value: object) -> str:
    if value is _MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= TOLD_CHARS else f"{text[: TOLD_CHARS - 3]}..."
