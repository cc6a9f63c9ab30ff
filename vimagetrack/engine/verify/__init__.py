"""Hold a split's files against what it comes to when it is made again, and the kernel against its own proofs.

Pure: bytes and values in, sentences out. The command is ``engine.commands.verifying``.
"""

from __future__ import annotations

from vimagetrack.engine.verify.files import differences
from vimagetrack.engine.verify.selftest import SelfTest, self_test

__all__ = ["SelfTest", "differences", "self_test"]
