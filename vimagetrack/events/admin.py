"""The site administrators' view of the log."""

from __future__ import annotations

from django.contrib import admin

from vimagetrack.admin import ReadOnlyAdmin
from vimagetrack.events.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin[Event]):
    """What happened, newest first."""

    list_display = ("at", "category", "project", "actor", "payload")
    list_filter = ("category",)
    list_select_related = ("project", "actor")
    ordering = ("-id",)
