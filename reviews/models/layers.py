"""How a revision was split: layers, their patches and files, and the proofs of their texts.

A split belongs to a revision, a version of the plan and an engine; other bytes, another plan or a better
engine make another split, and what pointed at the old one keeps its meaning.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from reviews.querysets import SplitQuerySet

VERDICTS = ["proved", "refuted", "undecided"]


class Verdict(models.TextChoices):
    """What the kernel says; undecided is meat, and never shown as proved."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Split(models.Model):
    """One revision under one version of the plan by one engine."""

    class State(models.TextChoices):
        """One split of a revision is current; the others stay readable."""

        CURRENT = "current"
        SUPERSEDED = "superseded"

    revision = models.ForeignKey("reviews.Revision", on_delete=models.CASCADE, related_name="splits")
    plan_version = models.ForeignKey(
        "milestones.PlanVersion", on_delete=models.PROTECT, related_name="splits"
    )
    number = models.PositiveIntegerField()  # 1-based in the revision: v7.2 is the second split of v7
    engine = models.CharField(max_length=32)
    kernel_version = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State.choices)
    input_sha256 = models.CharField(max_length=64)
    plan_sha256 = models.CharField(max_length=64)
    base_digest = models.CharField(max_length=64, blank=True)
    totals = models.JSONField(default=dict)  # kind -> changes, added, removed
    order = models.JSONField(default=list)  # identifiers that a layer uses and a later one defines
    files = models.PositiveIntegerField(default=0)
    whole = models.BooleanField(default=True)  # False: some old text was known by its hunks only
    warnings = models.JSONField(default=list)  # path, diff_lineno, code, text: flagged rather than refused
    report = models.ForeignKey("reviews.Blob", on_delete=models.PROTECT, related_name="+")  # report.json
    created_at = models.DateTimeField()

    objects = SplitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "plan_version", "engine"], name="split_plan_and_engine_unique"
            ),
            models.UniqueConstraint(fields=["revision", "number"], name="split_number_unique"),
            models.UniqueConstraint(
                fields=["revision"], condition=Q(state="current"), name="split_one_current_per_revision"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["current", "superseded"]), name="split_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"split {self.number} of {self.revision_id}"


class Layer(models.Model):
    """One milestone's share of a split: the difference of two states of the tree."""

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="layers")
    milestone = models.ForeignKey("milestones.Milestone", on_delete=models.PROTECT, related_name="layers")
    position = models.PositiveIntegerField()  # 1-based place in the plan of the split
    slug = models.CharField(max_length=64)  # as the milestone was called in that plan
    layer = models.CharField(max_length=16)  # announce, null, meat, mixed, open
    files = models.PositiveIntegerField()
    added = models.PositiveIntegerField()  # lines of its patches
    removed = models.PositiveIntegerField()
    verdict = models.CharField(max_length=16, blank=True)  # of its null part; empty: nothing to prove
    states = ArrayField(models.CharField(max_length=64), default=list)
    assumptions = ArrayField(models.CharField(max_length=40), default=list)  # used, not only granted
    kinds = models.JSONField(default=dict)  # kind -> changes, added, removed

    class Meta:
        ordering = ["split", "position"]
        constraints = [
            models.UniqueConstraint(fields=["split", "milestone"], name="layer_milestone_unique"),
            models.UniqueConstraint(fields=["split", "position"], name="layer_position_unique"),
            models.CheckConstraint(condition=Q(verdict__in=["", *VERDICTS]), name="layer_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.position:02}-{self.slug}"


class LayerPatch(models.Model):
    """A patch file of a layer; a mixed one has two, its null part first."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="patches")
    position = models.PositiveIntegerField()  # 1-based in the layer
    name = models.CharField(max_length=100)  # 01-macros.patch
    blob = models.ForeignKey("reviews.Blob", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["layer", "position"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "position"], name="layer_patch_position_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class LayerFile(models.Model):
    """One file in one layer: digests of its whole text before and after."""

    split = models.ForeignKey(Split, on_delete=models.CASCADE, related_name="layer_files")
    milestone = models.ForeignKey("milestones.Milestone", on_delete=models.PROTECT, related_name="+")
    step = models.PositiveIntegerField(default=0)  # 0-based place of the layer; a mixed milestone has two
    path = models.BinaryField()  # exact
    path_text = models.TextField()  # for display
    path_sha256 = models.CharField(max_length=64)
    before_sha256 = models.CharField(max_length=64, blank=True)  # empty: absent, or not known as a whole
    after_sha256 = models.CharField(max_length=64, blank=True)
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["split", "milestone", "step", "path_sha256"], name="layer_file_unique"
            ),
        ]
        indexes = [models.Index(fields=["before_sha256", "after_sha256"], name="layer_file_texts")]

    def __str__(self) -> str:
        return self.path_text


class Proof(models.Model):
    """What the kernel said about two texts: it belongs to the texts, not to a split.

    A proof is stale when no row has the present key; nobody has to remember to set a flag.
    """

    before_sha256 = models.CharField(max_length=64)
    after_sha256 = models.CharField(max_length=64)
    definitions_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=64)
    kernel_version = models.CharField(max_length=32)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    rule = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    rules = ArrayField(models.CharField(max_length=80), default=list)  # used
    assumptions = ArrayField(models.CharField(max_length=40), default=list)  # used
    before_digest = models.CharField(max_length=64, blank=True)  # of the kernel's token streams
    after_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["before_sha256", "after_sha256", "definitions_sha256", "state", "kernel_version"],
                name="proof_texts_unique",
            ),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="proof_verdict_known"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} in {self.state}"
