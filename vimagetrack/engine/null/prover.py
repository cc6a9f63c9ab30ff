"""Judge many pairs that share a side: the kernel, with the streams that it made last."""

from __future__ import annotations

from collections import OrderedDict

from vimagetrack.engine.null.kernel import Judgement, Options, Side, Stream, compare, stream
from vimagetrack.engine.null.premises import Premises, premises

#: Streams kept at a time; each is some twenty times its text.
KEPT = 6


class Prover:
    """The kernel's ``prove`` and ``stream`` under fixed options, without making a stream twice.

    Streams are kept by text and table (the very object), so nothing else can be taken for them.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._streams: OrderedDict[tuple[bytes, int, bool, bool], tuple[Side, Stream]] = OrderedDict()

    def stream(self, side: Side) -> Stream:
        """Give the kernel's stream of a side; it must not be changed."""
        key = (side.text, id(side.table), side.whole, side.tail)
        found = self._streams.get(key)
        if found is None or found[0].table is not side.table or found[0].path != side.path:
            found = (side, stream(side, self.options))
            self._streams[key] = found
            if len(self._streams) > KEPT:
                self._streams.popitem(last=False)
        self._streams.move_to_end(key)
        return found[1]

    def prove(self, before: Side, after: Side) -> Judgement:
        """Judge a pair as ``kernel.prove`` does."""
        return compare((self.stream(before), self.stream(after)), before, after, self.options)

    def premises(self, before: Side, after: Side) -> Premises:
        """Collect what a verdict on a pair depends on."""
        tokens = {*self.stream(before).source, *self.stream(after).source}
        return premises(before, after, tokens, self.options)
