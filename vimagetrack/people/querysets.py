"""Questions about people's rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from vimagetrack.people.models import Membership, Person, Token  # noqa: F401


class PersonQuerySet(models.QuerySet["Person"]):
    """Find people by what a plan or a mail calls them."""

    def called(self, name: str) -> PersonQuerySet:
        """Keep who has this handle or address, without regard to case."""
        return self.filter(Q(handle__iexact=name) | Q(addresses__address_ci=name.lower())).distinct()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships in force."""

    def live(self) -> MembershipQuerySet:
        """Keep what has not ended, by the database's clock."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=Now()))

    def with_role(self, roles: Iterable[str]) -> MembershipQuerySet:
        """Keep the named roles."""
        return self.filter(role__in=list(roles))


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens that still open something."""

    def live(self, now: datetime) -> TokenQuerySet:
        """Keep what is neither revoked nor expired, of people whose account is active."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None, person__user__is_active=True
        )
