"""Named scenarios, built through services only: the tests and `make run`'s demo share them.

Each builder is one transaction: it happened as a whole or not at all. The names are those of the heads-up
mail and of the field; the accounts are nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from milestones.models import Project
from milestones.services import create_project
from reviews.models import Revision
from reviews.services import BaseClaim, receive_revision
from vimagetrack import demo
from vimagetrack.engine.plan import parse_plan
from vimagetrack.people.models import Person, Role
from vimagetrack.people.services import add_member, person_for
from vimagetrack.settings import env

#: Who plays in the demo, and as what; julian makes the project, so he is its administrator too.
ACCOUNTS = {
    "julian": "landing lead and administrator",
    "zec": "landing lead, who uploads",
    "rwatson": "area owner of netinet, reviewer",
    "bz": "area owner of net, reviewer",
    "observer": "reader",
}

#: A plan as small as one can be that still has a null step and a meat step.
SMALL_PLAN = """\
[project]
name = "A small project"
slug = "small"

[[milestone]]
slug = "macros"
title = "Macros that change nothing"
due_on = 2008-06-15
settle_days = 14
layer = "null"
table = "#define V_hostname hostname"

[[milestone]]
slug = "jail"
title = "Jail and vimage framework"
due_on = 2008-07-21
layer = "meat"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo's project and its revisions, oldest first; ``created`` is False where it was there before."""

    project: Project
    revisions: tuple[Revision, ...]
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Three:
    """alice leads the private project, bob may read it, charlie has an account and nothing else."""

    alice: Person
    bob: Person
    charlie: Person
    project: Project


@transaction.atomic
def build_demo(*, password: str, now: datetime) -> Demo:
    """Make the demo's people and project, and upload its monolith twice for the worker to split.

    Where a project of the demo's slug exists, nothing is changed, whoever made it. An account that exists
    keeps its password.
    """
    slug = demo.plan().project.slug
    found = Project.objects.filter(slug=slug).first()
    if found is not None:
        return Demo(project=found, revisions=_revisions(found), created=False)
    # before the plan names them: a person without an account would take the handle
    people = {handle: _account(handle, password) for handle in ACCOUNTS}
    julian, zec = people["julian"], people["zec"]
    project = create_project(actor=julian, plan=demo.plan(), toml=demo.plan_toml(), now=now)
    add_member(actor=julian, project=project, person=zec, role=Role.LEAD, now=now)
    add_member(actor=julian, project=project, person=people["observer"], role=Role.READER, now=now)
    for version in demo.VERSIONS:
        _upload(zec, project, version, now)
    return Demo(project=project, revisions=_revisions(project), created=True)


@transaction.atomic
def people_three(*, now: datetime, toml: str = SMALL_PLAN) -> Three:
    """Make alice, bob and charlie, whose passwords are their names, and alice's private project."""
    alice, bob, charlie = (_account(handle, handle) for handle in ("alice", "bob", "charlie"))
    project = create_project(actor=alice, plan=parse_plan(toml), toml=toml, now=now)
    add_member(actor=alice, project=project, person=bob, role=Role.READER, now=now)
    return Three(alice=alice, bob=bob, charlie=charlie, project=project)


def demo_password() -> str:
    """Return the password of all demo accounts: VIMAGETRACK_DEMO_PASSWORD, else one made for this folder."""
    return env.text("VIMAGETRACK_DEMO_PASSWORD", "") or env.kept_secret(password_file(), size=9)


def password_file() -> Path:
    """Name the file that keeps the made password; only its owner can read it."""
    return Path(settings.HOME) / "demo-password"


def demo_accounts() -> str:
    """Describe the demo's accounts that exist, for whoever started this machine; "" where there are none."""
    there = set(User.objects.filter(username__in=ACCOUNTS, is_active=True).values_list("username", flat=True))
    rows = [f"  {handle:10}{role}" for handle, role in ACCOUNTS.items() if handle in there]
    if not rows:
        return ""
    hint = "A token for curl (docs/api.md): .venv/bin/python manage.py create_token zec --scopes read,upload"
    return "\n".join([f"Demo accounts, password {demo_password()} (unless changed since):", *rows, hint])


def _account(handle: str, password: str) -> Person:
    """Give the person of an account, made with this password where there is none."""
    user = User.objects.filter(username=handle).first()
    return person_for(user=user or User.objects.create_user(handle, password=password))


def _upload(actor: Person, project: Project, version: int, now: datetime) -> None:
    receive_revision(
        actor=actor,
        project=project,
        source=demo.monolith(version),
        filename=f"vimage-v{version}.diff",
        base=BaseClaim.of_tree(demo.base_tar()),
        now=now,
    )


def _revisions(project: Project) -> tuple[Revision, ...]:
    return tuple(Revision.objects.filter(series__project=project).order_by("series", "number"))
