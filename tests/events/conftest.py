"""The cast, for the tests of the records."""

from __future__ import annotations

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None, queued: list[tuple[str, dict[str, int | str]]]) -> Cast:
    """Give alice, bob, charlie and their project; nothing is really sent to a broker."""
    return make_cast()
