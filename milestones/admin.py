"""The site administrators' view of projects and plans."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from milestones.models import Milestone, PlanVersion, Project
from milestones.services import check_mirror, register_mirror
from vimagetrack.admin import ReadOnlyAdmin
from vimagetrack.errors import DomainError
from vimagetrack.people.services import person_for


class MirrorForm(forms.ModelForm[Project]):
    """The one thing about a project that only the site's administrators say."""

    class Meta:
        model = Project
        fields = ("mirror",)
        widgets = {"mirror": forms.TextInput(attrs={"size": 80})}

    def clean_mirror(self) -> str:
        """Refuse what is no bare repository, with the service's words."""
        folder: str = self.cleaned_data["mirror"]
        try:
            check_mirror(folder)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
        return folder


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin[Project]):
    """Projects; superusers register a project's mirror here."""

    list_display = ("slug", "name", "visibility", "created_at", "archived_at")
    search_fields = ("slug", "name")
    form = MirrorForm

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Let superusers name the mirror."""
        return bool(request.user.is_active and request.user.is_superuser)

    def save_model(self, request: HttpRequest, obj: Project, form: object, change: bool) -> None:  # noqa: FBT001
        """Save through the service, which writes the event."""
        assert isinstance(request.user, User)
        register_mirror(
            actor=person_for(user=request.user), project=obj, folder=obj.mirror, now=timezone.now()
        )


@admin.register(PlanVersion)
class PlanVersionAdmin(ReadOnlyAdmin[PlanVersion]):
    """Versions of plans."""

    list_display = ("project", "number", "author", "at", "reason")
    list_select_related = ("project", "author")


@admin.register(Milestone)
class MilestoneAdmin(ReadOnlyAdmin[Milestone]):
    """Milestones of the plans in force, and dropped ones."""

    list_display = ("project", "position", "slug", "layer", "due_on", "stored_state")
    list_filter = ("stored_state", "layer")
    list_select_related = ("project",)
