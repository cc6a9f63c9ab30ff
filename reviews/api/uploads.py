"""What an upload holds: the bytes as a stream, and what it says of its base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request, is_form_media_type

from reviews.services import BaseClaim
from reviews.store import Readable
from vimagetrack.api.bodies import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One upload, checked as far as that goes without reading it."""

    series: str
    source: Readable | bytes
    filename: str
    base: BaseClaim


def read_upload(request: Request, query: dict[str, Any]) -> Upload:
    """Find the bytes in a raw body or in a form; ValidationError where there are none."""
    data = request.data
    commit = BaseClaim.of_commit(query["base"]) if query["base"] else BaseClaim.none()
    if isinstance(data, Body) or not is_form_media_type(request.content_type):
        source = data if isinstance(data, Body) else b""  # DRF calls no parser for a body of no bytes
        return Upload(series=query["series"], source=source, filename=query["filename"], base=commit)
    diff = request.FILES.get("diff")
    if diff is None:
        hint = "Hint: send it as the body, with Content-Type: text/x-diff, or as the file `diff` of a form."
        raise ValidationError({"diff": f"There is no diff. {hint}"}, "required")
    tree = request.FILES.get("base")
    if tree is not None and query["base"]:
        raise ValidationError({"base": "Name a commit or send a tree, not both."}, "two-bases")
    base = BaseClaim.of_tree(tree) if tree is not None else commit
    name = query["filename"] or diff.name or ""
    return Upload(series=query["series"], source=diff, filename=name, base=base)
