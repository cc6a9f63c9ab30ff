"""Every right, asked of a row and of a list, by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from milestones.models import Project
from milestones.rights import ROLES, Right
from tests.cast import Cast, account
from vimagetrack.people.models import Membership, Role, Viewer

PREDICATES = {
    Right.VIEW: (Project.can_view, "visible_to"),
    Right.REVIEW: (Project.can_review, "reviewable_by"),
    Right.UPLOAD: (Project.can_upload, "uploadable_by"),
    Right.EDIT_PLAN: (Project.can_edit_plan, "plan_editable_by"),
    Right.ADMINISTER: (Project.can_administer, "administrable_by"),
}


def _may(right: Right, project: Project, viewer: Viewer) -> bool:
    row, many = PREDICATES[right]
    answer = row(project, viewer)
    assert getattr(Project.objects, many)(viewer).filter(pk=project.pk).exists() is answer
    return answer


def _rights(project: Project, viewer: Viewer) -> set[Right]:
    return {right for right in Right if _may(right, project, viewer)}


def test_every_right_has_both_forms() -> None:
    assert set(PREDICATES) == set(Right) == set(ROLES)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gives_the_rights_of_the_table(cast: Cast, role: Role) -> None:
    dora = account("dora")
    Membership.objects.create(project=cast.project, person=dora, role=role)
    assert _rights(cast.project, dora.user) == {right for right in Right if role in ROLES[right]}


def test_bob_may_look_and_nothing_else(cast: Cast) -> None:
    assert _rights(cast.project, cast.bob.user) == {Right.VIEW}


@pytest.mark.parametrize("public", [False, True])
def test_strangers_see_what_is_public_and_do_nothing(cast: Cast, *, public: bool) -> None:
    Project.objects.update(visibility="public" if public else "private")
    for viewer in (cast.charlie.user, AnonymousUser()):
        assert _rights(cast.project, viewer) == ({Right.VIEW} if public else set())


def test_a_membership_that_ended_gives_nothing(cast: Cast) -> None:
    Membership.objects.filter(person=cast.alice).update(until_at=timezone.now() - timedelta(seconds=1))
    assert _rights(cast.project, cast.alice.user) == set()


def test_a_closed_account_is_nobody(cast: Cast) -> None:
    User.objects.filter(person=cast.alice).update(is_active=False)
    assert _rights(cast.project, User.objects.get(person=cast.alice)) == set()


def test_a_membership_elsewhere_gives_nothing_here(cast: Cast) -> None:
    other = Project.objects.create(slug="other", name="Other", created_at=timezone.now())
    Membership.objects.create(project=other, person=cast.charlie, role=Role.ADMIN)
    assert _rights(cast.project, cast.charlie.user) == set()


def test_a_superuser_may_all(cast: Cast) -> None:
    assert _rights(cast.project, account("root", superuser=True).user) == set(Right)
