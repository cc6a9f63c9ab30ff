from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from tests.cast import LATER, NOW, Cast
from vimagetrack.errors import DomainError, NotAllowed
from vimagetrack.events.models import Event
from vimagetrack.people.models import Membership, Person, Role, Scope, Token
from vimagetrack.people.services import add_member, create_token, person_called, person_for, revoke_token
from vimagetrack.people.tokens import digest


def test_create_token_keeps_no_secret(cast: Cast) -> None:
    token, text = create_token(person=cast.alice, scopes={Scope.READ, Scope.UPLOAD}, now=NOW, label="bot")
    stored = Token.objects.values().get(pk=token.pk)
    assert text.startswith("vt_")
    assert len(text) == 3 + 40 + 6
    assert text not in str(stored)
    assert text[11:] not in str(Event.objects.values_list("payload", flat=True))
    assert (stored["sha256"], stored["scopes"]) == (digest(text), ["read", "upload"])


def test_create_token_expired_at_birth_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, match="expired at birth"):
        create_token(person=cast.alice, scopes={Scope.READ}, now=NOW, expires_at=NOW)
    assert not Token.objects.exists()


def test_live_tokens_are_neither_revoked_nor_expired_nor_of_a_closed_account(cast: Cast) -> None:
    token, _ = create_token(
        person=cast.alice, scopes={Scope.READ}, now=NOW, expires_at=NOW + timedelta(minutes=5)
    )
    assert list(Token.objects.live(NOW)) == [token]
    assert list(Token.objects.live(LATER)) == []
    User.objects.filter(person=cast.alice).update(is_active=False)
    assert list(Token.objects.live(NOW)) == []


def test_revoke_token_by_its_owner_twice_is_once(cast: Cast) -> None:
    token, _ = create_token(person=cast.alice, scopes={Scope.READ}, now=NOW)
    revoke_token(actor=cast.alice, token=token, now=NOW)
    revoke_token(actor=cast.alice, token=token, now=LATER)
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert Event.objects.filter(category="token-revoked").count() == 1


def test_revoke_token_by_somebody_else_is_refused(cast: Cast) -> None:
    token, _ = create_token(person=cast.alice, scopes={Scope.READ}, now=NOW)
    with pytest.raises(NotAllowed):
        revoke_token(actor=cast.bob, token=token, now=NOW)


def test_person_called_knows_handles_and_addresses_without_regard_to_case(cast: Cast) -> None:
    assert person_called(name="ALICE") == cast.alice
    julian = person_called(name="Julian@Example.org")  # the plan named it in lower case
    assert julian.handle == "julian"
    assert Person.objects.called("julian@example.ORG").get() == julian


def test_person_called_makes_an_unknown_one_without_account_and_without_its_address_as_handle(
    db: None,
) -> None:
    first, second = person_called(name="bz@a.example"), person_called(name="bz@b.example")
    assert (first.handle, second.handle, first.user) == ("bz", "bz-2", None)


def test_person_for_an_account_never_inherits_what_a_plan_gave_to_a_handle(cast: Cast) -> None:
    assert Membership.objects.filter(person__handle="rwatson", project=cast.project).exists()
    person = person_for(user=User.objects.create_user("rwatson"))
    assert person.handle == "rwatson-2"
    assert not person.memberships.exists()
    assert person_for(user=person.user) == person


def test_add_member_by_the_administrator(cast: Cast) -> None:
    add_member(actor=cast.alice, project=cast.project, person=cast.charlie, role=Role.REVIEWER, now=NOW)
    assert cast.project.can_review(cast.charlie.user)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_add_member_by_others_is_refused(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        add_member(
            actor=getattr(cast, who), project=cast.project, person=cast.charlie, role=Role.ADMIN, now=NOW
        )
    assert not cast.charlie.memberships.exists()
