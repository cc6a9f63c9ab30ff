"""Chunks, their changes and their patches."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import ProjectView
from milestones.models import Project
from reviews.api import shapes
from reviews.api.downloads import diff_response
from reviews.api.serializers import (
    ChangeQuery,
    ChangeSerializer,
    ChunkDetailSerializer,
    ChunkQuery,
    ChunkSerializer,
)
from reviews.models import Chunk, ChunkVersion, Revision, Split
from reviews.querysets import ChunkVersionQuerySet
from vimagetrack.api.links import link
from vimagetrack.api.paging import paginate
from vimagetrack.api.schema import page_of, problems
from vimagetrack.api.views import read_query

ORDER = ("split_id", "layer__position", "position")


class ChunkList(ProjectView):
    """The chunks of a project's newest splits, or of one revision."""

    @extend_schema(
        operation_id="chunks_list",
        parameters=[ChunkQuery],
        responses={200: page_of(ChunkSerializer), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """List chunks in the order in which they apply."""
        project = self.project(slug)
        query = read_query(ChunkQuery, request)
        rows = chosen(project, query).values(*shapes.CHUNK)
        page = paginate(rows, keys=ORDER, cursor=query["cursor"], size=query["page_size"])
        return page.respond(request, [shapes.chunk_json(request, slug, row) for row in page.rows])


class ChunkView(ProjectView):
    """What the resources of one chunk share."""

    def version(self, slug: str, uid: str, number: int | None) -> ChunkVersion:
        """Find a chunk as revision ``number`` has it, None for the newest that has it; Http404 else."""
        versions = ChunkVersion.objects.of_chunk(self.project(slug), uid)
        if number is not None:
            versions = versions.filter(split__revision__number=number)
        found = versions.defer("content__patch").first()
        return found or get_object_or_404(versions)


class ChunkDetail(ChunkView):
    """One chunk."""

    @extend_schema(
        operation_id="chunks_read", responses={200: ChunkDetailSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, uid: str) -> Response:
        """Show a chunk as the newest revision that has it."""
        return self.show(request, slug, self.version(slug, uid, None))

    def show(self, request: Request, slug: str, version: ChunkVersion) -> Response:
        """Answer with one version and the addresses of all."""
        row = ChunkVersion.objects.values(*shapes.CHUNK).get(pk=version.pk)
        chunk: Chunk = version.chunk
        numbers = ChunkVersion.objects.filter(chunk=chunk, split__state=Split.State.CURRENT)
        newest_first = numbers.order_by("-split__revision__number").values_list(
            "split__revision__number", flat=True
        )
        urls = [link(request, "api:chunk-version", slug=slug, uid=chunk.uid, number=n) for n in newest_first]
        shaped = shapes.chunk_json(request, slug, row)
        return Response({**shaped, "predecessors": chunk.predecessors, "versions": urls})


class ChunkVersionDetail(ChunkDetail):
    """One chunk in one revision."""

    @extend_schema(
        operation_id="chunk_versions_read", responses={200: ChunkDetailSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, uid: str, number: int) -> Response:  # type: ignore[override]
        """Show a chunk as one revision has it, in that revision's current split."""
        return self.show(request, slug, self.version(slug, uid, number))


class ChangeList(ChunkView):
    """The changes of a chunk."""

    @extend_schema(
        operation_id="changes_list",
        parameters=[ChangeQuery],
        responses={200: page_of(ChangeSerializer), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, slug: str, uid: str, number: int) -> Response:
        """List the changes in their order in the chunk, with verdict, rule and reason."""
        version = self.version(slug, uid, number)
        query = read_query(ChangeQuery, request)
        texts = ("text__before", "text__after") if query["texts"] else ()
        rows = version.content.placements.values(*shapes.CHANGE, *texts)
        page = paginate(rows, keys=["position"], cursor=query["cursor"], size=query["page_size"])
        return page.respond(request, [shapes.change_json(row) for row in page.rows])


class ChunkPatch(ChunkView):
    """A chunk as a patch."""

    @extend_schema(
        operation_id="chunk_patch_download",
        responses={(200, "text/x-diff"): OpenApiTypes.BINARY, **problems(401, 403, 404)},
    )
    def get(self, request: Request, slug: str, uid: str, number: int) -> HttpResponse:
        """Download the patch; it applies after the chunks that stand before it."""
        version = self.version(slug, uid, number)
        return diff_response(bytes(version.content.patch), f"{slug}-{version.chunk.uid}.v{number}.patch")


def chosen(project: Project, query: dict[str, Any]) -> ChunkVersionQuerySet:
    """Apply the filters; NotFound for a series, revision or milestone that the project has not."""
    milestone = query.get("milestone", "")
    if milestone and not project.milestones.filter(slug=milestone).exists():
        raise NotFound("The project has no milestone of this name.", "unknown-milestone")
    return ChunkVersion.objects.filter(project=project, split__in=splits_asked(project, query)).matching(
        milestone=milestone,
        kinds=query.get("kind", ()),
        verdicts=query.get("verdict", ()),
        area=query.get("area", ""),
        path=query.get("path", ""),
    )


def splits_asked(project: Project, query: dict[str, Any]) -> Any:
    """Keep the splits that the query names: one revision's, one series', or the newest of all."""
    series, number = query.get("series"), query.get("revision")
    if series and not project.series.filter(slug=series).exists():
        raise NotFound("The project has no series of this name.", "unknown-series")
    if number is None:
        newest = Split.objects.newest_of(project)
        return newest.filter(revision__series__slug=series) if series else newest
    revisions = Revision.objects.filter(series__project=project, series__slug=series or "main", number=number)
    if not revisions.exists():
        raise NotFound("The series has no revision of this number.", "unknown-revision")
    return Split.objects.current().filter(revision__in=revisions)
