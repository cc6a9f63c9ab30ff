"""Write the table of one file's diff, side by side or unified, by joining strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from reviews.render.rows import Row, SideLine
from reviews.render.tokens import MEMO
from vimagetrack.engine.diff.model import Hunk
from vimagetrack.look.characters import attribute, visible

#: Rows in one ``tbody``: the browser skips those that are off the screen.
ROWS_A_BODY = 100
_BARE = '<span class="odd" title="the file ends here without a newline">no newline</span>'


class View(StrEnum):
    """How the two sides stand."""

    SPLIT = "split"
    UNIFIED = "unified"


class Mark(StrEnum):
    """What a difference inside a line is drawn as."""

    NULL = "null"  # a proved spelling: dimmed
    PLAIN = "plain"  # a difference, nothing more
    MEAT = "meat"  # what needs a human


@dataclass(frozen=True, slots=True, kw_only=True)
class Gutter:
    """What stands left of a run's first row; ``tone`` is the class suffix of its kind."""

    anchor: str
    number: int  # 1-based in the chunk
    tone: str
    title: str
    name: str = ""  # of the function around it
    changes: int = 1  # that stand in this run


_OPEN_NEW = {Mark.NULL: '<ins class="nul">', Mark.PLAIN: "<ins>", Mark.MEAT: '<ins class="meat">'}
_OPEN_OLD = {Mark.NULL: '<del class="nul">', Mark.PLAIN: "<del>", Mark.MEAT: "<del>"}


def hunk_header(hunk: Hunk, view: View) -> str:
    """Write the row above a hunk: the function that the diff names, and where the hunk starts."""
    section = visible(hunk.section.strip())
    name = f"<code>{section}</code>, " if section else ""
    width = 5 if view is View.SPLIT else 4
    place = f"old {hunk.old_start}, new {hunk.new_start}"
    return f'<tr class="hunk"><td colspan="{width}">{name}{place}</td></tr>'


def note_row(text: str, view: View) -> str:
    """Write a row that says something in words about what is not shown as lines; ``text`` is escaped here."""
    return f'<tr class="hunk"><td colspan="{5 if view is View.SPLIT else 4}">{visible(text)}</td></tr>'


def row_html(rows: Iterable[Row], *, view: View, mark: Mark, gutters: Sequence[Gutter]) -> Iterator[str]:
    """Write rows one by one; ``gutters`` is indexed by a row's ``run_index``."""
    match view:
        case View.SPLIT:
            return (_split_row(row, mark, gutters) for row in rows)
        case View.UNIFIED:
            return _unified_rows(rows, mark, gutters)
        case _:
            assert_never(view)


def bodies(rows: Sequence[str]) -> str:
    """Put written rows into bodies of 100."""
    chunks = (rows[i : i + ROWS_A_BODY] for i in range(0, len(rows), ROWS_A_BODY))
    return "\n".join("<tbody>\n" + "\n".join(chunk) + "\n</tbody>" for chunk in chunks)


def _split_row(row: Row, mark: Mark, gutters: Sequence[Gutter]) -> str:
    if row.run_index is None and row.old and row.new:
        text = line_html(row.old, {}, mark)
        return (
            f'<tr class="ctx"><td class="cov"></td><td class="no o">{row.old.lineno}</td>'
            f'<td class="ln o">{text}</td>'
            f'<td class="no n">{row.new.lineno}</td><td class="ln n">{text}</td></tr>'
        )
    return (
        f'<tr class="chg">{_gutter(row, gutters, first=row.first)}{_half(row.old, "o", "d", _OPEN_OLD, mark)}'
        f"{_half(row.new, 'n', 'a', _OPEN_NEW, mark)}</tr>"
    )


def _half(line: SideLine | None, side: str, css: str, opens: dict[Mark, str], mark: Mark) -> str:
    if line is None:
        return f'<td class="no {side} void"></td><td class="ln {side} void"></td>'
    return (
        f'<td class="no {side} {css}">{line.lineno}</td>'
        f'<td class="ln {side} {css}">{line_html(line, opens, mark)}</td>'
    )


def _unified_rows(rows: Iterable[Row], mark: Mark, gutters: Sequence[Gutter]) -> Iterator[str]:
    change: list[Row] = []
    for row in rows:
        if change and row.run_index != change[0].run_index:
            yield from _unified_change(change, mark, gutters)
            change = []
        if row.run_index is not None:
            change.append(row)
        elif row.old and row.new:
            text = line_html(row.old, {}, mark)
            yield (
                f'<tr class="ctx"><td class="cov"></td><td class="no o">{row.old.lineno}</td>'
                f'<td class="no n">{row.new.lineno}</td><td class="ln">{text}</td></tr>'
            )
    if change:
        yield from _unified_change(change, mark, gutters)


def _unified_change(rows: Sequence[Row], mark: Mark, gutters: Sequence[Gutter]) -> Iterator[str]:
    """Write a change's old lines, then its new ones."""
    first = True
    for row in rows:
        if row.old:
            text = line_html(row.old, _OPEN_OLD, mark)
            left = _gutter(row, gutters, first=first)
            numbers = f'<td class="no o d">{row.old.lineno}</td><td class="no n"></td>'
            yield f'<tr class="drow">{left}{numbers}<td class="ln d">{text}</td></tr>'
            first = False
    for row in rows:
        if row.new:
            text = line_html(row.new, _OPEN_NEW, mark)
            left = _gutter(row, gutters, first=first)
            numbers = f'<td class="no o"></td><td class="no n a">{row.new.lineno}</td>'
            yield f'<tr class="arow">{left}{numbers}<td class="ln a">{text}</td></tr>'
            first = False


def _gutter(row: Row, gutters: Sequence[Gutter], *, first: bool) -> str:
    if row.run_index is None or row.run_index >= len(gutters):
        return '<td class="cov"></td>'
    gutter = gutters[row.run_index]
    if not first:
        return f'<td class="cov k-{gutter.tone}"></td>'
    title = attribute(gutter.title)
    return (
        f'<td class="cov k-{gutter.tone}" id="{gutter.anchor}"><a href="#{gutter.anchor}" '
        f'title="{title}" aria-label="{title}">{gutter.number}</a></td>'
    )


def line_html(line: SideLine, opens: dict[Mark, str], mark: Mark) -> str:
    """Write the text of a line with its differences marked; the one place where cells become HTML."""
    cells = line.cells
    if not line.spans or mark not in opens:
        text = "".join(map(MEMO.__getitem__, cells))
    else:
        text = _marked(line, opens[mark])
    return text + _BARE if line.no_newline else text


def _marked(line: SideLine, opening: str) -> str:
    closing = f"</{opening[1:4]}>"
    parts: list[str] = []
    end = 0
    for start, stop in line.spans:
        parts += map(MEMO.__getitem__, line.cells[end:start])
        parts += [opening, *map(MEMO.__getitem__, line.cells[start:stop]), closing]
        end = stop
    return "".join([*parts, *map(MEMO.__getitem__, line.cells[end:])])
