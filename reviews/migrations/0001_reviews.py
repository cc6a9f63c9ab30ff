import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("milestones", "0002_plan_people"),
        ("people", "0001_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("path", models.CharField(max_length=100)),
                (
                    "encoding",
                    models.CharField(
                        choices=[("identity", "Identity"), ("gzip", "Gzip")],
                        default="identity",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sha256",), name="blob_sha256_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("encoding__in", ["identity", "gzip"])), name="blob_encoding_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("content_digest", models.CharField(max_length=64)),
                ("path", models.BinaryField()),
                ("path_text", models.TextField()),
                ("func", models.TextField(blank=True)),
                ("before", models.BinaryField()),
                ("after", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["content_digest"], name="change_text_content")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint", "content_digest"), name="change_text_fingerprint_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChunkContent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                (
                    "paths",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("changes", models.PositiveIntegerField()),
                ("added", models.PositiveIntegerField()),
                ("removed", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[("proved", "Proved"), ("refuted", "Refuted"), ("undecided", "Undecided")],
                        max_length=16,
                    ),
                ),
                ("patch", models.BinaryField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["paths"], name="chunk_content_paths")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("digest",), name="chunk_content_digest_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["proved", "refuted", "undecided"])),
                        name="chunk_content_verdict_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before_sha256", models.CharField(max_length=64)),
                ("after_sha256", models.CharField(max_length=64)),
                ("definitions_sha256", models.CharField(max_length=64)),
                ("state", models.CharField(max_length=64)),
                ("kernel_version", models.CharField(max_length=32)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("proved", "Proved"), ("refuted", "Refuted"), ("undecided", "Undecided")],
                        max_length=16,
                    ),
                ),
                ("rule", models.CharField(blank=True, max_length=80)),
                ("reason", models.TextField(blank=True)),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                (
                    "assumptions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("before_digest", models.CharField(blank=True, max_length=64)),
                ("after_digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "before_sha256",
                            "after_sha256",
                            "definitions_sha256",
                            "state",
                            "kernel_version",
                        ),
                        name="proof_texts_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["proved", "refuted", "undecided"])),
                        name="proof_verdict_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("filename", models.CharField(blank=True, max_length=255)),
                (
                    "base_kind",
                    models.CharField(
                        choices=[
                            ("none", "windows of the hunks"),
                            ("full-context", "the diff's full context"),
                            ("tree", "an uploaded tree"),
                            ("commit", "a commit of the registered mirror"),
                        ],
                        default="none",
                        max_length=16,
                    ),
                ),
                ("base_id", models.CharField(blank=True, max_length=64)),
                ("base_digest", models.CharField(blank=True, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("ingesting", "Ingesting"),
                            ("complete", "Complete"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                        ],
                        default="received",
                        max_length=16,
                    ),
                ),
                ("refusal_code", models.CharField(blank=True, max_length=64)),
                ("refusal", models.TextField(blank=True)),
                ("refusal_path", models.TextField(blank=True)),
                ("refusal_lineno", models.PositiveIntegerField(blank=True, null=True)),
                ("refusal_hint", models.TextField(blank=True)),
                ("received_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "base_blob",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviews.blob",
                    ),
                ),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.blob"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=64)),
                ("source", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                (
                    "current",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="reviews.revision",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="milestones.project",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "series",
            },
        ),
        migrations.AddField(
            model_name="revision",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="reviews.series"
            ),
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.CharField(max_length=32)),
                (
                    "predecessors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="milestones.project",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="reviews.series",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Split",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("engine", models.CharField(max_length=32)),
                ("kernel_version", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[("current", "Current"), ("superseded", "Superseded")], max_length=16
                    ),
                ),
                ("input_sha256", models.CharField(max_length=64)),
                ("plan_sha256", models.CharField(max_length=64)),
                ("base_digest", models.CharField(blank=True, max_length=64)),
                ("totals", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "plan_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="splits",
                        to="milestones.planversion",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.blob"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="splits",
                        to="reviews.revision",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LayerFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.BinaryField()),
                ("path_text", models.TextField()),
                ("path_sha256", models.CharField(max_length=64)),
                ("before_sha256", models.CharField(blank=True, max_length=64)),
                ("after_sha256", models.CharField(blank=True, max_length=64)),
                ("added", models.PositiveIntegerField()),
                ("removed", models.PositiveIntegerField()),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="layer_files",
                        to="reviews.split",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Layer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("slug", models.CharField(max_length=64)),
                ("layer", models.CharField(max_length=16)),
                ("files", models.PositiveIntegerField()),
                ("added", models.PositiveIntegerField()),
                ("removed", models.PositiveIntegerField()),
                ("verdict", models.CharField(blank=True, max_length=16)),
                (
                    "states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "assumptions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("kinds", models.JSONField(default=dict)),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="layers",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="layers", to="reviews.split"
                    ),
                ),
            ],
            options={
                "ordering": ["split", "position"],
            },
        ),
        migrations.CreateModel(
            name="ChunkVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("null-macro", "Null Macro"),
                            ("vocabulary", "Vocabulary"),
                            ("cosmetic", "Cosmetic"),
                            ("meat", "Meat"),
                            ("opaque", "Opaque"),
                        ],
                        max_length=16,
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=64)),
                ("position", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("pw_state", models.CharField(default="new", max_length=32)),
                ("archived", models.BooleanField(default=False)),
                ("commit_ref", models.CharField(blank=True, max_length=200)),
                (
                    "chunk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="reviews.chunk",
                    ),
                ),
                (
                    "content",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="reviews.chunkcontent",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunk_versions",
                        to="milestones.milestone",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="milestones.project"
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunk_versions",
                        to="reviews.layer",
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunk_versions",
                        to="reviews.split",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LayerPatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=100)),
                (
                    "blob",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.blob"
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="patches",
                        to="reviews.layer",
                    ),
                ),
            ],
            options={
                "ordering": ["layer", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("layer", "position"), name="layer_patch_position_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("neighbourhood", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("null-macro", "Null Macro"),
                            ("vocabulary", "Vocabulary"),
                            ("cosmetic", "Cosmetic"),
                            ("meat", "Meat"),
                            ("opaque", "Opaque"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("whole", "Whole"), ("null", "Null"), ("meat", "Meat")], max_length=8
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("proved", "Proved"), ("refuted", "Refuted"), ("undecided", "Undecided")],
                        max_length=16,
                    ),
                ),
                ("rule", models.CharField(blank=True, max_length=80)),
                ("reason", models.TextField(blank=True)),
                (
                    "macros",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "assumptions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("hazards", models.JSONField(default=list)),
                ("straggler_of", models.CharField(blank=True, max_length=64)),
                ("old_lineno", models.PositiveIntegerField()),
                ("old_count", models.PositiveIntegerField()),
                ("new_lineno", models.PositiveIntegerField()),
                ("new_count", models.PositiveIntegerField()),
                ("before_lineno", models.PositiveIntegerField()),
                ("before_count", models.PositiveIntegerField()),
                ("after_lineno", models.PositiveIntegerField()),
                ("after_count", models.PositiveIntegerField()),
                (
                    "content",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="reviews.chunkcontent",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="reviews.changetext",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviews.proof",
                    ),
                ),
            ],
            options={
                "ordering": ["content", "position"],
                "indexes": [models.Index(fields=["fingerprint"], name="placement_fingerprint")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("content", "fingerprint"), name="placement_fingerprint_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["null-macro", "vocabulary", "cosmetic", "meat", "opaque"])
                        ),
                        name="placement_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["proved", "refuted", "undecided"])),
                        name="placement_verdict_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "null-macro"), _negated=True),
                            models.Q(("proof__isnull", False), ("verdict", "proved")),
                            _connector="OR",
                        ),
                        name="placement_null_has_proof",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.UniqueConstraint(fields=("project", "slug"), name="series_slug_unique"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("series", "number"), name="revision_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("series", "blob", "base_id"), name="revision_bytes_and_base_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("base_kind__in", ["none", "full-context", "tree", "commit"])),
                name="revision_base_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["received", "ingesting", "complete", "refused", "failed"])
                ),
                name="revision_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["refused", "failed"]), _negated=True),
                    models.Q(("refusal", ""), _negated=True),
                    _connector="OR",
                ),
                name="revision_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("base_kind", "tree"), _negated=True),
                    ("base_blob__isnull", False),
                    _connector="OR",
                ),
                name="revision_tree_has_bytes",
            ),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.UniqueConstraint(fields=("series", "uid"), name="chunk_uid_unique"),
        ),
        migrations.AddConstraint(
            model_name="chunk",
            constraint=models.UniqueConstraint(fields=("project", "uid"), name="chunk_uid_unique_in_project"),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(
                fields=("revision", "plan_version", "engine"), name="split_plan_and_engine_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(fields=("revision", "number"), name="split_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "current")),
                fields=("revision",),
                name="split_one_current_per_revision",
            ),
        ),
        migrations.AddConstraint(
            model_name="split",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["current", "superseded"])), name="split_state_known"
            ),
        ),
        migrations.AddIndex(
            model_name="layerfile",
            index=models.Index(fields=["before_sha256", "after_sha256"], name="layer_file_texts"),
        ),
        migrations.AddConstraint(
            model_name="layerfile",
            constraint=models.UniqueConstraint(
                fields=("split", "milestone", "path_sha256"), name="layer_file_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.UniqueConstraint(fields=("split", "milestone"), name="layer_milestone_unique"),
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.UniqueConstraint(fields=("split", "position"), name="layer_position_unique"),
        ),
        migrations.AddConstraint(
            model_name="layer",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["", "proved", "refuted", "undecided"])),
                name="layer_verdict_known",
            ),
        ),
        migrations.AddIndex(
            model_name="chunkversion",
            index=models.Index(fields=["project", "pw_state", "id"], name="chunk_version_lists"),
        ),
        migrations.AddConstraint(
            model_name="chunkversion",
            constraint=models.UniqueConstraint(fields=("split", "chunk"), name="chunk_version_unique"),
        ),
        migrations.AddConstraint(
            model_name="chunkversion",
            constraint=models.UniqueConstraint(
                fields=("split", "milestone", "position"), name="chunk_version_position_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="chunkversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["null-macro", "vocabulary", "cosmetic", "meat", "opaque"])),
                name="chunk_version_kind_known",
            ),
        ),
    ]
