"""The pipeline: from bytes to chunks, resumable; `run` is its one verb."""

from __future__ import annotations
