"""Milestones, as the plan in force has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import ProjectView
from milestones.api.serializers import MilestoneSerializer, PageQuery
from milestones.models import Milestone, Project
from vimagetrack.api.links import link
from vimagetrack.api.paging import paginate
from vimagetrack.api.schema import page_of, problems
from vimagetrack.api.views import read_query

COLUMNS = (
    "slug", "title", "text", "position", "layer", "stored_state", "due_kind", "due_on", "settle_days",
    "final_comment_days", "owner__handle", "landed_on", "landed_as",
)  # fmt: skip


class MilestoneList(ProjectView):
    """The steps of a project."""

    @extend_schema(
        operation_id="milestones_list",
        parameters=[PageQuery],
        responses={200: page_of(MilestoneSerializer), **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """List the milestones of the plan in force, in landing order."""
        project = self.project(slug)
        query = read_query(PageQuery, request)
        rows = project.milestones.in_plan().values(*COLUMNS)
        page = paginate(rows, keys=["position"], cursor=query["cursor"], size=query["page_size"])
        return page.respond(request, [milestone_json(request, project, row) for row in page.rows])


class MilestoneDetail(ProjectView):
    """One step."""

    @extend_schema(
        operation_id="milestones_read", responses={200: MilestoneSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, milestone: str) -> Response:
        """Show a milestone of the plan in force."""
        project = self.project(slug)
        found = find_milestone(project, milestone)
        row = Milestone.objects.values(*COLUMNS).get(pk=found.pk)
        return Response(milestone_json(request, project, row))


def find_milestone(project: Project, slug: str) -> Milestone:
    """Find a milestone of the plan in force; a dropped one is 404, its history is not this resource."""
    return get_object_or_404(project.milestones.in_plan(), slug=slug)


def milestone_json(request: Request, project: Project, row: Mapping[str, Any]) -> dict[str, Any]:
    """Shape one row of COLUMNS as MilestoneSerializer says."""
    names = {"slug": project.slug, "milestone": row["slug"]}
    return {
        "slug": row["slug"],
        "title": row["title"],
        "text": row["text"],
        "position": row["position"],
        "layer": row["layer"],
        "state": row["stored_state"],
        "due": {"kind": row["due_kind"], "on": row["due_on"]},
        "settle_days": row["settle_days"],
        "final_comment_days": row["final_comment_days"],
        "owner": row["owner__handle"],
        "landed_on": row["landed_on"],
        "landed_as": row["landed_as"],
        "url": link(request, "api:milestone", **names),
        "web_url": link(request, "milestones:detail", **names),
        "status_url": link(request, "api:milestone-status", **names),
    }
