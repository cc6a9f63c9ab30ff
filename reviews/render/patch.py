"""Put the files of a patch together: one table a file, and a count of what is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.safestring import SafeString

from reviews.render.changes import ChangeNote, assign
from reviews.render.rows import hunk_rows
from reviews.render.tables import Gutter, Mark, View, bodies, hunk_header, note_row, row_html
from vimagetrack.engine.diff.model import FileDiff, Hunk, Run
from vimagetrack.engine.diff.parse import parse

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

    ``shown`` and ``total`` count changes and differ only above the limit of rows; ``runs`` say where.
    """

    anchor: str
    path: str
    old_path: str  # only where it is another one
    added: int
    removed: int
    shown: int
    total: int
    runs: tuple[Gutter, ...]
    table: SafeString


def render(
    patch: bytes, options: Options, *, notes: Mapping[str, Sequence[ChangeNote]] | None = None
) -> tuple[FileView, ...]:
    """Render a patch that the engine wrote; ``notes`` gives by path what is known of its changes."""
    left = options.limit
    number = 1
    views = []
    for index, file in enumerate(parse(patch, second_opinion=False).files, start=1):
        hunks = [(hunk, hunk.runs()) for hunk in file.hunks]
        runs = [(hunk, run) for hunk, found in hunks for run in found]
        known = (notes or {}).get(file.path, ())
        gutters = _gutters(runs, options, f"f{index}", number, known)
        view, used = _file_view(file, hunks, options, f"f{index}", tuple(gutters), left)
        if not runs:  # a binary, a mode: what is known of it stands in words
            view = replace(view, shown=len(known), total=len(known))
        views.append(view)
        number += view.total
        left -= used
    return tuple(views)


def _gutters(
    runs: Sequence[tuple[Hunk, Run]], options: Options, anchor: str, number: int, notes: Sequence[ChangeNote]
) -> list[Gutter]:
    """Make the gutter of each run; without notes a run is one change, named as the diff's heading says."""
    assigned = assign([run for _, run in runs], notes)
    gutters = []
    for order, ((hunk, _), known) in enumerate(zip(runs, assigned, strict=True)):
        first = known[0].number if known else number + order
        names = dict.fromkeys(note.name for note in known if note.name)
        label = ", ".join(names) or ("" if known else _function(hunk))
        word, tone = _worst(known, options)
        numbers = f"Change {first}" if len(known) < 2 else f"Changes {first} to {known[-1].number}"
        gutters.append(
            Gutter(
                anchor=f"{anchor}c{order + 1}",
                number=first,
                tone=tone,
                title=f"{numbers}: {word}" + (f", in {label}" if label else ""),
                name=label,
                changes=max(len(known), 0 if notes else 1),
            )
        )
    return gutters


def _worst(known: Sequence[ChangeNote], options: Options) -> tuple[str, str]:
    """Give word and tone of a run: undecided where one of its changes is."""
    undecided = next((note for note in known if note.tone == "undecided"), None)
    note = undecided or (known[0] if known else None)
    return (note.word, note.tone) if note else (options.word, options.tone)


def _function(hunk: Hunk) -> str:
    """Guess the name of a hunk's function from what the diff says after ``@@``; for display only."""
    head = hunk.section.strip().split(b"(")[0].split()
    return head[-1].decode("utf-8", "surrogateescape") if head else ""


def _file_view(
    file: FileDiff,
    hunks: Sequence[tuple[Hunk, Sequence[Run]]],
    options: Options,
    anchor: str,
    gutters: tuple[Gutter, ...],
    left: int,
) -> tuple[FileView, int]:
    rows = [note_row(line, options.view) for line in _notes(file)]
    shown = used = 0
    for hunk, runs in hunks:
        if used >= left:
            break
        found = list(hunk_rows(hunk, runs, path=file.path, first_run=shown))
        rows.append(hunk_header(hunk, options.view))
        rows += row_html(found, view=options.view, mark=options.mark, gutters=gutters)
        shown += len(runs)
        used += len(found)
    view = FileView(
        anchor=anchor,
        path=file.path,
        old_path=file.old_path or "" if file.old_path not in (None, file.path) else "",
        added=file.added,
        removed=file.removed,
        shown=sum(gutter.changes for gutter in gutters[:shown]),
        total=sum(gutter.changes for gutter in gutters),
        runs=gutters,
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
