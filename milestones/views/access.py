"""Find a project for whoever asks: 404 for who may not know of it, 403 with a sentence for the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib.auth.views import redirect_to_login
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from milestones.models import Project
from milestones.rights import ROLES, Right
from vimagetrack.look.words import join
from vimagetrack.people.models import Membership, Person, Viewer

_VERBS: Final = {
    Right.VIEW: "see it",
    Right.REVIEW: "review it",
    Right.UPLOAD: "upload regenerations",
    Right.EDIT_PLAN: "change the plan",
    Right.ADMINISTER: "change its members",
}


def with_project(
    right: Right = Right.VIEW,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Give a view its project in place of ``slug``, once the right is sure.

    Whoever is not signed in and may look, but not act, is sent to sign in first.
    """

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **rest: object) -> HttpResponseBase:
            project = get_object_or_404(seen_by(request.user), slug=slug)
            if right is Right.VIEW or may(project, right):
                return view(request, project, **rest)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied(who_can(project, right))

        return guarded

    return wrap


def seen_by(viewer: Viewer) -> models.QuerySet[Project]:
    """Keep the projects that the viewer may know of, each with the ``rights`` that it has there, by value."""
    names = {
        right: models.Case(
            models.When(
                models.Exists(Project.objects.allowing(right, viewer).filter(pk=models.OuterRef("pk"))),
                then=models.Value(right.value),
            ),
            default=models.Value(""),
        )
        for right in Right
    }
    listed = models.Func(*names.values(), function="", template="ARRAY[%(expressions)s]")
    rights = models.ExpressionWrapper(listed, output_field=ArrayField(models.CharField()))
    return Project.objects.visible_to(viewer).annotate(rights=rights)


def may(project: Project, right: Right) -> bool:
    """Tell whether the viewer for whom ``with_project`` found the project has a right there."""
    return right.value in project.rights  # type: ignore[attr-defined]  # annotated by seen_by


def who_can(project: Project, right: Right) -> str:
    """Say who has a right, by name: a refusal must tell whom to ask."""
    live = Membership.objects.live().with_role(ROLES[right]).filter(project=project)
    handles = sorted(set(live.values_list("person__handle", flat=True)))
    if not handles:
        return f"Nobody in {project.name} can {_VERBS[right]} now; an administrator of the site can."
    return f"In {project.name} these can {_VERBS[right]}: {join(handles)}."


def actor_of(request: HttpRequest) -> Person:
    """Give the person who acts; an account that stands for none may only look."""
    person = Person.objects.filter(user=request.user.pk).first()
    if person is None:
        raise PermissionDenied("This account stands for no person, so nothing can be done in its name.")
    return person
