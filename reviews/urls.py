"""Addresses of all pages under a project, and of the projects themselves: one tree, four namespaces."""

from __future__ import annotations

from django.urls import include, path

from milestones import urls as milestones
from reviews.views import chunks, downloads, milestone, progress, revisions, schedule, upload
from vimagetrack.api import converters as _converters  # noqa: F401  # makes <apiname:> known

_PROJECT = "p/<slug:slug>/"
_REVISION = _PROJECT + "s/<slug:series>/v<int:number>/"

_projects = [*milestones.patterns, path(_PROJECT, schedule.project_detail, name="detail")]
_milestones = [path(_PROJECT + "m/<slug:milestone>/", milestone.milestone_detail, name="detail")]
_revisions = [
    path(_PROJECT + "revisions/", revisions.revision_list, name="list"),
    path(_PROJECT + "upload/", upload.revision_upload, name="upload"),
    path(_PROJECT + "upload/raw/", upload.revision_upload_raw, name="upload-raw"),
    path(_REVISION, revisions.revision_detail, name="detail"),
    path(_REVISION + "progress/", progress.revision_progress, name="progress"),
    path(_REVISION + "retry/", revisions.revision_retry, name="retry"),
    path(_REVISION + "patches/<apiname:name>", downloads.patch, name="patch"),
    path(_REVISION + "patches.tar.gz", downloads.patches, name="patches"),
    path(_REVISION + "report.json", downloads.report, name="report"),
]
_chunks = [
    path(_PROJECT + "chunks/", chunks.chunk_list, name="list"),
    path(_PROJECT + "c/<slug:uid>/", chunks.chunk_detail, name="detail"),
    path(_PROJECT + "c/<slug:uid>.v<int:number>/", chunks.chunk_detail, name="detail"),
    path(_PROJECT + "c/<slug:uid>.v<int:number>.patch", downloads.chunk_patch, name="patch"),
]

urlpatterns = [
    path("", include((_projects, "projects"))),
    path("", include((_milestones, "milestones"))),
    path("", include((_revisions, "revisions"))),
    path("", include((_chunks, "chunks"))),
]
