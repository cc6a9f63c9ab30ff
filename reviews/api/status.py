"""Where a milestone stands, for the bot that answers on the list."""

from __future__ import annotations

import textwrap
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from milestones.api.base import ProjectView
from milestones.api.milestones import find_milestone
from milestones.models import Milestone, Project
from reviews.api.serializers import StatusSerializer
from reviews.api.shapes import LAYER
from reviews.api.splits import patches_of
from reviews.models import ChunkVersion, Layer, Split
from vimagetrack.api.links import link
from vimagetrack.api.schema import problems

#: Columns of a mail that is quoted once or twice and still fits.
MAIL_WIDTH = 72


class MilestoneStatus(ProjectView):
    """A milestone's status by its slug."""

    @extend_schema(
        operation_id="milestones_status", responses={200: StatusSerializer, **problems(401, 403, 404)}
    )
    def get(self, request: Request, slug: str, milestone: str) -> Response:
        """Tell where a milestone stands: its date, size, proofs and patches in the newest revision."""
        project = self.project(slug)
        found = find_milestone(project, milestone)
        today = timezone.now().astimezone(ZoneInfo(project.zone)).date()
        document = {
            "project": project.slug,
            "milestone": found.slug,
            "title": found.title,
            "position": found.position,
            "layer": found.layer,
            "state": found.stored_state,
            "owner": found.owner.handle if found.owner else None,
            "due": {"kind": found.due_kind, "on": found.due_on},
            "today": today,
            "days_left": days_left(found, today),
            "landed_on": found.landed_on,
            "series": series_status(request, project, found),
            "web_url": link(request, "milestones:detail", slug=project.slug, milestone=found.slug),
        }
        return Response({**document, "text": in_words(document)})


def days_left(milestone: Milestone, today: date) -> int | None:
    """Count the days to the end of what is due; negative is late, None without a date."""
    if milestone.due_on is None:
        return None
    due = milestone.due_on
    if milestone.due_kind == Milestone.DueKind.MONTH:
        due = due.replace(day=monthrange(due.year, due.month)[1])
    return (due - today).days


def series_status(request: Request, project: Project, milestone: Milestone) -> list[dict[str, Any]]:
    """Tell what each series has for the milestone, in its newest complete revision."""
    splits = Split.objects.newest_of(project)
    layers = list(
        Layer.objects.filter(split__in=splits, milestone=milestone)
        .order_by("split__revision__series__slug")
        .values(
            *LAYER,
            "split__number",
            "split__revision__number",
            "split__revision__series__slug",
            "split__revision__received_at",
        )
    )
    patches = patches_of(request, project.slug, [layer["id"] for layer in layers])
    verdicts = chunks_by_verdict([layer["id"] for layer in layers])
    return [
        layer_status(request, project, layer, patches[layer["id"]], verdicts[layer["id"]]) for layer in layers
    ]


def layer_status(
    request: Request,
    project: Project,
    layer: Mapping[str, Any],
    patches: list[dict[str, Any]],
    verdicts: Mapping[str, int],
) -> dict[str, Any]:
    """Shape one layer as SeriesStatusSerializer says."""
    series, revision = layer["split__revision__series__slug"], layer["split__revision__number"]
    plain = ("files", "added", "removed", "states", "assumptions", "kinds")
    return {
        "series": series,
        "revision": revision,
        "split": layer["split__number"],
        "received_at": layer["split__revision__received_at"],
        "verdict": layer["verdict"] or None,
        "chunks": dict(verdicts),
        "patches": patches,
        "web_url": link(request, "revisions:detail", slug=project.slug, series=series, number=revision),
        **{name: layer[name] for name in plain},
    }


def chunks_by_verdict(layer_ids: Sequence[int]) -> defaultdict[int, dict[str, int]]:
    """Count the chunks of each layer by their weakest verdict."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        ChunkVersion.objects.filter(layer_id__in=layer_ids)
        .order_by("layer_id", "content__verdict")
        .values_list("layer_id", "content__verdict")
        .annotate(Count("id"))
    )
    for layer_id, verdict, count in rows:
        counts[layer_id][verdict] = count
    return counts


def in_words(status: Mapping[str, Any]) -> str:
    """Say the status as a mail would, a paragraph for the milestone and one a series."""
    paragraphs = [f"{status['title']} ({status['milestone']}): {status['state']}{due_words(status)}."]
    paragraphs += [series_words(series) for series in status["series"]]
    if not status["series"]:
        paragraphs.append("No revision has been split for it yet.")
    wrapped = [textwrap.fill(text, MAIL_WIDTH, break_long_words=False) for text in paragraphs]
    return "\n\n".join([*wrapped, status["web_url"]]) + "\n"


def due_words(status: Mapping[str, Any]) -> str:
    """Say when it is due and how far that is; what has landed is not late any more."""
    if status["landed_on"]:
        return f" on {status['landed_on']}"
    left, due = status["days_left"], status["due"]
    if left is None:
        return ", without a date"
    said = f"{due['on']:%Y-%m}" if due["kind"] == Milestone.DueKind.MONTH else f"{due['on']}"
    far = f"{-left} days late" if left < 0 else f"in {left} days" if left else "today"
    return f", due {said} ({far})"


def series_words(series: Mapping[str, Any]) -> str:
    """Say size and proof of one series' share; undecided is never called proved."""
    chunks = sum(series["chunks"].values())
    proved = series["chunks"].get("proved", 0)
    files = "1 file" if series["files"] == 1 else f"{series['files']} files"
    size = f"{files}, +{series['added']} -{series['removed']} in {chunks} chunk{'s' if chunks != 1 else ''}"
    proof = f", {proved} of them proved null" if proved else ""
    return f"v{series['revision']} of {series['series']}: {size}{proof}."
