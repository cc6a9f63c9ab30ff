"""Django's name for the app."""

from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """See the package's docstring."""

    name = "vimagetrack.events"
    default_auto_field = "django.db.models.BigAutoField"
