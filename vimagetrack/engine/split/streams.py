"""The kernel's streams of null layers, digested: a pair of rows a step and state, over a file's windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vimagetrack.engine.null.stream import digests
from vimagetrack.engine.split.model import StreamDigest


@dataclass(frozen=True, slots=True)
class Streamed:
    """One window's stream in a layer of a null step (before it, or its own) and state, joined by NULs."""

    step: int
    layer: str
    state: str
    tokens: bytes


def digest_rows(
    path: str, windows: Sequence[Sequence[Streamed]], more: Callable[[int, int], Sequence[Streamed]]
) -> list[StreamDigest]:
    """Digest the streams of a file, given window by window, each with the steps that it was judged in.

    ``more`` gives those of a window (by number) in a step (by index) in which only others were judged, so
    that every layer is digested over the same windows. Rows come in pairs, a null layer behind the one that
    it must be equal to.
    """
    steps = sorted({one.step for rows in windows for one in rows})
    joined: dict[tuple[int, str, str], list[bytes]] = {}
    for number, rows in enumerate(windows):
        own = {one.step for one in rows}
        for step in steps if own else ():
            found = [one for one in rows if one.step == step] if step in own else more(number, step)
            for one in found:
                joined.setdefault((step, one.layer, one.state), []).append(one.tokens)
    made = []
    for (_, layer, state), tokens in joined.items():
        md5, sha256 = digests(b"\0".join(tokens))
        made.append(StreamDigest(path=path, layer=layer, state=state, md5=md5, sha256=sha256))
    return made
