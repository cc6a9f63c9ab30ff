"""Make a monolith of C of any size: a git diff with its plan, and the base tree where it is wanted.

``python -m tests.bench.monolith MEGABYTES OUT [--base] [--seed N]`` writes monolith.diff, plan.toml, base/.
The same size and seed give the same bytes, with or without base; it is written file by file.

Measured at 10 MB: of 11,780 hunks in 990 files 34.6 % are null, 16.2 % mixed (a quarter of the rest), 47.2 %
meat, 1.9 % comments; of 111,159 changed lines 35.4, 20.0, 43.7 and 0.8 %; every 33rd file is new or deleted.
Of all lines 86 % are distinct. Seven megabytes are made a second, half of that with base.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.bench.csource import COMMENT, NEEDED, PROSE, Words, shared_words, table
from tests.bench.hunks import CONTEXT, Code, Hunk, Hunks, trimmed, written

SEED = 20080616
_FOLDERS = (
    "net",
    "netinet",
    "netinet6",
    "netipsec",
    "kern",
    "contrib/pf",
    "dev/ifx",
    "dev/wlan",
    "fs/nfs",
    "sys",
)

PLAN = f"""[project]
name = "A monolith that was made"
slug = "made"
headers = ["sys/vimage.h"]
assume = ["mixed-declarations", "bare-blocks", "bodies-in-force", "empty-conditionals", "closed-world", "line-numbers", "inert-headers", "warnings-not-errors"]

[[milestone]]
slug = "macros"
title = "Macros that make no difference"
layer = "null"
macros = ["V_*", "VP_*", "VC_*", "INIT_*", "CURVNET_*", "VNET_*", "VSYM"]
table = '''
{table()}'''

[[milestone]]
slug = "drivers"
title = "What changes in drivers"
layer = "meat"

[[milestone]]
slug = "meat"
title = "Everything else"
layer = "meat"

[[rule]]
paths = ["sys/dev/**"]
milestone = "drivers"
"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its section, its old text (None: new, or not wanted), its hunks and changed lines by kind."""

    path: str
    section: bytes
    base: bytes | None
    hunks: Counter[str]
    lines: Counter[str]


class Filler:
    """Writes what no hunk shows, in words of its own, so that the diff is the same without it."""

    def __init__(self, seed: str) -> None:
        random = Random(seed)
        self.code = Code(Words(random.random, shared_words(random)))

    def lines(self, count: int) -> list[str]:
        """Write so many lines: whole functions, then comments."""
        lines: list[str] = []
        while len(more := self.code.function()) + len(lines) <= count:
            lines += more
        return lines + [self.code.words.line(COMMENT) for _ in range(count - len(lines))]


