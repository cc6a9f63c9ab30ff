from __future__ import annotations

import json

import pytest
from django.core import exceptions as core
from django.db import DataError
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions as drf

from vimagetrack import errors, problems
from vimagetrack.engine.errors import ParseError, PlanError


def test_engine_error_says_what_where_and_what_to_do() -> None:
    problem = problems.to_problem(
        ParseError(
            "hunk 3 ends early", path="sys/net/if.c", diff_lineno=1204, hint="Send it as an attachment."
        )
    )
    assert problem is not None
    assert problem.to_json() == {
        "type": "urn:vimagetrack:problem:parse-error",
        "title": "Bad Request",
        "status": 400,
        "detail": "hunk 3 ends early (sys/net/if.c, diff line 1204).",
        "code": "parse-error",
        "errors": [],
        "path": "sys/net/if.c",
        "diff_lineno": 1204,
        "hint": "Send it as an attachment.",
    }


def test_plan_error_names_the_line_of_the_plan() -> None:
    problem = problems.to_problem(PlanError("unknown key `dew_on`", toml_lineno=9))
    assert problem is not None
    assert problem.to_json()["toml_lineno"] == 9


def test_nested_field_errors_become_dotted_paths() -> None:
    problem = problems.to_problem(
        drf.ValidationError({"a": [{"b": ["no"]}], "non_field_errors": ["neither"]}, "bad_thing")
    )
    assert problem is not None
    assert [(e.field, e.code, e.detail) for e in problem.errors] == [
        ("a.b", "bad-thing", "no"),
        ("", "bad-thing", "neither"),
    ]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404("Project 7 of alice"), 404, "not-found"),
        (core.PermissionDenied(), 403, "permission-denied"),
        (core.ValidationError({"slug": ["taken"]}), 400, "invalid"),
        (core.RequestDataTooBig(), 413, "too-large"),
        (core.SuspiciousOperation("/etc/passwd"), 400, "bad-request"),
        (errors.DomainError("The tar is empty"), 400, "refused"),
        (errors.NotAllowed("Only a lead may do this"), 403, "not-allowed"),
        (errors.TooLarge("The diff has 2 bytes, the limit is 1"), 413, "too-large"),
        (errors.Conflict("The slug is taken", code="slug-taken", field="slug"), 409, "slug-taken"),
        (core.BadRequest(), 400, "bad-request"),
        (DataError("PostgreSQL text fields cannot contain NUL"), 400, "invalid"),
        (drf.NotAuthenticated(), 401, "not-authenticated"),
        (drf.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (drf.Throttled(7), 429, "throttled"),
    ],
)
def test_known_errors_have_a_status_and_a_code(error: Exception, status: int, code: str) -> None:
    problem = problems.to_problem(error)
    assert problem is not None
    assert (problem.status, problem.code) == (status, code)
    assert "alice" not in problem.detail
    assert "passwd" not in problem.detail


def test_unexpected_errors_tell_nothing_of_the_inside() -> None:
    response = problems.exception_handler(RuntimeError("secret"), {})
    assert response.status_code == 500
    assert "secret" not in json.dumps(response.data)


@pytest.mark.parametrize(
    ("handler", "status"),
    [("bad_request", 400), ("permission_denied", 403), ("page_not_found", 404)],
)
def test_django_handlers_answer_the_api_as_problems(handler: str, status: int) -> None:
    request = RequestFactory().get("/api/nothing")
    response = getattr(problems, handler)(request, Exception("x"))
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")


def test_server_error_answers_the_api_as_a_problem() -> None:
    response = problems.server_error(RequestFactory().get("/api/v1/projects/"))
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
