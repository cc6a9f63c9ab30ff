"""Read an ELF file into what a linker sees of it, without debug sections and ``.comment``.

References by number (sections, symbols) become references by what they mean, so that a debug section more
or less moves nothing. Whatever is not understood is kept as it stands: two objects may be called different
that are not; never the other way round.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final


class NotElf(ValueError):
    """The bytes are no ELF file, or a broken one; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocation:
    """One place that the linker fills in: ``kind`` is the machine's number, ``symbol`` what it leads to."""

    offset: int
    kind: int
    symbol: str
    addend: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section as a linker sees it; ``key`` is its name, with a number among equals."""

    key: str
    type: int
    flags: int
    address: int
    alignment: int
    entry_size: int
    size: int
    refers: tuple[str, ...]
    content: bytes
    relocations: tuple[Relocation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One symbol; ``section`` is a section's key, or UNDEF, ABS, COMMON."""

    name: str
    value: int
    size: int
    binding: int
    type: int
    other: int
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFile:
    """All that counts of one object, in the order of the file."""

    header: tuple[int, ...]
    sections: tuple[Section, ...]
    symbols: tuple[Symbol, ...]

    @property
    def digest(self) -> str:
        """Give a sha256 over all that is compared: equal digests are equal objects."""
        return sha256(repr((self.header, self.sections, self.symbols)).encode()).hexdigest()


_SYMTAB, _STRTAB, _RELA, _NOBITS, _REL, _DYNSYM, _GROUP, _SYMTAB_SHNDX = 2, 3, 4, 8, 9, 11, 17, 18
_ADDRSIG: Final = 0x6FFF4C03
_ALLOC, _INFO_LINK, _LINK_ORDER = 0x2, 0x40, 0x80
_SPECIAL: Final = {0: "UNDEF", 0xFFF1: "ABS", 0xFFF2: "COMMON"}
_XINDEX: Final = 0xFFFF
_SECTION_SYMBOL: Final = 3
_MIPS: Final = 8

#: What a debugger or a reader of versions looks at, and no program: left out, unless it is loaded.
_DEBUG: Final = re.compile(
    r"\.(?:z?debug(?:_.*)?|comment|line|stab.*|gdb_index|gnu\.debug(?:link|altlink|lto_.*))\Z"
)


@dataclass(slots=True)
class _Raw:
    """A section header as it stands."""

    name_at: int
    type: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int
    entry_size: int
    name: str = field(default="", init=False)
    kept: bool = field(default=True, init=False)
    key: str = field(default="", init=False)


@dataclass(slots=True)
class _File:
    """A file while it is read."""

    data: bytes
    wide: bool
    order: str
    machine: int
    raw: list[_Raw] = field(default_factory=list)
    #: By index of a symbol table: its symbols, and whether each counts.
    symbols: dict[int, list[tuple[Symbol, bool]]] = field(default_factory=dict)

    def unpack(self, layout: str, offset: int) -> tuple[int, ...]:
        layout = self.order + layout
        if offset + struct.calcsize(layout) > len(self.data):
            raise NotElf(f"it ends before byte {offset}")
        return struct.unpack_from(layout, self.data, offset)

    def content(self, raw: _Raw) -> bytes:
        if raw.type in (0, _NOBITS):
            return b""
        if raw.offset + raw.size > len(self.data):
            raise NotElf(f"section {raw.name or '?'} reaches beyond the end")
        return self.data[raw.offset : raw.offset + raw.size]

    def words(self, raw: _Raw) -> tuple[int, ...]:
        return self.unpack(f"{len(self.content(raw)) // 4}I", raw.offset)

    def key_of(self, index: int) -> str:
        if not 0 <= index < len(self.raw):
            raise NotElf(f"there is no section {index}")
        return self.raw[index].key if index else ""


