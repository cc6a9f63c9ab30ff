"""The kernel's normalisations, one a file, each with claim, argument and counter-example."""

from __future__ import annotations
