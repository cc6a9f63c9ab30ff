"""The browsers, for the tests of pages."""

from __future__ import annotations

from tests.browsing import browse

__all__ = ["browse"]
