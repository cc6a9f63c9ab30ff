"""Objects as a linker sees them, made by the compilers that are here; objcopy is the second opinion."""

from __future__ import annotations

import contextlib
import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from vimagetrack.engine.objects import NotElf, compare, neutral, read
from vimagetrack.engine.objects.neutral import Builtins

COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
FLAGS = (("-O1", "-g"), ("-O0",), ("-O2", "-ffunction-sections", "-fdata-sections", "-g"))
TEXT = """\
extern int counter, ticks;
int limits[4] = { 1, 2, 3, 4 };
static int calls;
const char *name(void) { return "abc"; }
int count(void) { return calls++; }
int now(void) { return counter; }
int (*const handler)(void) = count;
"""
#: What is planted, by where it shows: the text to replace, and the section or symbol to be named.
PLANTED = {
    "rodata": ('"abc"', '"abd"', ".rodata"),
    "data": ("2, 3", "2, 5", ".data"),
    "bss": ("static int calls;", "static int calls __attribute__((aligned(64)));", ".bss"),
    "symbol": ("int now(", "int then(", "symbol now is gone"),
    "binding": ("int now(", "static int __attribute__((used)) now(", "symbol now: binding 1 became 0"),
    "visibility": ("int now(", '__attribute__((visibility("hidden"))) int now(', "symbol now: other"),
    "relocation": ("return counter", "return ticks", "counter became ticks"),
    "pointer": ("handler)(void) = count", "handler)(void) = now", "count became now"),
    "text": ("calls++", "++calls", ".text"),
}  # fmt: skip


def compiled(folder: Path, text: str, compiler: str = "gcc", flags: tuple[str, ...] = ("-O1",)) -> bytes:
    (folder / "unit.c").write_text(text)
    command = [compiler, *flags, "-w", "-c", "unit.c", "-o", "unit.o"]
    subprocess.run(command, cwd=folder, check=True)
    return (folder / "unit.o").read_bytes()


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_lines_that_move_change_debug_sections_only(
    tmp_path: Path, compiler: str, flags: tuple[str, ...]
) -> None:
    before = compiled(tmp_path, TEXT, compiler, flags)
    after = compiled(tmp_path, "\n\n/* longer */\n" + TEXT, compiler, flags)
    found = compare(before, after)
    assert (before == after) == ("-g" not in flags)
    assert (found.equal, found.differences) == (True, ())


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_difference_is_found_where_it_is(tmp_path: Path, compiler: str, planted: str) -> None:
    old, new, said = PLANTED[planted]
    for flags in FLAGS:
        found = compare(
            compiled(tmp_path, TEXT, compiler, flags),
            compiled(tmp_path, TEXT.replace(old, new), compiler, flags),
        )
        assert not found.equal
        assert any(said in line for line in found.differences), found.differences


@pytest.mark.parametrize("compiler", COMPILERS)
def test_most_planted_differences_do_not_show_in_text(tmp_path: Path, compiler: str) -> None:
    """Whoever compares .text alone would miss these."""

    def text_of(data: bytes) -> bytes:
        return next(section.content for section in read(data).sections if section.key == ".text")

    missed = []
    for planted, (old, new, _) in PLANTED.items():
        one, two = compiled(tmp_path, TEXT, compiler), compiled(tmp_path, TEXT.replace(old, new), compiler)
        if text_of(one) == text_of(two):
            missed.append(planted)
            assert not compare(one, two).equal
    assert {"rodata", "data", "symbol", "relocation"} <= set(missed)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_byte_that_strip_keeps_counts(tmp_path: Path, compiler: str) -> None:
    """Flip one bit: what is called equal must be the same to objcopy, where it takes the spoilt file."""
    data = compiled(tmp_path, TEXT, compiler, ("-O1", "-g"))
    kept = stripped(tmp_path, data)
    draw = random.Random(4)
    equal = 0
    for _ in range(60):
        at = draw.randrange(64, len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << draw.randrange(8)
        found = compare(data, bytes(changed))
        if found.equal:
            equal += 1
            assert stripped(tmp_path, bytes(changed)) in (kept, None), hex(at)
        else:
            assert found.differences
    assert 0 < equal < 60


def stripped(folder: Path, data: bytes) -> bytes | None:
    (folder / "one.o").write_bytes(data)
    command = ["objcopy", "--strip-debug", "--remove-section=.comment", "one.o", "two.o"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return (folder / "two.o").read_bytes() if done.returncode == 0 else None


@pytest.mark.long
def test_more_than_65279_sections_are_read(tmp_path: Path) -> None:
    """Section numbers that do not fit into 16 bits stand elsewhere."""
    text = "".join(f"int v{number} = {number};\n" for number in range(65400))
    one = compiled(tmp_path, text, flags=("-O0", "-fdata-sections"))
    two = compiled(tmp_path, text.replace("= 65399;", "= 7;"), flags=("-O0", "-fdata-sections"))
    assert compare(one, one).equal
    assert compare(one, two).differences[0].startswith(".data.v65399: ")
    assert read(one).symbols[-1].section == ".data.v65399"


def test_a_loaded_section_counts_whatever_its_name(tmp_path: Path) -> None:
    text = '__attribute__((section(".debug_mine"))) int hidden = 1;\n'
    one, two = compiled(tmp_path, text), compiled(tmp_path, text.replace("1;", "2;"))
    assert compare(one, two).differences == (".debug_mine: 1 byte at 0x0 in hidden",)


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        (b"BC\xc0\xde1", b"BC\xc0\xde2", "byte 0x4 of the file"),
        (b"abc", b"abcd", "byte 0x3"),
        (b"\x7fELF", b"\x7fELF\x02\x01", "it does not begin like ELF"),
    ],
)
def test_what_is_no_elf_is_compared_byte_for_byte(one: bytes, two: bytes, said: str) -> None:
    found = compare(one, two)
    assert not found.equal
    assert said in found.differences[0]
    assert compare(one, one).equal


def test_a_broken_file_is_told_and_never_equal(tmp_path: Path) -> None:
    """Cut and spoilt files, also in the numbers that lead to other places: an answer, or NotElf."""
    data = compiled(tmp_path, TEXT)
    draw = random.Random(7)
    for _ in range(300):
        broken = bytearray(data[: draw.randrange(64, len(data))] if draw.random() < 0.3 else data)
        for _ in range(draw.randrange(1, 6)):
            at = draw.randrange(16, len(broken))
            broken[at : at + 4] = struct.pack("<I", draw.choice((0, 1, 7, 255, 65535, 2**31, 2**32 - 1)))
        with contextlib.suppress(NotElf):
            read(bytes(broken))
        compare(data, bytes(broken))


@pytest.mark.parametrize("compiler", COMPILERS)
def test_line_numbers_and_dates_can_be_held_still(tmp_path: Path, compiler: str) -> None:
    text = "#include <assert.h>\nvoid f(int x) { assert(x); }\n"
    text += "const char *when = __DATE__ __TIME__ __TIMESTAMP__;\n"
    strict = ("-O1", "-Wall", "-Werror", "-std=c99")

    def held(text: str, builtins: Builtins) -> bytes:
        return compiled(tmp_path, neutral(text.encode(), b'a\\b".c', builtins).decode(), compiler, strict)

    moved = "\n" + text
    assert not compare(compiled(tmp_path, text, compiler), compiled(tmp_path, moved, compiler)).equal
    assert compare(held(text, Builtins.BOTH), held(moved, Builtins.BOTH)).equal
    assert not compare(held(text, Builtins.DATES), held(moved, Builtins.DATES)).equal
    assert b"1970" in held(text, Builtins.DATES)
