"""A split's values as rows, all in one transaction, or none.

Blobs are written before it (bytes without a row harm nobody), rows with COPY inside it. Stores of one project
wait for each other, and for changes of its plan: the project's row is the lock.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from milestones.models import Milestone, PlanVersion, Project
from reviews.ingest.contents import merge_contents
from reviews.ingest.copy import copy_rows
from reviews.ingest.inherit import chunk_ids
from reviews.ingest.outcome import note_split, promote
from reviews.models import ChunkVersion, Layer, LayerFile, LayerPatch, Revision, Split
from reviews.store import Stored, blob_row, store_bytes
from vimagetrack.display import path_digest, to_bytes, to_display, to_json
from vimagetrack.engine import ENGINE_VERSION
from vimagetrack.engine.output import report_json
from vimagetrack.engine.split import MilestoneResult, SplitResult
from vimagetrack.jobs.services import note_stage

FILE_COLUMNS = (
    "split_id", "milestone_id", "step", "path", "path_text", "path_sha256", "before_sha256", "after_sha256",
    "added", "removed",
)  # fmt: skip
VERSION_COLUMNS = (
    "project_id", "split_id", "chunk_id", "content_id", "milestone_id", "layer_id", "kind", "area",
    "position", "title", "oversize", "pw_state", "archived", "commit_ref",
)  # fmt: skip
#: A store may take long, and may wait long for another one; it must not hang for ever.
LIMITS = """
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '600s';
SET LOCAL idle_in_transaction_session_timeout = '600s'
"""


class Outdated(Exception):
    """The plan was changed while its split was made: split by the newer one instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run found: the split, and the name of the base that it stands on."""

    result: SplitResult
    base_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A found split whose files are in the store; ``patches`` by milestone, in order."""

    found: Found
    report: Stored
    patches: dict[str, tuple[tuple[str, Stored], ...]]


def find_split(revision: Revision, plan_version: PlanVersion) -> Split | None:
    """Give the split of this revision by this plan and this engine, if there is one."""
    return Split.objects.filter(revision=revision, plan_version=plan_version, engine=ENGINE_VERSION).first()


def prepare(found: Found) -> Prepared:
    """Put report and patches into the store."""
    return Prepared(
        found=found,
        report=store_bytes(report_json(found.result)),
        patches={
            milestone.slug: tuple((name, store_bytes(patch)) for name, patch in milestone.patches)
            for milestone in found.result.milestones
        },
    )


@transaction.atomic
def store_split(revision: Revision, plan_version: PlanVersion, prepared: Prepared, *, now: datetime) -> Split:
    """Write everything, or find that somebody has; Outdated where the plan is no longer in force."""
    with connection.cursor() as cursor:
        cursor.execute(LIMITS)
    project = Project.objects.select_for_update(no_key=True).get(pk=plan_version.project_id)
    if (there := find_split(revision, plan_version)) is not None:
        return there
    if project.plan_version != plan_version:
        raise Outdated
    split = _insert_split(revision, plan_version, prepared, now)
    milestones = {row.slug: row for row in project.milestones.all()}
    layers = _insert_layers(split, prepared, milestones, now)
    _copy_files(split, prepared.found.result, milestones)
    _copy_chunks(split, prepared.found.result, milestones, layers)
    promote(split, now=now)
    note_split(split, now=now)
    return split


def _insert_split(revision: Revision, plan_version: PlanVersion, prepared: Prepared, now: datetime) -> Split:
    result, base_digest = prepared.found.result, prepared.found.base_digest
    if base_digest and revision.base_kind == Revision.BaseKind.NONE:
        revision.base_kind = Revision.BaseKind.FULL_CONTEXT
    revision.base_digest = base_digest
    revision.save(update_fields=["base_kind", "base_digest"])
    note_stage(
        input_parts=(result.input_sha256, base_digest, result.plan_sha256),
        stage="split",
        code_version=result.engine,
        output_ref=prepared.report.sha256,
        now=now,
    )
    newest = revision.splits.aggregate(newest=Max("number"))["newest"] or 0
    return Split.objects.create(
        revision=revision,
        plan_version=plan_version,
        number=newest + 1,
        engine=result.engine,
        kernel_version=result.kernel,
        state=Split.State.SUPERSEDED,
        input_sha256=result.input_sha256,
        plan_sha256=result.plan_sha256,
        base_digest=base_digest,
        totals=result.totals,
        order=[to_json(asdict(one)) for one in result.order],
        files=result.files,
        whole=result.whole,
        warnings=[
            to_json({"path": one.path, "diff_lineno": one.diff_lineno, "code": one.code, "text": one.text})
            for one in result.warnings
        ],
        report=blob_row(prepared.report, now=now),
        created_at=now,
    )


def _insert_layers(
    split: Split, prepared: Prepared, milestones: dict[str, Milestone], now: datetime
) -> dict[str, Layer]:
    kinds = _kinds(prepared.found.result)
    layers = {
        one.slug: _layer(split, one, milestones[one.slug], kinds[one.slug])
        for one in prepared.found.result.milestones
    }
    Layer.objects.bulk_create(layers.values())
    LayerPatch.objects.bulk_create(
        LayerPatch(layer=layers[slug], position=position, name=name, blob=blob_row(stored, now=now))
        for slug, patches in prepared.patches.items()
        for position, (name, stored) in enumerate(patches, 1)
    )
    return layers


def _layer(
    split: Split, one: MilestoneResult, milestone: Milestone, kinds: dict[str, dict[str, int]]
) -> Layer:
    return Layer(
        split=split,
        milestone=milestone,
        position=one.position,
        slug=one.slug,
        layer=one.layer,
        files=one.files,
        added=one.added,
        removed=one.removed,
        verdict=one.proof.verdict.value if one.proof.verdict else "",
        states=list(one.proof.states),
        assumptions=list(one.proof.assumptions),
        kinds=kinds,
    )


def _kinds(result: SplitResult) -> dict[str, dict[str, dict[str, int]]]:
    """Count changes and lines by milestone and kind."""
    counted: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for change in result.changes:
        row = counted[change.milestone].setdefault(
            change.kind.value, {"changes": 0, "added": 0, "removed": 0}
        )
        row["changes"] += 1
        row["added"] += change.added
        row["removed"] += change.removed
    return counted


def _copy_files(split: Split, result: SplitResult, milestones: dict[str, Milestone]) -> None:
    copy_rows(
        LayerFile,
        FILE_COLUMNS,
        (
            (
                split.pk,
                milestones[one.milestone].pk,
                one.step,
                to_bytes(one.path),
                to_display(one.path),
                path_digest(one.path),
                one.before_sha256,
                one.after_sha256,
                one.added,
                one.removed,
            )
            for one in result.layer_files
        ),
    )


def _copy_chunks(
    split: Split, result: SplitResult, milestones: dict[str, Milestone], layers: dict[str, Layer]
) -> None:
    contents = merge_contents(result)
    chunks = chunk_ids(split, result, {slug: row.pk for slug, row in milestones.items()})
    copy_rows(
        ChunkVersion,
        VERSION_COLUMNS,
        (
            (
                split.plan_version.project_id,
                split.pk,
                chunk_id,
                content_id,
                milestones[one.milestone].pk,
                layers[one.milestone].pk,
                one.kind.value,
                to_display(one.area)[:64],
                one.order,
                to_display(one.title),
                one.oversize,
                "new",
                False,
                "",
            )
            for one, content_id, chunk_id in zip(result.chunks, contents, chunks, strict=True)
        ),
    )
