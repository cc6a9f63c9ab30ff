"""The Celery app; tasks live in each app's `tasks` and carry ids, nothing else."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vimagetrack.settings.dev")

app = Celery("vimagetrack")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("vimagetrack.jobs.boot:Sweep")
