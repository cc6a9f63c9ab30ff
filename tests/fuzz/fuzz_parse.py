"""Fuzz the parser: what it takes comes back byte for byte, all else is a ParseError.

Run it: ``python -m tests.fuzz parse`` (README.md says what it needs).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.fuzz import seeds
from tests.fuzz.harness import instrumented, law, run

with instrumented("vimagetrack.engine"):
    from vimagetrack.engine.diff.emit import emit
    from vimagetrack.engine.diff.model import Diff
    from vimagetrack.engine.diff.parse import parse
    from vimagetrack.engine.errors import ParseError
    from vimagetrack.engine.split.windows import windows


def check(data: bytes) -> None:
    """Raise where a law of the parser is broken."""
    found = _parsed(data, second_opinion=True)
    alone = _parsed(data, second_opinion=False)
    if found is None:
        return
    law(holds=emit(found) == data, text="what is accepted comes back byte for byte")
    law(holds=alone is not None and alone.files == found.files, text="a second opinion changes nothing")
    law(holds=_parsed(data, second_opinion=True) == found, text="the same bytes give the same diff")
    for file in found.files:
        for window in windows(file, None, whole_hunk=False):
            for run_ in window.runs:
                law(holds=0 <= run_.start <= run_.end <= len(window.old), text="runs lie in the old text")
                law(holds=0 <= run_.new_start <= run_.new_end <= len(window.new), text="and in the new one")


def _parsed(data: bytes, *, second_opinion: bool) -> Diff | None:
    try:
        return parse(data, second_opinion=second_opinion)
    except ParseError as error:
        law(holds=bool(error.message and error.hint), text="a refusal says what and what to do")
        return None


def _seeds() -> Iterator[bytes]:
    yield from seeds.diffs()
    yield from seeds.bytes_in_tests("diff")


if __name__ == "__main__":
    run("parse", check, _seeds())
