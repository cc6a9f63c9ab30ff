"""Who sends this request: a token in a header, for programs. Pages sign in with a session and CSRF."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from vimagetrack.people import tokens
from vimagetrack.people.models import Token, Viewer

KEYWORD = "Token"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Token vt_...``; ``request.auth`` is then the Token.

    One sentence for a token that is wrong, revoked or expired: which of them it is, is the owner's to know.
    A wrong token is 401 even where nobody would need one: the bot's owner must hear of it.
    """

    def authenticate(self, request: Request) -> tuple[Viewer, Token] | None:
        """Find the token's owner; None where no token is sent."""
        scheme, _, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != KEYWORD.lower():
            return None
        token = self._find(text.strip())
        if token is None or token.person.user is None:
            raise AuthenticationFailed("This token is not known, or no longer in force.", "token-not-valid")
        return token.person.user, token

    def authenticate_header(self, request: Request) -> str:
        """Give WWW-Authenticate, which makes the answer to nobody 401 and not 403."""
        return f'{KEYWORD} realm="VimageTrack"'

    def _find(self, text: str) -> Token | None:
        if not tokens.is_well_formed(text):
            return None
        now = timezone.now()
        token = (
            Token.objects.live(now)
            .filter(sha256=tokens.digest(text))
            .select_related("person__user", "project")
            .first()
        )
        if token is not None:
            token.mark_used(now)
        return token
