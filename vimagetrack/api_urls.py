"""Addresses of ``/api/v1/``: includes only, and a plain no for all the rest."""

from __future__ import annotations

from django.urls import include, path, re_path

from vimagetrack.api import converters as _converters  # noqa: F401  # makes <apiname:> known
from vimagetrack.api.index import Index
from vimagetrack.api.schema import DocsView, SchemaView
from vimagetrack.api.views import NothingHere
from vimagetrack.people.api.views import Me

app_name = "api"

urlpatterns = [
    path("", Index.as_view(), name="index"),
    path("me/", Me.as_view(), name="me"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("projects/", include("milestones.api.urls")),
    path("projects/<apiname:slug>/", include("reviews.api.urls")),
    re_path(r"^", NothingHere.as_view(), name="nothing"),
]
