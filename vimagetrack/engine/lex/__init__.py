"""C text to tokens and back, on bytes, without loss."""

from __future__ import annotations
