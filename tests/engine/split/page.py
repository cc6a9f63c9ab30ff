"""What the splitter makes of every monolith of the collection, printed as a page.

``python -m tests.engine.split.page`` writes docs/corpora.md; SHARED_DIR names the collection.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from tests.engine.split.tools import read_plan
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.split import PROVABLE, Change, Kind, SplitResult, split

PROJECT = Path(__file__).resolve().parents[3]
PAGE = PROJECT / "docs" / "corpora.md"
CASES = (
    "freebsd-2008-A-nearpure",
    "git-unused-intro",
    "lua-likely",
    "phpredis-tsrmls-add",
    "osv-rename-notnull",
    "bz-2010-curvnet",
    "bz-2010-whirl",
    "bz-series/v1",
    "bz-series/v2",
    "bz-series/v3",
)
DIFFS = ("full-context.diff", "monolith.diff")
LAYOUT = frozenset({TokenKind.SPACE, TokenKind.NEWLINE})
#: Token lists longer than this are compared without what they begin and end with, not aligned.
LONG = 4000
#: A reason is shown when so many lines have it; the rest is counted together.
FEW = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One diff of the collection and what became of it."""

    name: str
    diff: str
    result: SplitResult
    #: Changed lines of the monolith, and the tokens on them.
    lines: int
    tokens: int

    @property
    def title(self) -> str:
        return f"{self.name} ({'whole files' if self.diff == DIFFS[0] else 'windows'})"

    def of(self, *kinds: Kind) -> list[Change]:
        return [change for change in self.result.changes if change.kind in kinds]


def read(shared: Path, name: str, diff: str) -> Case:
    """Split one diff of the collection."""
    folder = shared / "corpus" / name
    plan = read_plan(folder if (folder / "plan.toml").exists() else folder.parent)
    monolith = (folder / diff).read_bytes()
    result = split(monolith, plan, second_opinion=False)
    lines = [
        line
        for file in parse(monolith, second_opinion=False).files
        for hunk in file.hunks
        for run in hunk.runs()
        for line in (*run.old_lines, *run.new_lines)
    ]
    return Case(name, diff, result, len(lines), sum(len(tokens(line)) for line in lines))


def tokens(text: bytes) -> list[bytes]:
    """List the tokens of a text, comments among them; white space is none."""
    return [token for token in tokenize(text) if kind_of(token) not in LAYOUT]


def own_tokens(change: Change) -> int:
    """Count the tokens that a change takes away and brings, beyond those that its lines keep."""
    old, new = tokens(change.before), tokens(change.after)
    if len(old) + len(new) > LONG:
        return len(old) + len(new)
    same = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return len(old) + len(new) - 2 * sum(block.size for block in same)


def size(changes: list[Change]) -> int:
    return sum(change.added + change.removed for change in changes)


def count(changes: list[Change]) -> str:
    return f"{size(changes)} / {len(changes)}" if changes else "0"


def kinds_table(cases: list[Case]) -> Iterator[str]:
    """Say what there is of each kind, in lines and changes."""
    names = ("null-macro", "cosmetic", "vocabulary", "opaque", "meat, no rule applies", "undecided")
    yield "| case | changed lines | " + " | ".join(names) + " |"
    yield "|---" * 8 + "|"
    for case in cases:
        meat = case.of(Kind.MEAT)
        cells = [
            case.title,
            str(case.lines),
            *(
                count(case.of(kind))
                for kind in (Kind.NULL_MACRO, Kind.COSMETIC, Kind.VOCABULARY, Kind.OPAQUE)
            ),
            count([change for change in meat if not change.rule]),
            count([change for change in meat if change.rule]),
        ]
        yield "| " + " | ".join(cells) + " |"


def shrink_table(cases: list[Case]) -> Iterator[str]:
    """Say how much smaller the meat is than the monolith."""
    yield "| case | monolith: lines | tokens | meat: lines | tokens | meat's share of lines | of tokens |"
    yield "|---|---|---|---|---|---|---|"
    for case in cases:
        meat = [change for change in case.result.changes if change.kind not in PROVABLE]
        own = sum(map(own_tokens, meat))
        shares = (f"{100 * size(meat) / case.lines:.0f} %", f"{100 * own / case.tokens:.0f} %")
        cells = [case.title, str(case.lines), str(case.tokens), str(size(meat)), str(own), *shares]
        yield "| " + " | ".join(cells) + " |"


def in_general(reason: str) -> str:
    """Take the tokens and line numbers of one place out of a reason."""
    text = re.sub(r"`[^`]*`(?: \(\d+ tokens\))?", "...", reason)
    text = re.sub(r" \(.*, line \d+ of the (?:before|after) text\)", "", text)
    return re.sub(
        r"\b(?:V_\w+|VNET_\w+|CURVNET_\w+|VNET|SYSCTL_\w+)(?:, \w+)*(?: and \d+ more)?", "V_...", text
    )


