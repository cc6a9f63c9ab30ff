"""Put the files of a patch together: one table a file, and a count of what is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from vimagetrack.engine.diff.parse import parse

from reviews.render.rows import hunk_rows
from reviews.render.tables import Gutter, Mark, View, bodies, hunk_header, note_row, row_html
from vimagetrack.engine.diff.model import FileDiff, Hunk

#: Rows that a page shows unless it is asked for all.
ROWS_SHOWN: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a patch is shown; ``tone`` is the class suffix of the changes' kind, ``limit`` a number of rows."""

    view: View = View.SPLIT
    mark: Mark = Mark.PLAIN
    tone: str = "meat"
    word: str = "meat"
    limit: int = ROWS_SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """One file of a patch, ready to be put on a page.

    ``shown`` and ``total`` count changes (runs of touched lines); they differ only above the limit of rows.
    """

    anchor: str
    path: str
    old_path: str  # only where it is another one
    added: int
    removed: int
    shown: int
    total: int
    changes: tuple[Gutter, ...]
    table: SafeString


def render(
    patch: bytes, options: Options, *, names: Mapping[str, Sequence[str]] | None = None
) -> tuple[FileView, ...]:
    """Render a patch that the engine wrote.

    ``names`` gives by path the functions of the file's changes, in order; it is used where its length agrees.
    """
    left = options.limit
    number = 1
    views = []
    for index, file in enumerate(parse(patch, second_opinion=False).files, start=1):
        given = (names or {}).get(file.path, ())
        gutters = tuple(_gutters(file, options, f"f{index}", number, given))
        view, used = _file_view(file, options, f"f{index}", gutters, left)
        views.append(view)
        number += len(gutters)
        left -= used
    return tuple(views)


def _gutters(
    file: FileDiff, options: Options, anchor: str, number: int, names: Sequence[str]
) -> Iterator[Gutter]:
    sections = [_function(hunk) for hunk in file.hunks for _ in hunk.runs()]
    labels = names if len(names) == len(sections) else sections
    for order, label in enumerate(labels):
        title = f"Change {number + order}: {options.word}" + (f", in {label}" if label else "")
        yield Gutter(
            anchor=f"{anchor}c{order + 1}", number=number + order, tone=options.tone, title=title, name=label
        )


def _function(hunk: Hunk) -> str:
    """Guess the name of a hunk's function from what the diff says after ``@@``; for display only."""
    head = hunk.section.strip().split(b"(")[0].split()
    return head[-1].decode("utf-8", "surrogateescape") if head else ""


def _file_view(
    file: FileDiff, options: Options, anchor: str, gutters: tuple[Gutter, ...], left: int
) -> tuple[FileView, int]:
    rows = [note_row(line, options.view) for line in _notes(file)]
    shown = used = 0
    for hunk in file.hunks:
        if used >= left:
            break
        found = list(hunk_rows(hunk, path=file.path, first_change=shown))
        rows.append(hunk_header(hunk, options.view))
        rows += row_html(found, view=options.view, mark=options.mark, gutters=gutters)
        shown += len(hunk.runs())
        used += len(found)
    runs = [run for hunk in file.hunks for run in hunk.runs()]
    view = FileView(
        anchor=anchor,
        path=file.path,
        old_path=file.old_path or "" if file.old_path not in (None, file.path) else "",
        added=sum(len(run.new_lines) for run in runs),
        removed=sum(len(run.old_lines) for run in runs),
        shown=shown,
        total=len(gutters),
        changes=gutters,
        table=SafeString(bodies(rows)),
    )
    return view, used


def _notes(file: FileDiff) -> Iterator[str]:
    """Say in words what the header does and lines cannot show."""
    if file.old_path is None:
        yield "new file" + (f", mode {file.new_mode}" if file.new_mode else "")
    elif file.new_path is None:
        yield "deleted file"
    elif file.old_path != file.new_path:
        yield f"from {file.old_path}"
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        yield f"mode {file.old_mode} becomes {file.new_mode}"
    if file.binary:
        yield f"binary: {len(file.header):,} bytes of the diff, not shown as lines; the patch has them"
