from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from milestones.models import Milestone, MilestoneDate, PlanVersion, Project
from milestones.services import change_plan, create_project, register_mirror
from tests.cast import LATER, NOW, PLAN, Cast, account
from vimagetrack.engine.plan import parse_plan
from vimagetrack.errors import Conflict, DomainError, NotAllowed
from vimagetrack.events.models import Event
from vimagetrack.people.models import Membership, Person


def _change(cast: Cast, toml: str, *, actor: Person | None = None, **more: object) -> PlanVersion:
    return change_plan(
        actor=actor or cast.alice,
        project=cast.project,
        plan=parse_plan(toml),
        toml=toml,
        reason="as discussed",
        now=LATER,
        **more,  # type: ignore[arg-type]
    )


def _slugs(project: Project) -> list[tuple[int | None, str, str]]:
    rows = project.milestones.order_by("position", "slug")
    return [(row.position, row.slug, row.stored_state) for row in rows]


# create_project


def test_create_project_writes_what_the_plan_says(cast: Cast) -> None:
    project = cast.project
    assert (project.slug, project.name, project.is_public, project.zone) == (
        "vimage", "FreeBSD VIMAGE", False, "UTC",
    )  # fmt: skip
    assert _slugs(project) == [(1, "macros", "planned"), (2, "jail", "planned")]
    jail = project.milestones.get(slug="jail")
    assert (jail.due_kind, str(jail.due_on), jail.layer) == ("month", "2008-07-01", "meat")
    assert [state.name for state in project.states.all()] == ["default"]
    area = project.areas.get()
    assert {(one.person.handle, one.role) for one in area.people.all()} == {
        ("rwatson", "reviewer"),
        ("julian", "owner"),
    }


def test_create_project_makes_its_maker_lead_and_administrator(cast: Cast) -> None:
    roles = Membership.objects.filter(person=cast.alice).values_list("role", flat=True)
    assert set(roles) == {"lead", "admin"}


def test_create_project_keeps_the_words_and_a_text_that_stands_alone(db: None, queued: list[object]) -> None:
    toml = PLAN.replace('table = "#define V_hostname hostname"', 'table_files = ["h/vimage.h"]  # here')
    plan = parse_plan(toml, files={"h/vimage.h": b"#define V_hostname hostname\n"})
    project = create_project(actor=account("alice"), plan=plan, toml=toml, now=NOW)
    version = project.plan_version
    assert version.source == toml
    assert version.to_plan().digest == plan.digest == version.sha256


def test_create_project_appends_its_event(cast: Cast) -> None:
    event = Event.objects.get(category="project-created")
    assert (event.actor, event.project, event.payload["slug"]) == (cast.alice, cast.project, "vimage")


def test_create_project_with_a_taken_slug_is_a_conflict(cast: Cast) -> None:
    with pytest.raises(Conflict, match="There is a project vimage already"):
        create_project(actor=cast.charlie, plan=parse_plan(PLAN), toml=PLAN, now=NOW)
    assert Project.objects.count() == 1


