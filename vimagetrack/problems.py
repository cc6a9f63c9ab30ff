"""Our errors as ``application/problem+json`` (RFC 9457), for everything under ``/api/``.

One shape for all: ``type``, ``title``, ``status``, ``detail``, ``code``, and ``errors`` for fields; an
error of the engine adds where it is (``path``, ``diff_lineno``, ``toml_lineno``) and a ``hint``. This
module knows exceptions, never rows; pages show the same words in their own way.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import singledispatch
from http import HTTPStatus
from typing import Any

from django.core import exceptions as core
from django.core.signals import got_request_exception
from django.db import DataError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    UnreadablePostError,
)
from django.views import defaults
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from vimagetrack import errors
from vimagetrack.engine.errors import EngineError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One complaint about one field; ``field`` is a dotted path, empty for the whole body."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, in words for a person and a code for a program.

    ``extra`` holds the members that only some problems have; ``headers`` go to the response.
    """

    status: int
    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the document of RFC 9457; ``errors`` is always there, so that clients need no test."""
        return {
            "type": f"urn:vimagetrack:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [asdict(error) for error in self.errors],
            **{name: value for name, value in self.extra.items() if value not in (None, "")},
        }


class ProblemRenderer(JSONRenderer):
    """Write a problem as JSON, whatever the client asked for: an error in ``text/x-diff`` helps nobody."""

    media_type = MEDIA_TYPE
    format = "problem"


class LengthRequired(drf.APIException):
    """The body has no stated length: it cannot be read under WSGI, nor refused before it is read."""

    status_code = 411
    default_code = "length-required"
    default_detail = (
        "State the body's Content-Length; chunked bodies are not read. Hint: curl --data-binary @FILE does."
    )


class TooLarge(drf.APIException):
    """The body is above the limit; nothing of it was kept."""

    status_code = 413
    default_code = "too-large"


class BodyCut(drf.APIException):
    """The connection ended before the body did; nothing of it was kept."""

    status_code = 400
    default_code = "body-cut"
    default_detail = "The body ended before its stated length; nothing was kept. Hint: send it again."


class Conflict(drf.APIException):
    """The request is right, but what is stored says otherwise."""

    status_code = 409
    default_code = "conflict"


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """Answer any exception of an API view; register as REST_FRAMEWORK["EXCEPTION_HANDLER"].

    An exception that nobody expected is logged in full and announced as Django does (so a test client
    raises it), then apologised for in one sentence that tells nothing of the inside.
    """
    problem = to_problem(exc)
    request = context.get("request")
    if problem is None:
        log.error("unexpected error in the API", exc_info=exc)
        got_request_exception.send(sender=exception_handler, request=getattr(request, "_request", request))
        problem = INTERNAL
    set_rollback()
    if request is not None:
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), MEDIA_TYPE
    return Response(
        problem.to_json(), status=problem.status, headers=dict(problem.headers), content_type=MEDIA_TYPE
    )


INTERNAL = Problem(
    status=500,
    code="internal-error",
    detail="Something went wrong on our side; it has been logged. Try again, and tell us if it stays.",
)


@singledispatch
def to_problem(exc: object) -> Problem | None:
    """Translate an exception; None for one that nobody expected."""
    return None


@to_problem.register
def _(exc: drf.APIException) -> Problem:
    if isinstance(exc, drf.ValidationError):
        complaints = tuple(_flatten(exc.get_full_details()))
        return Problem(status=400, code="invalid", detail=_summary(complaints), errors=complaints)
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]  # set by APIView
    if getattr(exc, "wait", None):
        headers["Retry-After"] = f"{exc.wait:.0f}"  # type: ignore[attr-defined]  # set by Throttled
    code = exc.detail.code if isinstance(exc.detail, drf.ErrorDetail) else exc.default_code
    return Problem(status=exc.status_code, code=_hyphened(str(code)), detail=str(exc.detail), headers=headers)


@to_problem.register
def _(exc: Http404) -> Problem:
    return Problem(status=404, code="not-found", detail="There is nothing here, or nothing that you may see.")


@to_problem.register
def _(exc: core.PermissionDenied) -> Problem:
    return Problem(
        status=403, code="permission-denied", detail=str(exc) or "You may see this, but not do that."
    )


@to_problem.register
def _(exc: core.ValidationError) -> Problem:
    named: Mapping[str, Sequence[str]] = (
        exc.message_dict if hasattr(exc, "error_dict") else {"": exc.messages}
    )
    complaints = tuple(
        FieldError(field=_field_name(name), code="invalid", detail=text)
        for name, texts in named.items()
        for text in texts
    )
    return Problem(status=400, code="invalid", detail=_summary(complaints), errors=complaints)


@to_problem.register
def _(exc: core.RequestDataTooBig) -> Problem:
    return Problem(status=413, code="too-large", detail="The form's fields are larger than we read.")


@to_problem.register
def _(exc: core.SuspiciousOperation) -> Problem:
    return Problem(
        status=400, code="bad-request", detail=f"The request cannot be read: {type(exc).__name__}."
    )


@to_problem.register
def _(exc: core.BadRequest) -> Problem:
    return Problem(status=400, code="bad-request", detail=str(exc) or "The request cannot be read.")


@to_problem.register
def _(exc: UnreadablePostError) -> Problem:
    return Problem(status=400, code=BodyCut.default_code, detail=BodyCut.default_detail)


@to_problem.register
def _(exc: DataError) -> Problem:
    # A net below the checks of the fields, never instead of them: the log says which check is missing.
    log.error("a value reached the database that it cannot hold", exc_info=exc)
    return Problem(
        status=400, code="invalid", detail="A value holds what cannot be stored (NUL, or too large)."
    )


@to_problem.register
def _(exc: EngineError) -> Problem:
    place = {name: getattr(exc, name, None) for name in ("path", "diff_lineno", "toml_lineno", "hint")}
    detail = f"{exc.message} ({exc.place})." if exc.place else f"{exc.message}."
    return Problem(status=400, code=_hyphened(exc.code), detail=detail, extra=place)


_STATUS_OF_REFUSALS: Mapping[type[errors.DomainError], int] = {
    errors.NotAllowed: 403,
    errors.TooLarge: 413,
    errors.Conflict: 409,
    errors.TemporaryFailure: 503,
}


@to_problem.register
def _(exc: errors.DomainError) -> Problem:
    status = next((s for kind, s in _STATUS_OF_REFUSALS.items() if isinstance(exc, kind)), 400)
    code, detail = _hyphened(exc.code), f"{exc.message}."
    complaints = (FieldError(field=exc.field, code=code, detail=detail),) if exc.field else ()
    return Problem(status=status, code=code, detail=detail, errors=complaints, extra={"hint": exc.hint})


def _flatten(details: Any, path: str = "") -> Iterator[FieldError]:
    """Walk DRF's nested details into a flat list of complaints."""
    if isinstance(details, Mapping):
        if set(details) == {"message", "code"}:
            yield FieldError(field=path, code=_hyphened(details["code"]), detail=str(details["message"]))
            return
        for name, inner in details.items():
            yield from _flatten(inner, ".".join(filter(None, (path, _field_name(str(name))))))
    elif isinstance(details, Sequence):
        for inner in details:
            yield from _flatten(inner, path)


