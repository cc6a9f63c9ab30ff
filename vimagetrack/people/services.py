"""What happens to people's rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction

from vimagetrack.errors import DomainError, NotAllowed
from vimagetrack.events.models import Category
from vimagetrack.events.services import append
from vimagetrack.people import tokens
from vimagetrack.people.models import Membership, Person, PersonAddress, Role, Scope, Token

if TYPE_CHECKING:
    from milestones.models import Project


@transaction.atomic
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
    append(
        category=Category.TOKEN_CREATED,
        actor=person,
        at=now,
        project=project,
        subject=token,
        payload={"prefix": token.prefix, "label": token.label, "scopes": token.scopes},
    )
    return token, text


@transaction.atomic
def revoke_token(*, actor: Person, token: Token, now: datetime) -> None:
    """Close a token for good; its owner may, and a superuser. Twice is once."""
    if actor.pk != token.person_id and not (actor.user and actor.user.is_superuser):
        raise NotAllowed("This token belongs to somebody else")
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        return
    append(
        category=Category.TOKEN_REVOKED,
        actor=actor,
        at=now,
        project=token.project,
        subject=token,
        payload={"prefix": token.prefix},
    )


@transaction.atomic
def person_for(*, user: User) -> Person:
    """Give the person of an account, made when there is none yet.

    Never one that a plan named before: whoever registers that handle would inherit its memberships.
    """
    found = Person.objects.filter(user=user).first()
    return found or Person.objects.create(
        handle=_free_handle(user.username), name=user.get_full_name()[:200], user=user
    )


@transaction.atomic
def person_called(*, name: str) -> Person:
    """Give whom a plan or a mail means by a handle or an address; an unknown one becomes a person."""
    found = Person.objects.called(name).order_by("pk").first()
    if found is not None:
        return found
    local, at, _ = name.partition("@")
    person = Person.objects.create(handle=_free_handle(local))
    if at:
        PersonAddress.objects.create(person=person, address=name, address_ci=name.lower())
    return person


@transaction.atomic
def add_member(*, actor: Person, project: Project, person: Person, role: Role, now: datetime) -> Membership:
    """Give a person a role for good; it may have it already. Administrators may, and superusers."""
    if not actor.user or not project.can_administer(actor.user):
        raise NotAllowed(f"Only an administrator of {project.slug} may add members")
    member, added = Membership.objects.update_or_create(
        project=project, person=person, role=role, defaults={"until_at": None, "by_plan": False}
    )
    if added:
        payload = {"person": person.handle, "role": str(role)}
        append(category=Category.MEMBER_ADDED, actor=actor, at=now, project=project, payload=payload)
    return member


def _free_handle(wanted: str) -> str:
    """Give the wanted handle, or the first free one with a number behind it."""
    wanted = wanted[:56] or "somebody"
    for number in count(1):
        handle = wanted if number == 1 else f"{wanted}-{number}"
        if not Person.objects.filter(handle__iexact=handle).exists():
            return handle
    raise AssertionError("numbers do not end")
