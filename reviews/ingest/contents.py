"""The contents of a split's chunks as rows that splits share: texts, proofs, contents, placements.

Each is known by a digest of all that it says, so that what a regeneration repeats is not stored again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from reviews.ingest.copy import Merged, copy_rows, merge_rows
from reviews.models import ChangeText, ChunkContent, Placement, Proof
from vimagetrack.display import to_bytes, to_display, to_json
from vimagetrack.engine.null.kernel import Outcome
from vimagetrack.engine.split import Change, Chunk, LayerFile, ProofRecord, SplitResult

TEXT_KEY = ("fingerprint", "content_digest")
TEXT_COLUMNS = (*TEXT_KEY, "path", "path_text", "func", "before", "after")
PROOF_KEY = ("before_sha256", "after_sha256", "definitions_sha256", "state", "kernel_version")
PROOF_COLUMNS = (
    *PROOF_KEY, "verdict", "rule", "reason", "rules", "assumptions", "before_digest", "after_digest",
)  # fmt: skip
CONTENT_COLUMNS = ("digest", "paths", "changes", "added", "removed", "verdict", "patch")
PLACEMENT_COLUMNS = (
    "content_id", "position", "text_id", "proof_id", "fingerprint", "neighbourhood", "kind", "part",
    "verdict", "rule", "reason", "macros", "states", "assumptions", "hazards", "straggler_of",
    "old_lineno", "old_count", "new_lineno", "new_count",
    "before_lineno", "before_count", "after_lineno", "after_count",
)  # fmt: skip

#: Where in a placement's words its hazards stand: they are JSON.
_HAZARDS = PLACEMENT_COLUMNS.index("hazards") - PLACEMENT_COLUMNS.index("fingerprint")

ProofKey = tuple[str, str, str, str, str]

#: From the weakest to the strongest: a chunk says no more than its weakest change.
_STRENGTH = (Outcome.REFUTED, Outcome.UNDECIDED, Outcome.PROVED)


@dataclass(frozen=True, slots=True)
class _Placed:
    """What is stored of one change, worked out once: its text's digest, its proof's key, its words."""

    text_digest: str
    proof: ProofKey | None
    said: tuple[Any, ...]


def merge_contents(result: SplitResult) -> list[int]:
    """Write what is not there yet; give the content's id for each chunk, in order."""
    proofs = _merge_proofs(result)
    keys = _proof_keys(result)
    placed = [_Placed(_text_digest(one), _proof_of(one, keys), _said(one)) for one in result.changes]
    rows = map(_text_row, result.changes, placed)
    texts = merge_rows(ChangeText, TEXT_COLUMNS, rows, key=TEXT_KEY)
    digests = [_digest(result, chunk, placed) for chunk in result.chunks]
    contents = merge_rows(
        ChunkContent,
        CONTENT_COLUMNS,
        (_content_row(result, *pair) for pair in zip(result.chunks, digests, strict=True)),
        key=("digest",),
    )
    ids = [contents.ids[digest,] for digest in digests]
    copy_rows(Placement, PLACEMENT_COLUMNS, _placements(result, ids, contents.new, texts, proofs, placed))
    return ids


def _merge_proofs(result: SplitResult) -> Merged:
    rows = (_proof_row(result.kernel, file, record) for file in result.layer_files for record in file.proofs)
    return merge_rows(Proof, PROOF_COLUMNS, rows, key=PROOF_KEY)


def _proof_row(kernel: str, file: LayerFile, record: ProofRecord) -> tuple[Any, ...]:
    return (
        *_proof_key(kernel, file, record), record.verdict.value, record.rule, to_json(record.reason),
        list(record.rules), list(record.assumptions), record.before_digest, record.after_digest,
    )  # fmt: skip


def _proof_key(kernel: str, file: LayerFile, record: ProofRecord) -> ProofKey:
    return (file.before_sha256, file.after_sha256, record.definitions_sha256, record.state, kernel)


def _proof_keys(result: SplitResult) -> dict[tuple[str, str], dict[str, ProofKey]]:
    """Map milestone and path to the keys of its proofs by state; a mixed milestone's null step has them."""
    return {
        (file.milestone, file.path): {
            record.state: _proof_key(result.kernel, file, record) for record in file.proofs
        }
        for file in result.layer_files
        if file.proofs
    }


def _proof_of(change: Change, keys: dict[tuple[str, str], dict[str, ProofKey]]) -> ProofKey | None:
    """Give the key of the proof that a change leans on, in the first of its states; None where none does."""
    if change.verdict is not Outcome.PROVED or not change.states:
        return None
    for path in (change.path, change.old_path):
        if path is not None and (found := keys.get((change.milestone, path))) is not None:
            return found.get(change.states[0])
    return None


def _text_digest(change: Change) -> str:
    before = hashlib.sha256(change.before).digest()
    return hashlib.sha256(before + hashlib.sha256(change.after).digest()).hexdigest()


def _text_row(change: Change, placed: _Placed) -> tuple[Any, ...]:
    return (
        change.fingerprint, placed.text_digest, to_bytes(change.path), to_display(change.path),
        to_display(change.function), change.before, change.after,
    )  # fmt: skip


def _said(change: Change) -> tuple[Any, ...]:
    """Give what a placement says of its change, in the order of the columns from ``fingerprint`` on."""
    return (
        change.fingerprint, change.neighbourhood, change.kind.value, change.part.value, change.verdict.value,
        change.rule, to_json(change.reason), [to_display(name) for name in change.macros],
        list(change.states), list(change.assumptions), [to_json(one) for one in change.hazards],
        change.straggler_of or "", *change.old, *change.new, *change.layer_before, *change.layer_after,
    )  # fmt: skip


def _digest(result: SplitResult, chunk: Chunk, placed: list[_Placed]) -> str:
    digest = hashlib.sha256(chunk.patch)
    for index in chunk.changes:
        one = placed[index]
        words = (one.said, one.text_digest, to_display(result.changes[index].path), one.proof)
        digest.update(json.dumps(words).encode("ascii"))
    return digest.hexdigest()


def _content_row(result: SplitResult, chunk: Chunk, digest: str) -> tuple[Any, ...]:
    verdicts = [result.changes[index].verdict for index in chunk.changes]
    return (
        digest, [to_display(path) for path in chunk.files], len(chunk.changes), chunk.added, chunk.removed,
        min(verdicts, key=_STRENGTH.index).value, chunk.patch,
    )  # fmt: skip


def _placements(
    result: SplitResult,
    ids: list[int],
    new: frozenset[int],
    texts: Merged,
    proofs: Merged,
    placed: list[_Placed],
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of new contents; contents that were there have theirs."""
    written: set[int] = set()
    for chunk, content_id in zip(result.chunks, ids, strict=True):
        if content_id not in new or content_id in written:
            continue
        written.add(content_id)
        for position, index in enumerate(chunk.changes, 1):
            one = placed[index]
            text_id = texts.ids[result.changes[index].fingerprint, one.text_digest]
            proof_id = proofs.ids[one.proof] if one.proof else None
            *words, hazards = one.said[: _HAZARDS + 1]
            yield (
                content_id, position, text_id, proof_id, *words, Jsonb(hazards), *one.said[_HAZARDS + 1 :],
            )  # fmt: skip
