"""Random trees, transitions of them and landing plans: what a project may do to a splitter, in small.

Everything comes from a seed. The C is made of lines that repeat, so that no two tools align it alike, of
names that are renamed in some places, statements that macros swallow, loops that macros open, and of edits
that mean something.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from tests.engine.split.regenerated import Tree
from vimagetrack.engine.plan import Plan, parse_plan

NAMES = ("hostname", "domain", "ifnet", "tcbinfo", "maxseg")
_HEAD = "#include <sys/param.h>\n#include <net/if.h>\n\n"
_LINES = (
    "\t{0} = a + {2};",
    "\treport({0}, {1});",
    "\tif ({0} > {2}) {{\n\t\treturn ({1});\n\t}}",
    "\tfor (x = 0; x < {0}; x++)\n\t\tuse(x, {1});",
    "\tTAILQ_FOREACH(ifp, &{0}, link) {{\n\t\tuse(ifp, {2});\n\t}}",
    "\t/* it's {0} that counts */",
    "\tx = {2};",
    "\tx = {2};\t/* {1} */",
    "",
    "",
    "#ifdef DEBUG\n\tlog({0});\n#endif",
    "\tswitch (x) {{\n\tcase {2}:\n\t\t{0}++;\n\t\tbreak;\n\t}}",
    '\tprintf("%d it is\\n", {0});',
)
_TABLES = {
    "macros": "".join(f"#define V_{name} {name}\n" for name in NAMES),
    "inits": "#define INIT_NET(v)\n#define LIST_LOCK()\n#define VNET_FOREACH(v)\n",
    "again": "#define VNET(n) n\n" + "".join(f"#define V_{name} VNET({name})\n" for name in NAMES),
    "others": "#define W_ifnet ifnet\n#define W_maxseg maxseg\n",
}
_MACROS = {
    "macros": '["V_*"]',
    "inits": '["INIT_*", "LIST_*", "VNET_FOREACH"]',
    "others": '["W_*"]',
    "again": "[]",
}
_ASSUME = (
    '["mixed-declarations", "bare-blocks", "bodies-in-force", "empty-conditionals", "closed-world", '
    '"line-numbers", "inert-headers", "warnings-not-errors"]'
)


@dataclass(frozen=True, slots=True)
class Case:
    """What one seed gives: two trees and the plan's text."""

    seed: int
    base: Tree
    final: Tree
    plan_text: str

    @property
    def plan(self) -> Plan:
        """Read the plan."""
        return parse_plan(self.plan_text.encode())


