"""Finding the project that an address names, and asking whether who asks may do what it wants there."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request

from milestones.models import Project
from milestones.querysets import ProjectQuerySet
from milestones.rights import Right
from vimagetrack.api.views import ApiView, token_of
from vimagetrack.people.models import Person


def seen_by(request: Request) -> ProjectQuerySet:
    """Keep what may be known to exist; a token for one project sees that one, and what anyone sees."""
    projects = Project.objects.visible_to(request.user)
    token = token_of(request)
    if token is None or token.project_id is None:
        return projects
    return projects.filter(Q(pk=token.project_id) | Q(visibility=Project.Visibility.PUBLIC))


def find_project(request: Request, slug: str) -> Project:
    """Find a project; Http404 both for none and for one that may not be known."""
    return get_object_or_404(seen_by(request), slug=slug)


def require(request: Request, project: Project, right: Right) -> None:
    """Refuse whoever sees the project but has not the right: 401 for nobody, 403 for somebody."""
    if not request.user.is_authenticated:
        raise NotAuthenticated
    token = token_of(request)
    if token is not None and token.project_id not in (None, project.pk):
        raise PermissionDenied("This token is for another project.", "token-of-another-project")
    if not Project.objects.allowing(right, request.user).filter(pk=project.pk).exists():
        raise PermissionDenied(f"You may see {project.slug}, but your roles do not give `{right}` there.")


def actor_of(request: Request) -> Person:
    """Give the person who acts; an account without one may look, and nothing else."""
    if not request.user.is_authenticated:
        raise NotAuthenticated
    person = Person.objects.filter(user=request.user.pk).first()
    if person is None:
        raise PermissionDenied("This account stands for no person, so nothing can be done in its name.")
    return person


class ProjectView(ApiView):
    """A resource of one project."""

    def project(self, slug: str, right: Right = Right.VIEW) -> Project:
        """Find the project of the address, for who asks and for what it wants."""
        project = find_project(self.request, slug)
        if right is not Right.VIEW:
            require(self.request, project, right)
        return project
