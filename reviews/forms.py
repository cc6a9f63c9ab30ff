"""Forms of reviews: what an upload says of itself, and the filters of the chunk list."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms

#: What fits into a page's form; a larger diff comes as a file.
LONGEST_PASTE: Final = 2_000_000


class UploadForm(forms.Form):
    """A diff as a file or as text, and what it applies to.

    The size of the file is not checked here: the store counts the bytes as it writes them.
    """

    BASES: ClassVar = [
        ("none", "I have none at hand"),
        ("tree", "A tar of the touched files, as they are before the diff"),
        ("commit", "A commit of the registered mirror"),
    ]

    diff = forms.FileField(required=False, allow_empty_file=True, max_length=255)
    text = forms.CharField(
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        error_messages={"max_length": "What you pasted is larger than 2 MB: choose it as a file."},
    )
    base = forms.ChoiceField(choices=BASES, required=False)
    base_tar = forms.FileField(required=False, allow_empty_file=True, max_length=255)
    base_commit = forms.CharField(required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Ask for one diff, and for what the chosen base needs."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("diff") and not (cleaned.get("text") or "").strip() and "text" not in self.errors:
            self.add_error("diff", "There is no diff yet: drop one, choose a file, or paste it.")
        if cleaned.get("diff") and (cleaned.get("text") or "").strip():
            self.add_error("text", "There are two diffs: a file and a pasted one. Take one of them away.")
        check_base(self, cleaned)
        return cleaned


class RawUploadForm(forms.Form):
    """What the address of a raw body says of it."""

    filename = forms.CharField(required=False, max_length=255)
    base = forms.ChoiceField(choices=[("none", ""), ("commit", "")], required=False)
    base_commit = forms.CharField(required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen base needs."""
        cleaned = super().clean() or self.cleaned_data
        check_base(self, cleaned)
        return cleaned


def check_base(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Refuse a base that is named but not there, or there but not chosen."""
    base = cleaned.get("base") or "none"
    if base == "tree" and not cleaned.get("base_tar"):
        form.add_error("base_tar", "Choose the tar, or say that you have no base at hand.")
    if base == "commit" and not cleaned.get("base_commit"):
        form.add_error("base_commit", "Name the commit, or say that you have no base at hand.")
    if base != "tree" and cleaned.get("base_tar"):
        form.add_error("base", "A tar was chosen, but not as the base: say so, or take it away.")


class ChunkFilterForm(forms.Form):
    """The filters of the chunk list; what nobody knows is left out, not an error."""

    KINDS: ClassVar = [
        ("", "every kind"),
        ("null-macro", "proved null"),
        ("vocabulary", "vocabulary"),
        ("cosmetic", "cosmetic"),
        ("meat", "meat"),
        ("opaque", "opaque"),
    ]
    VERDICTS: ClassVar = [("", "every verdict"), ("proved", "proved"), ("undecided", "undecided")]

    milestone = forms.CharField(required=False, max_length=64)
    kind = forms.ChoiceField(required=False, choices=KINDS)
    verdict = forms.ChoiceField(required=False, choices=VERDICTS)
    path = forms.CharField(required=False, max_length=1000)
    area = forms.CharField(required=False, max_length=64)

    def filters(self) -> dict[str, Any]:
        """Give what ``matching`` takes."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "milestone": data.get("milestone", ""),
            "kinds": [data["kind"]] if data.get("kind") else [],
            "verdicts": [data["verdict"]] if data.get("verdict") else [],
            "area": data.get("area", ""),
            "path": data.get("path", "").strip(),
        }
