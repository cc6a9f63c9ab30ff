"""The old texts of the files that a diff touches, from wherever the revision's base says."""

from __future__ import annotations

from typing import assert_never

from django.conf import settings

from reviews.ingest.mirror import read_commit
from reviews.ingest.tars import read_tar
from reviews.models import Revision
from reviews.store import open_blob
from vimagetrack.engine.diff.model import Diff


def touched_paths(diff: Diff) -> frozenset[str]:
    """Give the old paths that the diff names."""
    return frozenset(file.old_path for file in diff.files if file.old_path is not None)


def read_base(revision: Revision, paths: frozenset[str]) -> dict[str, bytes] | None:
    """Give the whole old texts of those of the paths that the base has; None where no base was stated.

    A path that the base lacks is known by its windows only, which makes proofs weaker, never wrong.
    """
    kind = Revision.BaseKind(revision.base_kind)
    match kind:
        case Revision.BaseKind.NONE | Revision.BaseKind.FULL_CONTEXT:
            return None
        case Revision.BaseKind.TREE:
            assert revision.base_blob is not None  # held by a constraint
            with open_blob(revision.base_blob) as raw:
                return read_tar(raw, limit=settings.MAX_UPLOAD_BYTES, wanted=paths)
        case Revision.BaseKind.COMMIT:
            mirror = revision.series.project.mirror
            return read_commit(mirror, revision.base_id, paths, limit=settings.MAX_UPLOAD_BYTES)
        case _:
            assert_never(kind)


def old_texts(diff: Diff) -> dict[str, bytes]:
    """Give the old texts of a diff with full context: each file is one hunk."""
    return {file.old_path: file.hunks[0].old_text for file in diff.files if file.old_path and file.hunks}
