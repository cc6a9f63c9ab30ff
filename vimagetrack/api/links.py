"""Addresses in answers: absolute, so that a bot can follow them from whatever file it kept them in."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request


def link(request: Request, view: str, /, **names: str | int) -> str:
    """Give the absolute address of a named view, of the API ("api:project") or a page ("projects:detail")."""
    address: str = request.build_absolute_uri(reverse(view, kwargs=names))
    return address
