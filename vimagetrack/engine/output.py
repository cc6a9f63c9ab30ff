"""A split as files: names and bytes as the contract of the command line says. Writes nothing.

What is large comes in pieces, so that whoever writes them never holds a second copy of the monolith.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vimagetrack.engine.split.model import SplitResult
from vimagetrack.engine.split.report import written


def pieces(result: SplitResult, *, chunks: bool) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Give every file by name, in pieces: patches, report, digests, and chunks where they are wanted."""
    yield from (patch for milestone in result.milestones for patch in milestone.sections)
    yield "report.json", written(result)
    yield "digests.tsv", (digests_tsv(result),)
    if chunks:
        yield from _chunks(result)


def _chunks(result: SplitResult) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    places = {milestone.slug: milestone.position for milestone in result.milestones}
    for chunk in result.chunks:
        folder = f"chunks/{places[chunk.milestone]:02d}-{chunk.milestone}"
        yield f"{folder}/{chunk.order:04d}.patch", chunk.sections


def patch_files(result: SplitResult) -> dict[str, bytes]:
    """Give one patch a milestone that has changes, two for a mixed one."""
    return dict(patch for milestone in result.milestones for patch in milestone.patches)


def chunk_files(result: SplitResult) -> dict[str, bytes]:
    """Give the same cut into chunks: chunks/NN-slug/KKKK.patch, in order."""
    return {name: b"".join(sections) for name, sections in _chunks(result)}


def report_json(result: SplitResult) -> bytes:
    """Write the report; ASCII, as ``split.report`` does it."""
    return b"".join(written(result))


def digests_tsv(result: SplitResult) -> bytes:
    """Write path, layer, state, md5 and sha256 of the kernel's token streams, one row each."""
    rows = ["path\tlayer\tstate\tmd5\tsha256"]
    rows += (f"{row.path}\t{row.layer}\t{row.state}\t{row.md5}\t{row.sha256}" for row in result.digests)
    return ("\n".join(rows) + "\n").encode("utf-8", "surrogateescape")
