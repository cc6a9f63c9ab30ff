"""The site administrators' view of people; tokens are made elsewhere and only looked at here."""

from __future__ import annotations

from django.contrib import admin

from vimagetrack.admin import ReadOnlyAdmin
from vimagetrack.people.models import Membership, Person, PersonAddress, Token


class AddressInline(admin.TabularInline[PersonAddress, Person]):
    """A person's addresses."""

    model = PersonAddress
    extra = 0


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin[Person]):
    """People; here an account is bound to somebody whom a plan named before."""

    list_display = ("handle", "name", "user")
    search_fields = ("handle", "name", "addresses__address_ci")
    autocomplete_fields = ("user",)
    inlines = (AddressInline,)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin[Membership]):
    """Who is what, where."""

    list_display = ("project", "person", "role", "until_at", "by_plan")
    list_filter = ("role",)
    list_select_related = ("project", "person")


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin[Token]):
    """Tokens by their shown part."""

    list_display = ("prefix", "label", "person", "project", "scopes", "used_at", "expires_at", "revoked_at")
    exclude = ("sha256",)
    list_select_related = ("person", "project")
