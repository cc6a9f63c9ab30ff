"""What was sent: blobs, the series of a project's monolith, and its revisions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reviews.querysets import RevisionQuerySet


class Blob(models.Model):
    """Bytes in the store, once; a row is written only after the file is there for good."""

    class Encoding(models.TextChoices):
        """How the file holds the bytes; digest and size are of the bytes themselves."""

        IDENTITY = "identity"
        GZIP = "gzip"

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    path = models.CharField(max_length=100)  # below the store's folder
    encoding = models.CharField(max_length=16, choices=Encoding.choices, default=Encoding.IDENTITY)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="blob_sha256_unique"),
            models.CheckConstraint(
                condition=Q(encoding__in=["identity", "gzip"]), name="blob_encoding_known"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Series(models.Model):
    """One monolith of a project, over time."""

    project = models.ForeignKey("milestones.Project", on_delete=models.CASCADE, related_name="series")
    slug = models.CharField(max_length=64)
    source = models.TextField(blank=True)  # where its regenerations come from, in words
    current = models.ForeignKey(
        "reviews.Revision", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # the newest complete revision; None: there is none yet
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "series"
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="series_slug_unique")]

    def __str__(self) -> str:
        return self.slug


class Revision(models.Model):
    """One regeneration: a series, bytes, and the base that was stated with them."""

    class BaseKind(models.TextChoices):
        """Where the old texts come from; full context is found at ingest, the others are claimed."""

        NONE = "none", "windows of the hunks"
        FULL_CONTEXT = "full-context", "the diff's full context"
        TREE = "tree", "an uploaded tree"
        COMMIT = "commit", "a commit of the registered mirror"

    class Status(models.TextChoices):
        """Where the revision stands; refused and failed say why."""

        RECEIVED = "received"
        INGESTING = "ingesting"
        COMPLETE = "complete"
        REFUSED = "refused"
        FAILED = "failed"

    SAYS_WHY = ("refusal", "refusal_code", "refusal_path", "refusal_lineno", "refusal_hint")

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()  # 1-based: v1, v2, ...
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255, blank=True)  # as the sender called it, for display only
    base_kind = models.CharField(max_length=16, choices=BaseKind.choices, default=BaseKind.NONE)
    base_id = models.CharField(max_length=64, blank=True)  # commit, or digest of the sent tree; empty: none
    base_blob = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the sent tree
    base_digest = models.CharField(max_length=64, blank=True)  # of the touched files' old texts, once read
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.RECEIVED)
    refusal_code = models.CharField(max_length=64, blank=True)
    refusal = models.TextField(blank=True)  # one sentence: what is wrong
    refusal_path = models.TextField(blank=True)  # for display
    refusal_lineno = models.PositiveIntegerField(null=True, blank=True)  # 1-based line of the diff
    refusal_hint = models.TextField(blank=True)  # one sentence: what to do
    uploaded_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="revisions")
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="revision_number_unique"),
            models.UniqueConstraint(
                fields=["series", "blob", "base_id"], name="revision_bytes_and_base_unique"
            ),
            models.CheckConstraint(
                condition=Q(base_kind__in=["none", "full-context", "tree", "commit"]),
                name="revision_base_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "ingesting", "complete", "refused", "failed"]),
                name="revision_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["refused", "failed"]) | ~Q(refusal=""), name="revision_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(base_kind="tree") | Q(base_blob__isnull=False), name="revision_tree_has_bytes"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def base_words(self) -> str:
        """Say where the old texts come from; full context is not known before the diff has been read."""
        if self.base_kind == self.BaseKind.NONE and self.status in (
            self.Status.RECEIVED,
            self.Status.INGESTING,
        ):
            return "known when the diff has been read"
        return self.get_base_kind_display()

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen to it by itself."""
        return self.status in (self.Status.COMPLETE, self.Status.REFUSED, self.Status.FAILED)

    def reopen(self) -> None:
        """Forget why it was refused or failed: it is to be tried again."""
        self.status = self.Status.RECEIVED
        self.refusal = self.refusal_code = self.refusal_path = self.refusal_hint = ""
        self.refusal_lineno = self.finished_at = None
        self.save(update_fields=[*self.SAYS_WHY, "status", "finished_at"])

    @property
    def refusal_words(self) -> str:
        """Give the whole refusal as one text: what, where, what to do."""
        line = f"diff line {self.refusal_lineno}" if self.refusal_lineno else ""
        place = ", ".join(part for part in (self.refusal_path, line) if part)
        said = f"{self.refusal} ({place})." if place else f"{self.refusal}."
        return f"{said} {self.refusal_hint}" if self.refusal_hint else said
