import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION milestones_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dates of milestones are appended, never changed or deleted'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER milestone_date_append_only BEFORE UPDATE OR DELETE ON milestones_milestonedate
    FOR EACH ROW EXECUTE FUNCTION milestones_refuse_change()
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("milestones", "0001_plan"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="areaperson",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="milestones",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="milestonedate",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="dates", to="milestones.milestone"
            ),
        ),
        migrations.AddField(
            model_name="milestonedate",
            name="who",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plan_versions", to="people.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(fields=("slug",), name="project_slug_unique"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("visibility__in", ["private", "public"])), name="project_visibility_known"
            ),
        ),
        migrations.AddField(
            model_name="planversion",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plan_versions",
                to="milestones.project",
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="milestones",
                to="milestones.project",
            ),
        ),
        migrations.AddField(
            model_name="area",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="areas", to="milestones.project"
            ),
        ),
        migrations.AddField(
            model_name="statedef",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="states", to="milestones.project"
            ),
        ),
        migrations.AddConstraint(
            model_name="areaperson",
            constraint=models.UniqueConstraint(fields=("area", "person", "role"), name="area_person_unique"),
        ),
        migrations.AddConstraint(
            model_name="areaperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["reviewer", "owner"])), name="area_person_role_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonedate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["planned", "actual"])), name="milestone_date_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonedate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_kind", "open"), ("on__isnull", True)),
                    models.Q(("due_kind__in", ["day", "month"]), ("on__isnull", False)),
                    _connector="OR",
                ),
                name="milestone_date_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                fields=("project", "number"), name="plan_version_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(fields=("project", "slug"), name="milestone_slug_unique"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("project", "position"),
                name="milestone_position_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stored_state__in",
                        ["planned", "announced", "in-review", "landed", "backed-out", "dropped"],
                    )
                ),
                name="milestone_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("position__isnull", True), ("stored_state", "dropped")),
                    models.Q(models.Q(("stored_state", "dropped"), _negated=True), ("position__gte", 1)),
                    _connector="OR",
                ),
                name="milestone_dropped_has_no_position",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("layer__in", ["announce", "null", "meat", "mixed", "open"])),
                name="milestone_layer_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_kind", "open"), ("due_on__isnull", True)),
                    models.Q(("due_kind__in", ["day", "month"]), ("due_on__isnull", False)),
                    _connector="OR",
                ),
                name="milestone_due_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(fields=("project", "name"), name="area_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="statedef",
            constraint=models.UniqueConstraint(fields=("project", "name"), name="state_def_name_unique"),
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER milestone_date_append_only ON milestones_milestonedate;"
            " DROP FUNCTION milestones_refuse_change()",
        ),
    ]
