"""Conditionals whose branches are all empty.

Claim: ``#ifdef X`` and ``#endif`` with nothing left between them may be there or not, where the owner grants
``empty-conditionals``.

Argument: whatever the condition says, nothing is left of it. What can still differ is a condition that is
an error in some configuration, or that a build reads; that is what must be granted.

Counter-example: ``#if X`` with X undefined under -Werror=undef.
"""

from __future__ import annotations

from collections.abc import Sequence


def find(tokens: Sequence[bytes]) -> set[int]:
    """Give the indexes of the directives of all groups that are empty, nested ones too."""
    gone: set[int] = set()
    stack: list[list[int]] = []
    last = -1  # the index behind the last directive, or empty group, that nothing stands behind
    heads = {token for token in set(tokens) if token[:1] == b"\n"}
    for index in [place for place, token in enumerate(tokens) if token in heads] if heads else ():
        token = tokens[index]
        if index != last:
            stack = [[] for _ in stack]  # something stands in each of the open groups
        last = index + 1
        if token.startswith(b"\n#if"):
            stack.append([index])
        elif token.startswith((b"\n#el", b"\n#endif")) and stack:
            if stack[-1]:
                stack[-1].append(index)
            if token.startswith(b"\n#endif"):
                gone |= set(stack.pop())
        else:
            stack = [[] for _ in stack]
    return gone
