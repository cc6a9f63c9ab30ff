"""Forms of projects and plans: they check what was typed, and keep it where it is refused."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from milestones.tables import match_files, wanted_files
from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.plan import Plan, parse_plan

#: A plan of the largest landing that we know is 20 kB, its table files together 200 kB.
LONGEST_PLAN: Final = 1_000_000
LARGEST_TABLES: Final = 4_000_000
_KEPT: Final = "kept:"


class PlanForm(forms.Form):
    """A plan as TOML, typed or as a file, with its table files beside it.

    A table file that was sent once is kept in the page, so that a typo in the plan does not cost choosing
    all files again.
    """

    toml = forms.CharField(required=False, strip=False, max_length=LONGEST_PLAN)
    toml_file = forms.FileField(required=False, allow_empty_file=True)
    reason = forms.CharField(required=False, max_length=500)
    based_on = forms.IntegerField(required=False, min_value=1)  # version that was edited

    def __init__(
        self, data: Any = None, files: Any = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}))
        self.source = (initial or {}).get("toml", "")
        self.lineno: int | None = None  # 1-based line of the plan at which it was refused
        self.kept: dict[str, bytes] = _read_kept(data) if data is not None else {}
        self.unused: tuple[str, ...] = ()
        self.plan: Plan | None = None

    def clean_toml_file(self) -> str:
        """Read the file; it wins over what was typed."""
        sent: UploadedFile[Any] | None = self.cleaned_data.get("toml_file")
        if sent is None:
            return ""
        if (sent.size or 0) > LONGEST_PLAN:
            raise forms.ValidationError(
                f"{sent.name} is larger than {LONGEST_PLAN:,} bytes: no plan is. Did you choose the diff?"
            )
        try:
            text: str = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                f"{sent.name} is no UTF-8 text, so no TOML. Save it as UTF-8 and choose it again."
            ) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Read the plan with its files; an error names its line and quotes it."""
        cleaned = super().clean() or self.cleaned_data
        self.source = (cleaned.get("toml_file") or cleaned.get("toml") or "").replace("\r\n", "\n")
        if self.errors:
            return cleaned
        if not self.source.strip():
            raise forms.ValidationError("There is no plan yet: paste one, or choose its file.")
        try:
            self.plan = self._read()
        except PlanError as error:
            self.lineno = error.toml_lineno
            raise forms.ValidationError(_sentence(error)) from None
        return cleaned

    def _read(self) -> Plan:
        sent = _read_sent(self.files)
        if sum(map(len, sent.values())) > LARGEST_TABLES:
            raise PlanError(f"the table files are larger than {LARGEST_TABLES:,} bytes together")
        matched = match_files(wanted_files(self.source), sent)
        self.kept |= matched.files
        self.unused = matched.unused
        return parse_plan(self.source, files=self.kept)

    @property
    def line(self) -> str:
        """Give the line at which the plan was refused."""
        lines = self.source.split("\n")
        return lines[self.lineno - 1] if self.lineno and self.lineno <= len(lines) else ""

    @property
    def kept_fields(self) -> list[tuple[str, str, int]]:
        """List name, base64 text and size of the table files that the page keeps."""
        return [
            (name, base64.b64encode(text).decode("ascii"), len(text))
            for name, text in sorted(self.kept.items())
        ]


def _sentence(error: PlanError) -> str:
    said = error.message[:1].upper() + error.message[1:]
    return f"{said}. {error.hint}" if error.hint else f"{said}."


def _read_sent(files: MultiValueDict[str, UploadedFile[Any]]) -> dict[str, bytes]:
    return {sent.name or "": sent.read() for sent in files.getlist("tables") if sent.name}


def _read_kept(data: Mapping[str, str]) -> dict[str, bytes]:
    """Read the table files that the page kept; a damaged one is left out, so the plan says it is missing."""
    kept = {}
    for name, value in data.items():
        if name.startswith(_KEPT):
            try:
                kept[name.removeprefix(_KEPT)] = base64.b64decode(value, validate=True)
            except binascii.Error:
                continue
    return kept