class Maker:
    """Makes files one after another."""

    def __init__(self, seed: int, *, base: bool) -> None:
        self.random = Random(seed)
        self.shared = shared_words(self.random)
        self.seed = seed
        self.base = base

    def file(self, number: int) -> Made:
        """Make the next file."""
        code = Code(Words(self.random.random, self.shared))
        folder = _FOLDERS[code.number(0, len(_FOLDERS) - 1)]
        path = f"sys/{folder}/{code.words.one('f')}_{number}.c"
        draw = code.random()
        if draw < 0.03:
            return self._whole(path, code, "+" if draw < 0.02 else "-")
        hunks = Hunks(code)
        drawn = [hunks.of_head()] if code.chance(0.6) else []
        drawn += [hunks.of_sysctl()] if code.chance(0.3) else []
        drawn += [hunks.draw() for _ in range(int(1 + 29 * code.random() ** 1.5) - len(drawn))]
        return self._changed(path, code, drawn)

    def _changed(self, path: str, code: Code, hunks: list[Hunk]) -> Made:
        filler = Filler(f"{self.seed} {path}") if self.base else None
        parts, base = [], []
        old = new = 1
        for number, hunk in enumerate(hunks):
            gap = code.number(5, 90) if number else 0
            before, rows, after = trimmed(hunk.before, hunk.rows, [*hunk.after, ""])
            old, new = old + gap + len(before), new + gap + len(before)
            shown = (
                [(" ", line) for line in before[-CONTEXT:]] + rows + [(" ", line) for line in after[:CONTEXT]]
            )
            back = min(CONTEXT, len(before))
            parts.append(written(shown, old - back, new - back, hunk.heading))
            if filler is not None:
                base += [*filler.lines(gap), *before, *(line for sign, line in rows if sign != "+"), *after]
            old += len(after) + sum(sign != "+" for sign, _ in rows)
            new += len(after) + sum(sign != "-" for sign, _ in rows)
        head = f"diff --git a/{path} b/{path}\nindex {self._blob()}..{self._blob()} 100644\n"
        return made(path, head + f"--- a/{path}\n+++ b/{path}\n" + "".join(parts), filler and base, hunks)

    def _whole(self, path: str, code: Code, sign: str) -> Made:
        """Make a file that the monolith creates or deletes."""
        lines = [
            "/*",
            *(code.words.line(PROSE) for _ in range(6)),
            " */",
            *(code.words.line(NEEDED[0]) for _ in range(4)),
        ]
        for _ in range(code.number(1, 5)):
            lines += code.function()
        rows = [(sign, line) for line in lines]
        verb, names = (
            ("new", f"--- /dev/null\n+++ b/{path}\n")
            if sign == "+"
            else ("deleted", f"--- a/{path}\n+++ /dev/null\n")
        )
        blobs = ("0" * 11, self._blob()) if sign == "+" else (self._blob(), "0" * 11)
        head = f"diff --git a/{path} b/{path}\n{verb} file mode 100644\nindex {blobs[0]}..{blobs[1]}\n"
        old, new = (0, 1) if sign == "+" else (1, 0)
        base = lines if self.base and sign == "-" else None
        return made(path, head + names + written(rows, old, new, ""), base, [Hunk("meat", [], rows, [])])

    def _blob(self) -> str:
        return f"{int(self.random.random() * 2**44):011x}"


def made(path: str, section: str, base: list[str] | None, hunks: list[Hunk]) -> Made:
    """Give a file with its counts: hunks, and changed lines, by kind."""
    lines = Counter(dict.fromkeys(("null", "mixed", "meat", "cosmetic"), 0))
    for hunk in hunks:
        lines[hunk.kind] += sum(sign != " " for sign, _ in hunk.rows)
    old = None if base is None else ("\n".join(base) + "\n").encode()
    return Made(path, section.encode(), old, Counter(hunk.kind for hunk in hunks), lines)


def files(megabytes: float, seed: int = SEED, *, base: bool = False) -> Iterator[Made]:
    """Make files until their sections hold so many megabytes (of 1,000,000 bytes)."""
    maker = Maker(seed, base=base)
    size = number = 0
    while size < megabytes * 1_000_000:
        file = maker.file(number)
        yield file
        size, number = size + len(file.section), number + 1


def write(megabytes: float, folder: Path, seed: int = SEED, *, base: bool = False) -> Counter[str]:
    """Write monolith.diff, plan.toml and, where wanted, base/; give what is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.toml").write_text(PLAN)
    found: Counter[str] = Counter()
    with (folder / "monolith.diff").open("wb") as out:
        for file in files(megabytes, seed, base=base):
            out.write(file.section)
            found["files"] += 1
            found.update({f"{kind} hunks": count for kind, count in file.hunks.items()})
            found.update({f"{kind} lines": count for kind, count in file.lines.items()})
            if file.base is not None:
                path = folder / "base" / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.base)
    return found


def main(arguments: list[str]) -> None:
    """Write one, and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.monolith")
    parser.add_argument("megabytes", type=float)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    found = write(options.megabytes, options.out, options.seed, base=options.base)
    for name, count in sorted(found.items()):
        of = sum(n for other, n in found.items() if other.endswith(name.split()[-1]) and other != "files")
        share = "" if name == "files" else f"{count / of:8.1%}"
        sys.stdout.write(f"{name:16} {count:9}{share}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
