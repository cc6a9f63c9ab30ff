"""One machine, one user: `make run` and work on the code."""

from __future__ import annotations

from vimagetrack.settings import env
from vimagetrack.settings.base import *  # noqa: F403
from vimagetrack.settings.base import HOME, REST_FRAMEWORK, STATEMENT_TIMEOUT_MS, STORAGES

DEBUG = env.flag("VIMAGETRACK_DEBUG", default=True)
SECRET_KEY = env.text("VIMAGETRACK_SECRET_KEY", "") or env.kept_secret(HOME / "secret-key")
DATABASES = {"default": env.database(HOME, statement_timeout_ms=STATEMENT_TIMEOUT_MS)}

STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True  # nothing is collected here
WHITENOISE_AUTOREFRESH = DEBUG

if DEBUG:
    REST_FRAMEWORK |= {
        "DEFAULT_RENDERER_CLASSES": [
            "rest_framework.renderers.JSONRenderer",
            "rest_framework.renderers.BrowsableAPIRenderer",
        ]
    }

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
