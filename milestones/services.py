"""What happens to projects and their plans."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from milestones.models import PlanVersion, Project
from milestones.plan_rows import Author, apply_plan
from milestones.rights import Right
from vimagetrack.engine.plan import Plan, dump_plan, parse_plan
from vimagetrack.errors import Conflict, DomainError, NotAllowed
from vimagetrack.events.models import Category
from vimagetrack.events.services import append
from vimagetrack.jobs.services import create_job
from vimagetrack.people.models import Membership, Person, Role

#: The task of `reviews` that splits a project's revisions by a new plan; known here by its name only.
RESPLIT = "reviews.resplit"


def require(*, actor: Person, project: Project, right: Right) -> None:
    """Raise NotAllowed where the actor's account has not the right; doors ask first, this is the last."""
    viewer = actor.user or AnonymousUser()
    if not Project.objects.allowing(right, viewer).filter(pk=project.pk).exists():
        raise NotAllowed(f"{actor.handle} has no right to {right.value} in {project.slug}")


@transaction.atomic
def create_project(*, actor: Person, plan: Plan, toml: str, now: datetime) -> Project:
    """Make a project of a plan; its maker becomes lead and administrator.

    ``toml`` is the plan as it was written; its table files are in ``plan``, and inlined in what is kept.
    Raises Conflict for a slug that is taken, NotAllowed for a person without an account.
    """
    if actor.user is None or not actor.user.is_active:
        raise NotAllowed(f"{actor.handle} has no account here, so cannot create a project")
    project = _insert(plan.project.slug, plan.project.name, now)
    Membership.objects.bulk_create(
        [Membership(project=project, person=actor, role=role) for role in (Role.LEAD, Role.ADMIN)]
    )
    author = Author(person=actor, why="The first plan.", at=now)
    apply_plan(project, plan, author)
    version = _add_version(project, 1, plan, toml, author)
    append(
        category=Category.PROJECT_CREATED,
        actor=actor,
        at=now,
        project=project,
        subject=project,
        payload={"slug": project.slug, "name": project.name, "plan_sha256": version.sha256},
    )
    return project


@transaction.atomic
def change_plan(
    *,
    actor: Person,
    project: Project,
    plan: Plan,
    toml: str,
    reason: str,
    now: datetime,
    based_on: int | None = None,
) -> PlanVersion:
    """Put a new version of the plan in force and queue the splits that it asks for.

    ``based_on`` is the number of the version that the author had before the eyes: Conflict where it is not
    the newest any more. The same plan in the same words is no new version.
    """
    require(actor=actor, project=project, right=Right.EDIT_PLAN)
    locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    newest = locked.plan_version
    _check_change(actor, locked, plan, newest, based_on)
    if newest.sha256 == plan.digest and newest.source == toml:
        return newest
    author = Author(person=actor, why=reason, at=now)
    moves = apply_plan(locked, plan, author)
    version = _add_version(locked, newest.number + 1, plan, toml, author)
    append(
        category=Category.PLAN_CHANGED,
        actor=actor,
        at=now,
        project=locked,
        subject=version,
        payload={"number": version.number, "reason": reason, **moves.to_payload()},
    )
    create_job(
        kind=RESPLIT, key=f"resplit:{locked.pk}:{version.number}", now=now, subject=version, project=locked
    )
    project.refresh_from_db()
    return version


@transaction.atomic
def register_mirror(*, actor: Person, project: Project, folder: str, now: datetime) -> None:
    """Name the bare git repository on this server that commits of bases are read from; empty: none.

    Only superusers may: whoever names a folder can read every repository that the server can.
    """
    if actor.user is None or not actor.user.is_superuser:
        raise NotAllowed("Only an administrator of the site may register a mirror")
    check_mirror(folder)
    Project.objects.filter(pk=project.pk).update(mirror=folder)
    append(
        category=Category.PROJECT_CHANGED,
        actor=actor,
        at=now,
        project=project,
        subject=project,
        payload={"mirror": bool(folder)},
    )
    project.refresh_from_db()


def check_mirror(folder: str) -> None:
    """Raise DomainError where a folder is neither empty nor a bare git repository on this server."""
    path = Path(folder)
    if folder and not (path.is_absolute() and (path / "objects").is_dir() and (path / "HEAD").is_file()):
        raise DomainError(
            "This is no bare git repository",
            field="mirror",
            hint="Give the absolute path of one that `git clone --mirror` made on this server.",
        )


def _insert(slug: str, name: str, now: datetime) -> Project:
    try:
        with transaction.atomic():
            return Project.objects.create(slug=slug[:64], name=name[:200], created_at=now)
    except IntegrityError as error:
        raise Conflict(
            f"There is a project {slug} already",
            code="slug-taken",
            field="slug",
            hint="Choose another slug in the plan's [project].",
        ) from error


def _check_change(
    actor: Person, project: Project, plan: Plan, newest: PlanVersion, based_on: int | None
) -> None:
    if plan.project.slug != project.slug:
        raise DomainError(
            f"This is the plan of {plan.project.slug}, not of {project.slug}",
            code="other-project",
            field="plan",
            hint="A project keeps its slug, for its addresses hang on it.",
        )
    if plan.project.public != project.is_public:
        require(actor=actor, project=project, right=Right.ADMINISTER)
    if based_on is not None and based_on != newest.number:
        raise Conflict(
            f"The plan was changed meanwhile: version {newest.number} is in force, not {based_on}",
            code="plan-changed",
            field="plan",
            hint="Look at the newer version, and make your change there.",
        )


def _add_version(project: Project, number: int, plan: Plan, toml: str, author: Author) -> PlanVersion:
    canonical = dump_plan(plan)
    if parse_plan(canonical).digest != plan.digest:
        raise DomainError(
            "A table of this plan cannot be written into TOML without loss",
            code="table-not-text",
            field="plan",
            hint="Tables have to be UTF-8 text.",
        )
    return PlanVersion.objects.create(
        project=project,
        number=number,
        source=toml,
        toml=canonical,
        sha256=plan.digest,
        author=author.person,
        reason=author.why,
        at=author.at,
    )
