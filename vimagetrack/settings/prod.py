"""A server: everything that guards is on, and what has no safe default must be given."""

from __future__ import annotations

from vimagetrack import logs
from vimagetrack.settings import env
from vimagetrack.settings.base import *  # noqa: F403
from vimagetrack.settings.base import BASE_DIR, HOME, STATEMENT_TIMEOUT_MS

SECRET_KEY = env.required(
    "VIMAGETRACK_SECRET_KEY", "make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
)
ALLOWED_HOSTS = (
    env.required("VIMAGETRACK_HOSTS", "name the hosts that this server answers for.")
    .replace(",", " ")
    .split()
)
DATABASES = {"default": env.database(HOME, statement_timeout_ms=STATEMENT_TIMEOUT_MS)}

SECURE_SSL_REDIRECT = env.flag("VIMAGETRACK_TLS", default=True)
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
# What the whole domain does, and whether browsers should know it by heart, is for its owner to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.flag("VIMAGETRACK_BEHIND_PROXY", default=False):
    # Only where the proxy sets this header itself: else anyone could claim to have come over TLS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_ROOT = BASE_DIR / "staticfiles"

EMAIL_HOST = env.text("VIMAGETRACK_SMTP_HOST", "localhost")
EMAIL_PORT = env.integer("VIMAGETRACK_SMTP_PORT", 25, least=1, most=65_535)
LOGGING = logs.configure(json=True)
