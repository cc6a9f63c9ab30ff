"""Take a regeneration: as a form with files or pasted text, or as a raw body for large ones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.exceptions import APIException

from milestones.models import Project
from milestones.rights import Right
from milestones.views.access import actor_of, with_project
from reviews.forms import RawUploadForm, UploadForm
from reviews.models import Revision
from reviews.services import BaseClaim, receive_revision
from vimagetrack.api.bodies import Body, check_length
from vimagetrack.errors import Conflict, DomainError, NotAllowed, TooLarge
from vimagetrack.look.words import size

REVISIONS_SHOWN = 8


@require_http_methods(["GET", "POST"])
@with_project(Right.UPLOAD)
def revision_upload(request: HttpRequest, project: Project) -> HttpResponse:
    """Show the form, or take what it sends; a script asks for JSON, a browser gets pages."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "GET" or not form.is_valid():
        return _refused(request, project, form, status=200 if request.method == "GET" else 422)
    data = form.cleaned_data
    try:
        revision = receive_revision(
            actor=actor_of(request),
            project=project,
            source=data["diff"] or _pasted(data["text"]),
            filename=data["diff"].name if data["diff"] else "pasted text",
            base=_base(data),
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(_field(error), str(error))
        return _refused(request, project, form, status=_status(error))
    return _taken(request, project, revision)


@require_POST
@with_project(Right.UPLOAD)
def revision_upload_raw(request: HttpRequest, project: Project) -> HttpResponseBase:
    """Take the diff as the request's body, streamed to disk as it comes; answers JSON."""
    form = RawUploadForm(request.GET)
    if not form.is_valid():
        return _json_error(" ".join(_sentences(form)), 422)
    try:
        length = check_length(request.META, limit=settings.MAX_UPLOAD_BYTES)
        revision = receive_revision(
            actor=actor_of(request),
            project=project,
            source=Body(request, length),  # type: ignore[arg-type]  # a request reads as a file does
            filename=form.cleaned_data["filename"],
            base=_base(form.cleaned_data),
            now=timezone.now(),
        )
    except APIException as error:
        return _json_error(str(error.detail), error.status_code)
    except DomainError as error:
        return _json_error(str(error), _status(error))
    return JsonResponse({"location": _address(project, revision)}, status=201)


def _pasted(text: str) -> bytes:
    # A browser sends a text area's lines with CR LF; a diff whose own lines end so must come as a file.
    return text.replace("\r\n", "\n").encode()


def _base(data: dict[str, Any]) -> BaseClaim:
    match data.get("base"):
        case "tree":
            return BaseClaim.of_tree(data["base_tar"])
        case "commit":
            return BaseClaim.of_commit(data["base_commit"])
        case _:
            return BaseClaim.none()


def _field(error: DomainError) -> str | None:
    """Find the form's field that an error is about."""
    return {"file": "diff", "base": "base", "commit": "base_commit"}.get(error.field)


def _status(error: DomainError) -> int:
    match error:
        case NotAllowed():
            return HTTPStatus.FORBIDDEN
        case Conflict():
            return HTTPStatus.CONFLICT
        case TooLarge():
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY


def _taken(request: HttpRequest, project: Project, revision: Revision) -> HttpResponse:
    address = _address(project, revision)
    if request.accepts("text/html"):
        return redirect(address)
    return JsonResponse({"location": address}, status=201)


def _address(project: Project, revision: Revision) -> str:
    return reverse("revisions:detail", args=[project.slug, revision.series.slug, revision.number])


def _refused(request: HttpRequest, project: Project, form: UploadForm, *, status: int) -> HttpResponse:
    if status != HTTPStatus.OK and not request.accepts("text/html"):
        return _json_error(" ".join(_sentences(form)), status)
    revisions = Revision.objects.of_project(project).select_related("series", "uploaded_by")
    context = {
        "project": project,
        "nav": "revisions",
        "form": form,
        "revisions": list(revisions[:REVISIONS_SHOWN]),
        "limit": size(settings.MAX_UPLOAD_BYTES),
        "chosen_base": form["base"].value() or ("commit" if project.mirror else "none"),
    }
    return render(request, "reviews/revision-upload.html", context, status=status)


def _sentences(form: UploadForm | RawUploadForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _json_error(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
