from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0002_plan_people"),
        ("reviews", "0001_reviews"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="layerfile",
            name="layer_file_unique",
        ),
        migrations.AddField(
            model_name="chunkversion",
            name="oversize",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="layerfile",
            name="step",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="split",
            name="files",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="split",
            name="order",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="split",
            name="whole",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="chunkversion",
            name="title",
            field=models.TextField(),
        ),
        migrations.AddConstraint(
            model_name="layerfile",
            constraint=models.UniqueConstraint(
                fields=("split", "milestone", "step", "path_sha256"), name="layer_file_unique"
            ),
        ),
    ]
