"""Persons, their addresses, their roles in a project, and the tokens that act for them.

A person may be known before it has an account: a plan names people by handle or address.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from vimagetrack.people.querysets import MembershipQuerySet, PersonQuerySet, TokenQuerySet

#: Who looks: an account or nobody. Predicates take this, services take a Person.
Viewer = AbstractBaseUser | AnonymousUser

#: How exact ``Token.used_at`` is.
USED_AT_STEP = timedelta(minutes=1)


class Role(models.TextChoices):
    """What a member of a project is; one person may have several roles."""

    READER = "reader"
    REVIEWER = "reviewer"
    OWNER = "owner", "area owner"
    LEAD = "lead", "landing lead"
    ADMIN = "admin", "administrator"


class Scope(StrEnum):
    """What a token may do at most; its owner's rights cut it further."""

    READ = "read"
    UPLOAD = "upload"
    REVIEW = "review"
    LAND = "land"
    ADMIN = "admin"


class Person(models.Model):
    """Somebody who plans, reviews or uploads, with or without an account here."""

    handle = models.CharField(max_length=64)  # unique without regard to case
    name = models.CharField(max_length=200, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("handle"), name="person_handle_unique")]

    def __str__(self) -> str:
        return self.name or self.handle


class PersonAddress(models.Model):
    """A mail address of a person; ``address_ci`` is what is compared, ``address`` is as it was written."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=254)
    address_ci = models.CharField(max_length=254)
    verified_at = models.DateTimeField(null=True, blank=True)  # None: only claimed

    class Meta:
        verbose_name_plural = "person addresses"
        constraints = [
            models.UniqueConstraint(fields=["address_ci"], name="person_address_unique"),
            models.CheckConstraint(
                condition=models.Q(address_ci=Lower("address_ci")), name="person_address_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Membership(models.Model):
    """One role of one person in one project."""

    project = models.ForeignKey("milestones.Project", on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    until_at = models.DateTimeField(null=True, blank=True)  # None: without end
    by_plan = models.BooleanField(default=False)  # given by a name in the plan, gone when the name is

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "person", "role"], name="membership_unique"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is {self.role} of {self.project_id}"


class Token(models.Model):
    """A secret that acts for a person; only its sha256 is kept, ``prefix`` is what may be shown."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    project = models.ForeignKey(
        "milestones.Project", on_delete=models.CASCADE, null=True, blank=True, related_name="tokens"
    )  # None: every project of its owner
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=16))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="token_prefix_unique"),
            models.UniqueConstraint(fields=["sha256"], name="token_sha256_unique"),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in Scope]),
                name="token_scopes_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}... ({self.label})"

    def is_live(self, now: datetime) -> bool:
        """Tell whether the token still opens anything at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def mark_used(self, now: datetime) -> None:
        """Note that the token was used, at most once a minute: a polling bot must not become a writer."""
        if self.used_at is None or now - self.used_at >= USED_AT_STEP:
            Token.objects.filter(pk=self.pk).update(used_at=now)

    def allows(self, scope: Scope) -> bool:
        """Tell whether the token carries a scope; its owner's rights are asked elsewhere."""
        return scope.value in self.scopes
