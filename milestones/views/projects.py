"""The list of projects, and a new one from a plan."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from milestones.forms import PlanForm
from milestones.models import Milestone, Project
from milestones.services import create_project
from milestones.views.access import actor_of
from vimagetrack.errors import DomainError


@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """List the projects that the viewer may see."""
    projects = Project.objects.visible_to(request.user).active().order_by("name")
    steps = Prefetch("milestones", queryset=Milestone.objects.in_plan(), to_attr="steps")
    rows = [_row(project) for project in projects.prefetch_related(steps)]
    return render(request, "milestones/project-list.html", {"rows": rows})


def _row(project: Project) -> dict[str, Any]:
    steps: list[Milestone] = project.steps  # type: ignore[attr-defined]  # prefetched
    landed = [step for step in steps if step.is_landed]
    following = next((step for step in steps if not step.is_landed and step.layer != "announce"), None)
    return {"project": project, "steps": len(steps), "landed": len(landed), "next": following}


@login_required
@require_http_methods(["GET", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    """Make a project from a landing plan; whoever does it leads it."""
    form = PlanForm(request.POST, request.FILES) if request.method == "POST" else PlanForm()
    if request.method == "POST" and form.is_valid() and form.plan is not None:
        try:
            project = create_project(
                actor=actor_of(request), plan=form.plan, toml=form.source, now=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("projects:detail", project.slug)
    status = 200 if request.method == "GET" else 422
    return render(request, "milestones/project-create.html", {"form": form}, status=status)
