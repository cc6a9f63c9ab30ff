"""Sessions in the database, under keys that can be ours.

A cookie may hold anything, quoted NUL included, and PostgreSQL refuses a text with NUL: without this check
every page answers 500 to such a cookie.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[0-9a-z]{32}")


class SessionStore(db.SessionStore):
    """Django's own, for keys of the shape that Django gives them; any other key is no session."""

    def _validate_session_key(self, key: Any) -> bool:
        return isinstance(key, str) and _KEY.fullmatch(key) is not None
