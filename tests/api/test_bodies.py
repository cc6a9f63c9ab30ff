from __future__ import annotations

import io

import pytest
from rest_framework.exceptions import UnsupportedMediaType

from vimagetrack.api.bodies import Body, check_length
from vimagetrack.problems import BodyCut, LengthRequired, TooLarge


def test_body_gives_all_bytes_and_no_more_than_stated() -> None:
    body = Body(io.BytesIO(b"abcdefgh"), 6)
    assert [body.read(4), body.read(4), body.read(4)] == [b"abcd", b"ef", b""]


def test_body_that_ends_early_is_an_error() -> None:
    body = Body(io.BytesIO(b"abc"), 6)
    assert body.read(4) == b"abc"
    with pytest.raises(BodyCut):
        body.read(4)


def test_check_length_gives_the_length() -> None:
    assert check_length({"CONTENT_LENGTH": "12"}, limit=12) == 12


@pytest.mark.parametrize("stated", ["", None])
def test_check_length_takes_no_length_for_no_body(stated: str | None) -> None:
    assert check_length({"CONTENT_LENGTH": stated}, limit=12) == 0


@pytest.mark.parametrize("stated", ["-1", "x", "1e3", "\u0661"])
def test_check_length_wants_a_number(stated: str) -> None:
    with pytest.raises(LengthRequired):
        check_length({"CONTENT_LENGTH": stated}, limit=12)


def test_check_length_refuses_chunked_bodies() -> None:
    with pytest.raises(LengthRequired):
        check_length({"CONTENT_LENGTH": "3", "HTTP_TRANSFER_ENCODING": "chunked"}, limit=12)


@pytest.mark.parametrize("stated", ["13", "9" * 5000])
def test_check_length_refuses_what_is_above_the_limit(stated: str) -> None:
    with pytest.raises(TooLarge):
        check_length({"CONTENT_LENGTH": stated}, limit=12)


def test_check_length_refuses_compressed_bodies() -> None:
    with pytest.raises(UnsupportedMediaType):
        check_length({"CONTENT_LENGTH": "3", "HTTP_CONTENT_ENCODING": "gzip"}, limit=12)
