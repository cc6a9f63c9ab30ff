"""Alive is about the process alone; ready is about what pages need."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from kombu.exceptions import OperationalError

from vimagetrack import health


def test_healthz_asks_nobody(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True, "database": "ok", "migrations": "ok", "disk": "ok", "broker": "ok"
    }  # fmt: skip
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "1 not applied: run `manage.py migrate`"


def test_an_absent_database_is_not_ready(client, monkeypatch):
    def fail():
        raise DatabaseError("gone")

    monkeypatch.setattr(health.connection, "cursor", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == answer.json()["migrations"] == "does not answer"


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(client, monkeypatch):
    usage = health.shutil.disk_usage("/")._replace(free=5 * 2**20)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["disk"] == "only 5 MiB free, 512 MiB wanted"


@pytest.mark.django_db
def test_an_absent_broker_is_said_and_harmless(client, monkeypatch):
    def fail(**options):
        raise OperationalError("gone")

    monkeypatch.setattr(health.app, "connection_for_write", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "degraded: jobs wait for the sweep"


@pytest.mark.django_db
def test_absent_folders_of_the_broker_are_said(client, settings, tmp_path):
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "gone")}
    assert client.get("/readyz").json()["broker"].startswith("degraded")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading(client, path):
    assert client.post(path).status_code == 405


def test_every_answer_is_guarded(client):
    answer = client.get("/healthz")
    policy = answer["Content-Security-Policy"]
    for words in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert words in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
