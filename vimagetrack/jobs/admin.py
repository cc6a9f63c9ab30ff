"""The site administrators' view of the queue."""

from __future__ import annotations

from django.contrib import admin

from vimagetrack.admin import ReadOnlyAdmin
from vimagetrack.jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin[Job]):
    """Jobs, newest first; what waits for a person says why."""

    list_display = (
        "id",
        "kind",
        "project",
        "state",
        "stage",
        "attempt",
        "failures",
        "worker",
        "due_at",
        "error",
    )
    list_filter = ("state", "kind")
    list_select_related = ("project",)
    ordering = ("-id",)
