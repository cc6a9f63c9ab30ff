"""The plan of a project: read it, fetch it, change it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from milestones.forms import PlanForm
from milestones.models import PlanVersion, Project
from milestones.rights import Right
from milestones.services import change_plan
from milestones.tables import wanted_files
from milestones.views.access import actor_of, may, with_project
from vimagetrack.errors import DomainError


@require_GET
@with_project()
def plan_show(request: HttpRequest, project: Project, number: int | None = None) -> HttpResponse:
    """Show a version of the plan, the newest by default: its values, its text, all versions."""
    versions = list(
        project.plan_versions.select_related("author").defer("toml", "source").order_by("-number")
    )
    version = get_object_or_404(
        project.plan_versions.select_related("author"), number=number or versions[0].number
    )
    context = {
        "project": project,
        "nav": "plan",
        "version": version,
        "plan": version.to_plan(),
        "versions": versions,
        "newest": version.number == versions[0].number,
        "may_edit": may(project, Right.EDIT_PLAN),
    }
    return render(request, "milestones/plan-show.html", context)


@require_GET
@with_project()
def plan_toml(request: HttpRequest, project: Project) -> HttpResponse:
    """Give the newest plan as a file that stands without its table files."""
    name = f'attachment; filename="{project.slug}.plan.toml"'
    headers = {"Content-Disposition": name}
    return HttpResponse(project.plan_version.toml, content_type="application/toml", headers=headers)


@require_http_methods(["GET", "POST"])
@with_project(Right.EDIT_PLAN)
def plan_edit(request: HttpRequest, project: Project) -> HttpResponse:
    """Change the plan: a new version, with a reason."""
    newest: PlanVersion = project.plan_version
    if request.method == "GET":
        # The author's own text has the comments, but not the texts of the files that it names.
        text = newest.toml if wanted_files(newest.source) else newest.source
        form = PlanForm(initial={"toml": text})
        return render(request, "milestones/plan-edit.html", _context(project, newest, form))
    form = PlanForm(request.POST, request.FILES)
    if form.is_valid() and form.plan is not None:
        try:
            change_plan(
                actor=actor_of(request),
                project=project,
                plan=form.plan,
                toml=form.source,
                reason=form.cleaned_data["reason"],
                based_on=form.cleaned_data["based_on"],
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("projects:plan", project.slug)
    return render(request, "milestones/plan-edit.html", _context(project, newest, form), status=422)


def _context(project: Project, newest: PlanVersion, form: PlanForm) -> dict[str, object]:
    return {"project": project, "nav": "plan", "newest": newest, "form": form}
