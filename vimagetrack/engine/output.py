"""A split as files: names and bytes as the contract of the command line says. Writes nothing."""

from __future__ import annotations

from vimagetrack.engine.split.model import SplitResult
from vimagetrack.engine.split.report import written


def patch_files(result: SplitResult) -> dict[str, bytes]:
    """Give one patch a milestone that has changes, two for a mixed one."""
    return dict(patch for milestone in result.milestones for patch in milestone.patches)


def chunk_files(result: SplitResult) -> dict[str, bytes]:
    """Give the same cut into chunks: chunks/NN-slug/KKKK.patch, in order."""
    places = {milestone.slug: milestone.position for milestone in result.milestones}
    return {
        f"chunks/{places[chunk.milestone]:02d}-{chunk.milestone}/{chunk.order:04d}.patch": chunk.patch
        for chunk in result.chunks
    }


def report_files(result: SplitResult) -> dict[str, bytes]:
    """Give report.json and digests.tsv."""
    return {"report.json": report_json(result), "digests.tsv": digests_tsv(result)}


def report_json(result: SplitResult) -> bytes:
    """Write the report; ASCII, as ``split.report`` does it."""
    return b"".join(written(result))


def digests_tsv(result: SplitResult) -> bytes:
    """Write path, layer, state, md5 and sha256 of the kernel's token streams, one row each."""
    rows = ["path\tlayer\tstate\tmd5\tsha256"]
    rows += (f"{row.path}\t{row.layer}\t{row.state}\t{row.md5}\t{row.sha256}" for row in result.digests)
    return ("\n".join(rows) + "\n").encode("utf-8", "surrogateescape")
