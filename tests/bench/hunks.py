"""Write pieces of C and hunks of it in four kinds: null, mixed, meat, cosmetic. Used by monolith.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.csource import (
    COMMENT,
    DECLARED,
    HEADERS,
    INITS,
    MEMBERS,
    NEEDED,
    PLAIN,
    PROSE,
    RENAMED,
    SYSCTL,
    Words,
)

CONTEXT = 3
#: Share of the hunks drawn that are null, and mixed; hunks at the head of a file add to the null ones.
NULL, MIXED = 0.29, 0.18
Rows = list[tuple[str, str]]


@dataclass(slots=True)
class Hunk:
    """Rows of sign and line, and what stands around them in the base; ``inside``: in a function's body."""

    kind: str
    before: list[str]
    rows: Rows
    after: list[str]
    heading: str = ""
    inside: bool = True


class Code:
    """Writes pieces of C in one file's words."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.random = words.random

    def chance(self, share: float) -> bool:
        """Say yes in so many cases."""
        return self.random() < share

    def number(self, least: int, most: int) -> int:
        """Draw from both ends included."""
        return least + int(self.random() * (most - least + 1))

    def unit(self, depth: int) -> list[str]:
        """Write one statement with all that belongs to it, so many tabs deep."""
        words, tabs, draw = self.words, "\t" * depth, self.random()
        if draw < 0.56:
            return [tabs + words.line(words.any(PLAIN))]
        if draw < 0.72 and depth < 4:
            return [tabs + words.line(words.any(HEADERS)), f"{tabs}\t{words.line(words.any(PLAIN))}"]
        if draw < 0.84 and depth < 4:
            inner = [line for _ in range(self.number(1, 3)) for line in self.unit(depth + 1)]
            return [f"{tabs}{words.line(words.any(HEADERS))} {{", *inner, f"{tabs}}}"]
        if draw < 0.89:
            return [tabs + words.line(COMMENT)]
        if draw < 0.91:
            return [f"{tabs}/*", *(tabs + words.line(PROSE) for _ in range(self.number(1, 3))), f"{tabs} */"]
        if draw < 0.94:
            first, rest = words.line(words.any(PLAIN[3:4])).split(", ", 1)
            return [f"{tabs}{first},", f"{tabs}    {rest}"]
        if draw < 0.95 and depth < 4:
            return self.switch(tabs)
        if draw < 0.97:
            option = words.one("c")
            return [f"#ifdef {option}", tabs + words.line(words.any(PLAIN)), "#endif"]
        return [""]

    def switch(self, tabs: str) -> list[str]:
        """Write a switch with two cases and what else there is."""
        words = self.words
        lines = [f"{tabs}switch ({words.one('a')}->{words.one('e')}) {{"]
        for label in (f"case {words.one('c')}", f"case {words.one('h')}", "default"):
            lines += [f"{tabs}{label}:", f"{tabs}\t{words.line(words.any(PLAIN))}", f"{tabs}\tbreak;"]
        return [*lines, f"{tabs}}}"]

    def units(self, depth: int, least: int) -> list[str]:
        """Write statements until there are so many lines."""
        lines: list[str] = []
        while len(lines) < least:
            lines += self.unit(depth)
        return lines

    def opening(self) -> tuple[list[str], str]:
        """Write a function's head down to its brace; give the line that git shows as heading too."""
        words = self.words
        head = f"{words.one('f')}(struct {words.one('t')} *{words.one('a')}, int {words.one('n')})"
        return ["", "static int" if self.chance(0.6) else f"struct {words.one('t')} *", head, "{"], head

    def declarations(self) -> list[str]:
        """Write what a body begins with."""
        words = self.words
        return [f"\t{words.line(words.any(DECLARED))}" for _ in range(self.number(2, 5))]

    def closing(self) -> list[str]:
        """Write the end of a function."""
        return [f"\treturn ({self.words.one('n')});", "}"]

    def function(self) -> list[str]:
        """Write a whole function."""
        return [*self.opening()[0], *self.declarations(), "", *self.units(1, 8), *self.closing()]


