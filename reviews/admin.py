"""The site administrators' view of what was sent and how it was split."""

from __future__ import annotations

from django.contrib import admin

from reviews.models import Blob, Chunk, Revision, Series, Split
from vimagetrack.admin import ReadOnlyAdmin


@admin.register(Blob)
class BlobAdmin(ReadOnlyAdmin[Blob]):
    """Stored bytes."""

    list_display = ("sha256", "size", "encoding", "created_at")
    search_fields = ("=sha256",)


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin[Series]):
    """Series of projects."""

    list_display = ("project", "slug", "current", "created_at")
    list_select_related = ("project", "current")


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin[Revision]):
    """Revisions, newest first."""

    list_display = ("id", "series", "number", "status", "base_kind", "uploaded_by", "received_at", "refusal")
    list_filter = ("status", "base_kind")
    list_select_related = ("series", "uploaded_by")
    ordering = ("-id",)


@admin.register(Split)
class SplitAdmin(ReadOnlyAdmin[Split]):
    """Splits, newest first."""

    list_display = (
        "id",
        "revision",
        "plan_version",
        "number",
        "engine",
        "kernel_version",
        "state",
        "created_at",
    )
    list_filter = ("state",)
    list_select_related = ("revision", "plan_version")
    ordering = ("-id",)


@admin.register(Chunk)
class ChunkAdmin(ReadOnlyAdmin[Chunk]):
    """Chunks over all splits."""

    list_display = ("uid", "project", "series")
    search_fields = ("=uid",)
    list_select_related = ("project", "series")
