"""Bytes that leave as files: never rendered, never sniffed, under names that no header can be made from."""

from __future__ import annotations

import re
from wsgiref.util import FileWrapper

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from reviews.models import Blob
from reviews.store import open_blob

PIECE_BYTES = 1 << 16

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def safe_name(name: str) -> str:
    """Give a file name of letters that need no quoting anywhere; "download" where nothing is left."""
    return _ODD.sub("_", name).strip("._") or "download"


def diff_response(patch: bytes, filename: str) -> HttpResponse:
    """Answer with a patch that is at hand."""
    headers = {"Content-Disposition": _attachment(filename)}
    return HttpResponse(patch, content_type="text/x-diff", headers=headers)


def blob_response(blob: Blob, *, content_type: str, filename: str) -> StreamingHttpResponse:
    """Stream a blob; as an attachment where ``filename`` is given.

    Not by FileResponse, which names the stored file and unpacks a compressed one twice to learn its size.
    """
    headers = {"Content-Length": str(blob.size)}
    if filename:
        headers["Content-Disposition"] = _attachment(filename)
    pieces = FileWrapper(open_blob(blob), PIECE_BYTES)
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


def _attachment(filename: str) -> str:
    return content_disposition_header(as_attachment=True, filename=safe_name(filename)) or "attachment"
