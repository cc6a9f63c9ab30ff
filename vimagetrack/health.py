"""Is this process alive, and can it serve? For the supervisor, a load balancer, a person with curl."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from vimagetrack.celery import app

log = structlog.get_logger(__name__)

LEAST_FREE_BYTES = 512 * 2**20
OK = "ok"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process does; looks at nothing else, so that no outage restarts it."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 503 while pages cannot work; a broker that is away is said, but is not fatal."""
    database = check_database()
    checks = {"database": database, "migrations": database, "disk": check_disk(Path(settings.BLOB_DIR))}
    if database == OK:
        checks["migrations"] = check_migrations()
    ready = all(answer == OK for answer in checks.values())
    body = {"ready": ready, **checks, "broker": check_broker()}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


def check_database() -> str:
    """Ask the database for one row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("the database does not answer", error=str(error))
        return "does not answer"
    return OK


def check_migrations() -> str:
    """Tell whether all migrations of this code are applied; one query."""
    missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} not applied: run `manage.py migrate`" if missing else OK


@cache
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


def check_disk(folder: Path) -> str:
    """Tell whether the blobs' disk has room for an upload of the largest size."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    least = max(LEAST_FREE_BYTES, int(settings.MAX_UPLOAD_BYTES))
    return OK if free >= least else f"only {free // 2**20} MiB free, {least // 2**20} MiB wanted"


def check_broker() -> str:
    """Tell whether a message could leave now; waits a second at most."""
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
    try:
        if folder and not os.access(folder, os.W_OK | os.X_OK):
            raise NotADirectoryError(folder)
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (KombuError, OSError) as error:
        log.warning("the broker does not answer", error=str(error))
        return "degraded: jobs wait for the sweep"
    return OK
