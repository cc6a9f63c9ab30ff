"""The numbers that pages share: changed lines by tone, by milestone and by file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, Sum

from reviews.models import Layer, LayerFile, Placement, Split
from reviews.pictures import FileMeat, Lines
from vimagetrack.look.badges import Tone

TONES: Final[Mapping[str, Tone]] = {
    "null-macro": Tone.NULL,
    "cosmetic": Tone.COSMETIC,
    "vocabulary": Tone.VOCABULARY,
    "opaque": Tone.OPAQUE,
    "meat": Tone.MEAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerNumbers:
    """One layer of a split with its changed lines by tone; undecided is drawn as itself, not as meat."""

    layer: Layer
    lines: Lines

    @property
    def total(self) -> int:
        """Count all changed lines."""
        return sum(self.lines.values())


def layer_numbers(split: Split) -> dict[int, LayerNumbers]:
    """Give the numbers of a split's layers by milestone id, in landing order; two queries."""
    undecided = undecided_lines(split)
    layers = split.layers.select_related("milestone").order_by("position")
    return {
        layer.milestone_id: LayerNumbers(
            layer=layer, lines=lines_by_tone(layer.kinds, undecided.get(layer.milestone_id, 0))
        )
        for layer in layers
    }


def undecided_lines(split: Split) -> dict[int, int]:
    """Count by milestone the lines that something proposed as null and the kernel gave back."""
    given_back = Placement.objects.filter(content__versions__split=split, kind="meat").exclude(reason="")
    rows = given_back.values_list("content__versions__milestone").annotate(
        Sum("before_count"), Sum("after_count")
    )
    return {milestone: before + after for milestone, before, after in rows}


def lines_by_tone(kinds: Mapping[str, Mapping[str, int]], undecided: int = 0) -> dict[Tone, int]:
    """Add up a layer's or a split's kinds; ``undecided`` lines are counted once, and not as plain meat."""
    lines: dict[Tone, int] = dict.fromkeys(Tone, 0)
    for kind, counts in kinds.items():
        if kind in TONES:
            lines[TONES[kind]] += counts.get("added", 0) + counts.get("removed", 0)
    shown = min(undecided, lines[Tone.MEAT])
    lines[Tone.UNDECIDED] = shown
    lines[Tone.MEAT] -= shown
    return {tone: count for tone, count in lines.items() if count}


def summed(rows: Iterable[Lines]) -> dict[Tone, int]:
    """Add several bars up."""
    total: dict[Tone, int] = defaultdict(int)
    for lines in rows:
        for tone, count in lines.items():
            total[tone] += count
    return dict(total)


def files_by_meat(split: Split) -> list[FileMeat]:
    """Give every touched file with its changed lines in all layers, and those of its meat; two queries.

    Lines of a file are those of its patches; meat is counted in the layer's own texts, never above that.
    """
    lines: dict[str, int] = defaultdict(int)
    for path, added, removed in LayerFile.objects.filter(split=split).values_list(
        "path_text", "added", "removed"
    ):
        lines[path] += added + removed
    meat = meat_by_file(split)
    return [FileMeat(path=p, lines=n, meat=min(meat.get(p, 0), n)) for p, n in sorted(lines.items())]


def meat_by_file(split: Split) -> dict[str, int]:
    """Count the lines of meat by displayed path."""
    rows = (
        Placement.objects.filter(content__versions__split=split, kind__in=["meat", "opaque"])
        .values_list("text__path_text")
        .annotate(Sum("before_count"), Sum("after_count"))
    )
    return {path: before + after for path, before, after in rows}


def chunk_counts(split: Split) -> dict[int, dict[str, int]]:
    """Count chunks by milestone: all, and those that hold something unproved."""
    rows: Any = split.chunk_versions.values("milestone").annotate(
        all=Count("pk"), unproved=Count("pk", filter=~Q(content__verdict="proved"))
    )
    return {row["milestone"]: {"all": row["all"], "unproved": row["unproved"]} for row in rows}
