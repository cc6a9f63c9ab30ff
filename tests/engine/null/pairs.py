# ruff: noqa: E501, PLW0108
"""Random before/after pairs, biased to the awkward, and a compiler to hold the kernel's proofs against.

A pair is a body of statements and an edit of it. Most edits are what a transition does (renames, nothing-statements,
wrapped expressions, layout), the others break something by one token. The kernel may call any of them undecided; what
it proves, gcc must compile to the same object in every context that the pair is put into.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Judgement, Options, Outcome, Side, prove
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

PRELUDE = """
struct ifn { int len; struct ifn *next; int foo; int bar; };
struct vn { int foo, bar; };
typedef int T;
extern int foo, bar, x, y, arr[10], foo_cnt, bar_cnt;
extern struct ifn *ifp; extern struct vn vn0;
int g(int), h(int), k2(int, int), pf(const char *, ...), fn2(void);
"""

MACROS = {
    "plain": ["#define V_foo foo", "#define V_bar bar", "#define V_ifp ifp", "#define V_g g", "#define V_arr arr"],
    "paren": [
        "#define VNET(n) (n)", "#define V_foo VNET(foo)", "#define V_bar VNET(bar)", "#define V_ifp VNET(ifp)",
        "#define V_g (g)", "#define V_arr VNET(arr)",
    ],
    "call": [
        "#define V_g(a) g(a)", "#define V_foo foo", "#define V_bar ((bar))", "#define V_ifp ifp", "#define V_arr(i) arr[i]",
    ],
}  # fmt: skip
COMMON = [
    "#define INIT(x)", "#define SET(a)", "#define RESTORE()", "#define EMPTY", "#define FOREACH(v)",
    "#define MAX(a,b) ((a) > (b) ? (a) : (b))", "#define STR(s) #s", "#define XSTR(s) STR(s)", "#define CAT(a,b) a##b",
    "#define ID(e) e", "#define V_T (T)", "#define SEMI ;", "#define DO0 do { } while (0)", "#define VA(...) __VA_ARGS__",
    "#define LP (", "#define V_out (out)", "#define V_x (x)", "#define RET return", "#define V_static static", "#define PAIR(a) a, a",
]  # fmt: skip

#: What another known text defines: the kernel is told, the compiler sees it above every pair.
ELSEWHERE = """
#define CHECK(e) g(sizeof #e)
#define OWN(e) ((e) + 1)
#define BARE(e) e
#define OID(p, n, a) (g(sizeof #p) + g(sizeof #n) + (a))
#define INTV(p, n, a) OID(p, n, a)
#define ALIAS CHECK
#define LISTED(...) g(sizeof #__VA_ARGS__)
#define AUTO (-1)
#define TWO 1, 2
#define KID(e) e
#define UNLESS(e) if (!(e))
"""
COMMON += [
    "#define V_CHECK(e) CHECK(e)", "#define V_INTV(m, p, n, s) INTV(p, n, V_ ## s)", "#define V_OWN(e) OWN( e )",
    "#define V_LISTED(a) LISTED(a, V_foo)", "#define V_KID(e) KID(e)", "#define V_TWICE(e) V_CHECK(e)",
]  # fmt: skip

_NAMES = ("foo", "bar", "x", "y")
_CONTEXTS = (
    ("", ""),
    ("if (y)\n", "\n"),
    ("if (y)\n", "\nelse g(9);\n"),
    ("if (y) {\n", "\n}\n"),
    ("do {\n", "\n} while (--x > 0);\n"),
    ("do\n", "\nwhile (--x > 0);\n"),
    ("switch (x) {\ncase 7:\n", "\ncase 8: g(8);\n}\n"),
    ("x = sizeof(({\n", "\n}));\n"),
    ("x = ({ g(1);\n", "\n foo; });\n"),
)
FILE_CONTEXTS = (("", ""), ("struct q {\n", "\n};\nint sz = sizeof(struct q);\n"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bodies under one table; ``at_file`` ones hold declarations, not statements."""

    macros: tuple[str, ...]
    before: str
    after: str
    whole: bool
    at_file: bool
    assumptions: frozenset[Assumption]

    @property
    def table(self) -> str:
        return "".join(line + "\n" for line in self.macros)


