"""The demo and the three people, as they stand after the services have built them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command

from milestones.models import Project
from reviews.models import Revision
from tests.cast import NOW, work_off
from vimagetrack import demo, playground
from vimagetrack.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def password(monkeypatch, tmp_path, settings):
    monkeypatch.delenv("VIMAGETRACK_DEMO_PASSWORD", raising=False)
    settings.HOME = tmp_path
    return playground.demo_password()


@pytest.fixture
def built(queued, password):
    return playground.build_demo(password=password, now=NOW)


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def test_a_second_run_changes_nothing(built):
    before = rows()
    again = playground.build_demo(password="another", now=NOW)
    assert (again.created, again.project, again.revisions) == (False, built.project, built.revisions)
    assert rows() == before
    assert not User.objects.get(username="julian").check_password("another")


def test_a_project_of_that_slug_that_somebody_made_is_left_alone(queued, password):
    toml = playground.SMALL_PLAN.replace('"small"', '"demo"')
    theirs = playground.people_three(now=NOW, toml=toml).project
    before = rows()
    assert playground.build_demo(password=password, now=NOW).project == theirs
    assert rows() == before


def test_an_account_that_was_there_keeps_its_password(queued, password):
    User.objects.create_user("zec", password="mine")
    playground.build_demo(password=password, now=NOW)
    assert User.objects.get(username="zec").check_password("mine")


def test_half_a_demo_is_none(queued, password, monkeypatch):
    monkeypatch.setattr(demo, "VERSIONS", (1, 99))
    before = rows()
    with pytest.raises(FileNotFoundError):
        playground.build_demo(password=password, now=NOW)
    assert rows() == before


def test_everybody_may_what_the_role_says(built):
    users = {handle: User.objects.get(username=handle) for handle in playground.ACCOUNTS}
    project = built.project
    assert {handle for handle, user in users.items() if project.can_view(user)} == set(users)
    assert {handle for handle, user in users.items() if project.can_upload(user)} == {"julian", "zec"}
    assert {handle for handle, user in users.items() if project.can_administer(user)} == {"julian"}
    roles = set(project.memberships.values_list("person__handle", "role"))
    assert {
        ("rwatson", Role.OWNER),
        ("rwatson", Role.REVIEWER),
        ("bz", Role.OWNER),
        ("observer", Role.READER),
    } <= roles
    assert not Project.objects.visible_to(AnonymousUser()).exists()
    assert all(user.check_password(playground.demo_password()) for user in users.values())


def test_the_worker_splits_both_regenerations(built):
    work_off()
    found = Revision.objects.filter(series__project=built.project).order_by("number")
    assert [(revision.number, revision.status, revision.refusal) for revision in found] == [
        (1, Revision.Status.COMPLETE, ""),
        (2, Revision.Status.COMPLETE, ""),
    ]
    assert [milestone.slug for milestone in built.project.milestones.order_by("position")] == [
        milestone.slug for milestone in demo.plan().milestones
    ]


def test_the_command_says_the_accounts_once_and_then_that_nothing_changed(queued, password):
    first = load()
    assert "the worker splits them" in first
    assert password in first
    assert all(handle in first for handle in playground.ACCOUNTS)
    before = rows()
    assert load() == "The project demo is there already; nothing was changed.\n"
    assert rows() == before


def test_the_password_is_kept_beside_the_data_for_its_owner_only(password):
    assert playground.demo_password() == password
    assert playground.password_file().stat().st_mode & 0o777 == 0o600
    assert len(password) == 12


def test_the_password_may_be_given(password, monkeypatch):
    monkeypatch.setenv("VIMAGETRACK_DEMO_PASSWORD", "given")
    assert playground.demo_password() == "given"


def test_without_a_demo_there_are_no_accounts_to_show(password):
    assert playground.demo_accounts() == ""


def test_the_three_people(queued):
    three = playground.people_three(now=NOW)
    users = [person.user for person in (three.alice, three.bob, three.charlie)]
    assert [three.project.can_view(user) for user in users] == [True, True, False]
    assert [three.project.can_edit_plan(user) for user in users] == [True, False, False]
    assert three.charlie.user.check_password("charlie")
