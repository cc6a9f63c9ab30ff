"""A revision says where its old texts come from only when somebody has looked."""

from __future__ import annotations

import pytest

from reviews.models import Revision


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("ingesting", "none", "known when the diff has been read"),
        ("complete", "none", "windows of the hunks"),
        ("refused", "none", "windows of the hunks"),
        ("ingesting", "tree", "an uploaded tree"),
        ("complete", "full-context", "the diff's full context"),
    ],
)
def test_base_words(status: str, kind: str, words: str) -> None:
    assert Revision(status=status, base_kind=kind).base_words == words
