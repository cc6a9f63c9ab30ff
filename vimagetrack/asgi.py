"""The door for an asynchronous web server; `make run` uses wsgi.py, which is several times faster here."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vimagetrack.settings.dev")

application = get_asgi_application()
