"""Addresses of a person's own pages."""

from __future__ import annotations

from django.urls import path

from vimagetrack.people.views import session, theme

app_name = "people"

urlpatterns = [
    path("login/", session.login, name="login"),
    path("logout/", session.logout, name="logout"),
    path("theme/", theme.keep_theme, name="theme"),
]
