"""The page of a milestone: what it is, what the newest split has for it, its dates and patches."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from milestones.models import Milestone, Project
from milestones.pictures import days_late
from milestones.views.access import with_project
from reviews.models import ChunkVersion, LayerPatch, Split
from reviews.pictures import bar
from reviews.views.find import find_milestone, newest_split
from reviews.views.numbers import chunk_counts, layer_numbers
from reviews.views.schedule import state_of, step_of, today_in
from vimagetrack.engine.plan import Plan, parse_plan
from vimagetrack.look.badges import Tone

CHUNKS_SHOWN = 12


@require_GET
@with_project()
def milestone_detail(request: HttpRequest, project: Project, milestone: str) -> HttpResponse:
    """Show a milestone."""
    found = find_milestone(project, milestone)
    dates = list(found.dates.select_related("who").order_by("-id"))
    found.planned = [date for date in reversed(dates) if date.kind == "planned"]  # type: ignore[attr-defined]
    today = today_in(project)
    state, note = state_of(found, today)
    split = newest_split(project)
    plan = _read_plan(project.plan_version.toml)
    context = {
        "project": project,
        "nav": "schedule",
        "milestone": found,
        "of": len(plan.milestones),
        "dates": dates,
        "first_on": step_of(found).first_on,
        "late": days_late(today, step_of(found)),
        "state": state,
        "state_note": note,
        "split": split,
        "table": _table(plan, found),
        **(_in_split(split, found) if split else {}),
    }
    return render(request, "reviews/milestone-detail.html", context)


def _in_split(split: Split, milestone: Milestone) -> dict[str, object]:
    numbers = layer_numbers(split).get(milestone.pk)
    chunks = ChunkVersion.objects.of_split(split).for_list().filter(milestone=milestone)
    patches = LayerPatch.objects.filter(layer__split=split, layer__milestone=milestone)
    counts = chunk_counts(split).get(milestone.pk, {"all": 0, "unproved": 0})
    lines = numbers.lines if numbers else {}
    return {
        "numbers": numbers,
        "bar": bar(lines, extra="tall"),
        "tones": [(tone, lines[tone]) for tone in Tone if lines.get(tone)],
        "to_read": sum(lines.get(tone, 0) for tone in (Tone.MEAT, Tone.UNDECIDED, Tone.OPAQUE)),
        "chunks": list(chunks[:CHUNKS_SHOWN]),
        "counts": counts,
        "patches": list(patches.select_related("blob").order_by("position")),
    }


@lru_cache(maxsize=16)
def _read_plan(toml: str) -> Plan:
    """Read a stored plan; plans are values, so a few may be kept: reading a long one costs half a page."""
    return parse_plan(toml)


def _table(plan: Plan, milestone: Milestone) -> dict[str, object]:
    """Give the milestone's own table as the plan in force has it; only its directives are shown at once."""
    planned = next((one for one in plan.milestones if one.slug == milestone.slug), None)
    if planned is None:
        return {}
    text = planned.table
    return {
        "text": text,
        "directives": _directives(text),
        "lines": text.count(b"\n"),
        "macros": planned.macros,
        "families": planned.families,
        "null_in": planned.null_in,
        "gates": planned.gates,
    }


def _directives(text: bytes) -> bytes:
    """Keep the lines of preprocessor directives with their continuations: what a table is read for."""
    kept, going = [], False
    for line in text.split(b"\n"):
        if going or line.lstrip().startswith(b"#"):
            kept.append(line)
            going = line.endswith(b"\\")
    return b"\n".join(kept)
