"""Questions about projects and milestones; every right in the form that lists ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from milestones.rights import ROLES, Right
from vimagetrack.people.models import Membership, Viewer

if TYPE_CHECKING:
    from milestones.models import Milestone, Project  # noqa: F401


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects by who may do what; a row's own predicates ask the same queries."""

    def allowing(self, right: Right, viewer: Viewer) -> ProjectQuerySet:
        """Keep the projects in which the viewer has a right; anyone may view a public one.

        A deactivated account has the rights of nobody; the site's superusers have all.
        """
        anyone = Q(visibility="public") if right is Right.VIEW else Q(pk__in=[])
        if not viewer.is_authenticated or not viewer.is_active:
            return self.filter(anyone)
        if getattr(viewer, "is_superuser", False):
            return self.all()
        role = Membership.objects.live().with_role(ROLES[right])
        return self.filter(anyone | Exists(role.filter(project=OuterRef("pk"), person__user=viewer.pk)))

    def visible_to(self, viewer: Viewer) -> ProjectQuerySet:
        """Keep what the viewer may know of."""
        return self.allowing(Right.VIEW, viewer)

    def reviewable_by(self, viewer: Viewer) -> ProjectQuerySet:
        """Keep where the viewer's reviews count."""
        return self.allowing(Right.REVIEW, viewer)

    def uploadable_by(self, viewer: Viewer) -> ProjectQuerySet:
        """Keep where the viewer may send revisions."""
        return self.allowing(Right.UPLOAD, viewer)

    def plan_editable_by(self, viewer: Viewer) -> ProjectQuerySet:
        """Keep where the viewer may change the plan."""
        return self.allowing(Right.EDIT_PLAN, viewer)

    def administrable_by(self, viewer: Viewer) -> ProjectQuerySet:
        """Keep where the viewer may change members."""
        return self.allowing(Right.ADMINISTER, viewer)

    def active(self) -> ProjectQuerySet:
        """Keep what is not archived."""
        return self.filter(archived_at=None)


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Milestones of the plan in force."""

    def in_plan(self) -> MilestoneQuerySet:
        """Keep what the newest plan has, in landing order."""
        return self.filter(position__isnull=False).order_by("project", "position")
