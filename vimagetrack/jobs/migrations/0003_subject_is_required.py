from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_crashes")]

    operations = [
        migrations.AlterField("job", "subject_id", models.BigIntegerField()),
        migrations.AlterField("job", "subject_kind", models.CharField(max_length=40)),
    ]