def read(data: bytes) -> ObjectFile:
    """Read one file. Raises NotElf for what is none or broken."""
    file, header = _headers(data)
    _name_sections(file)
    for index, raw in enumerate(file.raw):
        if raw.type in (_SYMTAB, _DYNSYM):
            file.symbols[index] = _symbols(file, index, raw)
    relocations: dict[int, list[Relocation]] = {}
    for raw in file.raw:
        if raw.type in (_REL, _RELA) and _applies_to_section(file, raw):
            relocations.setdefault(raw.info, []).extend(_relocations(file, raw))
    sections = tuple(
        _section(file, raw, tuple(relocations.get(index, ())))
        for index, raw in enumerate(file.raw)
        if raw.kept and not _is_index(file, raw)
    )
    symbols = tuple(
        symbol
        for index, table in file.symbols.items()
        if file.raw[index].type == _SYMTAB
        for symbol, counts in table[1:]
        if counts
    )
    return ObjectFile(header=header, sections=sections, symbols=symbols)


def _headers(data: bytes) -> tuple[_File, tuple[int, ...]]:
    if data[:4] != b"\x7fELF" or len(data) < 16:
        raise NotElf("it does not begin like ELF")
    if data[4] not in (1, 2) or data[5] not in (1, 2):
        raise NotElf("its class or byte order is unknown")
    file = _File(data, wide=data[4] == 2, order="<" if data[5] == 1 else ">", machine=0)
    fields = file.unpack("HHIQQQIHHHHHH" if file.wide else "HHIIIIIHHHHHH", 16)
    kind, file.machine, version, entry, _, at, flags, _, _, _, entry_size, count, names = fields
    layout = "IIQQQQIIQQ" if file.wide else "10I"
    if at:
        if entry_size != struct.calcsize(file.order + layout):
            raise NotElf("its section headers have another size")
        first = _Raw(*file.unpack(layout, at))
        count, names = count or first.size, first.link if names == _XINDEX else names
        if at + count * entry_size > len(data):
            raise NotElf("its section headers reach beyond the end")
        file.raw = [_Raw(*file.unpack(layout, at + number * entry_size)) for number in range(count)]
        _read_names(file, names)
    return file, (*data[4:9], kind, file.machine, version, entry, flags)


def _read_names(file: _File, names: int) -> None:
    if names >= len(file.raw):
        raise NotElf("its section names are missing")
    table = file.content(file.raw[names])
    for raw in file.raw[1:]:
        raw.name = _string(table, raw.name_at)


def _string(table: bytes, offset: int) -> str:
    end = table.find(b"\0", offset)
    if offset > len(table) or end < 0:
        raise NotElf("a name reaches beyond its table")
    return table[offset:end].decode("utf-8", "backslashreplace")


def _name_sections(file: _File) -> None:
    """Leave out what does not count, and name the rest: by name, with a number among equals."""
    seen: dict[str, int] = {}
    for raw in file.raw:
        raw.kept = not (_DEBUG.match(raw.name) and not raw.flags & _ALLOC)
    for raw in file.raw:
        if raw.type in (_REL, _RELA) and _applies_to_section(file, raw):
            raw.kept = file.raw[raw.info].kept
        number = seen[raw.name] = seen.get(raw.name, 0) + 1
        raw.key = raw.name if number == 1 else f"{raw.name} ({number})"
    if file.raw:
        file.raw[0].kept = False


def _applies_to_section(file: _File, raw: _Raw) -> bool:
    """Say whether relocations belong to a section of the file, as in every object before it is linked."""
    return 0 < raw.info < len(file.raw) and 0 < raw.link < len(file.raw) and not raw.flags & _ALLOC


def _is_index(file: _File, raw: _Raw) -> bool:
    """Say whether a section only holds names and numbers that are compared by what they mean."""
    if raw.type in (_REL, _RELA):
        return _applies_to_section(file, raw)
    return raw.type in (_SYMTAB, _SYMTAB_SHNDX) or (raw.type == _STRTAB and not raw.flags & _ALLOC)


