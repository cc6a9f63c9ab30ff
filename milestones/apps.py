"""Django's name for the app."""

from __future__ import annotations

from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    """See the package's docstring."""

    name = "milestones"
    default_auto_field = "django.db.models.BigAutoField"
