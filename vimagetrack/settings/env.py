"""Read the environment, typed; nonsense stops the start with one sentence.

Every helper takes the variable's name and a default, and refuses what it cannot read instead of falling
back: a typo in a limit must not become the default limit in silence. An empty value counts as not set.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
NO_DATABASE = "postgresql://nobody@database-url-is-not-set.invalid/vimagetrack"


class SettingError(SystemExit):
    """A setting that cannot be used; ends the process with its sentence on stderr and exit code 1."""


def text(name: str, default: str) -> str:
    """Read a text; `default` where the variable is not set or empty."""
    return os.environ.get(name, "") or default


def required(name: str, why: str) -> str:
    """Read a text that has no sensible default; `why` ends the sentence that refuses."""
    value = os.environ.get(name, "")
    if not value:
        raise SettingError(f"{name} is not set: {why}")
    return value


def flag(name: str, *, default: bool) -> bool:
    """Read a yes or no."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise SettingError(f"{name} is {value!r}: write 1 or 0.")
    return value in TRUE


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """Read a decimal number within `least`..`most`, both allowed."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 19 and least <= int(value) <= most):
        raise SettingError(f"{name} is {value!r}: write a whole number from {least} to {most}.")
    return int(value)


def size(name: str, default: int) -> int:
    """Read a number of bytes, as `268435456`, `256M` or `256MiB` (units are powers of 1024)."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    number = value.upper().removesuffix("IB").removesuffix("B")
    unit = number[-1:] if number[-1:] in UNITS else ""
    digits = number.removesuffix(unit).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 13 and int(digits) > 0):
        raise SettingError(f"{name} is {value!r}: write a number of bytes, such as 256M.")
    return int(digits) * UNITS[unit]


def words(name: str, default: list[str]) -> list[str]:
    """Read a list, separated by commas or blanks."""
    return os.environ.get(name, "").replace(",", " ").split() or default


def home(default: Path) -> Path:
    """Give the data folder, absolute, from VIMAGETRACK_HOME; it need not exist yet."""
    return Path(os.environ.get("VIMAGETRACK_HOME", "") or default).expanduser().absolute()


def database(folder: Path, *, statement_timeout_ms: int) -> dict[str, Any]:
    """Give Django's entry for the one database.

    DATABASE_URL names it; else the embedded server of the data folder does, which writes its address to
    `database.url` while it runs.
    """
    url = os.environ.get("DATABASE_URL", "")
    address = folder / "database.url"
    if not url and address.is_file():
        url = address.read_text(encoding="utf-8").strip()
    if not url:
        raise SettingError(
            f"DATABASE_URL is not set and no embedded server runs in {folder}: start one with `make run`, or "
            "run this command as `python -m vimagetrack.local exec -- COMMAND`."
        )
    return database_entry(url, statement_timeout_ms=statement_timeout_ms)


def database_entry(url: str, *, statement_timeout_ms: int) -> dict[str, Any]:
    """Translate a libpq address; time limits hold for each session, 0 means none."""
    parts = _parts(url)
    limits = {
        "statement_timeout": statement_timeout_ms,
        "lock_timeout": 10_000,
        "idle_in_transaction_session_timeout": 120_000,
    }
    given = str(parts.pop("options", "") or "")
    options = " ".join([*(f"-c {name}={value}" for name, value in limits.items()), given]).strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": str(parts.pop("dbname", "") or "vimagetrack"),
        "USER": str(parts.pop("user", "") or ""),
        "PASSWORD": str(parts.pop("password", "") or ""),
        "HOST": str(parts.pop("host", "") or ""),
        "PORT": str(parts.pop("port", "") or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # a killed server must cost no request after its return
        "OPTIONS": {"options": options, "connect_timeout": 10, **parts},
    }


def _parts(url: str) -> dict[str, Any]:
    if not url.startswith(("postgresql://", "postgres://")):
        scheme = url.split(":", 1)[0]
        raise SettingError(f"DATABASE_URL starts with {scheme!r}: only postgresql:// is supported.")
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.Error as error:
        # The message of libpq may quote the address, so the password: say the kind of error only.
        raise SettingError(
            f"DATABASE_URL cannot be read ({type(error).__name__}): write postgresql://USER:PASSWORD@HOST:PORT/NAME."
        ) from None


def broker(folder: Path) -> tuple[str, dict[str, Any]]:
    """Give the broker's address and its transport options; none given: folders below the data folder."""
    url = text("BROKER_URL", "filesystem://localhost/")
    if url.startswith("filesystem:"):
        inbox = str(folder / "broker" / "queue")
        control = str(folder / "broker" / "control")
        return url, {"data_folder_in": inbox, "data_folder_out": inbox, "control_folder": control}
    if url.startswith(("amqp:", "amqps:")):
        return url, {
            "confirm_publish": True,
            "socket_timeout": 5,
        }  # without confirms a killed broker lost all
    if url.startswith(("redis:", "rediss:")):
        return url, {"socket_timeout": 30, "socket_connect_timeout": 5, "visibility_timeout": 3600}
    if url.startswith("memory:"):
        return url, {}
    raise SettingError(
        f"BROKER_URL starts with {url.split(':', 1)[0]!r}: use amqp://, redis:// or filesystem://."
    )


def kept_secret(path: Path, *, size: int = 48) -> str:
    """Give the secret kept in a file that only its owner can read; made of `size` bytes when it is missing.

    Safe when several processes or threads start at once: the first to link its file wins, the others
    read that one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(size))
        # Another process may have been first: its secret is read below.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
