"""Split a monolithic diff into provable layers: bytes in, values out.

Pure: no Django, no clock, no network, no environment; only ``__main__`` and ``commands`` open files.
"""

from __future__ import annotations

from typing import Final

#: Part of every stored result: a split by another engine version is another split.
ENGINE_VERSION: Final = "0.1.0"
