"""Includes only: every app says its own addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from vimagetrack import health

handler400 = "vimagetrack.problems.bad_request"
handler403 = "vimagetrack.problems.permission_denied"
handler404 = "vimagetrack.problems.page_not_found"
handler500 = "vimagetrack.problems.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("vimagetrack.api_urls")),
    path("", include("vimagetrack.people.urls")),
    path("", include("reviews.urls")),  # with those of milestones: see there
]