def _field_name(name: str) -> str:
    return "" if name in {api_settings.NON_FIELD_ERRORS_KEY, core.NON_FIELD_ERRORS} else name


def _hyphened(code: str) -> str:
    return code.replace("_", "-")


def _summary(complaints: Sequence[FieldError]) -> str:
    """Say the complaints in one line: the first three whole, the rest counted."""
    if not complaints:
        return "The request is not valid."
    said = [f"{one.field}: {one.detail}" if one.field else one.detail for one in complaints[:3]]
    more = f" ({len(complaints) - 3} more in errors)" if len(complaints) > 3 else ""
    return " ".join(said) + more


def problem_response(problem: Problem) -> JsonResponse:
    """Answer with a problem outside DRF: from middleware, or from Django's own error handlers."""
    return JsonResponse(
        problem.to_json(), status=problem.status, headers=dict(problem.headers), content_type=MEDIA_TYPE
    )


def is_api(request: HttpRequest) -> bool:
    """Tell whether the errors of this request are read by a program."""
    return request.path_info.startswith(API_PREFIX)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Stand in for handler400."""
    if not is_api(request):
        return defaults.bad_request(request, exception)
    return problem_response(
        to_problem(exception) or Problem(status=400, code="bad-request", detail="The request cannot be read.")
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Stand in for handler403."""
    if not is_api(request):
        return defaults.permission_denied(request, exception)
    return problem_response(
        Problem(status=403, code="permission-denied", detail="You may see this, but not do that.")
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Stand in for handler404."""
    if not is_api(request):
        return defaults.page_not_found(request, exception)
    return problem_response(
        Problem(status=404, code="not-found", detail="There is no such address in the API.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Stand in for handler500."""
    return problem_response(INTERNAL) if is_api(request) else defaults.server_error(request)
