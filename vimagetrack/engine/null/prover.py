"""Judge many pairs that share a side: the kernel, with the streams that it made last."""

from __future__ import annotations

from collections import OrderedDict

from vimagetrack.engine.null.kernel import Judgement, Options, Outcome, Side, Stream, compare, stream
from vimagetrack.engine.null.premises import Premises, premises
from vimagetrack.engine.null.quick import Quick, Same
from vimagetrack.engine.null.stream import Rule, digests
from vimagetrack.engine.null.table import Table

#: Streams kept at a time; each is some twenty times its text.
KEPT = 6
#: Pairs of tables whose short way is kept; it holds them, so that their identity stays their own.
MOST_PAIRS = 64


class Prover:
    """The kernel's ``prove`` and ``stream`` under fixed options, without making a stream twice.

    Streams are kept by text and table (the very object), so nothing else can be taken for them.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._streams: OrderedDict[tuple[bytes, int, bool, bool], tuple[Side, Stream]] = OrderedDict()
        self._quick: dict[tuple[int, int], Quick] = {}
        self._last: tuple[Side, Side, Same | None] | None = None

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

    def quick(self, before: Table, after: Table) -> Quick:
        """Give the short way for a pair of tables; they are kept as long as this is."""
        key = (id(before), id(after))
        found = self._quick.get(key)
        if found is None:
            if len(self._quick) >= MOST_PAIRS:
                self._quick.clear()
            found = self._quick[key] = Quick(before, after, self.options)
        return found

    def prove(self, before: Side, after: Side) -> Judgement:
        """Judge a pair as ``kernel.prove`` does, but for the hazards of what is not proved."""
        same = self._same(before, after)
        if same is None:
            return compare((self.stream(before), self.stream(after)), before, after, self.options, warn=False)
        sha256 = digests(same.stream)[1]
        rule = (Rule.EXPANSION if same.expands else Rule.WHITE_SPACE).value
        return Judgement(
            outcome=Outcome.PROVED,
            rule=rule,
            reason="",
            rules=(rule,) if same.expands else (),
            assumptions=frozenset(),
            hazards=(),
            before_digest=sha256,
            after_digest=sha256,
        )

    def joined(self, before: Side, after: Side) -> tuple[bytes, bytes]:
        """Give the tokens of the two streams of a pair, joined by NULs as they are digested."""
        same = self._same(before, after)
        if same is None:
            return self.stream(before).joined, self.stream(after).joined
        return same.stream, same.stream

    def premises(self, before: Side, after: Side) -> Premises:
        """Collect what a verdict on a pair depends on."""
        same = self._same(before, after)
        tokens = same.words if same else self.stream(before).words | self.stream(after).words
        return premises(before, after, tokens, self.options)

    def _same(self, before: Side, after: Side) -> Same | None:
        """Try the short way; the last answer is kept, since it is asked for three times."""
        if self._last is None or self._last[0] != before or self._last[1] != after:
            self._last = (before, after, self.quick(before.table, after.table).same(before, after))
        return self._last[2]