class Generator:
    """Writes pairs from one seed; the same seed writes the same pairs."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kind = "plain"
        self.labels = 0

    def pair(self) -> Pair:
        self.kind = self.random.choice(list(MACROS))
        self.labels = 0
        at_file = self.random.random() < 0.12
        before = self._declarations() if at_file else self._statements(self.random.randint(1, 5), 0)
        after = before
        for _ in range(self.random.choice((1, 1, 2, 3, 4))):
            after = self._edit(after)
        if self.random.random() < 0.1:
            before = self._edit(before)
        granted = {Assumption.CLOSED_WORLD, Assumption.WARNINGS_NOT_ERRORS}
        more = [Assumption.MIXED_DECLARATIONS, Assumption.BARE_BLOCKS, Assumption.EMPTY_CONDITIONALS]
        granted |= {one for one in more if self.random.random() < 0.7}
        if "__LINE__" not in before + after:
            granted.add(Assumption.LINE_NUMBERS)
        if self.random.random() < 0.5:
            granted.add(Assumption.BODIES_IN_FORCE)
        macros = (*MACROS[self.kind], *COMMON)
        return Pair(macros, before, after, self.random.random() < 0.6, at_file, frozenset(granted))

    # --- code

    def _pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def _expression(self, depth: int = 0) -> str:
        if depth > 2:
            return self._pick(*_NAMES, "1", "arr[2]", "ifp->len")
        make = self.random.choice(
            (
                lambda: self._pick(*_NAMES, "3", "0x1f", "'a'", "sizeof(foo)", "sizeof foo", "sizeof(T)"),
                lambda: (
                    f"{self._expression(depth + 1)} {self._pick('+', '-', '*', '<', '==', '&&', '&', '>>')} "
                    f"{self._expression(depth + 1)}"
                ),
                lambda: f"({self._expression(depth + 1)})",
                lambda: f"g({self._expression(depth + 1)})",
                lambda: f"(T){self._pick('-', '+', '')}{self._expression(depth + 1)}",
                lambda: f"k2({self._expression(depth + 1)}, {self._expression(depth + 1)})",
                lambda: f"{self._pick('!', '-', '~', '*&')}{self._pick(*_NAMES)}",
                lambda: f"MAX({self._expression(depth + 1)}, {self._expression(depth + 1)})",
                lambda: (
                    f"{self._expression(depth + 1)} ? {self._expression(depth + 1)} : {self._pick(*_NAMES)}"
                ),
                lambda: self._pick(
                    "arr[foo]", "ifp->foo", "vn0.bar", "ifp->next->len", "(*ifp).foo", "(&vn0)->foo"
                ),
                lambda: self._pick(
                    "x++", "foo--", "++bar", "(foo)", "((bar))", "(g)(x)", "ID(foo)", "(int)foo"
                ),
                lambda: self._pick(
                    "*STR(foo)",
                    "sizeof(XSTR(bar))",
                    f"sizeof XSTR({self._expression(depth + 1)})",
                    "(struct vn){1, 2}.foo",
                    "__LINE__",
                    "fn2()",
                ),
                lambda: (
                    f"{self._pick('CHECK', 'OWN', 'BARE', 'ALIAS', 'KID(CHECK)', 'LISTED')}({self._expression(depth + 1)})"
                ),
                lambda: (
                    f"INTV({self._pick('x', 'foo', 'AUTO')}, {self._pick('foo', 'bar', 'y z')}, {self._pick('foo', 'V_foo', self._expression(depth + 1))})"
                ),
                lambda: self._pick(
                    "k2(TWO)", "AUTO", "KID(foo)", "OWN(AUTO)", "LISTED(foo, bar)", "BARE(TWO)"
                ),
            )
        )
        return make()

    def _statements(self, count: int, depth: int) -> str:
        return "\n".join(self._statement(depth) for _ in range(count))

    def _statement(self, depth: int) -> str:
        e = self._expression
        simple = (
            lambda: (
                f"{self._pick('x', 'foo', 'bar', 'arr[1]', 'ifp->foo')} {self._pick('=', '+=', '-=')} {e()};"
            ),
            lambda: f"g({e()});",
            lambda: f'pf("foo %d\\n", {e()});',
            lambda: ";",
            lambda: (
                f"{self._pick('int', 'T', 'long', 'const char')} {self._pick('z', 'foo', 'w')}{self._id()} = {e()};"
            ),
            lambda: self._pick("INIT(curvnet);", "SET(1)", "RESTORE();", "EMPTY;", "g(1) SEMI", "VA(g(1);)"),
            lambda: f"T (u{self._id()});",
            lambda: f"struct vn s{self._id()} = {{ {self._pick('.foo = ', '')}{e()}, 2 }};",
            lambda: f"lbl{self._id()}: {self._pick(';', 'g(2);', 'x = 1;')}",
            lambda: self._pick(
                "x = arr[1] ;", "return foo;", "(void)foo;", "*&x = 4;", "__extension__ x = 2;"
            ),
        )
        if depth > 2:
            return self.random.choice(simple)()
        inner = partial(self._statement, depth + 1)
        block = lambda: "{\n" + self._statements(self.random.randint(0, 3), depth + 1) + "\n}"  # noqa: E731
        body = lambda: self.random.choice((block, block, inner))()  # noqa: E731
        nested = (
            lambda: f"if ({e()})\n\t{body()}",
            lambda: f"if ({e()})\n\t{body()}\nelse\n\t{body()}",
            lambda: f"while (x-- > {e()}) {body()}",
            lambda: f"do {body()} while (--x > 2);",
            lambda: f"for (x = 0; x < {e()}; x++) {body()}",
            lambda: f"FOREACH(v) {block()}",
            lambda: f"UNLESS({e()}) {body()}",
            block,
            lambda: (
                f"switch (x) {{\ncase {self.random.randint(1, 99)}0{self._id()}:\n{inner()}\nbreak;\ndefault: {inner()}\n}}"
            ),
            lambda: f"x = ({{ {self._statements(1, depth + 1)} {e()}; }});",
            lambda: f"#ifdef {self._pick('QQ', 'V_foo', 'FOREACH')}\n{inner()}\n#endif\n",
            lambda: (
                f"#if {self._pick('0', '1', 'defined(QQ)', 'QQ > 1')}\n{inner()}\n#else\n{inner()}\n#endif\n"
            ),
            lambda: "#define LNO g(__LINE__)\n",
            lambda: (
                f"#define CM{self._id()} foo, bar\nx = k2(CM{self.labels});\nx = {self._pick('ID', 'XSTR', 'MAX')}(CM{self.labels});"
            ),
            lambda: f"#define LOC{self._id()}(a) {self._pick('a + 1', '#a', 'g(a)', 'a##_cnt', 'foo + a')}\n",
        )
        return self.random.choice(simple + nested)()

    def _id(self) -> int:
        self.labels += 1
        return self.labels

    def _declarations(self) -> str:
        one = (
            lambda: f"int gl{self._id()};",
            lambda: f"int gi{self._id()} = sizeof(foo);",
            lambda: f"int ff{self._id()}(int a) {{ return a + foo; }}",
            lambda: f"struct st{self._id()} {{ int a; int b; }};",
            lambda: f"static int ar{self._id()}[] = {{ 1, 2 }};",
            lambda: f"int *pt{self._id()} = &foo;",
            lambda: f"T (tt{self._id()});",
        )
        return "\n".join(self.random.choice(one)() for _ in range(self.random.randint(2, 4)))

    # --- edits

    def _edit(self, text: str) -> str:
        edits = (
            self._rename, self._rename, self._rename, self._insert_nothing, self._insert_nothing, self._insert_nothing,
            self._layout, self._wrap, self._foreach, self._break, self._semicolon, self._conditional, self._splice,
            self._written_out,
        )  # fmt: skip
        return self.random.choice(edits)(text)

    def _tokens(self, text: str) -> list[str]:
        return [token.decode() for token in tokenize(text.encode())]

    def _places(self, tokens: Sequence[str]) -> list[int]:
        return [i for i, token in enumerate(tokens) if kind_of(token.encode()) > TokenKind.COMMENT]

    def _rename(self, text: str) -> str:
        tokens = self._tokens(text)
        every = self.random.random() < 0.4
        for index in self._places(tokens):
            if (
                tokens[index] in ("foo", "bar", "ifp", "g", "arr") and (every or self.random.random() < 0.4)
            ) or (tokens[index] in ("T", "out", "x") and self.random.random() < 0.3):
                tokens[index] = "V_" + tokens[index]
            elif tokens[index] == "T" and self.random.random() < 0.1 and tokens[index - 1] == "(":
                tokens[index - 1 : index + 2] = ["V_T", "", ""]
        return "".join(tokens)

    def _insert_nothing(self, text: str) -> str:
        tokens = self._tokens(text)
        places = self._places(tokens)
        if self.random.random() < 0.8:
            places = [i for i in places if tokens[i] in (";", "{", "}", ")", ":")] or places
        what = self._pick(
            "INIT(curvnet);", "SET(ifp);", "RESTORE();", "SET(1)", " EMPTY ", "INIT(V_foo);\n", "DO0;"
        )
        index = self.random.choice(places) if places else 0
        return "".join([*tokens[: index + 1], self._pick("\n", " ", ""), what, *tokens[index + 1 :]])

    def _written_out(self, text: str) -> str:
        """Put the transition's own macro in the place of one of another text, or the other way round."""
        calls = list(re.finditer(r"\b(V_)?(CHECK|OWN|KID|INTV)\(", text))
        if not calls:
            return self._rename(text)
        call = self.random.choice(calls)
        if call[2] == "INTV":
            more = re.compile(r"INTV\((\w+), (\w+(?: \w+)?), (?:V_)?(\w+)\)").match(text, call.start(2))
            if call[1] or not more:
                return text
            return f"{text[: call.start()]}V_INTV(m, {more[1]}, {more[2]}, {more[3]}){text[more.end() :]}"
        name = call[2] if call[1] else "V_" + call[2]
        return text[: call.start()] + name + text[call.end() - 1 :]

    def _layout(self, text: str) -> str:
        tokens = self._tokens(text)
        out = []
        for index, token in enumerate(tokens):
            if token.isspace() and "\n" not in token and self.random.random() < 0.3:
                out.append(self._pick(" ", "\t", "  ", "/* V_foo; */", " /* ' */ ", "\n", ""))
            elif token == "\n" and self.random.random() < 0.3:
                out.append(self._pick("\n\n", " // foo\n", "\n/* a\n b */\n", " \n", " "))
            else:
                out.append(token)
            if index and self.random.random() < 0.02:
                out.append(self._pick(" ", "/**/"))
        return "".join(out)

    def _wrap(self, text: str) -> str:
        tokens = self._tokens(text)
        names = [i for i in self._places(tokens) if re.fullmatch(r"[a-z]\w*|\d+|\(|\)", tokens[i])]
        if not names:
            return text
        index = self.random.choice(names)
        how = self._pick("ID({})", "({})", "VA({})", "CAT({},)", "ID(({}))", "XSTR({})", "CAT(V_,{})")
        tokens[index] = how.format(tokens[index])
        return "".join(tokens)

    def _foreach(self, text: str) -> str:
        lines = text.split("\n")
        first = self.random.randrange(len(lines))
        last = self.random.randint(first + 1, len(lines))
        head = self._pick("FOREACH(v) {", "FOREACH(v) {", "{", "EMPTY {", "SET(1); FOREACH(v) {")
        return "\n".join([*lines[:first], head, *lines[first:last], "}", *lines[last:]])

    def _break(self, text: str) -> str:
        tokens = self._tokens(text)
        places = self._places(tokens)
        if len(places) < 2:
            return text
        one, two = self.random.choice(places), self.random.choice(places)
        how = self.random.randrange(5)
        if how == 0:
            tokens[one], tokens[two] = tokens[two], tokens[one]
        elif how == 1:
            tokens[one] = ""
        elif how == 2:
            tokens[one] = tokens[one] + " " + tokens[two]
        elif how == 3:
            tokens[one] = self._pick("+", "(", ")", ";", "{", "}", "foo", "2", "else", "=", "*", ",", '"a"')
        else:
            gaps = [i for i, token in enumerate(tokens) if token.isspace()]
            if gaps:
                tokens[self.random.choice(gaps)] = ""
        return "".join(tokens)

    def _semicolon(self, text: str) -> str:
        tokens = self._tokens(text)
        places = [i for i in self._places(tokens) if tokens[i] in (";", "}", "{", ")", "else", ":")]
        if not places:
            return text
        index = self.random.choice(places)
        if tokens[index] == ";" and self.random.random() < 0.4:
            tokens[index] = ""
        else:
            tokens[index] += self._pick(";", "\n;", " ; ;")
        return "".join(tokens)

    def _conditional(self, text: str) -> str:
        lines = text.split("\n")
        first = self.random.randrange(len(lines))
        last = self.random.randint(first, len(lines))
        head = self._pick("#ifdef QQ", "#ifdef V_foo", "#if 1", "#ifndef EMPTY", "#ifndef QQ")
        middle = self._pick("", "\n#else", "\n#else\ng(77);")
        return "\n".join([*lines[:first], head, *lines[first:last], middle.strip(), "#endif", *lines[last:]])

    def _splice(self, text: str) -> str:
        index = self.random.randrange(len(text) + 1)
        return text[:index] + self._pick("\\\n", " \\\n", "\\\n ", "/*\\\n*/") + text[index:]


