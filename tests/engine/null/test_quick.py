"""The short way gives the very judgement of the kernel, or none."""

from __future__ import annotations

import random

import pytest

from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.null.assumptions import Assumption
from vimagetrack.engine.null.kernel import Language, Options, Outcome, Side, compare, stream
from vimagetrack.engine.null.known import Known
from vimagetrack.engine.null.premises import premises
from vimagetrack.engine.null.prover import Prover
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

STATE = State(name="default", define=(("S_ON", "1"),), undefine=("S_OFF",))
HELPERS = b"#define wrapped(x) (x)\n"
MACROS = b"#define V_a a\n#define V_b b\n#define V_w wrapped(w)\n#define GONE(x)\n"
MACROS += b"#define V_v V_a\n#define V_f foo\n"
BEFORE = Table.parse(HELPERS, STATE)
AFTER = Table.parse(HELPERS + MACROS, STATE)
LOOKS = Table.parse(b"#define V_a a\n#define STR(x) #x\n", STATE)
FAMILY = BEFORE.with_families(["V_*"], closed_world=True)
CLOSED = frozenset({Assumption.CLOSED_WORLD})
KNOWN = Known.of([b"#define foo(x) #x\n#define plain(x) (x)\n#undef gone\n#define ask(e) assert(e)\n"])


def sides(
    before: bytes, after: bytes, *, whole: bool = True, tail: bool = False, tables=(BEFORE, AFTER)
) -> tuple[Side, Side]:
    return tuple(
        Side(text=text, table=table, path="x.c", whole=whole, tail=tail)
        for text, table in zip((before, after), tables, strict=True)
    )


def quick(before: bytes, after: bytes, *, options: Options | None = None, **more):
    options = options or Options(assumptions=CLOSED)
    pair = sides(before, after, **more)
    return Prover(options).quick(pair[0].table, pair[1].table).same(*pair)


def test_a_name_that_becomes_its_macro_is_proved() -> None:
    found = quick(b"if (a > 1)\n\tx = a;\n", b"if (V_a > 1)\n\tx = V_a;\n")
    assert found is not None
    assert found.expands
    assert found.stream == b"\0".join(b"if ( a > 1 ) x = a ;".split())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"x = a;\n", b"x = V_b;\n"),  # another name
        (b"x = a;\n", b"x =  V_a;\n"),  # white space
        (b"x = a;\n", b"x = V_v;\n"),  # a macro of a macro
        (b"x = w;\n", b"x = V_w;\n"),  # parentheses come with it
        (b"x = V_a;\n", b"x = V_a;\n"),  # in use before it is in force
        (b"x = a;\n#if 1\n#endif\n", b"x = V_a;\n#if 1\n#endif\n"),
        (b"x = a; \\\ny\n", b"x = V_a; \\\ny\n"),
        (b"x = a ?? 1;\n", b"x = V_a ?? 1;\n"),
        (b"x = a; y = 'c;\n", b"x = V_a; y = 'c;\n"),
        (b'x = a; y = "c;\n', b'x = V_a; y = "c;\n'),
        (b'x = a; y = "c\\";\n', b'x = V_a; y = "c\\";\n'),
        (b"x = a; /* open\n", b"x = V_a; /* open\n"),
        (b"x = a; // no */\n", b"x = V_a; // no */\n"),
        (b"x = a;;\n", b"x = V_a;;\n"),  # an empty statement
        (b"x = a + S_ON;\n", b"x = V_a + S_ON;\n"),  # a word of the state
        (b"x = a + __LINE__;\n", b"x = V_a + __LINE__;\n"),
        (b"assert(a);\n", b"assert(V_a);\n"),
        (b"x = a + caf\xc3\xa9;\n", b"x = V_a + caf\xc3\xa9;\n"),
        (b"int a;\nx = a;\n", b"int V_a;\nx = V_a;\n"),  # a declaration is a hazard
        (b"{ int a; x = a; }\n", b"{ int a; x = V_a; }\n"),
        (b"x = s->a;\n", b"x = s->V_a;\n"),
        (b"a = 1;\n", b"V_a = 1;\n"),
        (b"f(a:\n", b"f(V_a:\n"),
        (b"struct s (a);\n", b"struct s (V_a);\n"),
        (b"for (int i, a;;)\n", b"for (int i, V_a;;)\n"),
        (b"int x, a;\n", b"int x, V_a;\n"),
        (b"{ x, a }\n", b"{ x, V_a }\n"),
        (b"x = a + 1'000;\n", b"x = V_a + 1'000;\n"),
        (b", a\n", b", V_a\n"),
        (b"f(*a)(x);\n", b"f(*V_a)(x);\n"),
        (b"x = offsetof(s, a);\n", b"x = offsetof(s, V_a);\n"),
        (b"x = a;\n", b"x = V_a;\n\n"),
        (b"x = a;\n", b"x = V_a + 1;\n"),
    ],
)
def test_what_needs_a_look_is_left_to_the_kernel(before: bytes, after: bytes) -> None:
    assert quick(before, after) is None


