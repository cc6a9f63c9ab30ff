"""Request bodies that are files: read as they come, counted, never held whole in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from vimagetrack.problems import BodyCut, LengthRequired, TooLarge


class Body:
    """A request's body as a stream that knows how long it must be.

    A connection that breaks ends the stream early and WSGI does not say so: a diff cut at a line's end
    could still parse. So the end is an error until every stated byte was read.
    """

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        """Read up to ``size`` bytes; BodyCut where the stream ends before its stated length."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        if not wanted:
            return b""
        data = self._stream.read(wanted)
        self._left -= len(data)
        if not data:
            raise BodyCut
        return data

    def read_all(self) -> bytes:
        """Read the rest; only for what is small, such as a plan."""
        pieces = []
        while piece := self.read():
            pieces.append(piece)
        return b"".join(pieces)


class RawParser(BaseParser):
    """Hand the body on unread, as a Body."""

    def parse(  # type: ignore[override]  # request.data is whatever a parser gives
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Body:
        """Wrap the stream; the length was checked by `check_length`."""
        assert parser_context is not None
        return Body(stream, int(parser_context["request"].META.get("CONTENT_LENGTH") or 0))


class BytesParser(RawParser):
    """A body of bytes of no stated kind."""

    media_type = "application/octet-stream"


class DiffParser(RawParser):
    """A diff; git's own mails call it x-patch."""

    media_type = "text/x-diff"


class PatchParser(RawParser):
    """A diff under its other name."""

    media_type = "text/x-patch"


class TomlParser(RawParser):
    """A landing plan."""

    media_type = "application/toml"


class FilesParser(MultiPartParser):
    """A form with files, which Django writes to disk as they come."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles[Any, Any]:
        """Parse the form; a broken one leaves no file open, which Django's own parser does."""
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError:
            handlers = parser_context["request"].upload_handlers if parser_context else []
            for file in (getattr(handler, "file", None) for handler in handlers):
                if file is not None:
                    file.close()
            raise


def check_length(meta: Mapping[str, Any], *, limit: int) -> int:
    """Give the stated length, before a byte is read and before anybody is looked up.

    Raises LengthRequired, TooLarge, or UnsupportedMediaType for a compressed body: what a small body may
    become is not known before it is unpacked.
    """
    if meta.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedMediaType(
            "", "Compressed bodies are not read. Hint: send the diff as it is, without Content-Encoding."
        )
    stated = str(meta.get("CONTENT_LENGTH") or "0")  # neither stated nor chunked: HTTP says there is no body
    if not stated.isascii() or not stated.isdigit() or "chunked" in meta.get("HTTP_TRANSFER_ENCODING", ""):
        raise LengthRequired
    if len(stated) > 18 or int(stated) > limit:
        raise TooLarge(
            f"The body has {stated[:18]} bytes, the limit is {limit}. Hint: leave generated files out."
        )
    return int(stated)
