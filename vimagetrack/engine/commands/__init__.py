"""The commands of the engine's command line, one module each: the only code here that opens files and prints.

Every module has ``add``, which declares the command, and a function that runs it and returns the exit status.
Nothing else may import them: the engine stays pure, and the server never runs what only a user may run.
"""

from __future__ import annotations

from typing import Final

DONE: Final = 0
DIFFERENT: Final = 1
REFUSED: Final = 3


def printable(text: str) -> str:
    """Write what no terminal could take (lone surrogates of odd paths) as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
