"""The shapes that have made parsers quadratic are read, or refused, like any others.

What they cost when they double is measured by ``make bench``; a quadratic one would not end here.
"""

from __future__ import annotations

import pytest

from tests.bench.bench_growth import SHAPES
from vimagetrack.engine.diff.emit import emit
from vimagetrack.engine.diff.model import Diff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ParseError


@pytest.mark.parametrize("shape", SHAPES)
def test_it_comes_back_or_is_refused(shape: str) -> None:
    data = SHAPES[shape](2000)
    found = read(data)
    if isinstance(found, ParseError):
        assert found.diff_lineno is not None
    else:
        assert emit(found) == data


def read(data: bytes) -> Diff | ParseError:
    try:
        return parse(data, second_opinion=False)
    except ParseError as refusal:
        return refusal
