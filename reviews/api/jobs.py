"""The work that uploads started."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import ProjectView
from milestones.models import Project
from milestones.rights import Right
from reviews.api import shapes
from reviews.api.serializers import JobQuery, JobSerializer
from reviews.models import Revision
from vimagetrack.api.links import link
from vimagetrack.api.paging import paginate
from vimagetrack.api.schema import page_of, problems
from vimagetrack.api.views import read_query
from vimagetrack.jobs.models import Job

REVISION_KIND = Revision._meta.model_name


class JobList(ProjectView):
    """A project's jobs."""

    @extend_schema(
        operation_id="jobs_list",
        parameters=[JobQuery],
        responses={200: page_of(JobSerializer), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """List the jobs, newest first."""
        project = self.project(slug)
        query = read_query(JobQuery, request)
        jobs = project.jobs.all()
        if query.get("state"):
            jobs = jobs.filter(state__in=query["state"])
        page = paginate(
            jobs.values(*shapes.JOB), keys=["-id"], cursor=query["cursor"], size=query["page_size"]
        )
        return page.respond(request, jobs_json(request, project, page.rows))


class JobDetail(ProjectView):
    """One job."""

    @extend_schema(operation_id="jobs_read", responses={200: JobSerializer, **problems(401, 403, 404)})
    def get(self, request: Request, slug: str, number: int) -> Response:
        """Tell how far a job is; ask again until its state is done, parked or cancelled."""
        project = self.project(slug)
        row = get_object_or_404(project.jobs.values(*shapes.JOB), pk=number)
        return Response(jobs_json(request, project, [row])[0])


def jobs_json(request: Request, project: Project, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shape rows of shapes.JOB, each with the address of what it works on; two queries for any number."""
    insider = Project.objects.allowing(Right.UPLOAD, request.user).filter(pk=project.pk).exists()
    urls = revision_urls(request, project, [row["subject_id"] for row in rows if about_revision(row)])
    return [
        shapes.job_json(
            request,
            project.slug,
            row,
            revision_url=urls.get(row["subject_id"]) if about_revision(row) else None,
            insider=insider,
        )
        for row in rows
    ]


def about_revision(row: shapes.Row) -> bool:
    """Tell whether a job works on a revision."""
    return bool(row["subject_kind"] == REVISION_KIND)


def revision_urls(request: Request, project: Project, ids: list[int]) -> dict[int, str]:
    """Give the addresses of some of the project's revisions by their ids."""
    rows = Revision.objects.of_project(project).filter(pk__in=ids).values_list("pk", "series__slug", "number")
    return {
        pk: link(request, "api:revision", slug=project.slug, series=series, number=number)
        for pk, series, number in rows
    }


def job_of(request: Request, project: Project, revision: Revision) -> dict[str, Any] | None:
    """Shape the newest job of a revision; None where it never had one."""
    row = Job.objects.about(revision).values(*shapes.JOB).first()
    return jobs_json(request, project, [row])[0] if row else None
