"""Run one check under atheris: seeds in, findings kept, and on it goes until the time is over.

A check takes bytes and raises where a law is broken. Every distinct place of an exception is kept once, as
``build/fuzz/NAME/findings/*``, and the run goes on; what hangs or dies is kept by libFuzzer beside it.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
#: Material of others, which stays outside the project; seeds are taken from it where it is there.
SHARED = Path(os.environ.get("SHARED_DIR") or PROJECT.parent / "shared")
LARGEST_SEED = 1 << 15

Check = Callable[[bytes], None]


def folder(name: str) -> Path:
    """Give the folder of one target's corpus and findings."""
    return PROJECT / "build" / "fuzz" / name


def instrumented(package: str) -> AbstractContextManager[object]:
    """Make imports inside report their branches where ``python -m tests.fuzz`` runs, elsewhere nothing."""
    if "VT_FUZZ" not in os.environ:
        return nullcontext()
    import atheris

    return atheris.instrument_imports(include=[package])


def law(*, holds: bool, text: str) -> None:
    """Say which law is broken where it does not hold (no assert: -O would take the checks away)."""
    if not holds:
        raise AssertionError(text)


def run(name: str, check: Check, seeds: Iterable[bytes]) -> None:
    """Feed a check for ever, or as libFuzzer's options on the command line say; never returns."""
    import atheris

    corpus, findings = folder(name) / "corpus", folder(name) / "findings"
    for each in (corpus, findings):
        each.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        if len(seed) <= LARGEST_SEED:
            (corpus / sha256(seed).hexdigest()[:20]).write_bytes(seed)
    options = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=32768", f"-dict={HERE / 'tokens.dict'}"]
    given = [*options, f"-artifact_prefix={findings}/", *sys.argv[1:], str(corpus)]
    atheris.Setup([sys.argv[0], *given], _keeping(check, findings))
    atheris.Fuzz()


def _keeping(check: Check, findings: Path) -> Check:
    """Wrap a check so that it keeps what it finds, and says it once a place."""

    def guarded(data: bytes) -> None:
        try:
            check(data)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            place = repr([(type(error).__name__, frame.filename, frame.lineno) for frame in frames])
            kept = findings / f"finding-{sha256(place.encode()).hexdigest()[:12]}"
            if not kept.exists() or len(kept.read_bytes()) > len(data):
                kept.write_bytes(data)
                kept.with_suffix(".txt").write_text(traceback.format_exc())
                sys.stderr.write(f"\nFINDING {kept.name}: {type(error).__name__}: {error}\n")

    return guarded
