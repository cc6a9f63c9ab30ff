"""Compare two objects, whole but for debug sections and ``.comment``, and say where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from vimagetrack.engine.objects.elf import NotElf, ObjectFile, Relocation, Section, Symbol, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of one comparison.

    The digests are sha256 of all that was compared, so they are equal exactly where the objects are;
    ``differences`` are sentences, the first ones first in the file, empty where the objects are equal.
    """

    before_sha256: str
    after_sha256: str
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Say whether nothing differs that counts."""
        return self.before_sha256 == self.after_sha256


def compare(before: bytes, after: bytes) -> Comparison:
    """Compare two objects; what is no ELF is compared byte for byte.

    May call different what a linker would not tell apart (the order of symbols). Never calls equal what
    a linker or a loader may tell apart.
    """
    if before == after:
        digest = _digest(before)
        return Comparison(before_sha256=digest, after_sha256=digest, differences=())
    try:
        one, two = read(before), read(after)
    except NotElf as error:
        at = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
        place = min(len(before), len(after)) if at is None else at
        text = f"byte {place:#x} of the file, compared as it stands: {error}"
        digests = sha256(before).hexdigest(), sha256(after).hexdigest()
        return Comparison(before_sha256=digests[0], after_sha256=digests[1], differences=(text,))
    found = () if one == two else tuple(differences(one, two)) or ("the order of sections or symbols",)
    return Comparison(before_sha256=one.digest, after_sha256=two.digest, differences=found)


def _digest(data: bytes) -> str:
    try:
        return read(data).digest
    except NotElf:
        return sha256(data).hexdigest()


def differences(before: ObjectFile, after: ObjectFile) -> Iterator[str]:
    """Say every difference: header, sections and their relocations, symbols."""
    if before.header != after.header:
        yield "the header: another machine, kind of file or flags"
    theirs = {section.key: section for section in after.sections}
    for section in before.sections:
        other = theirs.pop(section.key, None)
        if other is None:
            yield f"section {section.key} is gone"
        elif other != section:
            yield from _section(section, other, before)
    yield from (f"section {key} is new" for key in theirs)
    yield from _symbols(before, after)


def _section(before: Section, after: Section, file: ObjectFile) -> Iterator[str]:
    for name in ("type", "flags", "address", "alignment", "entry_size"):
        mine, other = getattr(before, name), getattr(after, name)
        if mine != other:
            yield f"{before.key}: {name.replace('_', ' ')} {mine:#x} became {other:#x}"
    if before.size != after.size:
        yield f"{before.key}: {before.size} bytes became {after.size}"
    if before.content != after.content:
        yield f"{before.key}: {_bytes(before, after, file)}"
    if before.refers != after.refers:
        yield f"{before.key}: what it refers to"
    yield from _relocations(before, after)


def _bytes(before: Section, after: Section, file: ObjectFile) -> str:
    pairs = zip(before.content, after.content, strict=False)
    differing = [index for index, (mine, other) in enumerate(pairs) if mine != other]
    if not differing:
        return "the one begins with the other"
    count = "1 byte" if len(differing) == 1 else f"{len(differing)} bytes"
    at = differing[0]
    return f"{count} at {at:#x}{_inside(before, at, file)}"


def _inside(section: Section, offset: int, file: ObjectFile) -> str:
    """Name the function or object that holds an offset of a section."""
    for symbol in file.symbols:
        if symbol.section == section.key and symbol.value <= offset < symbol.value + symbol.size:
            return f" in {symbol.name}"
    return ""


def _relocations(before: Section, after: Section) -> Iterator[str]:
    mine, other = before.relocations, after.relocations
    if mine == other:
        return
    at = next(
        (i for i, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), min(len(mine), len(other))
    )
    if len(mine) != len(other):
        place = (mine if len(mine) > at else other)[at]
        yield f"{before.key}: {len(mine)} relocations became {len(other)}, first at {place.offset:#x}"
    else:
        yield f"{before.key}: the relocation at {mine[at].offset:#x}: {_became(mine[at], other[at])}"


def _became(mine: Relocation, other: Relocation) -> str:
    if mine.symbol != other.symbol:
        return f"{mine.symbol or 'nothing'} became {other.symbol or 'nothing'}"
    if mine.addend != other.addend:
        return f"{mine.symbol}{mine.addend or 0:+#x} became {mine.symbol}{other.addend or 0:+#x}"
    if mine.kind != other.kind:
        return f"type {mine.kind} became {other.kind}"
    return f"offset {mine.offset:#x} became {other.offset:#x}"


def _symbols(before: ObjectFile, after: ObjectFile) -> Iterator[str]:
    lost, new = Counter(before.symbols), Counter(after.symbols)
    lost, new = lost - new, new - lost
    theirs: dict[str, list[Symbol]] = {}
    for symbol in new.elements():
        theirs.setdefault(symbol.name, []).append(symbol)
    for symbol in lost.elements():
        others = theirs.get(symbol.name)
        yield _symbol(symbol, others.pop(0)) if others else f"symbol {_name(symbol)} is gone"
    yield from (f"symbol {_name(symbol)} is new" for others in theirs.values() for symbol in others)


def _name(symbol: Symbol) -> str:
    return symbol.name or f"without a name in {symbol.section}"


def _symbol(before: Symbol, after: Symbol) -> str:
    for name in ("section", "value", "size", "binding", "type", "other"):
        mine, other = getattr(before, name), getattr(after, name)
        if mine != other:
            return f"symbol {_name(before)}: {name} {mine} became {other}"
    return f"symbol {_name(before)}"
