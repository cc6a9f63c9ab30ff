"""The test suite: fast hashes, nothing leaves the process, a database of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from vimagetrack.settings import env
from vimagetrack.settings.base import *  # noqa: F403
from vimagetrack.settings.base import STORAGES

DEBUG = False
SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Where no address is given, tests/conftest.py starts an embedded server for the tests that ask for one.
DATABASES = {
    "default": env.database_entry(
        os.environ.get("DATABASE_URL") or env.NO_DATABASE, statement_timeout_ms=30_000
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = 0

HOME = Path(tempfile.gettempdir()) / f"vimagetrack-test-{os.getpid()}"  # conftest.py makes and removes it
BLOB_DIR = HOME / "blobs"
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False  # tests of the lock switch it on
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
