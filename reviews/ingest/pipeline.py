"""Split one revision by one version of the plan, from its bytes to its rows.

Until the last step nothing is written but progress: a run that ends before leaves no half of a split.
Run twice, or twice at once, it ends in the same rows: the second finds the first's.
"""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from milestones.models import PlanVersion
from reviews.ingest.bases import old_texts, read_base, touched_paths
from reviews.ingest.engine_run import run_split
from reviews.ingest.outcome import mark_ingesting, refuse
from reviews.ingest.rows import Found, Outdated, find_split, prepare, store_split
from reviews.ingest.tars import tree_digest
from reviews.models import Revision
from reviews.services import queue_split
from reviews.store import read_blob
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import EngineError, SplitError
from vimagetrack.engine.split import SplitResult
from vimagetrack.errors import DomainError, PermanentFailure, TemporaryFailure
from vimagetrack.jobs.models import Job
from vimagetrack.jobs.worker import Reporter

STAGES = ("base", "parse", "prove", "chunk", "recompose", "store")


def run(job: Job) -> None:
    """Do the job: split, refuse, or pass it on to a newer plan.

    Raises DomainError for what will fail again, TemporaryFailure for what may not, as the worker takes them.
    """
    revision = Revision.objects.select_related("series__project", "blob", "base_blob").get(pk=job.subject_id)
    plan_version = PlanVersion.objects.get(pk=job.payload["plan_version"])
    if find_split(revision, plan_version) is not None:
        return
    mark_ingesting(revision)
    try:
        _split(revision, plan_version, Reporter(job))
    except Outdated:
        newest = revision.series.project.plan_version
        queue_split(revision=revision, plan_version=newest, now=timezone.now())
    except SplitError as error:
        words = str(error).removesuffix(".")
        raise PermanentFailure(words, hint="This is a fault of the engine, not of the diff.") from error
    except TemporaryFailure:
        raise
    except (EngineError, DomainError) as error:
        if not refuse(revision, error, now=timezone.now()):
            raise PermanentFailure(str(error).removesuffix(".")) from error


def _split(revision: Revision, plan_version: PlanVersion, show: Reporter) -> None:
    show("base", 0, 1)
    monolith = read_blob(revision.blob)
    plan = plan_version.to_plan()
    base = _base(revision, monolith, plan.base_paths)
    result = run_split(monolith, plan, base, show)
    show("store", 0, len(result.chunks))
    found = Found(result=result, base_digest=_base_digest(base, result, monolith))
    prepared = prepare(found)
    store_split(revision, plan_version, prepared, now=timezone.now())


def _base(revision: Revision, monolith: bytes, more: Collection[str]) -> dict[str, bytes] | None:
    """Read the old texts that the diff touches, and those that the plan wants; None where no base was
    stated.
    """
    if revision.base_kind in (Revision.BaseKind.NONE, Revision.BaseKind.FULL_CONTEXT):
        return None
    return read_base(revision, touched_paths(parse(monolith)).union(more))


def _base_digest(base: dict[str, bytes] | None, result: SplitResult, monolith: bytes) -> str:
    """Name the base by the touched files' old texts; empty where they are not known whole."""
    if base is None and not result.whole:
        return ""
    diff = parse(monolith, second_opinion=False)
    touched = touched_paths(diff)
    texts = old_texts(diff) if base is None else {path: base[path] for path in base if path in touched}
    return tree_digest(texts)
