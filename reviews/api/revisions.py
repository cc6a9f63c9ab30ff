"""Revisions: reading them, and sending the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import actor_of
from milestones.models import Project
from milestones.rights import Right
from reviews.api import shapes
from reviews.api.downloads import blob_response
from reviews.api.jobs import job_of
from reviews.api.serializers import (
    RevisionDetailSerializer,
    RevisionQuery,
    RevisionSerializer,
    UploadQuery,
)
from reviews.api.splits import RevisionView
from reviews.api.uploads import Upload, read_upload
from reviews.models import Revision
from reviews.services import receive_revision
from vimagetrack.api.bodies import BytesParser, DiffParser, FilesParser, PatchParser
from vimagetrack.api.paging import paginate
from vimagetrack.api.schema import page_of, problems
from vimagetrack.api.views import read_query
from vimagetrack.people.models import Scope


class RevisionList(RevisionView):
    """The revisions of a project, and the way to send another."""

    scopes: ClassVar[Mapping[str, Scope]] = {"GET": Scope.READ, "POST": Scope.UPLOAD}
    parser_classes = (BytesParser, DiffParser, PatchParser, FilesParser)

    @extend_schema(
        operation_id="revisions_list",
        parameters=[RevisionQuery],
        responses={200: page_of(RevisionSerializer), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """List the revisions, newest first."""
        project = self.project(slug)
        query = read_query(RevisionQuery, request)
        revisions = Revision.objects.of_project(project).sent_as(
            series=query.get("series", ""), statuses=query.get("status", ())
        )
        page = paginate(
            revisions.values(*shapes.REVISION), keys=["-id"], cursor=query["cursor"], size=query["page_size"]
        )
        return page.respond(request, [shapes.revision_json(request, slug, row) for row in page.rows])

    @extend_schema(
        operation_id="revisions_create",
        parameters=[UploadQuery],
        request={
            "application/octet-stream": OpenApiTypes.BINARY,
            "text/x-diff": OpenApiTypes.BINARY,
            "text/x-patch": OpenApiTypes.BINARY,
            "multipart/form-data": {
                "type": "object",
                "properties": {
                    "diff": {"type": "string", "format": "binary"},
                    "base": {
                        "type": "string",
                        "format": "binary",
                        "description": "A tar of the files that the diff touches, as they are before it.",
                    },
                },
                "required": ["diff"],
            },
        },
        responses={
            200: RevisionDetailSerializer,
            202: RevisionDetailSerializer,
            **problems(400, 401, 403, 404, 409, 411, 413, 415),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Send a regeneration of the monolith, as the body or as a form with the tree it stands on.

        202: follow the job in `Location` until it is done, then read the revision. The same bytes on the
        same base are the same revision: 200 once that has been dealt with.
        """
        project = self.project(slug, Right.UPLOAD)
        upload = read_upload(request, read_query(UploadQuery, request))
        revision = self.receive(project, upload)
        shown = revision_document(request, project, revision)
        headers = {"Content-Location": shown["url"]}
        if shown["job"]:
            headers["Location"] = shown["job"]["url"]
        return Response(shown, status=200 if revision.is_finished else 202, headers=headers)

    def receive(self, project: Project, upload: Upload) -> Revision:
        """Hand the bytes to the service that keeps them."""
        return receive_revision(
            actor=actor_of(self.request),
            project=project,
            series_slug=upload.series,
            source=upload.source,
            filename=upload.filename,
            base=upload.base,
            now=timezone.now(),
        )


class RevisionDetail(RevisionView):
    """One revision."""

    @extend_schema(
        operation_id="revisions_read", responses={200: RevisionDetailSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, series: str, number: int) -> Response:
        """Show a revision and the job that works on it."""
        revision = self.revision(slug, series, number)
        return Response(revision_document(request, revision.series.project, revision))


class RevisionDiff(RevisionView):
    """The bytes that were sent."""

    @extend_schema(
        operation_id="revision_download",
        responses={(200, "text/x-diff"): OpenApiTypes.BINARY, **problems(401, 403, 404)},
    )
    def get(self, request: Request, slug: str, series: str, number: int) -> StreamingHttpResponse:
        """Download the monolith, byte for byte as it was sent."""
        revision = self.revision(slug, series, number)
        name = f"{slug}-{series}-v{number}.diff"
        return blob_response(revision.blob, content_type="text/x-diff", filename=name)


def revision_document(request: Request, project: Project, revision: Revision) -> dict[str, Any]:
    """Shape a revision as RevisionDetailSerializer says."""
    row = Revision.objects.values(*shapes.REVISION).get(pk=revision.pk)
    shown = shapes.revision_json(request, project.slug, row)
    return {**shown, "job": job_of(request, project, revision)}