def reasons_table(case: Case) -> Iterator[str]:
    """Say why what is undecided is so, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    changes: Counter[tuple[str, str]] = Counter()
    for change in case.of(Kind.MEAT):
        if change.rule:
            key = (change.rule, in_general(change.reason))
            found[key] += change.added + change.removed
            changes[key] += 1
    if not found:
        return
    yield f"\n### {case.title}\n"
    yield "| lines / changes | rule | reason |"
    yield "|---|---|---|"
    rows = sorted(found.items(), key=lambda row: (-row[1], row[0]))
    for (rule, reason), lines in rows:
        if lines >= FEW:
            yield f"| {lines} / {changes[rule, reason]} | {rule} | {reason.replace('|', chr(92) + '|')} |"
    rest = [key for key, lines in rows if lines < FEW]
    if rest:
        counted = f"{sum(found[key] for key in rest)} / {sum(changes[key] for key in rest)}"
        yield f"| {counted} | | {len(rest)} other{'s' if len(rest) > 1 else ''} |"


#: Why lines that history calls null are not in null layers, by file.
MISSES = {
    "netinet/ip6.h": "an include below the body of a macro that uses what it brings, and the blank lines "
    "around it; a table whose header comes later is not believed (R16)",
    "compat/svr4/svr4_sockio.c": "not changed in the monolith: git paired the lines otherwise",
    "net/if_ef.c": "the head of a block around directives, which the kernel takes for no bare block",
}


def truth_table(shared: Path, case: Case) -> Iterator[str]:
    """Compare with what history calls null and meat, line by line."""
    claimed: dict[tuple[str, str, int], set[Kind]] = {}
    for change in case.result.changes:
        for side, (first, number) in (("old", change.old), ("new", change.new)):
            for line in range(first, first + number):
                claimed.setdefault((side, change.path, line), set()).add(change.kind)
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    with (shared / "corpus" / case.name / "truth.tsv").open() as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for side in ("old", "new"):
                first = int(row[f"{side}_start"])
                for line in range(first, first + int(row[f"{side}_lines"])):
                    kinds = claimed.get((side, row["file"], line), set())
                    found[row["class"]] += 1
                    found[row["class"] + " proved"] += bool(kinds) and kinds <= PROVABLE
                    found[row["class"] + " null-macro"] += Kind.NULL_MACRO in kinds
                    missed[row["file"]] += row["class"] == "null" and not (kinds and kinds <= PROVABLE)
    share = 100 * found["null proved"] / found["null"]
    proved, wrong = found["null proved"], found["meat null-macro"]
    yield f"Of {found['null']} lines in runs of class null {proved} ({share:.1f} %) are in proved changes. Of"
    yield f"{found['meat']} lines in runs of class meat {wrong} are in null-macro changes: the `#ifdef` and"
    yield "`#endif` of groups that the table decides, which are token-equal.\n"
    yield "| missed lines | file | why |"
    yield "|---|---|---|"
    for path, number in missed.items():
        if number:
            yield f"| {number} | {path} | {MISSES.get(path, '')} |"


HEAD = """# What the splitter makes of real monoliths

Written by `python -m tests.engine.split.page`; do not edit by hand. The monoliths are other people's code
and stay outside the project. Each is split twice: with whole files (every hunk shows its file), and as it
was sent, where three lines around a change are all that is known.

## What there is

Lines / changes; a line that is split inside counts on both halves' layers, so rows may add up to more
than the monolith has. *Undecided* is meat too: it names macros of the plan, or a rule refused it; the
reasons are below.

"""

SHRINKS = """
## Meat shrinks

Lines are added and removed lines of the layers that are not proved. Tokens (comments count, white space
does not) are those that a change takes away or brings, beyond what its lines keep, against all tokens of
the monolith's changed lines: what a reviewer has to compare, against what the monolith shows.

"""

TRUTH = """
## Against history

"""

REASONS = """
## Why not null

By rule and reason, with the tokens of the single place left out; fewer than three lines are counted
together. A parameter that is renamed beside its macro stands as "... stands where ... stood": it is not
token-equal, so it is meat. A definition that the tree spells otherwise than the plan is meat and says so.
Where the base already uses a macro of the plan, nothing about that name is judged, as law 4 asks; a
landed announcement that carries the table says that it is in force.
"""


def page(shared: Path) -> str:
    """Write the page."""
    cases = [read(shared, name, diff) for name in CASES for diff in DIFFS]
    parts = [HEAD, "\n".join(kinds_table(cases)), "\n", SHRINKS, "\n".join(shrink_table(cases)), "\n"]
    parts += [TRUTH, "\n".join(truth_table(shared, cases[0])), "\n", REASONS]
    parts += [
        "\n".join(reasons_table(case)) + "\n" for case in cases if not case.name.startswith("bz-series")
    ]
    return "".join(part for part in parts if part.strip() or part == "\n").rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(os.environ.get("SHARED_DIR", PROJECT.parent / "shared"))), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
