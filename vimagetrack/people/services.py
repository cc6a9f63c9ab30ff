"""What happens to people's rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from vimagetrack.errors import DomainError
from vimagetrack.people import tokens
from vimagetrack.people.models import Person, Scope, Token

if TYPE_CHECKING:
    from milestones.models import Project


def create_token(
    *,
    person: Person,
    scopes: Collection[Scope],
    now: datetime,
    project: Project | None = None,
    label: str = "",
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token and give it with its text, which is kept nowhere and cannot be shown again.

    Raises DomainError where it would open nothing: no scopes, or expired at birth.
    """
    if not scopes:
        raise DomainError(
            "A token without scopes opens nothing", field="scopes", hint="Name at least `read`."
        )
    if expires_at is not None and expires_at <= now:
        raise DomainError("The token would be expired at birth", field="expires_at")
    text = tokens.mint()
    token = Token.objects.create(
        person=person,
        project=project,
        label=label[:100],
        prefix=text[: tokens.PREFIX_LENGTH],
        sha256=tokens.digest(text),
        scopes=sorted(scope.value for scope in set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    return token, text
