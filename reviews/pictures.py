"""Pictures of a split: stacked bars by kind, and the files by their meat. Plain values in, safe SVG out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from vimagetrack.look import svg
from vimagetrack.look.badges import Tone, look_of
from vimagetrack.look.characters import attribute
from vimagetrack.look.words import count, number

#: Changed lines by tone.
Lines = Mapping[Tone, int]

_ROW: Final = 40  # pixels of a milestone in the chart by kind


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """One milestone in the chart by kind."""

    title: str
    note: str
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMeat:
    """One file: its display path, its changed lines, and how many of them are meat."""

    path: str
    lines: int
    meat: int


def in_words(lines: Lines) -> str:
    """Say the numbers of a bar: what a reader hears who does not see it."""
    total = sum(lines.values())
    parts = [f"{number(lines[tone])} {look_of(tone).word}" for tone in Tone if lines.get(tone)]
    return f"{count(total, 'line')}: {', '.join(parts)}" if total else "no changed lines"


def bar(lines: Lines, *, whole: int = 0, extra: str = "") -> SafeString:
    """Draw a stacked bar in the fixed order of kinds; ``whole`` scales it to a larger sum."""
    total = max(whole, sum(lines.values()), 1)
    x, parts = 0.0, []
    for tone in Tone:
        if lines.get(tone):
            share = lines[tone] / total
            parts.append(svg.rect(tone, x, max(share, 0.006)))
            x += share
    label = svg.text(in_words(lines))
    track = '<rect class="f-track" width="100%" height="100%"/>'
    css = f"bar {extra}".strip()
    return SafeString(f'<svg class="{css}" role="img" aria-label="{label}">{track}{"".join(parts)}</svg>')


def kinds_chart(rows: Sequence[BarRow]) -> SafeString:
    """Draw all milestones on one scale; the page has the same numbers as a table."""
    longest = max((sum(row.lines.values()) for row in rows), default=0) or 1
    parts = []
    for index, row in enumerate(rows):
        y = index * _ROW
        note = f", {svg.text(row.note)}" if row.note else ""
        head = f'<tspan class="em">{attribute(row.title)}</tspan><tspan class="o">{note}</tspan>'
        parts.append(f'<text x="0" y="{y + 11}">{head}</text>')
        total = number(sum(row.lines.values()))
        parts.append(f'<text class="end t-ink" x="100%" y="{y + 11}">{total}</text>')
        parts += _chart_boxes(row.lines, longest, y + 17)
    label = "Changed lines by milestone and kind; the table below has the same numbers"
    height = max(len(rows), 1) * _ROW
    return SafeString(
        f'<svg class="pic" height="{height}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def _chart_boxes(lines: Lines, longest: int, y: int) -> list[str]:
    x, parts = 0.0, []
    for tone in Tone:
        if lines.get(tone):
            share = max(lines[tone] / longest, 0.005)
            parts.append(svg.rect(tone, x, min(share, 1 - x), y=str(y), height="14"))
            x += share
    return parts


def treemap(files: Sequence[FileMeat]) -> SafeString:
    """Draw files as tiles in folders: the area is the changed lines, the dark part from below is meat."""
    from reviews.treemap import draw

    return draw([file for file in files if file.lines > 0])


def treemap_label(files: Sequence[FileMeat]) -> str:
    """Say the largest files in words."""
    largest = sorted(files, key=lambda file: -file.meat)[:3]
    named = ", ".join(f"{file.path} {number(file.meat)}" for file in largest if file.meat)
    said = f"Most meat: {named}" if named else "No meat in any file"
    return f"Files by changed lines; the dark part of a tile is meat. {said}"
