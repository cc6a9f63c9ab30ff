"""What the log looks like: one line an event, and no text from outside can forge one.

Whatever a request brings (a path, a name, a line of a diff) may hold newlines or terminal escapes. All
control characters are therefore written as escapes, in our events and in those of every library.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# C0 without tab, DEL, C1 (NEL is one), line and paragraph separators, and the marks that turn text around.
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def escape(text: str) -> str:
    """Write control characters as backslash escapes; the result is one line and can be encoded."""
    return CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def escape_values(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape every text of an event.

    A traceback keeps its lines, but each is indented: no line of it can pass for an event.
    """
    for name, value in event.items():
        if name == "exception":
            event[name] = "\n".join(f"    {escape(line)}" for line in str(value).split("\n"))
        elif isinstance(value, str):
            event[name] = escape(value)
        elif not isinstance(value, bool | int | float | None):
            event[name] = escape(str(value))
    return event


def render_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """Write an event for people: time, level, logger, words, then the rest as name=value."""
    exception = event.pop("exception", None)
    head = [str(event.pop(name, "")) for name in ("timestamp", "level", "logger", "event")]
    rest = [f"{name}={value!r}" if " " in str(value) else f"{name}={value}" for name, value in event.items()]
    line = " ".join([*head, *rest])
    return f"{line}\n{exception}" if exception else line


def configure(*, json: bool) -> dict[str, Any]:
    """Set structlog up and give Django's LOGGING, so that both write through the same steps."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=["status_code"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer() if json else render_line
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    escape_values,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