class Maker:
    """Makes one case; every choice is drawn from the seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)

    def case(self) -> Case:
        """Make two trees and a plan; the final tree is never the base."""
        base = {
            f"sys/{folder}/f{number}.c": self.source() for number, folder in enumerate(("kern", "net", "net"))
        }
        base["sys/net/empty.h"] = b""
        base["doc/notes.txt"] = b"hostname is set\nby hand\n\nand so is domain\n" * 3
        base["doc/logo.png"] = bytes(range(256)) * 2
        base["sys/net/gone.c"] = self.source()
        base["sys/net/moved.c"] = self.source()
        base = {path: self.disguised(text) if path.endswith(".c") else text for path, text in base.items()}
        final = {path: self.moved_on(text) if path.endswith(".c") else text for path, text in base.items()}
        for part in (self._text_files, self._pieces):
            part(final)
        if final == base:
            final["doc/notes.txt"] += b"more\n"
        return Case(self.seed, base, final, self.plan())

    # --- trees

    def _text_files(self, final: Tree) -> None:
        if self.maybe(0.6):
            final["doc/notes.txt"] = final["doc/notes.txt"].replace(
                b"by hand", b"by V_hostname", self.chance.randint(1, 3)
            )
        if self.maybe(0.4):
            final["sys/net/empty.h"] = b"#define OTHER 1\n"

    def _pieces(self, final: Tree) -> None:
        if self.maybe(0.4):
            final["doc/logo.png"] = bytes(reversed(range(256))) * 2
        if self.maybe(0.4):
            del final["sys/net/gone.c"]
        if self.maybe(0.4):
            final["sys/net/renamed.c"] = final.pop("sys/net/moved.c")
        if self.maybe(0.5):
            final["sys/net/fresh.c"] = self.moved_on(self.source())
        if self.maybe(0.2):
            final["sys/net/blank.c"] = b""

    def source(self) -> bytes:
        """Write a C file of a few functions."""
        parts = [_HEAD, *(self.function() for _ in range(self.chance.randint(1, 5)))]
        return "\n".join(parts).encode()

    def function(self) -> str:
        """Write one function; names may occur twice."""
        lines = [self.statement() for _ in range(self.chance.randint(2, 12))]
        head = f"int\nf{self.chance.randint(0, 9)}(int a, struct ifn *ifp)\n{{\n\tint x;\n"
        return head + "\n".join(lines) + "\n\treturn (0);\n}\n"

    def statement(self) -> str:
        """Write one statement, or nothing much."""
        one, two = self.chance.choice(NAMES), self.chance.choice(NAMES)
        return self.chance.choice(_LINES).format(one, two, self.chance.randint(0, 3))

    def disguised(self, text: bytes) -> bytes:
        """Give a file bytes that tools stumble over, now and then."""
        roll = self.chance.random()
        if roll < 0.08:
            return text.replace(b"\n", b"\r\n")
        if roll < 0.16:
            return text.removesuffix(b"\n")
        if roll < 0.24:
            return text.replace(b"/* it's", b"/* \xe9\xff")
        if roll < 0.32:
            return text.replace(b"\n\n", b"\n\f\n")
        return text

    # --- transitions

    def moved_on(self, text: bytes) -> bytes:
        """Let a file go through some of the transitions, and some meat."""
        eol = b"\r\n" if b"\r\n" in text else b"\n"
        lines = text.split(eol)
        for step in (self.renames, self.inits, self.loops, self.meat, self.cosmetic):
            if self.maybe(0.7):
                lines = step(lines)
        moved = eol.join(lines)
        return moved + eol if self.maybe(0.05) else moved

    def renames(self, lines: list[bytes]) -> list[bytes]:
        """Rename some names in some lines."""
        names = self.chance.sample(NAMES, self.chance.randint(1, 4))
        part = self.chance.choice((0.4, 0.9, 1.0))
        return [self._renamed(line, names) if self.maybe(part) else line for line in lines]

    def _renamed(self, line: bytes, names: list[str]) -> bytes:
        prefix = "W_" if self.maybe(0.15) else "V_"
        for name in names:
            own = prefix + name if prefix == "V_" or name in ("ifnet", "maxseg") else name
            line = re.sub(rb"\b" + name.encode() + rb"\b", own.encode(), line)
        return line

    def inits(self, lines: list[bytes]) -> list[bytes]:
        """Put statements that macros swallow, and the include of their header."""
        out: list[bytes] = []
        for line in lines:
            out.append(line)
            if line == b"\tint x;" and self.maybe(0.6):
                out.append(b"\tINIT_NET(a);")
            elif line.startswith(b"\tx = ") and self.maybe(0.1):
                out.append(b"\tLIST_LOCK();")
            elif line == b"#include <net/if.h>" and self.maybe(0.6):
                out.append(b"#include <net/vnet.h>")
        return out

    def loops(self, lines: list[bytes]) -> list[bytes]:
        """Wrap a statement into a loop that a macro opens."""
        out: list[bytes] = []
        for line in lines:
            if re.fullmatch(rb"\t(report|x = |\w+ = ).*;", line) and self.maybe(0.15):
                out += [b"\tVNET_FOREACH(v) {", b"\t" + line, b"\t}"]
            else:
                out.append(line)
        return out

    def meat(self, lines: list[bytes]) -> list[bytes]:
        """Change what it means: numbers, statements, whole functions."""
        out = [re.sub(rb"\b[0-3]\b", b"7", line) if self.maybe(0.1) else line for line in lines]
        for _ in range(self.chance.randint(0, 3)):
            at = self.chance.randrange(len(out))
            roll = self.chance.random()
            if roll < 0.3:
                del out[at : at + self.chance.randint(1, 2)]
            elif roll < 0.6:
                out[at:at] = self.statement().encode().split(b"\n")
            elif roll < 0.8:
                out[at:at] = [b"}", *self.function().encode().rstrip(b"\n}").split(b"\n")]
            elif len(out) > 8:
                block = out[at : at + 5]
                del out[at : at + 5]
                place = self.chance.randrange(len(out))
                out[place:place] = block
        return out

    def cosmetic(self, lines: list[bytes]) -> list[bytes]:
        """Indent, comment, leave blank lines."""
        out: list[bytes] = []
        for line in lines:
            roll = self.chance.random()
            if roll < 0.06 and line.startswith(b"\t"):
                out.append(b"    " + line.lstrip(b"\t"))
            elif roll < 0.09 and line.endswith(b";"):
                out.append(line + b" /* so */")
            elif roll < 0.11:
                out += [b"", line]
            elif roll > 0.02 or line.strip():
                out.append(line)
        return out

    # --- plans

    def plan(self) -> str:
        """Write a plan: null milestones and meat in any order, states, rules, defaults, some of it landed."""
        null = [name for name in _TABLES if self.maybe(0.75)]
        if "again" in null and "macros" not in null:
            null.remove("again")
        rows = [self._null(name) for name in null]
        rows += [self._milestone("meat", "meat", "")]
        if self.maybe(0.4):
            rows += [self._milestone("other", self.chance.choice(("meat", "open")), "")]
        if self.maybe(0.3):
            rows += [
                self._milestone("both", "mixed", 'macros = ["Z_*"]\ntable = """\n#define Z_one 1\n"""\n')
            ]
        self.chance.shuffle(rows)
        parts = [f'[project]\nname = "P"\nslug = "p"\nheaders = ["net/vnet.h"]\nassume = {_ASSUME}\n']
        if self._states:
            parts.append('[[state]]\nname = "plain"\n[[state]]\nname = "debug"\ndefine = ["DEBUG=1"]\n')
        parts += rows
        if self.maybe(0.4) and any('"other"' in row for row in rows):
            key = self.chance.choice(('paths = ["sys/net/**"]', 'touches = ["report", "printf"]'))
            parts.append(f'[[rule]]\n{key}\nmilestone = "other"\n')
        if self.maybe(0.4):
            parts.append(f'[defaults]\ncosmetic = "{self.chance.choice(("null", "meat", "meat"))}"\n')
        return "\n".join(parts)

    def _null(self, name: str) -> str:
        macros = f"macros = {_MACROS[name]}\n" if _MACROS[name] != "[]" else ""
        states = 'null_in = ["plain"]\n' if self._states and self.maybe(0.3) else ""
        return self._milestone(name, "null", f'{macros}{states}table = """\n{_TABLES[name]}"""\n')

    def _milestone(self, slug: str, layer: str, more: str) -> str:
        return f'[[milestone]]\nslug = "{slug}"\ntitle = "{slug}"\nlayer = "{layer}"\n{more}'

    @property
    def _states(self) -> bool:
        return self.seed % 3 == 0

    def maybe(self, part: float) -> bool:
        """Draw."""
        return self.chance.random() < part
