"""Which chunk of a new split is which chunk of an older one. Pure.

A chunk has a uid over splits: that of the earlier chunk of its milestone with which it shares most
fingerprints, at least half of its own; else a new one: a digest, so that a second run finds the same.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

#: Characters of a uid: 50 bits.
LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A chunk of the earlier split."""

    uid: str
    milestone_id: int
    fingerprints: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A chunk of the new split; ``seed`` tells it from chunks of other series and milestones."""

    seed: str
    milestone_id: int
    fingerprints: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The uid of a new split's chunk, and those of the other earlier chunks that it has changes of."""

    uid: str
    predecessors: tuple[str, ...]


def give_uids(fresh: Sequence[Fresh], known: Sequence[Known]) -> list[Given]:
    """Give each fresh chunk its uid, in order; no uid twice. The best pairs choose first."""
    shared = [_shared(chunk, index) for index in [_index(known)] for chunk in fresh]
    pairs = sorted(
        (-count, place, known[other].uid, other)
        for place, counted in enumerate(shared)
        for other, count in counted.items()
        if 2 * count >= len(fresh[place].fingerprints)
    )
    inherited: dict[int, str] = {}
    used: set[str] = set()
    for _, place, uid, _ in pairs:
        if place not in inherited and uid not in used:
            inherited[place] = uid
            used.add(uid)
    given = []
    for place, chunk in enumerate(fresh):
        uid = inherited.get(place) or _new_uid(chunk, used)
        used.add(uid)
        others = sorted({known[other].uid for other in shared[place]} - {uid})
        given.append(Given(uid=uid, predecessors=tuple(others)))
    return given


def _index(known: Sequence[Known]) -> dict[tuple[int, str], list[int]]:
    index: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, chunk in enumerate(known):
        for fingerprint in chunk.fingerprints:
            index[chunk.milestone_id, fingerprint].append(place)
    return index


def _shared(chunk: Fresh, index: dict[tuple[int, str], list[int]]) -> Counter[int]:
    return Counter(
        place
        for fingerprint in chunk.fingerprints
        for place in index.get((chunk.milestone_id, fingerprint), ())
    )


def _new_uid(chunk: Fresh, used: set[str]) -> str:
    attempt = 0
    while True:
        words = "\n".join([chunk.seed, str(attempt), *sorted(chunk.fingerprints)])
        digest = hashlib.sha256(words.encode()).digest()
        uid = base64.b32encode(digest).decode("ascii").lower()[:LENGTH]
        if uid not in used:
            return uid
        attempt += 1
