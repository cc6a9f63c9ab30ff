"""Projects and their plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import ProjectView, actor_of, seen_by
from milestones.api.serializers import PageQuery, PlanChangeQuery, PlanSerializer, ProjectSerializer
from milestones.models import PlanVersion, Project
from milestones.rights import Right
from milestones.services import change_plan, create_project
from vimagetrack.api.bodies import Body, FilesParser, TomlParser
from vimagetrack.api.links import link
from vimagetrack.api.paging import paginate
from vimagetrack.api.schema import page_of, problems
from vimagetrack.api.views import read_query, token_of
from vimagetrack.engine.plan import parse_plan
from vimagetrack.people.models import Scope

#: Bytes of a plan and its table files together; the largest real one has 140 kB.
PLAN_LIMIT = 8 * 2**20

#: How a plan is sent, for the OpenAPI document.
PLAN_BODY: dict[str, Any] = {
    "application/toml": OpenApiTypes.BINARY,
    "multipart/form-data": {
        "type": "object",
        "properties": {"plan": {"type": "string", "format": "binary"}},
        "required": ["plan"],
        "additionalProperties": {"type": "string", "format": "binary"},
        "description": "Each table file is a field with its path in `table_files` as its name.",
    },
}

COLUMNS = (
    "id", "slug", "name", "text", "list_address", "zone", "visibility", "created_at", "archived_at",
)  # fmt: skip


class ProjectList(ProjectView):
    """All projects that you may see, and the way to make another."""

    scopes: ClassVar[Mapping[str, Scope]] = {"GET": Scope.READ, "POST": Scope.ADMIN}
    parser_classes = (TomlParser, FilesParser)

    def body_limit(self) -> int:
        """Give the number of bytes that a plan may have."""
        return PLAN_LIMIT

    @extend_schema(
        operation_id="projects_list",
        parameters=[PageQuery],
        responses={200: page_of(ProjectSerializer), **problems(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """List the projects that you may see, oldest first."""
        query = read_query(PageQuery, request)
        rows = seen_by(request).values(*COLUMNS)
        page = paginate(rows, keys=["id"], cursor=query["cursor"], size=query["page_size"])
        return page.respond(request, [project_json(request, row) for row in page.rows])

    @extend_schema(
        operation_id="projects_create",
        request=PLAN_BODY,
        responses={201: ProjectSerializer, **problems(400, 401, 403, 409, 411, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Make a project from a landing plan in TOML; you become its lead and administrator."""
        token = token_of(request)
        if token is not None and token.project_id is not None:
            raise PermissionDenied("This token is for one project, it makes no others.")
        actor = actor_of(request)
        toml, files = read_plan(request.data)
        plan = parse_plan(toml, files=files)
        project = create_project(actor=actor, plan=plan, toml=toml.decode(), now=timezone.now())
        row = Project.objects.values(*COLUMNS).get(pk=project.pk)
        found = project_json(request, row)
        return Response(found, status=201, headers={"Location": found["url"]})


class ProjectDetail(ProjectView):
    """One project."""

    @extend_schema(
        operation_id="projects_read", responses={200: ProjectSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str) -> Response:
        """Show a project."""
        project = self.project(slug)
        return Response(project_json(request, Project.objects.values(*COLUMNS).get(pk=project.pk)))


class PlanDetail(ProjectView):
    """The plan in force."""

    scopes: ClassVar[Mapping[str, Scope]] = {"GET": Scope.READ, "PUT": Scope.ADMIN}
    parser_classes = (TomlParser, FilesParser)

    def body_limit(self) -> int:
        """Give the number of bytes that a plan may have."""
        return PLAN_LIMIT

    @extend_schema(operation_id="plan_read", responses={200: PlanSerializer, **problems(401, 403, 404)})
    def get(self, request: Request, slug: str) -> Response:
        """Show the plan in force, with its canonical text."""
        return Response(plan_json(self.project(slug).plan_version))

    @extend_schema(
        operation_id="plan_change",
        parameters=[PlanChangeQuery],
        request=PLAN_BODY,
        responses={200: PlanSerializer, **problems(400, 401, 403, 404, 409, 411, 413, 415)},
    )
    def put(self, request: Request, slug: str) -> Response:
        """Put a new plan in force; the newest revisions are split again by it."""
        project = self.project(slug, Right.EDIT_PLAN)
        query = read_query(PlanChangeQuery, request)
        toml, files = read_plan(request.data)
        version = change_plan(
            actor=actor_of(request),
            project=project,
            plan=parse_plan(toml, files=files),
            toml=toml.decode(),
            reason=query["reason"],
            now=timezone.now(),
            based_on=query.get("based_on"),
        )
        return Response(plan_json(version))


class PlanText(ProjectView):
    """The plan as a file."""

    @extend_schema(
        operation_id="plan_download",
        responses={(200, "application/toml"): OpenApiTypes.BINARY, **problems(401, 403, 404)},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Download the plan in force, as `split --plan` takes it."""
        project = self.project(slug)
        return HttpResponse(
            project.plan_version.toml,
            content_type="application/toml; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{project.slug}-plan.toml"'},
        )


def project_json(request: Request, row: Mapping[str, Any]) -> dict[str, Any]:
    """Shape one row of COLUMNS as ProjectSerializer says."""
    return {
        "slug": row["slug"],
        "name": row["name"],
        "text": row["text"],
        "list": row["list_address"],
        "timezone": row["zone"],
        "public": row["visibility"] == Project.Visibility.PUBLIC,
        "created_at": row["created_at"],
        "archived_at": row["archived_at"],
        "url": link(request, "api:project", slug=row["slug"]),
        "web_url": link(request, "projects:detail", slug=row["slug"]),
    }


def plan_json(version: PlanVersion) -> dict[str, Any]:
    """Shape a version of the plan as PlanSerializer says."""
    columns = {name: getattr(version, name) for name in ("number", "sha256", "reason", "at", "toml")}
    return {**columns, "author": version.author.handle}


def read_plan(data: Any) -> tuple[bytes, dict[str, bytes]]:
    """Give the plan's bytes and its table files by their path, from a raw body or from a form."""
    if isinstance(data, Body):
        return data.read_all(), {}
    if not data or "plan" not in data:
        raise ValidationError(
            {"plan": "There is no plan. Hint: send it as the body, or as the field `plan`."}
        )
    plan = data["plan"]
    files = {name: data[name].read() for name in data if name != "plan" and hasattr(data[name], "read")}
    return plan.encode() if isinstance(plan, str) else plan.read(), files
