"""The OpenAPI document's own words: how a problem looks, how a token is sent, what a page of rows is."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, extend_schema_serializer, inline_serializer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from vimagetrack.problems import MEDIA_TYPE

DESCRIPTION = """
VimageTrack lands one huge change in dated, provable, reviewed steps. This is what its pages show, for
programs.

Send `Authorization: Token vt_...`. Reading public projects needs no token. A private project is 404 to
whoever may not see it. Lists come in pages of at most 100: follow `next`. Every error is
`application/problem+json` with a `code` that does not change and a `detail` for people. Lines are counted
from 1, times are UTC,
dates are days in the project's own time zone.
"""


class FieldErrorSerializer(serializers.Serializer[Any]):
    """One complaint about one field."""

    field = serializers.CharField(help_text="Dotted path of the field; empty for the whole body.")
    code = serializers.CharField()
    detail = serializers.CharField()


@extend_schema_serializer(component_name="Problem")
class ProblemSerializer(serializers.Serializer[Any]):
    """An error, as RFC 9457 shapes it."""

    type = serializers.CharField(help_text="urn:vimagetrack:problem: and the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What, where, and what to do, in words.")
    code = serializers.CharField()
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]  # DRF moves fields off the class
    path = serializers.CharField(required=False, help_text="The file that the diff names.")
    diff_lineno = serializers.IntegerField(required=False, help_text="1-based line of the diff.")
    toml_lineno = serializers.IntegerField(required=False, help_text="1-based line of the plan.")
    hint = serializers.CharField(required=False)


_MEANINGS = {
    400: "A value cannot be used; `errors` says which.",
    401: "Who are you? No token, or one that is wrong, expired or revoked.",
    403: "You may see this, but not do that, or the token lacks the scope.",
    404: "There is nothing here, or nothing that you may see.",
    409: "What is stored says otherwise.",
    411: "The body's length is not stated.",
    413: "The body is above the limit.",
    415: "The body is of a kind that is not read here.",
}


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Give the responses of an operation that may fail like this."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=_MEANINGS[status])
        for status in statuses
    }


def page_of(row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Describe a page of rows; paging.Page writes it."""
    return inline_serializer(
        name=row.__name__.replace("Serializer", "Page"),
        fields={
            "next": serializers.URLField(allow_null=True, help_text="The next page; null at the end."),
            "results": row(many=True),
        },
    )


class Schema(AutoSchema):
    """Name operations after their addresses, so that a client's methods do not change with our classes."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Say that what is public may be read by nobody in particular."""
        auths: list[dict[str, list[str]]] = super().get_auth()
        return [*auths, {}] if self.method == "GET" and not self.path.endswith("/me/") else auths

    def get_summary(self) -> str | None:
        """Give the first sentence of the method's words: what a list of operations shows."""
        return (self.get_description() or "").split("\n")[0].rstrip(".") or None

    def get_tags(self) -> list[str]:
        """Group by what stands behind the project in the address."""
        parts = [part for part in self.path.split("/") if part and not part.startswith("{")]
        return [parts[3] if len(parts) > 3 else parts[2] if len(parts) > 2 else "service"]


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers by subclassing
    """How the document says that a token is sent."""

    target_class = "vimagetrack.people.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Describe the header; OpenAPI's http schemes do not know the word Token."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token vt_...`, made by `manage.py create_token HANDLE --scopes read,upload`",
        }


@cache
def document() -> dict[str, Any]:
    """Build the document once a process: it costs 0.1 s and more, and is the same for everybody."""
    generator = SchemaGenerator(api_version="v1")  # type: ignore[no-untyped-call]
    document: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    document["info"]["description"] = DESCRIPTION.strip()
    return document


class SchemaView(SpectacularAPIView):
    """The OpenAPI document, as YAML or JSON."""

    def _get_schema_response(self, request: Request) -> Response:
        return Response(document(), headers={"Content-Disposition": 'inline; filename="vimagetrack.openapi"'})


class DocsView(SpectacularSwaggerSplitView):
    """The API page; its scripts come from this server, so it works offline and under our policy."""

    url_name = "api:schema"
    template_name = "api/docs.html"
