"""Projects, versions of their landing plans, and the milestones, states and areas that a plan names.

The plan's text is in the plan's versions; the rows here are what pages, gates and reviews refer to. A
milestone's identity is its slug in its project; one that a plan no longer has is dropped, never deleted.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from milestones.querysets import MilestoneQuerySet, ProjectQuerySet
from milestones.rights import Right
from vimagetrack.engine.plan import Plan, parse_plan
from vimagetrack.people.models import Viewer


class Project(models.Model):
    """One huge change that is to land in steps."""

    class Visibility(models.TextChoices):
        """Who may look: members only, or anyone."""

        PRIVATE = "private"
        PUBLIC = "public"

    slug = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    list_address = models.CharField(max_length=254, blank=True)
    zone = models.CharField(max_length=64, default="UTC")  # in which the plan's dates are days
    visibility = models.CharField(max_length=16, choices=Visibility.choices, default=Visibility.PRIVATE)
    mirror = models.TextField(blank=True)  # folder of a bare git repository; only site administrators set it
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="project_slug_unique"),
            models.CheckConstraint(
                condition=Q(visibility__in=["private", "public"]), name="project_visibility_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Tell whether anyone may read."""
        return self.visibility == self.Visibility.PUBLIC

    @property
    def plan_version(self) -> PlanVersion:
        """Give the plan in force: the newest version."""
        return self.plan_versions.latest("number")

    def _allows(self, right: Right, viewer: Viewer) -> bool:
        return type(self).objects.allowing(right, viewer).filter(pk=self.pk).exists()

    def can_view(self, viewer: Viewer) -> bool:
        """Tell whether the project may be known to exist at all: else every door says 404."""
        return self._allows(Right.VIEW, viewer)

    def can_review(self, viewer: Viewer) -> bool:
        """Tell whether a review of this account counts."""
        return self._allows(Right.REVIEW, viewer)

    def can_upload(self, viewer: Viewer) -> bool:
        """Tell whether this account may send a new revision."""
        return self._allows(Right.UPLOAD, viewer)

    def can_edit_plan(self, viewer: Viewer) -> bool:
        """Tell whether this account may change the plan."""
        return self._allows(Right.EDIT_PLAN, viewer)

    def can_administer(self, viewer: Viewer) -> bool:
        """Tell whether this account may change members and visibility."""
        return self._allows(Right.ADMINISTER, viewer)


class PlanVersion(models.Model):
    """One state of the plan: the author's text, and the canonical text that stands without other files."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="plan_versions")
    number = models.PositiveIntegerField()  # 1-based
    source = models.TextField()  # as it was written, comments included
    toml = models.TextField()  # canonical, table files inlined: what is split by and exported
    sha256 = models.CharField(max_length=64)  # the engine's digest of the plan, not of either text
    author = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="plan_versions")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="plan_version_number_unique")
        ]

    def __str__(self) -> str:
        return f"plan {self.number} of {self.project_id}"

    def to_plan(self) -> Plan:
        """Read the plan's values; it parsed when it was stored, so a PlanError here is a bug."""
        return parse_plan(self.toml)


class Milestone(models.Model):
    """One step of the landing, as the newest plan has it; slug and project are its identity."""

    class Layer(models.TextChoices):
        """What kind of changes the step takes."""

        ANNOUNCE = "announce"
        NULL = "null"
        MEAT = "meat"
        MIXED = "mixed"
        OPEN = "open"

    class DueKind(models.TextChoices):
        """How exact the date is; a month's date is its first day."""

        DAY = "day"
        MONTH = "month"
        OPEN = "open"

    class State(models.TextChoices):
        """What verbs store; prepared, ready and settled are computed from facts."""

        PLANNED = "planned"
        ANNOUNCED = "announced"
        IN_REVIEW = "in-review"
        LANDED = "landed"
        BACKED_OUT = "backed-out"
        DROPPED = "dropped"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    slug = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    position = models.PositiveIntegerField(null=True)  # 1-based place in the plan; None: dropped from it
    layer = models.CharField(max_length=16, choices=Layer.choices)
    due_kind = models.CharField(max_length=8, choices=DueKind.choices)
    due_on = models.DateField(null=True, blank=True)
    settle_days = models.PositiveIntegerField(default=0)
    final_comment_days = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="milestones"
    )
    stored_state = models.CharField(max_length=16, choices=State.choices, default=State.PLANNED)
    landed_on = models.DateField(null=True, blank=True)
    landed_as = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # upstream commits

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="milestone_slug_unique"),
            models.UniqueConstraint(
                fields=["project", "position"],
                name="milestone_position_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(
                    stored_state__in=["planned", "announced", "in-review", "landed", "backed-out", "dropped"]
                ),
                name="milestone_state_known",
            ),
            models.CheckConstraint(
                condition=Q(stored_state="dropped", position__isnull=True)
                | (~Q(stored_state="dropped") & Q(position__gte=1)),
                name="milestone_dropped_has_no_position",
            ),
            models.CheckConstraint(
                condition=Q(layer__in=["announce", "null", "meat", "mixed", "open"]),
                name="milestone_layer_known",
            ),
            models.CheckConstraint(
                condition=Q(due_kind="open", due_on__isnull=True)
                | Q(due_kind__in=["day", "month"], due_on__isnull=False),
                name="milestone_due_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_landed(self) -> bool:
        """Tell whether the step went upstream and stayed there."""
        return self.stored_state == self.State.LANDED


class MilestoneDate(models.Model):
    """A date that was planned or happened, with who said so and why; rows are never changed."""

    class Kind(models.TextChoices):
        """Planned dates slip; actual ones are history."""

        PLANNED = "planned"
        ACTUAL = "actual"

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="dates")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    due_kind = models.CharField(max_length=8, choices=Milestone.DueKind.choices)
    on = models.DateField(null=True)  # None: without a date
    who = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["milestone", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["planned", "actual"]), name="milestone_date_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(due_kind="open", on__isnull=True)
                | Q(due_kind__in=["day", "month"], on__isnull=False),
                name="milestone_date_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class StateDef(models.Model):
    """A named way in which the tree can be compiled, as the newest plan has it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="states")
    name = models.CharField(max_length=64)
    position = models.PositiveIntegerField()  # 1-based
    define = ArrayField(models.TextField(), default=list)  # NAME=VALUE
    undefine = ArrayField(models.TextField(), default=list)

    class Meta:
        ordering = ["project", "position"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="state_def_name_unique")]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A part of the tree with people who know it, as the newest plan has it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(max_length=64)
    position = models.PositiveIntegerField()  # 1-based; the first area that matches a path has it
    paths = ArrayField(models.TextField(), default=list)
    approvals = models.PositiveIntegerField(default=1)  # how many, not counting who uploaded

    class Meta:
        ordering = ["project", "position"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="area_name_unique")]

    def __str__(self) -> str:
        return self.name


class AreaPerson(models.Model):
    """Who reviews or owns an area."""

    class Role(models.TextChoices):
        """What the plan calls them there."""

        REVIEWER = "reviewer"
        OWNER = "owner"

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="areas")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "person", "role"], name="area_person_unique"),
            models.CheckConstraint(
                condition=Q(role__in=["reviewer", "owner"]), name="area_person_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"
