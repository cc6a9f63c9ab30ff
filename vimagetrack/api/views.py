"""The view that every endpoint is: who asks, with which scope, for how many bytes; then its own few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.utils.cache import patch_vary_headers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from vimagetrack.api.bodies import check_length
from vimagetrack.api.schema import Schema
from vimagetrack.people.authentication import TokenAuthentication
from vimagetrack.people.models import Scope, Token


class TokenHasScope(BasePermission):
    """A token opens what its scopes name; a session, or nobody, is judged by rights alone.

    Judged before anything is looked up, so the answer says nothing about what exists.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse with the name of the scope that is missing."""
        token = token_of(request)
        wanted = getattr(view, "scopes", {}).get("GET" if request.method == "HEAD" else request.method)
        if token is None or wanted is None or token.allows(wanted):
            return True
        raise PermissionDenied(
            f"This token lacks the scope `{wanted}`; it has {', '.join(token.scopes)}.", "scope-missing"
        )


class ApiView(APIView):
    """A resource of ``/api/v1/``; a subclass names the scope of each of its methods beyond GET."""

    scopes: ClassVar[Mapping[str, Scope]] = {"GET": Scope.READ}
    schema = Schema()
    authentication_classes = (TokenAuthentication, SessionAuthentication)
    permission_classes = (TokenHasScope,)
    renderer_classes = (JSONRenderer,)  # never the browsable API: it has had XSS twice
    parser_classes: Sequence[type[BaseParser]] = ()
    metadata_class = None  # OPTIONS would describe what one may not see

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body by its stated length, before a byte of it is read or anybody is looked up."""
        if request.method in {"POST", "PUT", "PATCH"} and hasattr(self, request.method.lower()):
            check_length(request.META, limit=self.body_limit())
        super().initial(request, *args, **kwargs)

    def body_limit(self) -> int:
        """Give the number of bytes that a body may have."""
        return int(settings.MAX_UPLOAD_BYTES)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep answers out of shared caches: what one sees depends on who asks."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response


class NothingHere(ApiView):
    """Every address under the API that is none; Django's own page would be HTML while DEBUG is on."""

    scopes: ClassVar[Mapping[str, Scope]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say so, whatever the method and whoever asks."""
        raise NotFound(
            "There is no such address in the API. Hint: addresses end in a slash; see /api/v1/docs/."
        )


def token_of(request: Request) -> Token | None:
    """Give the token that the request was sent with; None for a session and for nobody."""
    return request.auth if isinstance(request.auth, Token) else None


def read_query(form: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Check the query parameters; unknown ones are errors, for a filter that is ignored shows too much."""
    unknown = sorted(set(request.query_params) - set(form().fields))
    checked = form(data=request.query_params)
    checked.is_valid(raise_exception=True)
    if unknown:
        raise ValidationError({unknown[0][:100]: "There is no such parameter here."}, "unknown-parameter")
    values: dict[str, Any] = checked.validated_data
    return values
