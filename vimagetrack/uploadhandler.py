"""Write the files of a form to disk as they come, and refuse a body before it fills the disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

#: A form may bring a diff and a tar of its base; the rest is the form's own fields.
FILES = 2
SLACK = 32 * 2**20


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Django's handler with a limit on the whole body, which it has not: each file is counted again later."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: Mapping[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse by the stated length, before a byte is read."""
        if content_length > FILES * settings.MAX_UPLOAD_BYTES + SLACK:
            raise RequestDataTooBig("The form is larger than two files of the largest size.")
