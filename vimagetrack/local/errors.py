"""The one error of this package: a sentence for the person at the terminal."""

from __future__ import annotations


class LocalError(Exception):
    """What cannot be done here, why, and what to do; printed as it is, exit code 1."""
