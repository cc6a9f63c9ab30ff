"""What is reviewed: chunks over all splits, their versions, and the changes that these hold.

Texts are stored once, and contents are shared by the splits that agree; what a split has of its own are chunk
versions and layer files, never single changes.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from reviews.models.layers import VERDICTS, Verdict
from reviews.querysets import ChunkQuerySet, ChunkVersionQuerySet


class Kind(models.TextChoices):
    """What a change is, as the engine names it."""

    NULL_MACRO = "null-macro"
    VOCABULARY = "vocabulary"
    COSMETIC = "cosmetic"
    MEAT = "meat"
    OPAQUE = "opaque"


KINDS = ["null-macro", "vocabulary", "cosmetic", "meat", "opaque"]


class ChangeText(models.Model):
    """The touched lines of a change in its layer's own two texts, stored once for all splits."""

    fingerprint = models.CharField(max_length=64)  # blind to white space: see content_digest
    content_digest = models.CharField(max_length=64)  # sha256 of the exact texts
    path = models.BinaryField()
    path_text = models.TextField()
    func = models.TextField(blank=True)  # the enclosing function's name, for display
    before = models.BinaryField()
    after = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "content_digest"], name="change_text_fingerprint_unique"
            )
        ]
        indexes = [models.Index(fields=["content_digest"], name="change_text_content")]

    def __str__(self) -> str:
        return self.fingerprint[:12]


class ChunkContent(models.Model):
    """The changes of a chunk, where they stand, and their patch: equal contents are one row."""

    digest = models.CharField(max_length=64)
    paths = ArrayField(models.TextField())  # for display and for filters
    changes = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    verdict = models.CharField(max_length=16, choices=Verdict.choices)  # the weakest of its changes
    patch = models.BinaryField()  # git style, applies after the chunks before it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="chunk_content_digest_unique"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="chunk_content_verdict_known"),
        ]
        indexes = [GinIndex(fields=["paths"], name="chunk_content_paths")]

    def __str__(self) -> str:
        return self.digest[:12]


class Placement(models.Model):
    """One change in a content: where it stands, what it is, and why."""

    class Part(models.TextChoices):
        """A whole change, or a half of one that is split inside its line."""

        WHOLE = "whole"
        NULL = "null"
        MEAT = "meat"

    content = models.ForeignKey(ChunkContent, on_delete=models.CASCADE, related_name="placements")
    text = models.ForeignKey(ChangeText, on_delete=models.PROTECT, related_name="placements")
    proof = models.ForeignKey(
        "reviews.Proof", on_delete=models.PROTECT, null=True, related_name="+"
    )  # of the file's texts, in the first state
    position = models.PositiveIntegerField()  # 1-based in the chunk
    fingerprint = models.CharField(max_length=64)
    neighbourhood = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    part = models.CharField(max_length=8, choices=Part.choices)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    rule = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    macros = ArrayField(models.TextField(), default=list)
    states = ArrayField(models.CharField(max_length=64), default=list)
    assumptions = ArrayField(models.CharField(max_length=40), default=list)
    hazards = models.JSONField(default=list)
    straggler_of = models.CharField(max_length=64, blank=True)  # slug of the landed milestone
    old_lineno = models.PositiveIntegerField()  # of the monolith's old side; 0: absent
    old_count = models.PositiveIntegerField()
    new_lineno = models.PositiveIntegerField()
    new_count = models.PositiveIntegerField()
    before_lineno = models.PositiveIntegerField()  # of the layer's own text before
    before_count = models.PositiveIntegerField()
    after_lineno = models.PositiveIntegerField()
    after_count = models.PositiveIntegerField()

    class Meta:
        ordering = ["content", "position"]
        constraints = [
            models.UniqueConstraint(fields=["content", "fingerprint"], name="placement_fingerprint_unique"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="placement_kind_known"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="placement_verdict_known"),
            models.CheckConstraint(
                condition=~Q(kind="null-macro") | Q(proof__isnull=False, verdict="proved"),
                name="placement_null_has_proof",
            ),
        ]
        indexes = [models.Index(fields=["fingerprint"], name="placement_fingerprint")]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:12]}"


class Chunk(models.Model):
    """The unit of review over all splits of a series; addresses, mails and bots use its uid."""

    project = models.ForeignKey("milestones.Project", on_delete=models.CASCADE, related_name="chunks")
    series = models.ForeignKey("reviews.Series", on_delete=models.CASCADE, related_name="chunks")
    uid = models.CharField(max_length=32)  # lower-case letters and digits
    predecessors = ArrayField(models.CharField(max_length=32), default=list)  # uids that it grew from

    objects = ChunkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "uid"], name="chunk_uid_unique"),
            models.UniqueConstraint(fields=["project", "uid"], name="chunk_uid_unique_in_project"),
        ]

    def __str__(self) -> str:
        return self.uid


class ChunkVersion(models.Model):
    """A chunk in one split: what the Patchwork surface calls a patch."""

    project = models.ForeignKey("milestones.Project", on_delete=models.CASCADE, related_name="+")
    split = models.ForeignKey("reviews.Split", on_delete=models.CASCADE, related_name="chunk_versions")
    chunk = models.ForeignKey(Chunk, on_delete=models.PROTECT, related_name="versions")
    content = models.ForeignKey(ChunkContent, on_delete=models.PROTECT, related_name="versions")
    milestone = models.ForeignKey(
        "milestones.Milestone", on_delete=models.PROTECT, related_name="chunk_versions"
    )
    layer = models.ForeignKey("reviews.Layer", on_delete=models.CASCADE, related_name="chunk_versions")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    area = models.CharField(max_length=64, blank=True)  # name in the plan; empty: no area has it
    position = models.PositiveIntegerField()  # 1-based in its milestone: the order in which chunks apply
    title = models.TextField()
    oversize = models.TextField(blank=True)  # why it is longer than a chunk should be; empty: it is not
    pw_state = models.CharField(max_length=32, default="new")
    archived = models.BooleanField(default=False)
    commit_ref = models.CharField(max_length=200, blank=True)

    objects = ChunkVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["split", "chunk"], name="chunk_version_unique"),
            models.UniqueConstraint(
                fields=["split", "milestone", "position"], name="chunk_version_position_unique"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="chunk_version_kind_known"),
        ]
        indexes = [models.Index(fields=["project", "pw_state", "id"], name="chunk_version_lists")]

    def __str__(self) -> str:
        return self.title
