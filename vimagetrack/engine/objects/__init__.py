"""Compare compiled objects: pure, bytes in and values out. Who compiles is ``engine.commands.objects``.

Tokens are our claim, objects the world's. Everything that a linker or a loader sees is compared, not only
``.text``: in measured pairs 31 % of the real differences stood elsewhere.
"""

from __future__ import annotations

from vimagetrack.engine.objects.compare import Comparison, compare, differences
from vimagetrack.engine.objects.elf import NotElf, ObjectFile, read
from vimagetrack.engine.objects.neutral import Builtins, neutral

__all__ = ["Builtins", "Comparison", "NotElf", "ObjectFile", "compare", "differences", "neutral", "read"]
