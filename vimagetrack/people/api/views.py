"""Whom a token speaks for, and what it may do."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from vimagetrack.api.schema import problems
from vimagetrack.api.views import ApiView, token_of
from vimagetrack.people.models import Person, Scope, Token


class TokenSerializer(serializers.Serializer[Any]):
    """The token of this request, without its secret."""

    prefix = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # DRF moves fields off the class
    scopes = serializers.ListField(child=serializers.ChoiceField([(s.value, s.value) for s in Scope]))
    project = serializers.CharField(allow_null=True, help_text="Slug of the one project; null: all.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True, help_text="Before this request, to the minute.")


class MeSerializer(serializers.Serializer[Any]):
    """Who asks."""

    handle = serializers.CharField(allow_null=True, help_text="null: an account that stands for nobody.")
    name = serializers.CharField(allow_blank=True)
    token = TokenSerializer(allow_null=True, help_text="null: a session.")


class Me(ApiView):
    """Who asks."""

    @extend_schema(operation_id="me_read", responses={200: MeSerializer, **problems(401, 403)})
    def get(self, request: Request) -> Response:
        """Tell whom the token speaks for, and with which scopes: the first thing to try with a new one."""
        if not request.user.is_authenticated:
            raise NotAuthenticated
        person = Person.objects.filter(user=request.user.pk).first()
        token = token_of(request)
        return Response(
            {
                "handle": person.handle if person else None,
                "name": person.name if person else "",
                "token": token_json(token) if token else None,
            }
        )


def token_json(token: Token) -> dict[str, Any]:
    """Shape a token as TokenSerializer says."""
    plain = ("prefix", "label", "scopes", "created_at", "expires_at", "used_at")
    project = token.project.slug if token.project else None
    return {"project": project, **{name: getattr(token, name) for name in plain}}
