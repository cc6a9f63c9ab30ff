"""Questions about what was sent and what is reviewed; who may see a project may see its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from milestones.models import Project
from vimagetrack.people.models import Viewer

if TYPE_CHECKING:
    from reviews.models import Chunk, ChunkVersion, Revision, Split  # noqa: F401


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions of a project's series."""

    def visible_to(self, viewer: Viewer) -> RevisionQuerySet:
        """Keep the revisions of projects that the viewer may know of."""
        return self.filter(series__project__in=Project.objects.visible_to(viewer))

    def of_project(self, project: Project) -> RevisionQuerySet:
        """Keep a project's revisions, newest first."""
        return self.filter(series__project=project).order_by("-received_at", "-id")

    def complete(self) -> RevisionQuerySet:
        """Keep those that have a split."""
        return self.filter(status="complete")

    def current_of(self, project: Project) -> RevisionQuerySet:
        """Keep the newest complete revision of each of the project's series, `main` first."""
        return self.filter(series__project=project, series__current=models.F("pk")).order_by(
            models.Case(models.When(series__slug="main", then=0), default=1), "series__slug"
        )


class SplitQuerySet(models.QuerySet["Split"]):
    """Splits of revisions."""

    def visible_to(self, viewer: Viewer) -> SplitQuerySet:
        """Keep the splits of projects that the viewer may know of."""
        return self.filter(revision__series__project__in=Project.objects.visible_to(viewer))

    def current(self) -> SplitQuerySet:
        """Keep the split that counts, of each revision."""
        return self.filter(state="current")

    def newest_of(self, project: Project) -> SplitQuerySet:
        """Keep the current split of the current revision of each of the project's series."""
        return self.current().filter(
            revision__series__project=project, revision__series__current=models.F("revision")
        )


class ChunkQuerySet(models.QuerySet["Chunk"]):
    """Chunks over all splits."""

    def visible_to(self, viewer: Viewer) -> ChunkQuerySet:
        """Keep the chunks of projects that the viewer may know of."""
        return self.filter(project__in=Project.objects.visible_to(viewer))


class ChunkVersionQuerySet(models.QuerySet["ChunkVersion"]):
    """Chunks in one split; lists leave the patch's bytes in the database."""

    def visible_to(self, viewer: Viewer) -> ChunkVersionQuerySet:
        """Keep the versions of projects that the viewer may know of."""
        return self.filter(project__in=Project.objects.visible_to(viewer))

    def of_split(self, split: Split) -> ChunkVersionQuerySet:
        """Keep one split's chunks in the order in which they apply."""
        return self.filter(split=split).in_order()

    def in_order(self) -> ChunkVersionQuerySet:
        """Sort as the layers and the chunks inside them apply."""
        return self.order_by("split", "layer__position", "position")

    def touching(self, path: str) -> ChunkVersionQuerySet:
        """Keep chunks that touch the file of this displayed path."""
        return self.filter(content__paths__contains=[path])

    def with_verdict(self, verdict: str) -> ChunkVersionQuerySet:
        """Keep chunks by the weakest verdict of their changes."""
        return self.filter(content__verdict=verdict)

    def for_list(self) -> ChunkVersionQuerySet:
        """Fetch what a list shows in one query, without patches."""
        return self.select_related("chunk", "content", "milestone", "layer").defer("content__patch")
