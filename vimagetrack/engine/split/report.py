"""The report: ``report.json`` as the contract says, from the values of a split."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from vimagetrack.engine.plan import Layer
from vimagetrack.engine.split.model import (
    Change,
    Chunk,
    Kind,
    LayerFile,
    MilestoneResult,
    OrderFinding,
    ProofRecord,
    SplitResult,
)

SCHEMA = 1
#: Without indent the encoder is C's: a tenth of the time for a hundred thousand changes.
_JSON = json.JSONEncoder(separators=(",", ":"))
_AT_ONCE = 200


def report(result: SplitResult) -> dict[str, object]:
    """Give the report as plain values, ready for JSON; the same split gives the same report."""
    return {name: list(value) if isinstance(value, Iterator) else value for name, value in _fields(result)}


def written(result: SplitResult) -> Iterator[bytes]:
    """Write the report as JSON, piece by piece: what is large is never there as a whole.

    Lone surrogates of odd paths are escaped, so it is always ASCII.
    """
    opening = b"{"
    for name, value in _fields(result):
        yield opening + f'"{name}":'.encode()
        opening = b","
        if isinstance(value, Iterator):
            yield from _rows(value)
        else:
            yield _JSON.encode(value).encode("ascii")
    yield b"}\n"


def _rows(values: Iterator[object]) -> Iterator[bytes]:
    opening = b"["
    while some := list(islice(values, _AT_ONCE)):
        yield opening + _JSON.encode(some)[1:-1].encode("ascii")
        opening = b","
    yield b"]" if opening == b"," else b"[]"


def _fields(result: SplitResult) -> Iterator[tuple[str, object]]:
    """Give the report's fields in their order; an iterator stands for a list that may be long."""
    yield "schema", SCHEMA
    yield "engine", result.engine
    yield "kernel", result.kernel
    yield "input_sha256", result.input_sha256
    yield "plan_sha256", result.plan_sha256
    yield "table_sha256", result.table_sha256
    yield (
        "warnings",
        [
            {"path": w.path, "diff_lineno": w.diff_lineno, "code": w.code, "text": w.text}
            for w in result.warnings
        ],
    )
    yield "order", map(_order, result.order)
    yield "files", result.files
    yield "milestones", [_milestone(milestone) for milestone in result.milestones]
    yield "changes", map(_change, result.changes)
    yield "chunks", map(_chunk, result.chunks)
    yield "proofs", (_proof(result, file, proof) for file in result.layer_files for proof in file.proofs)
    yield "totals", result.totals


def totals(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """Count changes and lines by kind; every kind is there, in the fixed order."""
    counted = {kind.value: {"changes": 0, "added": 0, "removed": 0} for kind in Kind}
    for change in changes:
        row = counted[change.kind.value]
        row["changes"] += 1
        row["added"] += change.added
        row["removed"] += change.removed
    return counted


def _order(finding: OrderFinding) -> dict[str, object]:
    return {
        "identifier": finding.identifier,
        "used": {"milestone": finding.used_in, "path": finding.used_path, "lineno": finding.used_lineno},
        "defined": {
            "milestone": finding.defined_in,
            "path": finding.defined_path,
            "lineno": finding.defined_lineno,
        },
    }


def _milestone(milestone: MilestoneResult) -> dict[str, object]:
    proof = milestone.proof
    return {
        "slug": milestone.slug,
        "layer": milestone.layer,
        "patch": _patch_names(milestone),
        "files": milestone.files,
        "added": milestone.added,
        "removed": milestone.removed,
        "proof": {
            "verdict": proof.verdict.value if proof.verdict else None,
            "states": list(proof.states),
            "assumptions": list(proof.assumptions),
        },
    }


def _patch_names(milestone: MilestoneResult) -> str | list[str] | None:
    """Name the patch; a mixed milestone has a list of its halves, one without changes None."""
    names = list(milestone.patch_names)
    if milestone.layer == Layer.MIXED:
        return names
    return names[0] if names else None


def _change(change: Change) -> dict[str, object]:
    row: dict[str, object] = {
        "path": change.path,
        "milestone": change.milestone,
        "kind": change.kind.value,
        "old": list(change.old),
        "new": list(change.new),
        "part": change.part.value,
        "verdict": change.verdict.value,
        "states": list(change.states),
        "rule": change.rule,
        "reason": change.reason,
        "macros": list(change.macros),
        "fingerprint": change.fingerprint,
        "neighbourhood": change.neighbourhood,
        "function": change.function,
        "assumptions": list(change.assumptions),
        "layer": {"before": list(change.layer_before), "after": list(change.layer_after)},
        "chunk": change.chunk,
        "hazards": list(change.hazards),
    }
    if change.old_path is not None:
        row["old_path"] = change.old_path
    if change.straggler_of is not None:
        row["straggler_of"] = change.straggler_of
    return row


def _proof(result: SplitResult, file: LayerFile, proof: ProofRecord) -> dict[str, object]:
    """Write a proof with all that it takes to make it again; the texts are the file's in its layer."""
    return {
        "path": file.path,
        "milestone": file.milestone,
        "state": proof.state,
        "verdict": proof.verdict.value,
        "rule": proof.rule,
        "rules": list(proof.rules),
        "assumptions": list(proof.assumptions),
        "kernel": result.kernel,
        "definitions": list(proof.definitions),
        "definitions_sha256": proof.definitions_sha256,
        "before_sha256": file.before_sha256,
        "after_sha256": file.after_sha256,
        "before_tokens_sha256": proof.before_digest,
        "after_tokens_sha256": proof.after_digest,
    }


def _chunk(chunk: Chunk) -> dict[str, object]:
    row: dict[str, object] = {
        "id": chunk.id,
        "milestone": chunk.milestone,
        "kind": chunk.kind.value,
        "area": chunk.area,
        "order": chunk.order,
        "title": chunk.title,
        "files": list(chunk.files),
        "added": chunk.added,
        "removed": chunk.removed,
        "changes": list(chunk.changes),
    }
    if chunk.oversize:
        row["oversize"] = chunk.oversize
    return row
