"""What programs see of revisions, splits and chunks, and the words that they may ask with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from milestones.api.serializers import DueSerializer, PageQuery, cursor_field
from milestones.models import Milestone
from reviews.models import Placement, Revision, Split
from reviews.models.chunks import Kind
from reviews.models.layers import Verdict
from vimagetrack.jobs.models import Job


class RevisionQuery(PageQuery):
    """Which revisions."""

    series = serializers.CharField(required=False, allow_blank=True, max_length=100)
    status = serializers.MultipleChoiceField(choices=Revision.Status.choices, required=False)


class ChunkQuery(PageQuery):
    """Which chunks; by default those of the newest split of each series."""

    cursor = cursor_field(keys=3)
    series = serializers.CharField(required=False, allow_blank=True, max_length=100)
    revision = serializers.IntegerField(
        required=False, min_value=1, max_value=999_999_999, help_text="Number; of `series`, or of `main`."
    )
    milestone = serializers.CharField(required=False, allow_blank=True, max_length=100)
    kind = serializers.MultipleChoiceField(choices=Kind.choices, required=False)
    verdict = serializers.MultipleChoiceField(
        choices=Verdict.choices, required=False, help_text="The weakest of the chunk's changes."
    )
    area = serializers.CharField(required=False, allow_blank=True, max_length=100)
    path = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=4096,
        help_text="A file, or a folder with its last slash.",
    )


class JobQuery(PageQuery):
    """Which jobs."""

    state = serializers.MultipleChoiceField(choices=Job.State.choices, required=False)


class ChangeQuery(PageQuery):
    """Which changes of a chunk, and how much of them."""

    texts = serializers.BooleanField(
        required=False, default=False, help_text="With the touched lines; bytes that are no UTF-8 as \\xNN."
    )


class UploadQuery(serializers.Serializer[Any]):
    """What stands beside the bytes of an upload."""

    series = serializers.RegexField(
        "^[A-Za-z0-9][A-Za-z0-9-]*$", required=False, default="main", max_length=64,
        help_text="A new name starts a new series.",
    )  # fmt: skip
    base = serializers.RegexField(
        "^[0-9a-f]{7,64}$", required=False, allow_blank=True, default="",
        help_text="Commit of the project's registered mirror on which the diff stands.",
    )  # fmt: skip
    filename = serializers.CharField(required=False, allow_blank=True, default="", max_length=255)


class JobSerializer(serializers.Serializer[Any]):
    """Work that goes on; ask again until `state` is done, parked or cancelled."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    stage = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField(help_text="Of the stage: files, mostly.")
    total = serializers.IntegerField()
    lines = serializers.IntegerField(help_text="Changed lines dealt with so far.")
    attempt = serializers.IntegerField()
    error = serializers.CharField(allow_null=True, help_text="Only for those who may upload.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    revision_url = serializers.URLField(allow_null=True, help_text="What it works on.")


class BaseSerializer(serializers.Serializer[Any]):
    """Where the old texts come from."""

    kind = serializers.ChoiceField(choices=Revision.BaseKind.choices)
    id = serializers.CharField(allow_blank=True, help_text="Commit, or digest of the sent tree.")
    digest = serializers.CharField(allow_blank=True, help_text="Of the touched files' old texts.")


class RefusalSerializer(serializers.Serializer[Any]):
    """Why a revision was not taken: what, where, what to do."""

    code = serializers.CharField()
    detail = serializers.CharField()
    path = serializers.CharField(allow_blank=True)
    diff_lineno = serializers.IntegerField(allow_null=True, help_text="1-based.")
    hint = serializers.CharField(allow_blank=True)


class RevisionSerializer(serializers.Serializer[Any]):
    """One regeneration of the monolith."""

    series = serializers.CharField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Revision.Status.choices)
    refusal = RefusalSerializer(allow_null=True)
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    filename = serializers.CharField(allow_blank=True)
    base = BaseSerializer()
    uploaded_by = serializers.CharField(help_text="Handle.")
    received_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    web_url = serializers.URLField()
    splits_url = serializers.URLField()
    chunks_url = serializers.URLField()
    report_url = serializers.URLField(help_text="404 until the revision is complete.")


class RevisionDetailSerializer(RevisionSerializer):
    """A revision with the job that works, or last worked, on it."""

    job = JobSerializer(allow_null=True)


class PatchFileSerializer(serializers.Serializer[Any]):
    """A patch of a layer, to be applied in the order of the list."""

    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    url = serializers.URLField()


class LayerSerializer(serializers.Serializer[Any]):
    """One milestone's share of a split."""

    position = serializers.IntegerField(help_text="1-based place in the plan of the split.")
    milestone = serializers.CharField(help_text="Slug, as it was in that plan.")
    layer = serializers.ChoiceField(choices=Milestone.Layer.choices)
    files = serializers.IntegerField()
    added = serializers.IntegerField(help_text="Lines of the patches.")
    removed = serializers.IntegerField()
    verdict = serializers.ChoiceField(
        choices=Verdict.choices, allow_null=True, help_text="null: nothing to prove."
    )
    states = serializers.ListField(child=serializers.CharField())
    assumptions = serializers.ListField(child=serializers.CharField(), help_text="Used, not only granted.")
    kinds = serializers.DictField(help_text="By kind: changes, added, removed.")
    patches = PatchFileSerializer(many=True)


