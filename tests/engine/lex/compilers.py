"""Ask gcc and clang for the tokens of a text, and say where ours differ.

Known differences, and in which direction each is safe. ``engine.null`` compares tokens byte by byte, so one
token of ours for several of a compiler's is safe (no white space can hide in it), and several of ours for one
of a compiler's is safe only where the kernel refuses the text. ``unexplained`` counts on nothing else.

* Coarser than a compiler: literals with a prefix, or raw, where the dialect has none (gcc -std=c99), digit
  separators before C23, ``<=>``, ``->*``, ``.*`` and ``::`` in C with all = and > that follow them, bytes
  from 0x80 up and ``$`` as letters.
* Refused by the kernel's guards: splices and trigraphs inside a token (R09), backslash-blank-newline (R09),
  ``<::`` (R09), a suffix of a literal (R27), universal character names, NUL and other control characters,
  lone CR and stray bytes in live code (R24), unterminated literals (R08), open comments (R30).
* No program: a raw string that nothing closes, or whose mark is none. Both compilers stop there in C++ and
  GNU C, each after other bytes, so only what stands before it is compared.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.null.kernel import Language, Options, Side, stream
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

Tokens = list[bytes]

# gcc -fdebug-cpp writes this before every token, which shows where tokens touch.
_GCC_PLACE = re.compile(rb"\{P:([^;{}]*);F:[^;{}]*;L:-?\d+;C:-?\d+;S:-?\d+;M:[^;{}]*;E:-?\d+,LOC:\d+,R:\d+\}")
_CLANG_TOKEN = re.compile(
    rb"^(\w+) '([\s\S]*?)'\t[^\n\t]*?(?:\[UnClean='[\s\S]*?'\])?\tLoc=<([^<>\n]*?):\d+:\d+>\n", re.MULTILINE
)
_SPLICE = re.compile(rb"\\[ \t\f\v]*\r?\n")
_NAMED = re.compile(rb"\\U([0-9a-f]{8})")  # so gcc spells letters beyond ASCII
_RAW = re.compile(rb'(?:u8|[uUL])?R"([^()\\ \t\f\v\n]{0,16})\([\s\S]*?\)\1"')
_HASH = re.compile(rb"(?<![#%:?])(#|%:|\?\?=)(?!#|%:|\?\?=)")
_BUILT_IN = re.compile(rb"_(?=_[A-Za-z]|Pragma)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A language as the command lines name it, and as the kernel does."""

    name: str
    flags: tuple[str, ...]
    language: Language


DIALECTS = (
    Dialect(name="gnu17", flags=("-x", "c", "-std=gnu17"), language=Language.C),
    Dialect(name="c99", flags=("-x", "c", "-std=c99"), language=Language.C),
    Dialect(name="c++20", flags=("-x", "c++", "-std=gnu++20"), language=Language.CXX),
)


def disarmed(text: bytes) -> bytes:
    """Change a text so that preprocessing does nothing but lex it: no directives, no builtin macros."""
    return _BUILT_IN.sub(b"_q", _HASH.sub(rb"@\1", text))


def gcc_tokens(texts: Sequence[bytes], dialect: Dialect, folder: Path) -> list[Tokens]:
    """Give gcc's tokens, after phases 1 and 2, of texts that are ``disarmed``."""
    names = _write(texts, folder)
    found: dict[str, Tokens] = {name: [] for name in names}
    command = ["gcc", *dialect.flags, "-undef", "-nostdinc", "-w", "-fdebug-cpp", "-E", "-P", "all.c"]
    while names:
        # The line between is for gcc 12, which goes on in this file where a raw string has a bad mark.
        (folder / "all.c").write_text("".join(f'#include "{name}"\n""\n' for name in names))
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300)
        parts = _GCC_PLACE.split(done.stdout)
        for place, token in zip(parts[1::2], parts[2::2], strict=True):
            if token.strip(_LAYOUT) and place.decode() in found:
                spelt = _NAMED.sub(lambda match: chr(int(match[1], 16)).encode(), token)
                found[place.decode()].append(spelt.strip(_LAYOUT))
        stopped = re.search(rb"^(\d+\.h):\d+:\d+: error: unterminated raw", done.stderr, re.MULTILINE)
        names = names[names.index(stopped[1].decode()) + 1 :] if stopped else []
    return list(found.values())


def clang_tokens(texts: Sequence[bytes], dialect: Dialect, folder: Path) -> list[Tokens]:
    """Give the tokens of clang's raw lexer, after phases 1 and 2, comments left out."""
    names = _write(texts, folder)
    command = ["clang", "-cc1", *dialect.flags, "-w", "-dump-raw-tokens", *names]
    with (folder / "said").open("w+b") as said:  # clang writes every word by itself, which a pipe makes slow
        subprocess.run(command, cwd=folder, stderr=said, check=False, timeout=600)
    dump = (folder / "said").read_bytes()
    found: dict[str, Tokens] = {name: [] for name in names}
    for kind, token, place in _CLANG_TOKEN.findall(dump):
        if kind != b"comment" and token.strip(_LAYOUT) and not token.startswith(b"/*"):
            found[place.decode()].append(token.strip(_LAYOUT))
    return list(found.values())


_LAYOUT = b" \t\n\v\f\r"
ASK: Mapping[str, Callable[[Sequence[bytes], Dialect, Path], list[Tokens]]] = {
    name: ask for name, ask in (("gcc", gcc_tokens), ("clang", clang_tokens)) if shutil.which(name)
}


def _write(texts: Iterable[bytes], folder: Path) -> list[str]:
    names = []
    for number, text in enumerate(texts):
        names.append(f"{number}.h")
        (folder / names[-1]).write_bytes(text)
    return names


def our_tokens(text: bytes) -> Tokens:
    """Give the tokens of our lexer that a compiler would see; literals without their splices."""
    seen = [token for token in tokenize(text) if kind_of(token) > TokenKind.COMMENT]
    return [(token if _is_raw(token) else _SPLICE.sub(b"", token)).strip(_LAYOUT) for token in seen]


def _is_raw(token: bytes) -> bool:
    return token.partition(b'"')[0].endswith(b"R")


def unexplained(text: bytes, theirs: Tokens, dialect: Dialect) -> str | None:
    """Say where ours differ from a compiler's tokens in a way that is not known to be safe, else None."""
    ours = our_tokens(text)
    if ours == theirs or _is_coarser(ours, theirs) or _is_refused(text, dialect.language):
        return None
    at = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    return f"ours {ours[at : at + 4]!r}, theirs {theirs[at : at + 4]!r}"


def _is_coarser(ours: Tokens, theirs: Tokens) -> bool:
    """Say whether each token of ours is some of theirs in a row, up to a raw string that is none."""
    stop = next((i for i, token in enumerate(ours) if _is_raw(token) and not _RAW.fullmatch(token)), None)
    borders = set(accumulate(map(len, theirs)))
    at = list(accumulate(map(len, ours[:stop])))
    one, two = b"".join(ours[:stop]), b"".join(theirs)
    return borders.issuperset(at) and (one == two if stop is None else two.startswith(one))


def _is_refused(text: bytes, language: Language) -> bool:
    side = Side(text=text, table=Table.empty(State(name="none")), path="a.c")
    return bool(stream(side, Options(language=language)).problems)
