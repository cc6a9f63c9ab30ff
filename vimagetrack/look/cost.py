"""What a page cost, for its own footer: server time and database queries so far."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Cost:
    """Count queries and milliseconds of one request; read by the footer while the page is written."""

    do_not_call_in_templates = True  # it is callable for the database, not for a template

    def __init__(self) -> None:
        self.queries = 0
        self._began = time.perf_counter()

    @property
    def ms(self) -> int:
        """Milliseconds since the request came in."""
        return round((time.perf_counter() - self._began) * 1000)

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        """Count a query and run it: an execute wrapper of the connection."""
        self.queries += 1
        return execute(*args)


class CostMiddleware:
    """Hang a ``Cost`` on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Run the request under the counter."""
        cost = Cost()
        request.cost = cost  # type: ignore[attr-defined]  # read by templates only
        with connection.execute_wrapper(cost):
            return self.get_response(request)
