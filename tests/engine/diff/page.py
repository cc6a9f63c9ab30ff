"""What the parser says to every sample diff: judged here, tested by the tables, printed as a page.

``python -m tests.engine.diff.page`` writes docs/parser-inputs.md; SHARED_DIR names the samples.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vimagetrack.engine.diff.emit import emit
from vimagetrack.engine.diff.model import Diff
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ParseError

PROJECT = Path(__file__).resolve().parents[3]
PAGE = PROJECT / "docs" / "parser-inputs.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A diff of the collection; ``expect`` is what a hostile one demands, empty for a real one."""

    folder: Path
    name: str
    dialect: str
    expect: str = ""

    @property
    def data(self) -> bytes:
        return (self.folder / self.name).read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    answer: str
    sentence: str
    diff: Diff | None


def samples(shared: Path) -> Iterator[Sample]:
    hostile, real = shared / "parser" / "hostile", shared / "parser" / "real"
    for case in json.loads((hostile / "manifest.json").read_text()):
        yield Sample(folder=hostile, name=case["file"], dialect=case["threat"], expect=case["expect"])
    with (real / "MANIFEST.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Sample(folder=real, name=row["file"], dialect=row["dialect"])


def judge(data: bytes) -> Verdict:
    """Parse, and see that what is accepted comes back byte for byte."""
    try:
        diff = parse(data)
    except ParseError as error:
        answer = "reject" if error.diff_lineno and error.hint else "reject without place or hint"
        return Verdict(answer=answer, sentence=str(error), diff=None)
    assert emit(diff) == data
    if not diff.warnings:
        return Verdict(answer="accept", sentence="", diff=diff)
    kinds = Counter(warning.code for warning in diff.warnings)
    first = diff.warnings[0]
    sentence = f"diff line {first.diff_lineno}: {first.text} ({', '.join(sorted(kinds))})"
    return Verdict(answer="flag", sentence=sentence, diff=diff)


def counts(diff: Diff) -> list[tuple[str, str]]:
    """Count added and removed lines for each file, sorted, as ``git apply --numstat`` shows them."""
    return sorted(("-", "-") if file.binary else (str(file.added), str(file.removed)) for file in diff.files)


def git_counts(data: bytes) -> list[tuple[str, str]] | None:
    """Let git count; None where it takes the diff at no level of prefixes."""
    for level in ("-p0", "-p1"):
        done = subprocess.run(
            ["git", "apply", "--numstat", level, "-z", "-"],
            input=data,
            capture_output=True,
            check=False,
            cwd="/",
            timeout=60,
        )
        if done.returncode == 0:
            rows = [row.decode("latin-1").split("\t") for row in done.stdout.split(b"\0") if b"\t" in row]
            return sorted((row[0], row[1]) for row in rows)
    return None


def page(shared: Path) -> str:
    """Write the page, with what git says beside our answer."""
    rows: list[str] = []
    totals: Counter[str] = Counter()
    for sample in samples(shared):
        verdict = judge(sample.data)
        theirs = git_counts(sample.data)
        kind = "hostile" if sample.expect else "real"
        totals[f"{kind} {verdict.answer}"] += 1
        if theirs is not None and verdict.diff is not None:
            totals[f"{kind} same"] += theirs == counts(verdict.diff)
            totals[f"{kind} both"] += 1
        files = "" if verdict.diff is None else str(len(verdict.diff.files))
        git = "refuses" if theirs is None else f"{len(theirs)} files"
        cells = (f"{kind}/{sample.name}", sample.dialect, verdict.answer, files, git, verdict.sentence)
        rows.append("| " + " | ".join(map(_cell, cells)) + " |")
    return HEAD.format(**{key.replace(" ", "_"): totals[key] for key in KEYS}) + "\n".join(rows) + "\n"


KEYS = [
    f"{kind} {what}" for kind in ("hostile", "real") for what in ("accept", "flag", "reject", "same", "both")
]
HEAD = """# What the parser says to every sample

Written by `python -m tests.engine.diff.page`; do not edit by hand. Accepted input comes back byte for byte;
`flag` is accepted with a warning to the reviewer; the sentence of a refusal says what, where and what to do.
The samples are other people's and stay outside the project.

* Hostile samples: {hostile_accept} accepted, {hostile_flag} flagged, {hostile_reject} refused; a test holds
  that this is what their manifest asks for.
* Real samples: {real_accept} accepted, {real_flag} flagged, {real_reject} refused. Where git accepts too
  ({real_both}), the numbers of files, added and removed lines are git's in {real_same}.
* We refuse on purpose what git takes: names that leave the tree, a file in two sections (a series of patches
  in one mailbox), hunks with more lines than they promise, headers that promise text which does not follow.

| input | dialect or threat | answer | files | git apply | sentence |
|---|---|---|---|---|---|
"""


def _cell(text: str) -> str:
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown.replace("|", "\\|").replace("<", "&lt;")[:400]


if __name__ == "__main__":
    PAGE.write_text(page(Path(os.environ.get("SHARED_DIR") or PROJECT.parent / "shared")), encoding="utf-8")
    sys.stdout.write(f"{PAGE} written.\n")
