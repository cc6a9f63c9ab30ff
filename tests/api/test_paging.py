from __future__ import annotations

import pytest
from rest_framework.exceptions import ValidationError

from vimagetrack.api.paging import _after, _decode, _encode


@pytest.mark.parametrize("values", [[0], [7], [1, 2, 3], [10**17]])
def test_cursor_round_trip(values: list[int]) -> None:
    assert _decode(_encode(values), len(values)) == values


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "\x00", "\u00ff", "=", "9" * 19, "9" * 5000, " ", "1.2", "-1", "1e9", "1\n", "\u0661", "1.",
    ],
)  # fmt: skip
def test_decode_refuses_what_we_did_not_write(cursor: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _decode(cursor, 1)
    assert caught.value.get_codes() == {"cursor": "bad-cursor"}


def test_after_compares_as_tuples_with_directions() -> None:
    got = str(_after(["-day", "id"], [5, 9]))
    assert got == "(OR: ('day__lt', 5), (AND: ('day', 5), ('id__gt', 9)))"
