"""Read one TOML table with types checked, and say where it is wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.plan.locate import Key, Lines, Place

Choice = TypeVar("Choice", bound=StrEnum)
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """One table of the document: its values, its place, and its name in messages."""

    data: dict[str, Any]
    place: Place
    lines: Lines
    name: str

    def error(self, message: str, *keys: Key, hint: str = "") -> PlanError:
        """Make the error for what stands at these keys of the table."""
        lineno = self.lines.lineno(self.place + keys) or 1
        return PlanError(f"{message}, in {self.name}", toml_lineno=lineno, hint=hint)

    def only(self, *allowed: str) -> None:
        """Refuse keys that the plan does not have."""
        for key in self.data:
            if key not in allowed:
                hint = did_you_mean(key, allowed) or f"Known here: {', '.join(allowed)}."
                raise self.error(f'unknown key "{key}"', key, hint=hint)

    def has(self, key: str) -> bool:
        """Say whether the plan gives the key."""
        return key in self.data

    def text(self, key: str, default: str = "") -> str:
        """Return text; line ends inside it are the document's."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self._wrong_type(key, value, "text in quotes")
        return value

    def line(self, key: str, default: str = "") -> str:
        """Return text of one line, without white space at its ends."""
        value = self.text(key, default).strip()
        if "\n" in value or "\r" in value or "\x00" in value:
            raise self.error(f'"{key}" must be one line', key)
        return value

    def required(self, key: str) -> str:
        """Return text of one line that must be there and not be empty."""
        if key not in self.data:
            raise self.error(f'"{key}" is missing', hint=f'Add {key} = "..." to {self.name}.')
        value = self.line(key)
        if not value:
            raise self.error(f'"{key}" is empty', key)
        return value

    def slug(self, key: str) -> str:
        """Return a slug that must be there: it names files and addresses."""
        value = self.required(key)
        if not _SLUG.fullmatch(value):
            hint = "Use up to 64 letters, digits, - and _, starting with a letter or digit."
            raise self.error(f'"{value}" cannot be a {key}', key, hint=hint)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where it is not given."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong_type(key, value, "true or false")
        return value

    def count(self, key: str, default: int = 0, *, at_most: int = 3660) -> int:
        """Return a whole number from 0 to ``at_most``."""
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong_type(key, value, "a whole number")
        if not 0 <= value <= at_most:
            raise self.error(f'"{key}" must be between 0 and {at_most}, not {value}', key)
        return value

    def day(self, key: str) -> date | None:
        """Return a day without time, None where it is not given."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            hint = f"Write it without quotes and without a time: {key} = 2008-06-15."
            raise self._wrong_type(key, value, "a day", hint=hint)
        return value

    def month(self, key: str) -> date | None:
        """Return the first day of a month written "2008-08", None where it is not given."""
        if key not in self.data:
            return None
        value = self.data[key]
        hint = f'Write {key} = "2008-08"; a day is due_on = 2008-08-15.'
        match = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
            raise self.error(f'"{key}" must be a month', key, hint=hint)
        return date(int(match[1]), int(match[2]), 1)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts in order, each one line and not empty."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            hint = f'Write {key} = ["{value}"].' if isinstance(value, str) else ""
            raise self._wrong_type(key, value, "a list of texts", hint=hint)
        return tuple(self._element(key, index, item) for index, item in enumerate(value))

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of texts in which none stands twice."""
        value = self.texts(key)
        for index, item in enumerate(value):
            if item in value[:index]:
                raise self.error(f'"{item}" stands twice in "{key}"', key, index)
        return value

    def known(self, key: str, among: Collection[str], what: str) -> tuple[str, ...]:
        """Return a list of names that must all be known."""
        value = self.names(key)
        for index, item in enumerate(value):
            self.check_known(item, among, what, key, index)
        return value

    def check_known(self, value: str, among: Collection[str], what: str, *keys: Key) -> None:
        """Refuse a name that nothing in the plan has."""
        if value not in among:
            listed = f"Known: {', '.join(among)}." if among else f"The plan has no {what}."
            raise self.error(f'unknown {what} "{value}"', *keys, hint=did_you_mean(value, among) or listed)

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Return one of a closed set; it must be there unless a default is given."""
        if default is not None and key not in self.data:
            return default
        value = self.required(key)
        self.check_known(value, [item.value for item in kind], key, key)
        return kind(value)

    def table(self, key: str) -> Cursor:
        """Return the table [key], an empty one where it is not given."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong_type(key, value, "a table", hint=f"Write [{key}] on a line of its own.")
        return Cursor(data=value, place=(*self.place, key), lines=self.lines, name=f"[{key}]")

    def tables(self, key: str, label: str) -> list[Cursor]:
        """Return the tables [[label]] in order; each is named by its slug or name in messages."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            hint = f"Write [[{label}]] with two brackets, once for each."
            raise self._wrong_type(key, value, "a list of tables", hint=hint)
        return [
            Cursor(
                data=item, place=(*self.place, key, index), lines=self.lines, name=_named(label, item, index)
            )
            for index, item in enumerate(value)
        ]

    def _element(self, key: str, index: int, item: object) -> str:
        if not isinstance(item, str):
            raise self.error(f'element {index + 1} of "{key}" must be text, not {_kind(item)}', key, index)
        value = item.strip()
        if not value or "\n" in value or "\r" in value or "\x00" in value:
            raise self.error(f'element {index + 1} of "{key}" must be one line of text', key, index)
        return value

    def _wrong_type(self, key: str, value: object, wanted: str, hint: str = "") -> PlanError:
        return self.error(f'"{key}" must be {wanted}, not {_kind(value)}', key, hint=hint)


def did_you_mean(word: str, among: Iterable[str]) -> str:
    """Return a suggestion as a sentence, "" where nothing is near."""
    by_folded = {item.casefold(): item for item in among}
    near = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.6)
    return f'Did you mean "{by_folded[near[0]]}"?' if near else ""


def _named(label: str, item: dict[str, Any], index: int) -> str:
    own = item.get("slug") or item.get("name")
    return f'[[{label}]] "{own}"' if isinstance(own, str) else f"[[{label}]] number {index + 1}"


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return f"the number {value}"
        case datetime():
            return "a day with a time"
        case date():
            return "a day"
        case time():
            return "a time"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "nothing that we know"
