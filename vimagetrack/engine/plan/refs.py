"""Check what the parts of a plan say of each other: slugs, layers, names that stand twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vimagetrack.engine.plan.cursor import Cursor
from vimagetrack.engine.plan.values import Area, GivenDefaults, Layer, Milestone, Rule


def check_references(
    root: Cursor,
    *,
    milestones: Sequence[Milestone],
    rules: Sequence[Rule],
    given: GivenDefaults,
    areas: Sequence[Area],
) -> None:
    """Raise PlanError for the first reference that does not hold, with its line."""
    _check_slugs(root.tables("milestone", "milestone"), milestones)
    by_slug = {milestone.slug: milestone for milestone in milestones}
    for cursor, rule in zip(root.tables("rule", "rule"), rules, strict=True):
        _check_target(cursor, "milestone", rule.milestone, by_slug, _takes_meat)
    _check_defaults(root.table("defaults"), given, by_slug)
    _check_areas(root.tables("area", "area"), areas)
    if not any(_takes_meat(milestone) for milestone in milestones):
        hint = 'Add a [[milestone]] whose layer is "meat", "mixed" or "open".'
        raise root.error("no milestone takes what is not proved null", "milestone", hint=hint)


def _check_slugs(cursors: Sequence[Cursor], milestones: Sequence[Milestone]) -> None:
    slugs: dict[str, int] = {}
    former: set[str] = set()
    for index, (cursor, milestone) in enumerate(zip(cursors, milestones, strict=True)):
        folded = milestone.slug.casefold()  # patches are files: some file systems fold case
        if folded in slugs:
            raise cursor.error(f'milestone {slugs[folded] + 1} has the slug "{milestone.slug}" too', "slug")
        slugs[folded] = index
        if milestone.was and (milestone.was == milestone.slug or milestone.was in former):
            raise cursor.error(f'"{milestone.was}" cannot be what this milestone was', "was")
        former.add(milestone.was)


def _check_defaults(cursor: Cursor, given: GivenDefaults, by_slug: dict[str, Milestone]) -> None:
    if given.meat:
        _check_target(cursor, "meat", given.meat, by_slug, _takes_meat)
    if given.null:
        _check_target(cursor, "null", given.null, by_slug, lambda milestone: milestone.layer.takes_null)
    if given.stragglers:
        _check_target(cursor, "stragglers", given.stragglers, by_slug, _takes_changes)
    if given.cosmetic and given.cosmetic not in ("null", "meat"):
        _check_target(cursor, "cosmetic", given.cosmetic, by_slug, _takes_changes)


def _check_target(
    cursor: Cursor,
    key: str,
    slug: str,
    by_slug: dict[str, Milestone],
    fits: Callable[[Milestone], bool],
) -> None:
    cursor.check_known(slug, list(by_slug), "milestone", key)
    if not fits(by_slug[slug]):
        fitting = [milestone.slug for milestone in by_slug.values() if fits(milestone)]
        hint = f"These can: {', '.join(fitting)}." if fitting else ""
        layer = by_slug[slug].layer
        raise cursor.error(f'milestone "{slug}" of layer {layer} cannot take this', key, hint=hint)


def _check_areas(cursors: Sequence[Cursor], areas: Sequence[Area]) -> None:
    for index, (cursor, area) in enumerate(zip(cursors, areas, strict=True)):
        if area.name in [earlier.name for earlier in areas[:index]]:
            raise cursor.error(f'two areas have the name "{area.name}"', "name")


def _takes_meat(milestone: Milestone) -> bool:
    return milestone.layer.takes_meat


def _takes_changes(milestone: Milestone) -> bool:
    return milestone.layer is not Layer.ANNOUNCE