def test_create_project_by_somebody_without_an_account_is_refused(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        create_project(actor=Person.objects.get(handle="rwatson"), plan=parse_plan(PLAN), toml=PLAN, now=NOW)


def test_create_project_with_a_text_that_does_not_fit_leaves_nothing(db: None) -> None:
    toml = PLAN.replace("Jail and vimage framework", "x" * 300)
    with pytest.raises(DomainError, match=r"The title of the milestone has 300 characters.*200"):
        create_project(actor=account("alice"), plan=parse_plan(toml), toml=toml, now=NOW)
    assert not Project.objects.exists()


def test_create_project_with_characters_that_the_database_refuses(db: None) -> None:
    toml = PLAN.replace("Jail and vimage framework", r"Jail\u0007\u202e")
    project = create_project(actor=account("alice"), plan=parse_plan(toml), toml=toml, now=NOW)
    assert project.milestones.get(slug="jail").title == r"Jail\x07\u202e"
    assert project.plan_version.to_plan() == parse_plan(toml)


# change_plan


def test_change_plan_makes_a_version_and_queues_its_splits(cast: Cast, queued: list[object]) -> None:
    version = _change(cast, PLAN.replace("settle_days = 14", "settle_days = 7"))
    assert (version.number, cast.project.plan_version, version.reason) == (2, version, "as discussed")
    assert cast.project.milestones.get(slug="macros").settle_days == 7
    job = cast.project.jobs.get()
    assert (job.kind, job.subject_id) == ("reviews.resplit", version.pk)


def test_change_plan_to_the_same_words_is_no_change(cast: Cast) -> None:
    assert _change(cast, PLAN).number == 1
    assert not Event.objects.filter(category="plan-changed").exists()


def test_change_plan_drops_and_takes_back_but_never_deletes(cast: Cast) -> None:
    jail = cast.project.milestones.get(slug="jail")
    other = PLAN.replace('slug = "jail"', 'slug = "prison"')
    _change(cast, other)
    assert _slugs(cast.project) == [
        (1, "macros", "planned"),
        (2, "prison", "planned"),
        (None, "jail", "dropped"),
    ]
    _change(cast, PLAN)
    assert _slugs(cast.project) == [
        (1, "macros", "planned"),
        (2, "jail", "planned"),
        (None, "prison", "dropped"),
    ]
    assert cast.project.milestones.get(slug="jail").pk == jail.pk


def test_change_plan_renames_with_was(cast: Cast) -> None:
    jail = cast.project.milestones.get(slug="jail")
    renamed = PLAN.replace('slug = "jail"', 'slug = "prison"\nwas = "jail"')
    _change(cast, renamed)
    jail.refresh_from_db()
    assert (jail.slug, jail.stored_state) == ("prison", "planned")
    _change(cast, renamed + "# said again, and no rename any more\n")
    assert _slugs(cast.project) == [(1, "macros", "planned"), (2, "prison", "planned")]


def test_change_plan_renames_in_a_chain_and_swaps_places(cast: Cast) -> None:
    before = {row.slug: row.pk for row in cast.project.milestones.all()}
    chain = PLAN.replace('slug = "macros"', 'slug = "jail"\nwas = "macros"').replace(
        'slug = "jail"\ntitle', 'slug = "prison"\nwas = "jail"\ntitle'
    )
    _change(cast, chain)
    after = {row.pk: row.slug for row in cast.project.milestones.all()}
    assert (after[before["macros"]], after[before["jail"]]) == ("jail", "prison")


def test_change_plan_moves_positions(cast: Cast) -> None:
    head, first, second, area = (
        PLAN.split("[[")[0], *("[[" + part for part in PLAN.split("[[")[1:]),
    )  # fmt: skip
    _change(cast, head + second + first + area)
    assert [slug for _, slug, _ in _slugs(cast.project)] == ["jail", "macros"]


def test_change_plan_appends_the_dates_that_slip(cast: Cast) -> None:
    _change(cast, PLAN.replace("2008-06-15", "2008-06-22"))
    macros = cast.project.milestones.get(slug="macros")
    assert [str(date.on) for date in macros.dates.all()] == ["2008-06-15", "2008-06-22"]
    event = Event.objects.get(category="plan-changed")
    assert event.payload["due"] == [["macros", "2008-06-15", "2008-06-22"]]
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        MilestoneDate.objects.all().update(why="never said")


def test_change_plan_of_a_plan_that_was_changed_meanwhile_is_a_conflict(cast: Cast) -> None:
    _change(cast, PLAN + "# two\n", based_on=1)
    with pytest.raises(Conflict, match="version 2 is in force"):
        _change(cast, PLAN + "# three\n", based_on=1)


def test_change_plan_of_another_project_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError, match="the plan of other, not of vimage"):
        _change(cast, PLAN.replace('slug = "vimage"', 'slug = "other"'))


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_change_plan_by_others_is_refused(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        _change(cast, PLAN + "# mine\n", actor=getattr(cast, who))
    assert cast.project.plan_versions.count() == 1


def test_change_plan_to_public_takes_an_administrator(cast: Cast) -> None:
    public = PLAN.replace("public = false", "public = true")
    Membership.objects.filter(person=cast.alice, role="admin").delete()
    with pytest.raises(NotAllowed, match="administer"):
        _change(cast, public)
    Membership.objects.create(person=cast.alice, project=cast.project, role="admin")
    _change(cast, public)
    assert cast.project.is_public


def test_change_plan_lets_in_whom_it_names_and_out_whom_it_no_longer_names(cast: Cast) -> None:
    rwatson = Person.objects.get(handle="rwatson")
    bob_before = Membership.objects.get(person=cast.bob)
    _change(cast, PLAN.replace('"rwatson"', '"bob"'))
    assert not rwatson.memberships.exists()
    assert set(cast.bob.memberships.values_list("role", flat=True)) == {"reader", "reviewer"}
    _change(cast, PLAN)
    assert list(cast.bob.memberships.all()) == [bob_before]


def test_landed_in_the_plan_is_landed(cast: Cast) -> None:
    landed = PLAN.replace('layer = "null"', 'layer = "null"\nlanded_on = 2008-08-17\nlanded_as = ["r181803"]')
    _change(cast, landed)
    macros = cast.project.milestones.get(slug="macros")
    assert (macros.is_landed, str(macros.landed_on), macros.landed_as) == (True, "2008-08-17", ["r181803"])


# register_mirror


def test_register_mirror_by_a_superuser(cast: Cast, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path)], check=True)
    register_mirror(
        actor=account("root", superuser=True), project=cast.project, folder=str(tmp_path), now=NOW
    )
    assert cast.project.mirror == str(tmp_path)


def test_register_mirror_of_what_is_no_repository_is_refused(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="no bare git repository"):
        register_mirror(
            actor=account("root", superuser=True), project=cast.project, folder=str(tmp_path), now=NOW
        )


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_register_mirror_by_others_is_refused(cast: Cast, who: str, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        register_mirror(actor=getattr(cast, who), project=cast.project, folder=str(tmp_path), now=NOW)


# What the database itself holds


def test_two_milestones_never_have_one_position(cast: Cast) -> None:
    Milestone.objects.filter(slug="jail").update(position=1)
    with pytest.raises(IntegrityError, match="milestone_position_unique"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