class Changes:
    """Writes what a run of a hunk takes away and puts there."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.words = code.words

    def null(self, depth: int) -> Rows:
        """Spell one or some lines with macros."""
        tabs, pairs = "\t" * depth, []
        for _ in range(self.code.number(1, 5)):
            old, new = self.words.respelled(self.words.any(RENAMED))
            pairs += [(tabs + old, tabs + new)]
            if old.startswith(("if", "TAILQ_FOREACH")):
                plain = f"{tabs}\t{self.words.line(self.words.any(PLAIN))}"
                pairs.append((plain, plain))
        return signed(pairs)

    def within(self, depth: int) -> Rows:
        """Spell a line with macros, and change it for good as well."""
        chosen = self.words.any(RENAMED)
        while "d" not in chosen[1] or chosen[0].startswith(("if", "TAILQ")):
            chosen = self.words.any(RENAMED)
        old, new = self.words.respelled(chosen, changed=True)
        return signed([("\t" * depth + old, "\t" * depth + new)])

    def meat(self, depth: int) -> Rows:
        """Change, add or remove lines; what is added may use a macro."""
        tabs, draw, words = "\t" * depth, self.code.random(), self.words
        if draw < 0.45:
            pairs = [words.rewritten(words.any(PLAIN[:19])) for _ in range(self.code.number(1, 3))]
            return signed([(tabs + old, tabs + new) for old, new in pairs])
        lines = self.code.units(depth, self.code.number(1, 7))
        if draw < 0.7:
            return [("-", line) for line in lines]
        if draw < 0.75:
            lines.append(tabs + words.respelled(words.any(RENAMED[1:3]))[1])
        return [("+", line) for line in lines]

    def cosmetic(self, depth: int) -> Rows:
        """Change a comment."""
        old, new = self.words.rewritten(COMMENT)
        return signed([("\t" * depth + old, "\t" * depth + new)])


def signed(pairs: list[tuple[str, str]]) -> Rows:
    """Write pairs as a diff does: old lines, then new ones; equal lines stay between."""
    rows: Rows = []
    gone: list[tuple[str, str]] = []
    come: list[tuple[str, str]] = []
    for old, new in pairs:
        if old == new:
            rows += [*gone, *come, (" ", old)]
            gone, come = [], []
        else:
            gone.append(("-", old))
            come.append(("+", new))
    return rows + gone + come


class Hunks:
    """Writes hunks of every kind, each with what must stand before and behind it."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.changes = Changes(code)

    def draw(self) -> Hunk:
        """Write one hunk; its kind is drawn by the shares that are wanted."""
        draw = self.code.random()
        if draw < NULL:
            return self.in_function("null", self.code.chance(0.25))
        if draw < NULL + MIXED:
            return self.in_function("mixed", self.code.chance(0.1))
        if draw < NULL + MIXED + 0.06:
            return self.of_struct()
        if draw < NULL + MIXED + 0.08:
            return self.in_function("cosmetic", start=False)
        return self.in_function("meat", self.code.chance(0.1))

    def in_function(self, kind: str, start: bool) -> Hunk:
        """Write some runs in a function, or first one behind its declarations' brace."""
        code = self.code
        before, heading = code.opening()
        rows: Rows = []
        depth = 1
        if start:
            rows = self._at_start(kind)
        else:
            before += [*code.declarations(), ""]
            depth += code.number(0, 2)
            for level in range(1, depth):
                before.append("\t" * level + code.words.line(code.words.any(HEADERS)) + " {")
            before += code.units(depth, CONTEXT if code.chance(0.7) else code.number(0, CONTEXT))
        for number in range(1 + int(code.random() ** 2 * 4)):
            if rows:
                rows += [(" ", line) for line in self._between(depth)]
            rows += self._run(kind, number, depth)
        after = code.units(depth, CONTEXT) if code.chance(0.7) else []
        after += ["\t" * level + "}" for level in range(depth - 1, 0, -1)]
        return Hunk(kind, before, rows, [*after, *code.closing()], heading)

    def _at_start(self, kind: str) -> Rows:
        declared = [(" ", line) for line in self.code.declarations()][:4]
        if kind == "meat":
            return [("+", self.code.declarations()[0]), *declared]
        return [("+", f"\t{INITS[self.code.number(0, len(INITS) - 1)]}(curvnet);"), *declared, (" ", "")]

    def _between(self, depth: int) -> list[str]:
        lines = self.code.units(depth, self.code.number(1, 4))
        return lines if len(lines) <= 2 * CONTEXT else [f"\t{self.code.words.line(PLAIN[0])}"]

    def _run(self, kind: str, number: int, depth: int) -> Rows:
        if kind == "mixed":
            kind = ("within", "null", "meat")[number] if number < 3 else "meat"
            if number == 0 and self.code.chance(0.5):
                return [*self.changes.null(depth), (" ", "\t" * depth + self.code.words.line(PLAIN[1])),
                        *self.changes.meat(depth)]  # fmt: skip
        write: dict[str, Callable[[int], Rows]] = {
            "null": self.changes.null, "within": self.changes.within, "meat": self.changes.meat,
            "cosmetic": self.changes.cosmetic,
        }  # fmt: skip
        return write[kind](depth)

    def of_struct(self) -> Hunk:
        """Change the members of a struct."""
        code, words = self.code, self.code.words
        member = lambda: f"\t{words.line(words.any(MEMBERS[:7]))}"  # noqa: E731
        heading = f"struct {words.one('t')} {{"
        old, new = words.rewritten(words.any(MEMBERS[:7]))
        rows = signed([(f"\t{old}", f"\t{new}")]) if code.chance(0.5) else [("+", member())]
        before = ["", heading, *(member() for _ in range(CONTEXT))]
        return Hunk("meat", before, rows, [*(member() for _ in range(CONTEXT)), "};"], heading, inside=False)

    def of_head(self) -> Hunk:
        """Add a transition header to the includes of a file, which begin it."""
        lines = [self.code.words.line(self.code.words.any(NEEDED[:2])) for _ in range(8)]
        before = ["/*-", *(self.code.words.line(PROSE) for _ in range(12)), " */", "", *lines[:5]]
        return Hunk("null", before, [("+", "#include <sys/vimage.h>")], lines[5:], inside=False)

    def of_sysctl(self) -> Hunk:
        """Respell the argument of a declaration outside of functions."""
        words = self.code.words
        around = [words.line(words.any(NEEDED)) for _ in range(6)]
        rows = signed([words.respelled(SYSCTL) for _ in range(self.code.number(1, 3))])
        return Hunk("null", ["", *around[:3]], rows, around[3:], inside=False)


def trimmed(before: list[str], rows: Rows, after: list[str]) -> tuple[list[str], Rows, list[str]]:
    """Give unchanged rows at the ends to what stands around."""
    changed = [at for at, (sign, _) in enumerate(rows) if sign != " "]
    first, last = changed[0], changed[-1] + 1
    lead, trail = [line for _, line in rows[:first]], [line for _, line in rows[last:]]
    return before + lead, rows[first:last], trail + after


def written(rows: Rows, old: int, new: int, heading: str) -> str:
    """Write a hunk with its header."""
    count = Counter(sign for sign, _ in rows)
    sides = (count[" "] + count["-"], count[" "] + count["+"])
    places = [str(at) if size == 1 else f"{at},{size}" for at, size in zip((old, new), sides, strict=True)]
    body = "\n".join([sign + line for sign, line in rows])
    return f"@@ -{places[0]} +{places[1]} @@{heading and ' '}{heading}\n{body}\n"