def judge(pair: Pair) -> Judgement:
    """Let the kernel judge a pair as ``split`` would: a whole file, or the window alone."""
    state = State(name="default")
    table = Table.parse(pair.table.encode(), state)
    sides = [
        Side(
            text=(_file(pair, text) if pair.whole else text).encode(),
            table=table,
            path="pair.c",
            whole=pair.whole,
        )
        for text in (pair.before, pair.after)
    ]
    known = Known.of([ELSEWHERE.encode()])
    options = Options(assumptions=pair.assumptions, unseen_observers=False, known=known)
    return prove(sides[0], sides[1], options)


def is_proved(pair: Pair) -> bool:
    """Say whether the kernel proves a pair whose texts differ."""
    return pair.before != pair.after and judge(pair).outcome is Outcome.PROVED


def _file(pair: Pair, text: str) -> str:
    return (
        text + "\n" if pair.at_file else f"int f(int v, int curvnet) {{ void *p = 0;\n{text}\nreturn 0; }}\n"
    )


Placed = tuple[Pair, tuple[str, str]]


@dataclass(slots=True)
class Compiler:
    """Compares whole objects, without debug information and .comment, at -O0."""

    folder: Path
    name: str = "gcc"
    flags: tuple[str, ...] = ("-std=gnu17", "-O0", "-w", "-fno-ident")
    compiled: int = field(default=0)

    def wrong(self, pairs: Sequence[Pair]) -> list[Placed]:
        """Give the pairs that do not compile to the same, with the context that shows it."""
        return self._search([(pair, context) for pair in pairs for context in _contexts(pair)])

    def _search(self, work: list[Placed]) -> list[Placed]:
        """Compile many at once; put aside what no compiler takes on either side, look at the rest by halves."""
        found: list[Placed] = []
        while work:
            (one, bad_one), (two, bad_two) = (self._object(work, side) for side in ("before", "after"))
            if not bad_one and not bad_two:
                if one == two:
                    return found
                if len(work) == 1:
                    return found + work
                middle = len(work) // 2
                return found + self._search(work[:middle]) + self._search(work[middle:])
            if len(work) == 1:
                return found + (work if bool(bad_one) != bool(bad_two) else [])
            for number in bad_one ^ bad_two:
                found += self._search([work[number]])
            work = [item for number, item in enumerate(work) if number not in bad_one | bad_two]
        return found

    def _object(self, work: Sequence[Placed], side: str) -> tuple[bytes, set[int]]:
        """Give the object of one side, or the numbers of the pairs that have errors."""
        source, target = self.folder / "pairs.c", self.folder / "pairs.o"
        source.write_text(
            PRELUDE
            + ELSEWHERE
            + "".join(_unit(pair, context, side, n) for n, (pair, context) in enumerate(work))
        )
        target.unlink(missing_ok=True)
        self.compiled += 1
        done = subprocess.run(
            [self.name, *self.flags, "-c", source.name, "-o", target.name],
            cwd=self.folder, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        if done.returncode == 0:
            return target.read_bytes(), set()
        named = {
            int(number)
            for number in re.findall(rb"^pair(\d+)\.c:\d+:\d+: (?:fatal )?error", done.stderr, re.MULTILINE)
        }
        return b"", named or set(range(len(work)))


def _unit(pair: Pair, context: tuple[str, str], side: str, number: int) -> str:
    """Write one pair as a function, or declarations, of its own, with its macros around it."""
    text = context[0] + getattr(pair, side) + context[1]
    body = (
        _named(text, number)
        if pair.at_file
        else f"int f{number}(int v, int curvnet) {{ void *p = 0;\n{text}\nreturn 0; }}\n"
    )
    names = {*re.findall(r"#define (\w+)", pair.table), *re.findall(r"#\s*define\s+(\w+)", text)}
    undo = "".join(f"#undef {name}\n" for name in sorted(names))
    return f'{pair.table}#line 1 "pair{number}.c"\n{body}\n{undo}'


def _named(text: str, number: int) -> str:
    """Give the declarations of a pair names of their own."""
    return re.sub(r"\b(gl|gi|ff|st|ar|pt|tt|q|sz)(\d*)\b", rf"\1\2_{number}", text)


def _contexts(pair: Pair) -> Sequence[tuple[str, str]]:
    if pair.at_file:
        return FILE_CONTEXTS[:1] if pair.whole else FILE_CONTEXTS
    return _CONTEXTS[:1] if pair.whole else _CONTEXTS
