import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_jobs"),
        ("milestones", "0002_plan_people"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="job",
            name="job_failures_were_attempts",
        ),
        migrations.AddField(
            model_name="job",
            name="crashes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "attempt__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("failures"), "+", models.F("crashes")
                        ),
                    )
                ),
                name="job_troubles_were_attempts",
            ),
        ),
    ]
