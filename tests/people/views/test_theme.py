from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_kept_theme_is_on_the_next_page_from_the_server() -> None:
    client = Client()
    assert "data-theme" not in client.get("/login/").content.decode().split("<head>")[0]
    answer = client.post("/theme/", {"theme": "dark", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert client.cookies["theme"]["httponly"]
    assert '<html lang="en" data-theme="dark">' in client.get("/login/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["system", "", 'x" onload="y'])
def test_any_other_theme_is_the_systems(theme: str) -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": theme})
    page = client.get("/login/").content.decode()
    assert "data-theme=" not in page
    assert "onload" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_this_site(back: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": back})["Location"] == "/"


@pytest.mark.django_db
def test_a_link_changes_no_theme() -> None:
    assert Client().get("/theme/?theme=dark").status_code == 405
