"""Keyset paging: a page costs the same at any depth, and rows that arrive meanwhile shift nothing.

A cursor is for clients to follow, not to make. It holds the keys of the last row that was shown, nothing
secret, and is checked like any other input: one of another shape is a 400, never a query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

PAGE_SIZE = 50
MAX_PAGE_SIZE = 100

_CURSOR = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows in order; ``cursor`` leads to those after them, None where there are none."""

    rows: list[dict[str, Any]]
    cursor: str | None

    def respond(self, request: Request, results: Sequence[dict[str, Any]]) -> Response:
        """Answer with the rows, shaped, and the address of the next page, in body and Link header."""
        if self.cursor is None:
            return Response({"next": None, "results": results})
        url = replace_query_param(request.build_absolute_uri(), "cursor", self.cursor)
        return Response({"next": url, "results": results}, headers={"Link": f'<{url}>; rel="next"'})


def paginate(
    rows: QuerySet[Any, dict[str, Any]], *, keys: Sequence[str], cursor: str = "", size: int = PAGE_SIZE
) -> Page:
    """Cut one page out of ``rows``, a ``values()`` query whose rows hold every key.

    ``keys`` name columns of whole numbers, unique together, a leading "-" for descending order; they may
    differ in direction. Raises ValidationError for a cursor of another shape.
    """
    if cursor:
        rows = rows.filter(_after(keys, _decode(cursor, len(keys))))
    found = list(rows.order_by(*keys)[: size + 1])
    if len(found) <= size:
        return Page(rows=found, cursor=None)
    last = found[size - 1]
    return Page(rows=found[:size], cursor=_encode([last[key.removeprefix("-")] for key in keys]))


def _after(keys: Sequence[str], values: Sequence[int]) -> Q:
    """Compare as tuples, one direction a key: (a > 1) or (a = 1 and b > 2)."""
    later, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        column = key.removeprefix("-")
        comparison = "lt" if key.startswith("-") else "gt"
        later |= equal & Q((f"{column}__{comparison}", value))
        equal &= Q((column, value))
    return later


def _encode(values: Sequence[int]) -> str:
    return ".".join(map(str, values))


def _decode(cursor: str, count: int) -> list[int]:
    if not _CURSOR.fullmatch(cursor) or cursor.count(".") != count - 1:
        raise ValidationError(
            {"cursor": "This is no cursor of this list. Hint: follow `next` as it was given."}, "bad-cursor"
        )
    return [int(part) for part in cursor.split(".")]
