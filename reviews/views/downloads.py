"""What leaves as files: patches, all of them as one archive, the report. Never rendered, never sniffed."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from collections.abc import Iterable
from typing import IO, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from milestones.models import Project
from milestones.views.access import with_project
from reviews.api.downloads import blob_response, diff_response
from reviews.models import LayerPatch, Split
from reviews.store import read_blob
from reviews.views.find import find_chunk, find_revision, split_of

#: Above this an archive is written to a temporary file instead of memory.
_IN_MEMORY: Final = 16 * 2**20


def _split(project: Project, series: str, number: int) -> Split:
    split = split_of(find_revision(project, series, number))
    if split is None:
        raise Http404
    return split


@require_GET
@with_project()
def patch(request: HttpRequest, project: Project, series: str, number: int, name: str) -> HttpResponseBase:
    """Download one milestone's patch; it applies on those before it."""
    patches = LayerPatch.objects.select_related("blob").filter(layer__split=_split(project, series, number))
    found = get_object_or_404(patches, name=name)
    return blob_response(found.blob, content_type="text/x-diff", filename=found.name)


@require_GET
@with_project()
def patches(request: HttpRequest, project: Project, series: str, number: int) -> HttpResponseBase:
    """Download all patches of a revision as one archive, in a folder of its own."""
    split = _split(project, series, number)
    found = LayerPatch.objects.filter(layer__split=split).select_related("blob")
    folder = f"{project.slug}-{series}-v{number}"
    stamp = int(split.created_at.timestamp())
    archive = _archive(folder, found.order_by("layer__position", "position"), stamp)
    return FileResponse(
        archive, as_attachment=True, filename=f"{folder}.tar.gz", content_type="application/gzip"
    )


def _archive(folder: str, patches: Iterable[LayerPatch], stamp: int) -> IO[bytes]:
    """Write the archive; the same split gives the same bytes."""
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=stamp, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for one in patches:
            info = tarfile.TarInfo(f"{folder}/{one.name}")
            info.size, info.mtime, info.mode = one.blob.size, stamp, 0o644
            tar.addfile(info, io.BytesIO(read_blob(one.blob)))
    out.seek(0)
    return out


@require_GET
@with_project()
def report(request: HttpRequest, project: Project, series: str, number: int) -> HttpResponseBase:
    """Download report.json, as the command line writes it."""
    split = _split(project, series, number)
    return blob_response(split.report, content_type="application/json", filename="report.json")


@require_GET
@with_project()
def chunk_patch(request: HttpRequest, project: Project, uid: str, number: int) -> HttpResponseBase:
    """Download a chunk; it applies after the chunks before it."""
    version = find_chunk(project, uid, number)
    return diff_response(bytes(version.content.patch), f"{project.slug}-{uid}.v{number}.patch")
