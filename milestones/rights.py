"""Who may do what in a project: the one table of roles and rights."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from vimagetrack.people.models import Role


class Right(StrEnum):
    """What a door may ask for."""

    VIEW = "view"
    REVIEW = "review"
    UPLOAD = "upload"
    EDIT_PLAN = "edit-plan"
    ADMINISTER = "administer"


ROLES: Final[dict[Right, frozenset[Role]]] = {
    Right.VIEW: frozenset(Role),
    Right.REVIEW: frozenset({Role.REVIEWER, Role.OWNER, Role.LEAD, Role.ADMIN}),
    Right.UPLOAD: frozenset({Role.LEAD, Role.ADMIN}),
    Right.EDIT_PLAN: frozenset({Role.LEAD, Role.ADMIN}),
    Right.ADMINISTER: frozenset({Role.ADMIN}),
}
