"""Django's name for the app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """See the package's docstring."""

    name = "vimagetrack.jobs"
    default_auto_field = "django.db.models.BigAutoField"
