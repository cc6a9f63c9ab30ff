"""What programs see of projects, plans and milestones, and the words that they may ask with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from milestones.models import Milestone
from vimagetrack.api.paging import MAX_PAGE_SIZE, PAGE_SIZE


def cursor_field(*, keys: int) -> serializers.RegexField:
    """Describe the cursor of a list that is sorted by so many keys; paging checks it once more."""
    number = "[0-9]{1,18}"
    return serializers.RegexField(
        f"^({number}{rf'[.]{number}' * (keys - 1)})?$",
        required=False,
        allow_blank=True,
        default="",
        help_text="Where to go on; follow `next` instead of making one.",
    )


class PageQuery(serializers.Serializer[Any]):
    """The parameters of every list."""

    cursor = cursor_field(keys=1)
    page_size = serializers.IntegerField(
        required=False, default=PAGE_SIZE, min_value=1, max_value=MAX_PAGE_SIZE, help_text="Rows a page."
    )


class PlanChangeQuery(serializers.Serializer[Any]):
    """What stands beside a new plan."""

    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000, help_text="Why; people will read it."
    )
    based_on = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=999_999_999,
        help_text="Number of the plan that you changed; 409 if it is not in force any more.",
    )


class ProjectSerializer(serializers.Serializer[Any]):
    """One huge change that is to land in steps."""

    slug = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    list = serializers.CharField(allow_blank=True, help_text="Mail address of the list that discusses it.")
    timezone = serializers.CharField(help_text="In which the plan's dates are days.")
    public = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    web_url = serializers.URLField()


class PlanSerializer(serializers.Serializer[Any]):
    """The plan in force."""

    number = serializers.IntegerField(help_text="1 is the project's first plan.")
    sha256 = serializers.CharField(help_text="The engine's digest of the plan's values, not of the text.")
    author = serializers.CharField(help_text="Handle.")
    reason = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    toml = serializers.CharField(help_text="Canonical text, table files inlined: what `split --plan` takes.")


class DueSerializer(serializers.Serializer[Any]):
    """When a milestone is due, and how exactly that was said."""

    kind = serializers.ChoiceField(choices=Milestone.DueKind.choices)
    on = serializers.DateField(allow_null=True, help_text="A month's first day stands for the month.")


class MilestoneSerializer(serializers.Serializer[Any]):
    """One step of the landing."""

    slug = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField(help_text="1-based place in the plan.")
    layer = serializers.ChoiceField(choices=Milestone.Layer.choices)
    state = serializers.ChoiceField(choices=Milestone.State.choices)
    due = DueSerializer()
    settle_days = serializers.IntegerField()
    final_comment_days = serializers.IntegerField()
    owner = serializers.CharField(allow_null=True, help_text="Handle.")
    landed_on = serializers.DateField(allow_null=True)
    landed_as = serializers.ListField(child=serializers.CharField(), help_text="Upstream commits.")
    url = serializers.URLField()
    web_url = serializers.URLField()
    status_url = serializers.URLField()
