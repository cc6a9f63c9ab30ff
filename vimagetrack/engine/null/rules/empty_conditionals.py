"""Conditionals whose branches are all empty.

Claim: ``#ifdef X`` and ``#endif`` with nothing left between them may be there or not, where the owner grants
``empty-conditionals``.

Argument: whatever the condition says, nothing is left of it. What can still differ is a condition that is an error in
some configuration, or that a build reads; that is what must be granted.

Counter-example: ``#if X`` with X undefined under -Werror=undef.
"""

from __future__ import annotations

from collections.abc import Sequence


def find(tokens: Sequence[bytes]) -> set[int]:
    """Give the indexes of the directives of all groups that are empty, nested ones too."""
    gone: set[int] = set()
    stack: list[list[int]] = []  # directives of the open groups whose branches have been empty so far
    for index, token in enumerate(tokens):
        if token.startswith(b"\n#if"):
            stack.append([index])
        elif token.startswith((b"\n#el", b"\n#endif")) and stack:
            stack[-1].append(index)
            if token.startswith(b"\n#endif"):
                gone |= _closed(stack)
        else:
            for group in stack:
                group[0] = -1
    return gone


def _closed(stack: list[list[int]]) -> set[int]:
    group = stack.pop()
    return set() if group[0] < 0 else set(group)
