from __future__ import annotations

from django.test import Client

from tests.browsing import Browse, text_of
from tests.cast import Cast


def test_sign_in_goes_where_one_came_from(cast: Cast) -> None:
    answer = Client().post("/login/", {"username": "alice", "password": "alice", "next": "/p/vimage/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/p/vimage/"


def test_a_wrong_password_says_so_keeps_the_name_and_signs_nobody_in(cast: Cast) -> None:
    client = Client()
    answer = client.post("/login/", {"username": "alice", "password": "wrong"})
    assert "Not signed in: name and password do not go together." in text_of(answer)
    assert 'value="alice"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_sign_in_never_leads_to_another_site(cast: Cast) -> None:
    answer = Client().post(
        "/login/", {"username": "alice", "password": "alice", "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == "/"


def test_signing_out_needs_a_form(browse: Browse) -> None:
    client = browse("alice")
    assert client.get("/logout/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_form_of_another_site_is_refused_in_words(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "alice", "password": "alice"})
    assert answer.status_code == 403
    assert "This form was not accepted." in text_of(answer)
