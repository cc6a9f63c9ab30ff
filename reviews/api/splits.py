"""Splits of a revision: layers, their proofs and their patches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import ProjectView
from milestones.api.serializers import PageQuery
from reviews.api import shapes
from reviews.api.downloads import blob_response
from reviews.api.serializers import SplitDetailSerializer, SplitSerializer
from reviews.models import LayerPatch, Revision, Split
from vimagetrack.api.links import link
from vimagetrack.api.paging import paginate
from vimagetrack.api.schema import page_of, problems
from vimagetrack.api.views import read_query


class RevisionView(ProjectView):
    """What the resources of one revision share."""

    def revision(self, slug: str, series: str, number: int) -> Revision:
        """Find a revision; Http404 for none."""
        revisions = Revision.objects.of_project(self.project(slug))
        return get_object_or_404(revisions, series__slug=series, number=number)

    def split(self, slug: str, series: str, number: int, split: int | None = None) -> Split:
        """Find a split of a revision, None for the current one; Http404 while there is none."""
        splits = self.revision(slug, series, number).splits
        if split is None:
            return get_object_or_404(splits, state=Split.State.CURRENT)
        return get_object_or_404(splits, number=split)


class SplitList(RevisionView):
    """The splits of a revision."""

    @extend_schema(
        operation_id="splits_list",
        parameters=[PageQuery],
        responses={200: page_of(SplitSerializer), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, slug: str, series: str, number: int) -> Response:
        """List the splits of a revision, oldest first; one of them is current."""
        revision = self.revision(slug, series, number)
        query = read_query(PageQuery, request)
        rows = revision.splits.values(*shapes.SPLIT)
        page = paginate(rows, keys=["number"], cursor=query["cursor"], size=query["page_size"])
        return page.respond(request, [shapes.split_json(request, slug, row) for row in page.rows])


class SplitDetail(RevisionView):
    """One split."""

    @extend_schema(
        operation_id="splits_read", responses={200: SplitDetailSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, series: str, number: int, split: int) -> Response:
        """Show a split with its layers, in landing order, and their patches."""
        found = self.split(slug, series, number, split)
        row = Split.objects.values(*shapes.SPLIT, "warnings").get(pk=found.pk)
        layers = list(found.layers.order_by("position").values(*shapes.LAYER))
        patches = patches_of(request, slug, [layer["id"] for layer in layers])
        shaped = [shapes.layer_json(layer, patches[layer["id"]]) for layer in layers]
        return Response(
            {**shapes.split_json(request, slug, row), "warnings": row["warnings"], "layers": shaped}
        )


class Report(RevisionView):
    """The engine's report of a split."""

    @extend_schema(
        operation_id="report_read", responses={200: OpenApiTypes.OBJECT, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, series: str, number: int) -> StreamingHttpResponse:
        """Give report.json of the revision's current split, as the command line writes it."""
        return report_response(self.split(slug, series, number))


class SplitReport(RevisionView):
    """The engine's report of a split that may not be current."""

    @extend_schema(
        operation_id="split_report_read", responses={200: OpenApiTypes.OBJECT, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, series: str, number: int, split: int) -> StreamingHttpResponse:
        """Give report.json of one split, as the command line writes it."""
        return report_response(self.split(slug, series, number, split))


class LayerPatchFile(RevisionView):
    """A milestone's patch, of one split."""

    @extend_schema(
        operation_id="patch_download",
        responses={(200, "text/x-diff"): OpenApiTypes.BINARY, **problems(401, 403, 404)},
    )
    def get(
        self, request: Request, slug: str, series: str, number: int, split: int, name: str
    ) -> StreamingHttpResponse:
        """Download a layer's patch; the patches of a split apply in order, each on those before it."""
        found = self.split(slug, series, number, split)
        patch = get_object_or_404(LayerPatch.objects.select_related("blob"), layer__split=found, name=name)
        return blob_response(patch.blob, content_type="text/x-diff", filename=patch.name)


def report_response(split: Split) -> StreamingHttpResponse:
    """Stream the report; it is kept as bytes, so that its digest is that of the command line's."""
    return blob_response(split.report, content_type="application/json", filename="")


def patches_of(
    request: Request, slug: str, layer_ids: Sequence[int]
) -> defaultdict[int, list[dict[str, Any]]]:
    """Shape the patches of some layers, by layer, in the order in which they apply; one query."""
    rows = (
        LayerPatch.objects.filter(layer_id__in=layer_ids)
        .order_by("layer_id", "position")
        .values(
            "layer_id",
            "name",
            "blob__size",
            "blob__sha256",
            "layer__split__number",
            "layer__split__revision__number",
            "layer__split__revision__series__slug",
        )
    )
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        names: dict[str, str | int] = {
            "slug": slug,
            "series": row["layer__split__revision__series__slug"],
            "number": row["layer__split__revision__number"],
            "split": row["layer__split__number"],
            "name": row["name"],
        }
        patch = {"name": row["name"], "size": row["blob__size"], "sha256": row["blob__sha256"]}
        found[row["layer_id"]].append({**patch, "url": link(request, "api:patch", **names)})
    return found
