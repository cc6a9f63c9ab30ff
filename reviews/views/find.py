"""Find revisions, splits and chunks of a project that the viewer was already let into."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from milestones.models import Milestone, Project
from reviews.models import ChunkVersion, Revision, Split


def find_revision(project: Project, series: str, number: int) -> Revision:
    """Find a revision by its series and number."""
    revisions = Revision.objects.of_project(project).select_related("series", "blob", "uploaded_by")
    return get_object_or_404(revisions, series__slug=series, number=number)


def split_of(revision: Revision) -> Split | None:
    """Give the split of a revision that counts; None while there is none."""
    return revision.splits.current().select_related("plan_version").first()


def newest_split(project: Project) -> Split | None:
    """Give the split that the project's pages speak of: of the current revision of the first series."""
    newest = Split.objects.newest_of(project).select_related("revision__series", "revision__uploaded_by")
    ranked = sorted(
        newest, key=lambda split: (split.revision.series.slug != "main", split.revision.series.slug)
    )
    return ranked[0] if ranked else None


def find_milestone(project: Project, slug: str) -> Milestone:
    """Find a milestone, a dropped one too: its history stays readable."""
    return get_object_or_404(project.milestones.select_related("owner"), slug=slug)


def find_chunk(project: Project, uid: str, number: int | None) -> ChunkVersion:
    """Find a chunk as revision ``number`` has it, or as the newest that has it."""
    versions = ChunkVersion.objects.of_chunk(project, uid)
    if number is not None:
        versions = versions.filter(split__revision__number=number)
    found = (
        versions.select_related(
            "chunk", "content", "milestone", "layer", "split__revision__series", "split__plan_version"
        )
        .defer("content__patch")
        .first()
    )
    if found is None:
        raise Http404
    return found
