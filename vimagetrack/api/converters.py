"""What may stand in an address: everything else is a 404 before anything is looked up.

Importing this makes the converters known.
"""

from __future__ import annotations

from django.urls import register_converter


class NumberConverter:
    """A number that the database's integer holds: 1 to 999,999,999, without leading zeros."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """Read it."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Write it."""
        return str(value)


class NameConverter:
    """A slug of ours: ASCII letters, digits, hyphen, underscore, dot inside; at most 100 characters."""

    regex = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_-])?"

    def to_python(self, value: str) -> str:
        """Read it."""
        return value

    def to_url(self, value: str) -> str:
        """Write it."""
        return value


# At import, so once: `<apinumber:...>` and `<apiname:...>`, apart from what the pages call theirs.
register_converter(NumberConverter, "apinumber")
register_converter(NameConverter, "apiname")