class SplitSerializer(serializers.Serializer[Any]):
    """A revision under one version of the plan by one engine."""

    series = serializers.CharField()
    revision = serializers.IntegerField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Split.State.choices)
    engine = serializers.CharField()
    kernel = serializers.CharField()
    plan = serializers.IntegerField(help_text="Number of the plan's version.")
    input_sha256 = serializers.CharField()
    plan_sha256 = serializers.CharField()
    totals = serializers.DictField(help_text="As in report.json.")
    created_at = serializers.DateTimeField()
    url = serializers.URLField()
    report_url = serializers.URLField()


class SplitDetailSerializer(SplitSerializer):
    """A split with its layers in landing order."""

    warnings = serializers.ListField(child=serializers.DictField(), help_text="As in report.json.")
    layers = LayerSerializer(many=True)


class ChunkSerializer(serializers.Serializer[Any]):
    """The unit of review, in one split."""

    uid = serializers.CharField(help_text="Stays over regenerations.")
    series = serializers.CharField()
    revision = serializers.IntegerField()
    split = serializers.IntegerField()
    milestone = serializers.CharField(help_text="Slug, as it was in the plan of the split.")
    position = serializers.IntegerField(
        help_text="1-based in its milestone: the order in which chunks apply."
    )
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    verdict = serializers.ChoiceField(choices=Verdict.choices, help_text="The weakest of its changes.")
    area = serializers.CharField(allow_blank=True)
    files = serializers.ListField(child=serializers.CharField(), help_text="Paths, as they are shown.")
    changes = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    url = serializers.URLField(help_text="This version.")
    web_url = serializers.URLField()
    changes_url = serializers.URLField()
    patch_url = serializers.URLField()


class ChunkDetailSerializer(ChunkSerializer):
    """A chunk with all its versions, newest first."""

    predecessors = serializers.ListField(child=serializers.CharField(), help_text="uids that it grew from.")
    versions = serializers.ListField(child=serializers.URLField())


class ChangeSerializer(serializers.Serializer[Any]):
    """One contiguous edit; line pairs are first line and count, [0, 0] for an absent side."""

    position = serializers.IntegerField(help_text="1-based in the chunk.")
    path = serializers.CharField(help_text="As it is shown.")
    function = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Kind.choices)
    part = serializers.ChoiceField(choices=Placement.Part.choices)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    rule = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    old = serializers.ListField(child=serializers.IntegerField(), help_text="In the monolith's old side.")
    new = serializers.ListField(child=serializers.IntegerField(), help_text="In the monolith's new side.")
    before = serializers.ListField(child=serializers.IntegerField(), help_text="In the layer's text before.")
    after = serializers.ListField(child=serializers.IntegerField(), help_text="In the layer's text after.")
    macros = serializers.ListField(child=serializers.CharField())
    states = serializers.ListField(child=serializers.CharField())
    assumptions = serializers.ListField(child=serializers.CharField())
    hazards = serializers.ListField(child=serializers.JSONField())
    straggler_of = serializers.CharField(allow_null=True, help_text="Landed milestone that it is late for.")
    fingerprint = serializers.CharField()
    neighbourhood = serializers.CharField()
    before_text = serializers.CharField(required=False)
    after_text = serializers.CharField(required=False)


class SeriesStatusSerializer(serializers.Serializer[Any]):
    """What one series has for a milestone, in its newest complete revision."""

    series = serializers.CharField()
    revision = serializers.IntegerField()
    split = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    files = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    verdict = serializers.ChoiceField(
        choices=Verdict.choices, allow_null=True, help_text="null: nothing to prove."
    )
    states = serializers.ListField(child=serializers.CharField())
    assumptions = serializers.ListField(child=serializers.CharField())
    kinds = serializers.DictField(help_text="By kind: changes, added, removed.")
    chunks = serializers.DictField(child=serializers.IntegerField(), help_text="Chunks by verdict.")
    patches = PatchFileSerializer(many=True)
    web_url = serializers.URLField()


class StatusSerializer(serializers.Serializer[Any]):
    """Where a milestone stands: what a bot tells the list."""

    project = serializers.CharField()
    milestone = serializers.CharField()
    title = serializers.CharField()
    position = serializers.IntegerField()
    layer = serializers.ChoiceField(choices=Milestone.Layer.choices)
    state = serializers.ChoiceField(choices=Milestone.State.choices)
    owner = serializers.CharField(allow_null=True, help_text="Handle.")
    due = DueSerializer()
    today = serializers.DateField(help_text="In the project's time zone.")
    days_left = serializers.IntegerField(
        allow_null=True,
        help_text="To the end of the day or month that is due; negative: late; null: no date.",
    )
    landed_on = serializers.DateField(allow_null=True)
    series = SeriesStatusSerializer(many=True)
    text = serializers.CharField(help_text="The same in words, 72 columns, for pasting into a mail.")
    web_url = serializers.URLField()