@pytest.mark.parametrize(
    "line",
    [
        b"x = f(b, %s);",
        b"x = f(&%s, 1);",
        b"if ((%s) || g[%s])",
        b"x = f(b, &%s);",
        b"x = 1 + *%s;",
        b"x = (y) && %s;",
        b'printf("\\n%%s", *%s + 1, %s);'.replace(b"%%", b"%").replace(b"*%s + 1", b"!%s"),
        b"x = 'c' + %s; /* %s */ // %s",
    ],
)
def test_uses_in_expressions_are_no_hazards(line: bytes) -> None:
    before, after = line.replace(b"%s", b"a") + b"\n", line.replace(b"%s", b"V_a") + b"\n"
    after = b"".join(
        b"a" if token == b"V_a" and in_comment else token for token, in_comment in _marked(after)
    )
    after = _comments_of(before, after)
    assert quick(before, after) is not None


def _marked(text: bytes) -> list[tuple[bytes, bool]]:
    return [(token, token.startswith((b"/*", b"//"))) for token in tokenize(text)]


def _comments_of(before: bytes, after: bytes) -> bytes:
    pairs = zip(tokenize(before), tokenize(after), strict=True)
    return b"".join(old if old.startswith((b"/*", b"//", b'"')) else new for old, new in pairs)


def test_what_stands_around_a_window_is_kept_in_mind() -> None:
    pair = b"\ty = 1;\n\tx = a;\n", b"\ty = 1;\n\tx = V_a;\n"
    assert quick(*pair, whole=False, tail=True) is not None
    assert quick(b"x = a;\n", b"x = V_a;\n", whole=False, tail=True) is None
    assert quick(b" b */\n" + pair[0], b" b */\n" + pair[1], whole=False) is None
    assert quick(b" /* b\n */\n" + pair[0], b" /* b\n */\n" + pair[1], whole=False) is None
    assert quick(b'f(", a)\n' + pair[0], b'f(", a)\n' + pair[1], whole=False, tail=True) is None
    assert quick(*pair, tables=(BEFORE, LOOKS)) is not None
    assert quick(*pair, tables=(BEFORE, LOOKS), whole=False) is None


def test_without_closed_world_and_in_other_languages_the_kernel_looks() -> None:
    pair = b"x = a;\n", b"x = V_a;\n"
    assert quick(*pair, options=Options()) is None
    assert quick(*pair, options=Options(assumptions=CLOSED, language=Language.CXX)) is None
    assert quick(*pair, options=Options(assumptions=CLOSED, known=KNOWN)) is not None
    assert (
        quick(b"x = foo(a);\n", b"x = foo(V_a);\n", options=Options(assumptions=CLOSED, known=KNOWN)) is None
    )


def test_a_family_is_known_by_its_names() -> None:
    assert quick(b"x = b + a;\n", b"x = V_b + a;\n", tables=(BEFORE, FAMILY)) is not None
    assert quick(b"x = b;\n", b"x = V_V_b;\n", tables=(BEFORE, FAMILY)) is None


