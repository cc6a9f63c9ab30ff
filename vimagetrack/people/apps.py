"""Django's name for the app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, with or without an account."""

    name = "vimagetrack.people"
    default_auto_field = "django.db.models.BigAutoField"
