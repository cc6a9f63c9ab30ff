"""The admin pages show rows and change none; superusers name mirrors."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.contrib import admin
from django.test import Client

from tests.cast import Cast, account
from vimagetrack.events.models import Event


@pytest.fixture
def root(cast: Cast) -> Client:
    person = account("root", superuser=True)
    assert person.user is not None
    person.user.is_staff = True
    person.user.save()
    client = Client()
    client.force_login(person.user)
    return client


def test_every_list_can_be_looked_at(root: Client, cast: Cast) -> None:
    cast.ingest()
    ours = [model for model in admin.site._registry if model.__module__.split(".")[0] != "django"]
    assert len(ours) >= 12
    for model in ours:
        meta = model._meta
        assert root.get(f"/admin/{meta.app_label}/{meta.model_name}/").status_code == 200, model


def test_a_mirror_is_named_through_the_service(root: Client, cast: Cast, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path)], check=True)
    url = f"/admin/milestones/project/{cast.project.pk}/change/"
    assert root.post(url, {"mirror": str(tmp_path)}).status_code == 302
    cast.project.refresh_from_db()
    assert cast.project.mirror == str(tmp_path)
    assert Event.objects.filter(category="project-changed").count() == 1


def test_a_folder_that_is_no_repository_is_refused_in_words(root: Client, cast: Cast) -> None:
    answer = root.post(f"/admin/milestones/project/{cast.project.pk}/change/", {"mirror": "/etc"})
    assert b"no bare git repository" in answer.content


def test_a_lead_is_no_administrator_of_the_site(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice.user)
    assert client.get("/admin/milestones/project/").status_code == 302
