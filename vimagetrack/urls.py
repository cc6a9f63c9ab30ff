"""Includes only: every app says its own addresses."""

from __future__ import annotations

from importlib.util import find_spec

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
]
# While the first slice is being built, an app's addresses are included once they exist.
for _prefix, _module in (
    ("api/v1/", "vimagetrack.api_urls"),
    ("", "vimagetrack.people.urls"),
    ("", "reviews.urls"),
):
    if find_spec(_module):
        urlpatterns.append(path(_prefix, include(_module)))
