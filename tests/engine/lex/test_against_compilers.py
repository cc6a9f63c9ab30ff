"""Our tokens are those of the compilers that are here, or differ in a known and safe way (compilers.py)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.engine.lex.compilers import ASK, DIALECTS, Dialect, disarmed, our_tokens, unexplained
from tests.engine.lex.soup import soups

pytestmark = pytest.mark.skipif(
    not ASK, reason="There is neither gcc nor clang here to compare our tokens with."
)


def differing(texts: Iterable[bytes], folder: Path, dialects: Iterable[Dialect] = DIALECTS) -> list[str]:
    """Compare with every compiler that is here, in every dialect; give what is not known to be safe."""
    armless, found = [disarmed(text) for text in texts], []
    for name, ask in ASK.items():
        for dialect in dialects:
            for text, theirs in zip(armless, ask(armless, dialect, folder), strict=True):
                what = unexplained(text, theirs, dialect)
                if what:
                    found.append(f"{name} {dialect.name}: {what} in {text[:400]!r}")
    return found


def equal(texts: Iterable[bytes], folder: Path) -> int:
    """Count the texts whose tokens are those of C++, over all compilers that are here."""
    armless = [disarmed(text) for text in texts]
    theirs = [ask(armless, DIALECTS[-1], folder) for ask in ASK.values()]
    return sum(
        our_tokens(text) == found for each in theirs for text, found in zip(armless, each, strict=True)
    )


def test_soup(tmp_path: Path) -> None:
    texts = soups(2008, 600)

    assert differing(texts, tmp_path) == []
    assert equal(texts, tmp_path) > 150 * len(ASK)


@pytest.mark.long
def test_much_soup_or_as_much_as_is_asked_for(tmp_path: Path) -> None:
    for seed in range(int(os.environ.get("VT_SOUPS", "20000")) // 2000):
        assert differing(soups(seed, 2000), tmp_path) == []


def headers(least: int) -> list[bytes]:
    """Read the system's headers of ``least`` bytes and more, in one order; the compiler names folders."""
    command = [next(iter(ASK)), "-E", "-v", "-x", "c", os.devnull]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    folders = [Path(line.strip()) for line in said.splitlines() if line.startswith(" /")]
    paths = sorted({path.resolve() for folder in folders for path in folder.rglob("*.h")})
    return [path.read_bytes() for path in paths if path.stat().st_size >= least]


def test_system_headers(tmp_path: Path) -> None:
    """Real code: these tokens must be equal, not only safe."""
    texts = [text for text in headers(2000)[::40] if len(text) < 20_000][:40]

    assert differing(texts, tmp_path) == []
    assert equal(texts, tmp_path) == len(texts) * len(ASK)


@pytest.mark.long
def test_many_system_headers(tmp_path: Path) -> None:
    texts = headers(0)[:: int(os.environ.get("VT_EVERY", "8"))]

    assert differing(texts, tmp_path, DIALECTS[:1]) == []
    assert equal(texts, tmp_path) >= 0.98 * len(texts) * len(ASK)


@pytest.mark.long
def test_corpus(tmp_path: Path, shared_dir: Path) -> None:
    """Other people's sources, both sides of each diff; the outside of hunks joins as it falls."""
    texts = [
        b"".join(line[1:] for line in path.read_bytes().splitlines(keepends=True) if line[:1] in side)
        for path in sorted(shared_dir.glob("corpus/*/*.diff"))
        for side in (b" +", b" -")
    ]

    assert differing(texts, tmp_path, DIALECTS[:1]) == []


def test_what_is_neither_equal_nor_safe_is_seen(tmp_path: Path) -> None:
    """The comparison itself can fail."""
    text, dialect = b"a b;\n", DIALECTS[0]

    assert unexplained(text, [b"a", b"b", b";"], dialect) is None
    assert unexplained(text, [b"a", b"c", b";"], dialect) is not None
    assert unexplained(text, [b"ab", b";"], dialect) is not None
    assert unexplained(text, [], dialect) is not None
