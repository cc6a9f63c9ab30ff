"""What happens to revisions: they are received, tried again, refused; `ingest` splits them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Self

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from milestones.models import PlanVersion, Project
from milestones.rights import Right
from milestones.services import require
from reviews.ingest.mirror import resolve_commit
from reviews.ingest.tars import tar_digest
from reviews.models import Blob, Revision, Series
from reviews.store import Readable, Stored, blob_row, open_blob, store_stream
from vimagetrack.display import to_display
from vimagetrack.errors import Conflict, DomainError
from vimagetrack.events.models import Category
from vimagetrack.events.services import append
from vimagetrack.jobs.models import Job
from vimagetrack.jobs.services import create_job
from vimagetrack.people.models import Person

#: The task that splits one revision by one version of the plan.
INGEST = "reviews.ingest"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseClaim:
    """What an upload says of the tree that it stands on; full context is no claim, ingest finds it.

    At most one of ``commit``, an id in the project's registered mirror, and ``tree``, a tar of the touched
    files as they were before.
    """

    commit: str = ""
    tree: Readable | bytes | None = None

    @classmethod
    def none(cls) -> Self:
        """Claim nothing."""
        return cls()

    @classmethod
    def of_commit(cls, commit: str) -> Self:
        """Claim a commit, full or abbreviated."""
        return cls(commit=commit.strip().lower())

    @classmethod
    def of_tree(cls, tree: Readable | bytes) -> Self:
        """Claim the files of a tar."""
        return cls(tree=tree)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    kind: Revision.BaseKind
    id: str = ""
    stored: Stored | None = None


def receive_revision(
    *,
    actor: Person,
    project: Project,
    source: Readable | bytes,
    filename: str,
    now: datetime,
    series_slug: str = "main",
    base: BaseClaim = BaseClaim(),
) -> Revision:
    """Keep a regeneration and queue its split; the bytes are safe on disk when this returns.

    The same bytes on the same base are the same revision; one that was refused or failed is tried again.
    DomainError says what is wrong with what was sent; nothing of it is left but, at most, bytes
    without a row. What is wrong *in* the diff is found later: the revision is then refused, with the reason.
    """
    require(actor=actor, project=project, right=Right.UPLOAD)
    if project.archived_at is not None:
        raise DomainError(f"{project.slug} is archived and takes no more revisions", code="archived")
    _check_series_slug(series_slug)
    stated = _stated_base(project, base)
    stored = store_stream(_stream(source), limit=settings.MAX_UPLOAD_BYTES)
    if stored.size == 0:
        raise DomainError(
            "The file is empty, there is nothing to split",
            code="empty-file",
            field="file",
            hint="Did the command that makes it end with an error? `git diff OLD NEW > FILE` writes one.",
        )
    return _insert(actor, project, series_slug, stored, stated, to_display(filename)[:255], now)


@transaction.atomic
def retry_revision(*, actor: Person, revision: Revision, now: datetime) -> Job:
    """Split a failed or refused revision once more, by the plan in force."""
    project = revision.series.project
    require(actor=actor, project=project, right=Right.UPLOAD)
    locked = Revision.objects.select_for_update().get(pk=revision.pk)
    if locked.status not in (Revision.Status.FAILED, Revision.Status.REFUSED):
        raise Conflict(f"v{locked.number} is {locked.status}: there is nothing to try again")
    return _reopen(actor, project, locked, now)


@transaction.atomic
def queue_split(*, revision: Revision, plan_version: PlanVersion, now: datetime) -> Job:
    """Queue the split of a revision by a version of the plan; one open job for the two at a time."""
    return create_job(
        kind=INGEST,
        key=f"split:{revision.pk}:{plan_version.pk}",
        now=now,
        subject=revision,
        project=plan_version.project,
        payload={"plan_version": plan_version.pk},
    )


@transaction.atomic
def resplit(*, plan_version: PlanVersion, now: datetime) -> int:
    """Queue the splits that a new plan asks for: of each series' current revision and of unfinished ones.

    Gives how many; nothing where a still newer plan is in force, which asks for its own.
    """
    project = plan_version.project
    if project.plan_version != plan_version:
        return 0
    found = Revision.objects.to_resplit(project)
    for revision in found:
        queue_split(revision=revision, plan_version=plan_version, now=now)
    return len(found)


def _stream(source: Readable | bytes) -> Readable:
    return io.BytesIO(source) if isinstance(source, bytes) else source


def _check_series_slug(slug: str) -> None:
    if not slug or len(slug) > 64 or not slug.isascii() or not slug.replace("-", "a").isalnum():
        raise DomainError(
            "A series is named by up to 64 letters, digits and hyphens", code="bad-series", field="series"
        )


def _stated_base(project: Project, base: BaseClaim) -> _Base:
    if base.commit and base.tree is not None:
        raise DomainError("State a commit or send a tree as base, not both", code="bad-base", field="base")
    if base.commit:
        return _Base(kind=Revision.BaseKind.COMMIT, id=resolve_commit(project.mirror, base.commit))
    if base.tree is None:
        return _Base(kind=Revision.BaseKind.NONE)
    stored = store_stream(_stream(base.tree), limit=settings.MAX_UPLOAD_BYTES)
    return _Base(kind=Revision.BaseKind.TREE, id=_tree_id(stored), stored=stored)


def _tree_id(stored: Stored) -> str:
    with _open(stored) as raw:
        digest = tar_digest(raw, limit=settings.MAX_UPLOAD_BYTES)
    if not digest:
        raise DomainError("The base holds no file", code="bad-base", field="base")
    return digest


def _open(stored: Stored) -> IO[bytes]:
    return open_blob(Blob(path=stored.path, encoding=stored.encoding))


@transaction.atomic
def _insert(
    actor: Person, project: Project, slug: str, stored: Stored, base: _Base, filename: str, now: datetime
) -> Revision:
    Series.objects.bulk_create([Series(project=project, slug=slug, created_at=now)], ignore_conflicts=True)
    series = Series.objects.select_for_update().get(project=project, slug=slug)
    blob = blob_row(stored, now=now)
    found = series.revisions.filter(blob=blob, base_id=base.id).first()
    if found is not None:
        if found.status in (Revision.Status.FAILED, Revision.Status.REFUSED):
            _reopen(actor, project, found, now)
        return found
    newest = series.revisions.aggregate(newest=Max("number"))["newest"] or 0
    revision = series.revisions.create(
        number=newest + 1,
        blob=blob,
        filename=filename,
        base_kind=base.kind,
        base_id=base.id,
        base_blob=blob_row(base.stored, now=now) if base.stored else None,
        uploaded_by=actor,
        received_at=now,
    )
    queue_split(revision=revision, plan_version=project.plan_version, now=now)
    _note(Category.REVISION_RECEIVED, actor, project, revision, now)
    return revision


def _reopen(actor: Person, project: Project, revision: Revision, now: datetime) -> Job:
    revision.reopen()
    _note(Category.REVISION_RETRIED, actor, project, revision, now)
    return queue_split(revision=revision, plan_version=project.plan_version, now=now)


def _note(category: Category, actor: Person, project: Project, revision: Revision, now: datetime) -> None:
    append(
        category=category,
        actor=actor,
        at=now,
        project=project,
        subject=revision,
        payload={
            "series": revision.series.slug,
            "number": revision.number,
            "sha256": revision.blob.sha256,
            "size": revision.blob.size,
            "base_kind": revision.base_kind,
            "base_id": revision.base_id,
        },
    )
