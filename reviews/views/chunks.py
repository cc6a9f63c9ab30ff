"""Chunks: the list with its filters, and the page of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from milestones.models import Project
from milestones.views.access import with_project
from reviews.forms import ChunkFilterForm
from reviews.models import ChunkVersion, Placement
from reviews.render.changes import ChangeNote
from reviews.render.patch import ROWS_SHOWN, Options
from reviews.render.patch import render as render_patch
from reviews.render.proof import ProofWords, proof_words
from reviews.render.tables import Mark, View
from reviews.views.find import find_chunk, newest_split
from vimagetrack.look.badges import look_of

CHUNKS_A_PAGE = 50
#: Enough to mean "all": a chunk of more lines than this was never split from anything.
ALL_ROWS = 1_000_000

#: A chunk is some hundred lines. One change that cannot be divided may have millions: nobody reads them on a
#: page, and a browser and the web worker would both choke on them.
MOST_LINES = 50_000

_MARKS = {"null-macro": Mark.NULL, "cosmetic": Mark.NULL, "vocabulary": Mark.PLAIN}


@require_GET
@with_project()
def chunk_list(request: HttpRequest, project: Project) -> HttpResponse:
    """List the chunks of the newest split that the filters keep, in the order in which they apply."""
    form = ChunkFilterForm(request.GET)
    filters = form.filters()
    split = newest_split(project)
    chunks = ChunkVersion.objects.none()
    total = 0
    if split is not None:
        everything = ChunkVersion.objects.of_split(split)
        total = everything.count()
        chunks = everything.for_list().matching(**filters)
    page = Paginator(chunks, CHUNKS_A_PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "project": project,
        "nav": "chunks",
        "split": split,
        "form": form,
        "chosen": form.cleaned_data,
        "page": page,
        "total": total,
        "filtered": bool(kept),
        "query": urlencode(kept),
        "milestones": project.milestones.in_plan(),
    }
    return render(request, "reviews/chunk-list.html", context)


@require_GET
@with_project()
def chunk_detail(request: HttpRequest, project: Project, uid: str, number: int | None = None) -> HttpResponse:
    """Show a chunk: what is proved of it in one sentence, and its diff."""
    version = find_chunk(project, uid, number)
    readable = version.content.added + version.content.removed <= MOST_LINES
    found = version.content.placements.select_related("text", "proof").order_by("position")
    placements = list(found if readable else found.defer("text__before", "text__after"))
    view = View.UNIFIED if request.GET.get("view") == View.UNIFIED else View.SPLIT
    options = _options(version, view, plain="plain" in request.GET, everything="all" in request.GET)
    patch = bytes(version.content.patch) if readable else b""
    files = render_patch(patch, options, notes=_notes(placements)) if readable else ()
    siblings = ChunkVersion.objects.of_split(version.split).filter(milestone=version.milestone)
    previous, following = _neighbours(version)
    context = {
        "project": project,
        "nav": "chunks",
        "version": version,
        "revision": version.split.revision,
        "files": files,
        "readable": readable,
        "placements": placements,
        "proof": _proof(version, placements),
        "tone": options.tone,
        "dims": version.kind in _MARKS,
        "view": view.value,
        "plain": "plain" in request.GET,
        "shown": sum(file.shown for file in files),
        "total": sum(file.total for file in files),
        "of": siblings.count(),
        "previous": previous,
        "following": following,
        "pinned": number is not None,
    }
    return render(request, "reviews/chunk-detail.html", context)


def _options(version: ChunkVersion, view: View, *, plain: bool, everything: bool) -> Options:
    look = look_of(version.kind)
    return Options(
        view=view,
        mark=Mark.PLAIN if plain else _MARKS.get(version.kind, Mark.MEAT),
        tone=look.tone,
        word=look.word,
        limit=ALL_ROWS if everything else ROWS_SHOWN,
    )


def _notes(placements: Sequence[Placement]) -> dict[str, list[ChangeNote]]:
    """Give what is known of a chunk's changes by file, in order."""
    notes: dict[str, list[ChangeNote]] = defaultdict(list)
    for one in placements:
        given_back = one.kind == "meat" and one.reason
        look = look_of("undecided" if given_back else one.kind)
        path = bytes(one.text.path).decode("utf-8", "surrogateescape")
        notes[path].append(
            ChangeNote(
                number=one.position,
                name=one.text.func,
                tone=look.tone,
                word=look.word,
                before=bytes(one.text.before),
                after=bytes(one.text.after),
            )
        )
    return notes


def _proof(version: ChunkVersion, placements: Sequence[Placement]) -> ProofWords:
    return proof_words(
        kind=version.kind,
        changes=len(placements),
        states=_union(placement.states for placement in placements),
        assumptions=_union(placement.assumptions for placement in placements),
        tables=sorted({p.proof.definitions_sha256 for p in placements if p.proof}),
        macros=_union(placement.macros for placement in placements),
        refused=[(p.position, p.rule, p.reason) for p in placements if p.verdict != "proved" and p.reason],
        stragglers=sorted({p.straggler_of for p in placements if p.straggler_of}),
    )


def _union(lists: Any) -> list[str]:
    return sorted({name for names in lists for name in names})


def _neighbours(version: ChunkVersion) -> tuple[ChunkVersion | None, ChunkVersion | None]:
    """Give the chunks before and after in the order of the split; one query for both."""
    order = list(ChunkVersion.objects.of_split(version.split).values_list("pk", flat=True))
    index = order.index(version.pk)
    near = [order[i] if 0 <= i < len(order) else None for i in (index - 1, index + 1)]
    found = {
        one.pk: one
        for one in ChunkVersion.objects.filter(pk__in=[pk for pk in near if pk]).select_related("chunk")
    }
    before, after = near
    return found.get(before or 0), found.get(after or 0)
