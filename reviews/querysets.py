"""Questions about what was sent and what is reviewed; who may see a project may see its rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Concat

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

    def sent_as(self, *, series: str = "", statuses: Collection[str] = ()) -> RevisionQuerySet:
        """Apply the filters of lists; what is empty filters nothing."""
        revisions = self.filter(series__slug=series) if series else self
        return revisions.filter(status__in=list(statuses)) if statuses else revisions

    def complete(self) -> RevisionQuerySet:
        """Keep those that have a split."""
        return self.filter(status="complete")

    def to_resplit(self, project: Project) -> RevisionQuerySet:
        """Keep what a new plan concerns: each series' current revision, and what is not finished."""
        unfinished = models.Q(status__in=["received", "ingesting"])
        current = models.Q(series__current=models.F("pk"))
        return self.filter(unfinished | current, series__project=project).order_by("id")

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

    def of_chunk(self, project: Project, uid: str) -> ChunkVersionQuerySet:
        """Keep a chunk's versions in the current splits of revisions, newest first."""
        return (
            self.filter(project=project, chunk__uid=uid, split__state="current")
            .order_by("-split__revision__number")
            .select_related("chunk", "content")
        )

    def under(self, folder: str) -> ChunkVersionQuerySet:
        """Keep chunks that touch a file below a folder, which is written with its last slash."""
        # Displayed paths hold no line break, so one before each makes "starts with" a plain "contains".
        lines = models.Func(
            models.F("content__paths"), models.Value("\n"), function="array_to_string",
            output_field=models.TextField(),
        )  # fmt: skip
        joined = Concat(models.Value("\n"), lines, output_field=models.TextField())
        return self.alias(path_lines=joined).filter(path_lines__contains="\n" + folder)

    def matching(
        self,
        *,
        milestone: str = "",
        kinds: Collection[str] = (),
        verdicts: Collection[str] = (),
        area: str = "",
        path: str = "",
    ) -> ChunkVersionQuerySet:
        """Apply the filters of lists that are not empty. A path is a file or, with its slash, a folder."""
        chunks = self
        for name, value in (("milestone__slug", milestone), ("area", area)):
            chunks = chunks.filter((name, value)) if value else chunks
        for name, values in (("kind__in", kinds), ("content__verdict__in", verdicts)):
            chunks = chunks.filter((name, list(values))) if values else chunks
        if path:
            chunks = chunks.under(path) if path.endswith("/") else chunks.touching(path)
        return chunks
