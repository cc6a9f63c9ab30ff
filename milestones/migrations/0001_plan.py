import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("position", models.PositiveIntegerField()),
                (
                    "paths",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("approvals", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["project", "position"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("position", models.PositiveIntegerField(null=True)),
                (
                    "layer",
                    models.CharField(
                        choices=[
                            ("announce", "Announce"),
                            ("null", "Null"),
                            ("meat", "Meat"),
                            ("mixed", "Mixed"),
                            ("open", "Open"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "due_kind",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("open", "Open")], max_length=8
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("settle_days", models.PositiveIntegerField(default=0)),
                ("final_comment_days", models.PositiveIntegerField(default=0)),
                (
                    "stored_state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("announced", "Announced"),
                            ("in-review", "In Review"),
                            ("landed", "Landed"),
                            ("backed-out", "Backed Out"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=16,
                    ),
                ),
                ("landed_on", models.DateField(blank=True, null=True)),
                (
                    "landed_as",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MilestoneDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("planned", "Planned"), ("actual", "Actual")], max_length=8),
                ),
                (
                    "due_kind",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("open", "Open")], max_length=8
                    ),
                ),
                ("on", models.DateField(null=True)),
                ("why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["milestone", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("source", models.TextField()),
                ("toml", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["project", "number"],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("list_address", models.CharField(blank=True, max_length=254)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("private", "Private"), ("public", "Public")],
                        default="private",
                        max_length=16,
                    ),
                ),
                ("mirror", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StateDef",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("position", models.PositiveIntegerField()),
                (
                    "define",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "undefine",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "ordering": ["project", "position"],
            },
        ),
        migrations.CreateModel(
            name="AreaPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(choices=[("reviewer", "Reviewer"), ("owner", "Owner")], max_length=16),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="milestones.area",
                    ),
                ),
            ],
        ),
    ]