def test_a_macro_that_the_table_redefines_is_left_to_the_kernel() -> None:
    redefined = Table.parse(b"#define V_a b\n", STATE)
    assert quick(b"x = V_a;\n", b"x = V_a;\n", tables=(redefined, AFTER)) is None
    assert quick(b"x = V_a;\n", b"x = V_a;\n", tables=(AFTER, redefined)) is None


WORDS = """
    a b V_a V_b V_w V_v V_f foo plain ( ) { } [ ] ; , * & && = == ! ? : -> . x y __LINE__ assert S_ON int
    struct goto return case static else do for if sizeof typeof offsetof( enum typedef 12 'c' "s" L"x" /**/
    GONE(1) \\ ??/ %: # @ $ " ' R"( é __attribute__((x)) /* 1'000 u8"x" '\\'' "\\""
    """
FRAGMENTS = WORDS.split()
FRAGMENTS += [
    "/* d\n e */",
    "// x\n",
    "\n",
    ";\n",
    "}\n",
    "{\n",
    "\\\n",
    "int f(V_a, b)\n",
    "x = foo(V_a);\n",
]
FUNCTION = (
    b"static int\nfoo(struct x *p, int n)\n{\n\tint e = 0;\n\n"
    b"\tif (a && p->n == b)\n\t\te = bar(a, b, &p->q[a]);\n"
    b"\tfor (n = 0; n < a; n++)\n\t\te += b * a;\n\treturn (e);\n}\n"
)
NAMES = {b"a": b"V_a", b"b": b"V_b", b"foo": b"V_f", b"w": b"V_w"}
GRANTED = [
    CLOSED,
    CLOSED | {Assumption.LINE_NUMBERS},
    CLOSED | {Assumption.MIXED_DECLARATIONS, Assumption.WARNINGS_NOT_ERRORS},
    frozenset(Assumption),
]


def _text(rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return "".join(
            rng.choice(FRAGMENTS) + " " * rng.randint(0, 1) for _ in range(rng.randint(1, 25))
        ).encode()
    tokens = tokenize(FUNCTION)
    first = 0 if rng.random() < 0.5 else rng.randrange(len(tokens))
    tokens = tokens[first : rng.randrange(first, len(tokens)) + 1]
    for _ in range(rng.randint(0, 3)):
        place = rng.randrange(len(tokens) + 1)
        tokens[place : place + rng.randint(0, 1)] = [rng.choice(FRAGMENTS).encode()]
    return b"".join(tokens)


def _same_as_the_kernel(rng: random.Random) -> bool:
    before, share = _text(rng), rng.random()
    after = b"".join(NAMES.get(token, token) if rng.random() < share else token for token in tokenize(before))
    options = Options(assumptions=rng.choice(GRANTED), known=rng.choice([Known(), KNOWN]))
    whole = rng.random() < 0.4
    tables = rng.choice([(BEFORE, AFTER), (AFTER, AFTER), (BEFORE, LOOKS), (BEFORE, FAMILY)])
    pair = sides(before, after, whole=whole, tail=not whole and rng.random() < 0.7, tables=tables)
    prover = Prover(options)
    if prover.quick(*tables).same(*pair) is None:
        return False
    streams = stream(pair[0], options), stream(pair[1], options)
    assert prover.prove(*pair) == compare(streams, *pair, options), pair
    assert prover.prove(*pair).outcome is Outcome.PROVED
    assert prover.joined(*pair) == (streams[0].joined, streams[1].joined)
    tokens = {*tokenize(before), *tokenize(after)}
    assert prover.premises(*pair) == premises(*pair, tokens, options)
    return True


@pytest.mark.parametrize("seed", range(4))
def test_random_texts_are_judged_as_by_the_kernel(seed: int) -> None:
    rng = random.Random(seed)
    assert sum(_same_as_the_kernel(rng) for _ in range(700)) > 30


@pytest.mark.long
def test_many_random_texts_are_judged_as_by_the_kernel() -> None:
    rng = random.Random(77)
    assert sum(_same_as_the_kernel(rng) for _ in range(60_000)) > 3000
