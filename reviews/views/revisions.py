"""Revisions: the list, and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from milestones.models import Project
from milestones.rights import Right
from milestones.views.access import actor_of, may, with_project
from reviews.models import LayerPatch, Revision, Split
from reviews.pictures import BarRow, kinds_chart, treemap
from reviews.services import retry_revision
from reviews.views.find import find_revision, split_of
from reviews.views.numbers import files_by_meat, layer_numbers, summed
from reviews.views.progress import progress_context, took
from vimagetrack.errors import DomainError
from vimagetrack.jobs.models import Job
from vimagetrack.look.badges import Tone

REVISIONS_A_PAGE = 30
WARNINGS_SHOWN = 20
FILES_SHOWN = 12


@require_GET
@with_project()
def revision_list(request: HttpRequest, project: Project) -> HttpResponse:
    """List the revisions of a project, newest first."""
    revisions = Revision.objects.of_project(project).select_related("series", "blob", "uploaded_by")
    page = Paginator(revisions, REVISIONS_A_PAGE).get_page(request.GET.get("page"))
    splits = {
        split.revision_id: split
        for split in Split.objects.current().filter(revision__in=[revision.pk for revision in page])
    }
    rows = [(revision, _split_totals(splits.get(revision.pk))) for revision in page]
    context = {
        "project": project,
        "nav": "revisions",
        "page": page,
        "rows": rows,
        "may_upload": may(project, Right.UPLOAD),
    }
    return render(request, "reviews/revision-list.html", context)


def _split_totals(split: Split | None) -> dict[str, int]:
    if split is None:
        return {}
    kinds = split.totals
    lines = {kind: counts.get("added", 0) + counts.get("removed", 0) for kind, counts in kinds.items()}
    return {"lines": sum(lines.values()), "meat": lines.get("meat", 0), "files": split.files}


@require_GET
@with_project()
def revision_detail(request: HttpRequest, project: Project, series: str, number: int) -> HttpResponse:
    """Show a revision: its progress, its refusal, or what it was split into."""
    revision = find_revision(project, series, number)
    split = split_of(revision) if revision.status == Revision.Status.COMPLETE else None
    context: dict[str, Any] = {
        "project": project,
        "nav": "revisions",
        "revision": revision,
        "split": split,
        "is_current": revision.series.current_id == revision.pk,
        "may_upload": may(project, Right.UPLOAD),
    }
    if split is not None:
        context |= {**_split_context(split), "took": took(Job.objects.about(revision).first())}
    elif not revision.is_finished:
        context |= progress_context(revision, insider=may(project, Right.UPLOAD))
    return render(request, "reviews/revision-detail.html", context)


@require_POST
@with_project(Right.UPLOAD)
def revision_retry(request: HttpRequest, project: Project, series: str, number: int) -> HttpResponse:
    """Split a refused or failed revision once more."""
    revision = find_revision(project, series, number)
    try:
        retry_revision(actor=actor_of(request), revision=revision, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("revisions:detail", project.slug, series, number)


def _split_context(split: Split) -> dict[str, Any]:
    numbers = [(layer, layer.layer.milestone) for layer in layer_numbers(split).values()]
    files = files_by_meat(split)
    lines = summed(layer.lines for layer, _ in numbers)
    worst = sorted(files, key=lambda file: (-file.meat, -file.lines, file.path))
    warnings: list[dict[str, Any]] = split.warnings
    return {
        "layers": [
            {
                "numbers": layer,
                "milestone": milestone,
                "cells": [(tone.value, layer.lines.get(tone, 0)) for tone in Tone],
            }
            for layer, milestone in numbers
        ],
        "tones": list(Tone),
        "total": sum(lines.values()),
        "unproved": sum(lines.get(tone, 0) for tone in (Tone.MEAT, Tone.UNDECIDED, Tone.OPAQUE)),
        "undecided": lines.get(Tone.UNDECIDED, 0),
        "file_count": len(files),
        "chart": kinds_chart([BarRow(title=m.title, note="", lines=n.lines) for n, m in numbers if n.total]),
        "map": treemap(files),
        "worst": worst[:FILES_SHOWN],
        "warnings": warnings[:WARNINGS_SHOWN],
        "warning_count": len(warnings),
        "order": split.order,
        "patches": _patches(split),
        "chunk_count": split.chunk_versions.count(),
    }


def _patches(split: Split) -> list[LayerPatch]:
    patches = LayerPatch.objects.filter(layer__split=split).select_related("layer", "blob")
    return list(patches.order_by("layer__position", "position"))