def _symbols(file: _File, table_index: int, raw: _Raw) -> list[tuple[Symbol, bool]]:
    names = file.content(file.raw[raw.link]) if raw.link < len(file.raw) else b""
    extended = next(
        (file.words(x) for x in file.raw if x.type == _SYMTAB_SHNDX and x.link == table_index), ()
    )
    size = 24 if file.wide else 16
    found = []
    for number in range(raw.size // size):
        if file.wide:
            name, info, other, section, value, length = file.unpack("IBBHQQ", raw.offset + number * size)
        else:
            name, value, length, info, other, section = file.unpack("IIIBBH", raw.offset + number * size)
        if section == _XINDEX and number < len(extended):
            where, counts = file.key_of(extended[number]), file.raw[extended[number]].kept
        elif section in _SPECIAL or section >= 0xFF00:
            where, counts = _SPECIAL.get(section, f"special {section:#x}"), True
        else:
            where, counts = file.key_of(section), file.raw[section].kept
        symbol = Symbol(
            name=_string(names, name) if name else "",
            value=value,
            size=length,
            binding=info >> 4,
            type=info & 15,
            other=other,
            section=where,
        )
        found.append((symbol, counts))
    return found


def _meaning(symbols: Sequence[tuple[Symbol, bool]], number: int) -> str:
    """Say what a reference to a symbol leads to; local symbols of one name are told apart by their place."""
    if not symbols:
        return f"symbol {number}"
    if number >= len(symbols):
        raise NotElf(f"there is no symbol {number}")
    symbol = symbols[number][0]
    if symbol.type == _SECTION_SYMBOL or (not symbol.name and symbol.section != "UNDEF"):
        return f"{symbol.section}+{symbol.value:#x}" if symbol.value else symbol.section
    if symbol.binding == 0 and symbol.name:
        return f"{symbol.name} ({symbol.section}+{symbol.value:#x})"
    return symbol.name


def _relocations(file: _File, raw: _Raw) -> list[Relocation]:
    with_addend = raw.type == _RELA
    layout = ("QQq" if with_addend else "QQ") if file.wide else ("IIi" if with_addend else "II")
    symbols = file.symbols.get(raw.link, [])
    size = struct.calcsize(file.order + layout)
    found = []
    for number in range(raw.size // size):
        offset, info, *rest = file.unpack(layout, raw.offset + number * size)
        if not file.wide:
            symbol, kind = info >> 8, info & 0xFF
        elif file.machine == _MIPS and file.order == "<":
            symbol, kind = info & 0xFFFFFFFF, info >> 32
        else:
            symbol, kind = info >> 32, info & 0xFFFFFFFF
        meaning = _meaning(symbols, symbol) if symbol else ""
        found.append(
            Relocation(offset=offset, kind=kind, symbol=meaning, addend=rest[0] if with_addend else None)
        )
    return found


def _section(file: _File, raw: _Raw, relocations: tuple[Relocation, ...]) -> Section:
    content = file.content(raw)
    refers: tuple[str, ...] = ()
    if raw.type == _GROUP:
        content, refers = _group(file, raw)
    elif raw.type == _ADDRSIG:
        content, refers = (
            b"",
            tuple(_meaning(file.symbols.get(raw.link, []), number) for number in _numbers(content)),
        )
    elif raw.flags & (_LINK_ORDER | _INFO_LINK) or raw.link:
        refers = _references(file, raw)
    return Section(
        key=raw.key,
        type=raw.type,
        flags=raw.flags,
        address=raw.address,
        alignment=raw.alignment,
        entry_size=raw.entry_size,
        size=raw.size if raw.type == _NOBITS else len(content),
        refers=refers,
        content=content,
        relocations=relocations,
    )


def _group(file: _File, raw: _Raw) -> tuple[bytes, tuple[str, ...]]:
    """Write a group as its flags, its signature and its members' keys; debug members do not count."""
    flags, *members = file.words(raw) or (0,)
    signature = _meaning(file.symbols.get(raw.link, []), raw.info)
    keys = [file.key_of(member) for member in members if member < len(file.raw) and file.raw[member].kept]
    return flags.to_bytes(4, "big"), (signature, *keys)


def _numbers(content: bytes) -> list[int]:
    """Read ULEB128 numbers."""
    found, number, shift = [], 0, 0
    for byte in content:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            found.append(number)
            number = shift = 0
    if shift:
        raise NotElf("a number is cut off")
    return found


def _references(file: _File, raw: _Raw) -> tuple[str, ...]:
    """Write what else a section leads to; one that counts symbols in a way of its own brings them all."""
    if raw.link in file.symbols:
        return tuple(
            _meaning(file.symbols[raw.link], number) for number in range(len(file.symbols[raw.link]))
        )
    keys = [file.key_of(raw.link)] if raw.link < len(file.raw) else [f"link {raw.link}"]
    if raw.flags & _INFO_LINK:
        keys.append(file.key_of(raw.info))
    return tuple(keys)
