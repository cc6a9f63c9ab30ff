"""The entrance: where everything else is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from vimagetrack.api.links import link
from vimagetrack.api.views import ApiView

ENTRANCES = ("projects", "me", "schema", "docs")


class IndexSerializer(serializers.Serializer[Any]):
    """Where everything else is."""

    projects = serializers.URLField()
    me = serializers.URLField()
    schema = serializers.URLField()
    docs = serializers.URLField()


class Index(ApiView):
    """The entrance."""

    @extend_schema(operation_id="index_read", responses={200: IndexSerializer})
    def get(self, request: Request) -> Response:
        """Give the addresses to start from."""
        return Response({name: link(request, f"api:{name}") for name in ENTRANCES})
