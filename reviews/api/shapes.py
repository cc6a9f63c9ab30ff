"""Rows of `values()` into the shapes that the serializers describe; no query is made here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from vimagetrack.api.links import link

Row = Mapping[str, Any]

REVISION = (
    "id", "series__slug", "number", "status", "refusal_code", "refusal", "refusal_path", "refusal_lineno",
    "refusal_hint", "blob__sha256", "blob__size", "filename", "base_kind", "base_id", "base_digest",
    "uploaded_by__handle", "received_at", "finished_at",
)  # fmt: skip

SPLIT = (
    "id", "revision__series__slug", "revision__number", "number", "state", "engine", "kernel_version",
    "plan_version__number", "input_sha256", "plan_sha256", "totals", "created_at",
)  # fmt: skip

LAYER = (
    "id", "split_id", "position", "slug", "layer", "files", "added", "removed", "verdict", "states",
    "assumptions", "kinds",
)  # fmt: skip

CHUNK = (
    "split_id", "chunk__uid", "split__revision__series__slug", "split__revision__number", "split__number",
    "layer__slug", "layer__position", "position", "title", "kind", "area", "content__verdict",
    "content__paths", "content__changes", "content__added", "content__removed",
)  # fmt: skip

CHANGE = (
    "position", "text__path_text", "text__func", "kind", "part", "verdict", "rule", "reason", "old_lineno",
    "old_count", "new_lineno", "new_count", "before_lineno", "before_count", "after_lineno", "after_count",
    "macros", "states", "assumptions", "hazards", "straggler_of", "fingerprint", "neighbourhood",
)  # fmt: skip

JOB = (
    "id", "kind", "state", "stage", "done", "total", "lines", "attempt", "error", "created_at",
    "started_at", "finished_at", "subject_kind", "subject_id",
)  # fmt: skip


def revision_json(request: Request, slug: str, row: Row) -> dict[str, Any]:
    """Shape a row of REVISION."""
    names: dict[str, Any] = {"slug": slug, "series": row["series__slug"], "number": row["number"]}
    chunks = f"?series={names['series']}&revision={names['number']}"
    return {
        "series": row["series__slug"],
        "number": row["number"],
        "status": row["status"],
        "refusal": refusal_json(row) if row["refusal"] else None,
        "sha256": row["blob__sha256"],
        "size": row["blob__size"],
        "filename": row["filename"],
        "base": {"kind": row["base_kind"], "id": row["base_id"], "digest": row["base_digest"]},
        "uploaded_by": row["uploaded_by__handle"],
        "received_at": row["received_at"],
        "finished_at": row["finished_at"],
        "url": link(request, "api:revision", **names),
        "web_url": link(request, "revisions:detail", **names),
        "splits_url": link(request, "api:splits", **names),
        "chunks_url": link(request, "api:chunks", slug=slug) + chunks,
        "report_url": link(request, "api:report", **names),
    }


def refusal_json(row: Row) -> dict[str, Any]:
    """Shape why a revision was not taken."""
    return {
        "code": row["refusal_code"],
        "detail": row["refusal"],
        "path": row["refusal_path"],
        "diff_lineno": row["refusal_lineno"],
        "hint": row["refusal_hint"],
    }


def split_names(slug: str, row: Row) -> dict[str, Any]:
    """Name a split as its addresses do."""
    return {
        "slug": slug,
        "series": row["revision__series__slug"],
        "number": row["revision__number"],
        "split": row["number"],
    }


def split_json(request: Request, slug: str, row: Row) -> dict[str, Any]:
    """Shape a row of SPLIT."""
    names = split_names(slug, row)
    return {
        "series": names["series"],
        "revision": names["number"],
        "number": names["split"],
        "state": row["state"],
        "engine": row["engine"],
        "kernel": row["kernel_version"],
        "plan": row["plan_version__number"],
        "input_sha256": row["input_sha256"],
        "plan_sha256": row["plan_sha256"],
        "totals": row["totals"],
        "created_at": row["created_at"],
        "url": link(request, "api:split", **names),
        "report_url": link(request, "api:split-report", **names),
    }


def layer_json(row: Row, patches: list[dict[str, Any]]) -> dict[str, Any]:
    """Shape a row of LAYER; an empty verdict is null, for it is no answer to whether something is proved."""
    plain = ("position", "layer", "files", "added", "removed", "states", "assumptions", "kinds")
    return {
        "milestone": row["slug"],
        "verdict": row["verdict"] or None,
        "patches": patches,
        **{name: row[name] for name in plain},
    }


def chunk_json(request: Request, slug: str, row: Row) -> dict[str, Any]:
    """Shape a row of CHUNK."""
    names = {"slug": slug, "uid": row["chunk__uid"], "number": row["split__revision__number"]}
    url = link(request, "api:chunk-version", **names)
    return {
        "uid": names["uid"],
        "series": row["split__revision__series__slug"],
        "revision": names["number"],
        "split": row["split__number"],
        "milestone": row["layer__slug"],
        "position": row["position"],
        "title": row["title"],
        "kind": row["kind"],
        "verdict": row["content__verdict"],
        "area": row["area"],
        "files": row["content__paths"],
        "changes": row["content__changes"],
        "added": row["content__added"],
        "removed": row["content__removed"],
        "url": url,
        "web_url": link(request, "chunks:detail", **names),
        "changes_url": f"{url}changes/",
        "patch_url": f"{url}patch/",
    }


def change_json(row: Row) -> dict[str, Any]:
    """Shape a row of CHANGE; with texts where the row has them."""
    plain = (
        "position", "kind", "part", "verdict", "rule", "reason", "macros", "states", "assumptions", "hazards",
        "fingerprint", "neighbourhood",
    )  # fmt: skip
    sides = ("old", "new", "before", "after")
    texts = {
        f"{side}_text": readable(row[f"text__{side}"])
        for side in ("before", "after")
        if f"text__{side}" in row
    }
    return {
        "path": row["text__path_text"],
        "function": row["text__func"],
        "straggler_of": row["straggler_of"] or None,
        **{name: row[name] for name in plain},
        **{side: [row[f"{side}_lineno"], row[f"{side}_count"]] for side in sides},
        **texts,
    }


def readable(text: bytes | memoryview) -> str:
    """Give lines as JSON can hold them: bytes that are no UTF-8 as \\xNN, all else as it stands."""
    return bytes(text).decode("utf-8", "backslashreplace")


def job_json(
    request: Request, slug: str, row: Row, *, revision_url: str | None, insider: bool
) -> dict[str, Any]:
    """Shape a row of JOB; what went wrong inside is for those who may upload, never public."""
    plain = (
        "id", "kind", "state", "stage", "done", "total", "lines", "attempt", "created_at", "started_at",
        "finished_at",
    )  # fmt: skip
    return {
        **{name: row[name] for name in plain},
        "error": (row["error"] or None) if insider else None,
        "url": link(request, "api:job", slug=slug, number=row["id"]),
        "revision_url": revision_url,
    }
