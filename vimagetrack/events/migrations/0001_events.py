import django.db.models.deletion
from django.db import migrations, models

import vimagetrack.events.fields

CURRENT_EPOCH = """
CREATE FUNCTION events_current_epoch() RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    newest events_epoch%ROWTYPE;
BEGIN
    SELECT * INTO newest FROM events_epoch ORDER BY number DESC LIMIT 1;
    IF newest.system_identifier IS DISTINCT FROM here THEN
        -- Restored into another server (or the very first event): its transaction ids start anew.
        INSERT INTO events_epoch (number, system_identifier, started_at)
            VALUES (coalesce(newest.number, 0) + 1, here, now()) ON CONFLICT DO NOTHING;
        SELECT * INTO newest FROM events_epoch ORDER BY number DESC LIMIT 1;
    END IF;
    RETURN newest.number;
END $$
"""
APPEND_ONLY = """
CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are appended, never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_refuse_change()
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("milestones", "0002_plan_people"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("system_identifier", models.BigIntegerField()),
                ("started_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("number",), name="epoch_number_unique")],
            },
        ),
        migrations.RunSQL(CURRENT_EPOCH, "DROP FUNCTION events_current_epoch()"),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "epoch",
                    models.PositiveIntegerField(
                        db_default=vimagetrack.events.fields.CurrentEpoch(), editable=False
                    ),
                ),
                (
                    "xid",
                    vimagetrack.events.fields.Xid8Field(
                        db_default=vimagetrack.events.fields.CurrentXid(), editable=False
                    ),
                ),
                ("category", models.CharField(max_length=40)),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject_id", models.BigIntegerField(blank=True, null=True)),
                ("payload", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="people.person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="milestones.project",
                    ),
                ),
            ],
            options={
                "ordering": ["epoch", "xid", "id"],
                "indexes": [
                    models.Index(fields=["project", "epoch", "xid", "id"], name="event_feed"),
                    models.Index(fields=["subject_kind", "subject_id"], name="event_subject"),
                ],
            },
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER event_append_only ON events_event; DROP FUNCTION events_refuse_change()",
        ),
    ]
