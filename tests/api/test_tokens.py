from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from tests.api.conftest import NOW, World
from vimagetrack.people import tokens
from vimagetrack.people.models import Scope, Token
from vimagetrack.people.services import create_token

Ask = Callable[..., APIClient]


def get(text: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=text)
    return client.get("/api/v1/me/")


def test_minted_tokens_are_well_formed_and_differ() -> None:
    made = {tokens.mint() for _ in range(100)}
    assert len(made) == 100
    assert all(tokens.is_well_formed(text) for text in made)


def test_a_changed_character_is_seen_by_the_checksum() -> None:
    text = tokens.mint()
    other = "a" if text[20] != "a" else "b"
    assert not tokens.is_well_formed(text[:20] + other + text[21:])


def test_token_text_is_not_stored(world: World) -> None:
    token, text = create_token(person=world.bob, scopes=[Scope.READ], now=NOW)
    row = Token.objects.values().get(pk=token.pk)
    assert text not in str(row)
    assert text.startswith(row["prefix"])
    assert row["sha256"] == tokens.digest(text)


def test_me_tells_whom_the_token_speaks_for(world: World, ask: Ask) -> None:
    got = ask(world.bob, "read", project=world.private).get("/api/v1/me/").json()
    assert (got["handle"], got["token"]["scopes"], got["token"]["project"]) == ("bob", ["read"], "vimage")
    assert ask(world.bob).get("/api/v1/me/").json()["token"] is None
    assert ask(None).get("/api/v1/me/").status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Token", "Token ", "Token vt_short", "Token \x00", "Token é", "token vt_" + "a" * 46,
        "Token " + "a" * 5000, "Token vt_a vt_b",
    ],
)  # fmt: skip
def test_a_token_that_we_did_not_make_is_401_without_a_query(
    header: str, db: None, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(0):
        answer = get(header)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-not-valid")
    assert answer["WWW-Authenticate"].startswith("Token")


def test_well_formed_but_unknown_revoked_expired_and_deactivated_are_401_alike(world: World) -> None:
    now = timezone.now()
    revoked, revoked_text = create_token(person=world.bob, scopes=[Scope.READ], now=now)
    Token.objects.filter(pk=revoked.pk).update(revoked_at=now)
    _, expired_text = create_token(
        person=world.bob, scopes=[Scope.READ], now=NOW, expires_at=NOW + timedelta(days=1)
    )
    _, inactive_text = create_token(person=world.charlie, scopes=[Scope.READ], now=now)
    world.charlie.user.is_active = False
    world.charlie.user.save()
    answers = [get(f"Token {t}") for t in (tokens.mint(), revoked_text, expired_text, inactive_text)]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_a_wrong_token_is_401_even_where_nobody_needs_one(world: World) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token vt_wrong")
    assert client.get("/api/v1/projects/open/").status_code == 401


def test_use_is_noted_at_most_once_a_minute(world: World) -> None:
    token, text = create_token(person=world.bob, scopes=[Scope.READ], now=NOW)
    get(f"Token {text}")
    first = Token.objects.get(pk=token.pk).used_at
    get(f"Token {text}")
    assert first is not None
    assert Token.objects.get(pk=token.pk).used_at == first
    Token.objects.filter(pk=token.pk).update(used_at=first - timedelta(minutes=2))
    get(f"Token {text}")
    assert Token.objects.get(pk=token.pk).used_at >= first


def test_create_token_prints_the_token_alone(world: World) -> None:
    out, err = StringIO(), StringIO()
    call_command("create_token", "alice", scopes="read,upload", project="vimage", stdout=out, stderr=err)
    text = out.getvalue().strip()
    token = Token.objects.get(sha256=tokens.digest(text))
    assert (token.scopes, token.project) == (["read", "upload"], world.private)
    assert text not in err.getvalue()


@pytest.mark.parametrize(
    ("handle", "options", "says"),
    [
        ("nobody", {}, "no person"),
        ("alice", {"scopes": "read,fly"}, "fly"),
        ("alice", {"scopes": ""}, "scopes"),
        ("alice", {"project": "none"}, "no project"),
        ("alice", {"days": 10**9}, "magnitude"),
        ("alice", {"days": 999_999_999}, "range"),
        ("alice", {"days": 0}, "expired"),
    ],
)
def test_create_token_says_what_is_wrong(
    handle: str, options: dict[str, object], says: str, world: World
) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("create_token", handle, **options)
    assert not Token.objects.exists()
