"""Bring the rows of a project in line with a plan: states, milestones, areas, and the people it names.

Called inside the transaction of `milestones.services`, on a locked project. Slugs are identities: a milestone
that the plan renames with `was` keeps its row, one that it no longer has is dropped and keeps its row too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from milestones.models import Area, AreaPerson, Milestone, MilestoneDate, Project, StateDef
from vimagetrack.display import to_display, to_json
from vimagetrack.engine import plan as engine
from vimagetrack.errors import DomainError
from vimagetrack.people.models import Membership, Person, Role
from vimagetrack.people.services import person_called


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes the plan, why and when: what each slipped date says."""

    person: Person
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What became of the milestones, by slug; ``renamed`` and ``due`` give old and new."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    due: tuple[tuple[str, str, str], ...]

    def to_payload(self) -> dict[str, object]:
        """Give the event's payload, without what did not happen."""
        found = {"added": self.added, "dropped": self.dropped, "renamed": self.renamed, "due": self.due}
        return {name: value for name, value in found.items() if value}


def apply_plan(project: Project, plan: engine.Plan, author: Author) -> Moves:
    """Write the rows that the plan asks for; raises DomainError for texts that are too long to keep."""
    _apply_info(project, plan.project)
    _apply_states(project, plan.states)
    moves = _apply_milestones(project, plan.milestones, author)
    named = _apply_areas(project, plan.areas)
    named |= {(person, Role.REVIEWER) for person in _owners(project)}
    _apply_memberships(project, named)
    return moves


def _apply_info(project: Project, info: engine.ProjectInfo) -> None:
    project.name = to_display(info.name)
    project.text = to_json(info.text)
    project.list_address = to_display(info.list)
    project.zone = info.timezone
    project.visibility = Project.Visibility.PUBLIC if info.public else Project.Visibility.PRIVATE
    check_fits(project)
    project.save()


def _apply_states(project: Project, states: Iterable[engine.State]) -> None:
    project.states.all().delete()
    rows = [
        StateDef(
            project=project,
            name=state.name,
            position=position,
            define=[to_display(f"{name}={value}") for name, value in state.define],
            undefine=list(state.undefine),
        )
        for position, state in enumerate(states, 1)
    ]
    for row in rows:
        check_fits(row)
    StateDef.objects.bulk_create(rows)


def _apply_milestones(project: Project, wanted: tuple[engine.Milestone, ...], author: Author) -> Moves:
    rows = {row.slug: row for row in project.milestones.select_for_update()}
    renamed = _renames(rows, wanted)
    _rename(rows, renamed)
    added = tuple(one.slug for one in wanted if one.slug not in rows)
    slipped = []
    for position, one in enumerate(wanted, 1):
        row = rows.pop(one.slug, None) or Milestone(project=project, slug=one.slug)
        was = _due_words(row) if row.pk else None
        _fill(row, one, position)
        now = _due_words(row)
        if was is not None and was != now:
            slipped.append((one.slug, was, now))
        if was != now:
            _note_date(row, MilestoneDate.Kind.PLANNED, row.due_kind, row.due_on, author)
    dropped = tuple(slug for slug, row in rows.items() if row.position is not None)
    project.milestones.filter(slug__in=dropped).update(stored_state=Milestone.State.DROPPED, position=None)
    return Moves(added=added, dropped=dropped, renamed=tuple(renamed.items()), due=tuple(slipped))


def _renames(rows: dict[str, Milestone], wanted: tuple[engine.Milestone, ...]) -> dict[str, str]:
    """Map old slugs to new ones: a `was` counts while its old slug is there and is not itself kept."""
    claimed = {one.was for one in wanted if one.was}
    kept = {one.slug for one in wanted if not one.was or one.was not in rows}
    return {
        one.was: one.slug
        for one in wanted
        if one.was in rows and one.was not in kept and (one.slug not in rows or one.slug in claimed)
    }


def _rename(rows: dict[str, Milestone], renamed: dict[str, str]) -> None:
    """Move rows to their new slugs, by way of slugs that no plan can have: they may swap."""
    moving = {old: rows.pop(old) for old in renamed}
    for row in moving.values():
        Milestone.objects.filter(pk=row.pk).update(slug=f"={row.pk}")
    for old, row in moving.items():
        row.slug = renamed[old]
        row.save(update_fields=["slug"])
        rows[row.slug] = row


def _fill(row: Milestone, one: engine.Milestone, position: int) -> None:
    row.title = to_display(one.title)
    row.text = to_json(one.text)
    row.position = position
    row.layer = one.layer.value
    row.due_kind, row.due_on = one.due.kind.value, one.due.on
    row.settle_days, row.final_comment_days = one.settle_days, one.final_comment_days
    row.owner = person_called(name=one.owner) if one.owner else None
    row.landed_on, row.landed_as = one.landed_on, [to_display(name) for name in one.landed_as]
    if one.landed_on is not None:
        row.stored_state = Milestone.State.LANDED
    elif row.stored_state in (Milestone.State.LANDED, Milestone.State.DROPPED):
        row.stored_state = Milestone.State.PLANNED
    check_fits(row)
    row.save()


def _due_words(row: Milestone) -> str:
    if row.due_on is None:
        return "open"
    return f"{row.due_on:%Y-%m}" if row.due_kind == "month" else f"{row.due_on:%Y-%m-%d}"


def _note_date(row: Milestone, kind: str, due_kind: str, on: date | None, author: Author) -> None:
    MilestoneDate.objects.create(
        milestone=row, kind=kind, due_kind=due_kind, on=on, who=author.person, why=author.why, at=author.at
    )


def _apply_areas(project: Project, areas: Iterable[engine.Area]) -> set[tuple[Person, Role]]:
    project.areas.all().delete()
    named: set[tuple[Person, Role]] = set()
    for position, one in enumerate(areas, 1):
        area = Area(project=project, name=to_display(one.name), position=position, approvals=one.approvals)
        area.paths = [to_display(path) for path in one.paths]
        check_fits(area)
        area.save()
        for role, names in ((Role.REVIEWER, one.reviewers), (Role.OWNER, one.owners)):
            for name in names:
                person = person_called(name=name)
                AreaPerson.objects.get_or_create(area=area, person=person, role=role.value)
                named.add((person, role))
    return named


def _owners(project: Project) -> list[Person]:
    return [row.owner for row in project.milestones.in_plan().select_related("owner") if row.owner]


def _apply_memberships(project: Project, named: set[tuple[Person, Role]]) -> None:
    """Let the people that the plan names in, and those out whom only an earlier plan named."""
    for member in Membership.objects.filter(project=project, by_plan=True).select_related("person"):
        if (member.person, member.role) not in named:
            member.delete()
    for person, role in named:
        Membership.objects.get_or_create(
            project=project, person=person, role=role, defaults={"by_plan": True}
        )


def check_fits(row: models.Model) -> None:
    """Refuse texts that the columns cannot hold, with their names: the database would only say no."""
    for column in row._meta.concrete_fields:
        inner = column.base_field if isinstance(column, ArrayField) else column
        most = inner.max_length
        if not most:
            continue
        value = getattr(row, column.attname)
        for text in value if isinstance(value, list) else [value]:
            if text is not None and len(text) > most:
                raise DomainError(
                    f"The {column.verbose_name} of the {row._meta.verbose_name} has {len(text)} characters, "
                    f"but at most {most} can be kept: {text[:40]}...",
                    code="too-long",
                    field="plan",
                    hint="Shorten it in the plan.",
                )
