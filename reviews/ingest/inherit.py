"""The chunks of a split as rows that outlive it: uids are inherited from the split before."""

from __future__ import annotations

from collections import defaultdict

from reviews.ingest.copy import merge_rows
from reviews.ingest.uids import Fresh, Known, give_uids
from reviews.models import Chunk, Placement, Revision, Split
from vimagetrack.engine.split import SplitResult


def chunk_ids(split: Split, result: SplitResult, milestones: dict[str, int]) -> list[int]:
    """Give the id of the chunk that each of the split's chunks is a version of, in order."""
    series = split.revision.series
    fresh = [
        Fresh(
            seed=f"{series.slug}/{chunk.milestone}",
            milestone_id=milestones[chunk.milestone],
            fingerprints=frozenset(result.changes[index].fingerprint for index in chunk.changes),
        )
        for chunk in result.chunks
    ]
    given = give_uids(fresh, _known(_earlier(split.revision)))
    merged = merge_rows(
        Chunk,
        ("project_id", "series_id", "uid", "predecessors"),
        ((series.project_id, series.pk, one.uid, list(one.predecessors)) for one in given),
        key=("series_id", "uid"),
    )
    return [merged.ids[series.pk, one.uid] for one in given]


def _earlier(revision: Revision) -> Split | None:
    """Give the split to inherit from: the revision's own current one, else the nearest, older first."""
    others = Split.objects.current().filter(revision__series=revision.series_id)
    older = others.filter(revision__number__lte=revision.number).order_by("-revision__number")
    newer = others.filter(revision__number__gt=revision.number).order_by("revision__number")
    return older.first() or newer.first()


def _known(split: Split | None) -> list[Known]:
    if split is None:
        return []
    versions = list(split.chunk_versions.values_list("content_id", "chunk__uid", "milestone_id"))
    fingerprints = defaultdict(set)
    placed = Placement.objects.filter(content__versions__split=split).values_list("content_id", "fingerprint")
    for content_id, fingerprint in placed.iterator(chunk_size=10_000):
        fingerprints[content_id].add(fingerprint)
    return [
        Known(uid=uid, milestone_id=milestone_id, fingerprints=frozenset(fingerprints[content_id]))
        for content_id, uid, milestone_id in versions
    ]
