# ruff: noqa: E501
"""Texts made of what lexers get wrong, from one seed."""

from __future__ import annotations

import random
import re

_WORDS = (
    *b"a foo u8 u U L R LR u8R e E p x1 V_foo caf\xc3\xa9 a$b _ do0 \\u00e9 \\U0001F600".split(),
    *b"0 1 0x1e 0xe+1 1.2.3 .5 1e-3 1E+ 0x1p-3 1'000 0b1'0 1_km 1.f 08 1..2 0xe+foo 1'".split(),
    *b". .. ... .... <: <:: <::: :> <% %> %: %:%: %:% # ## ### <=> <= >= <<= >>= << >> ->* -> .* :: : := =".split(),
    *b"+ ++ +++ += - -- --> -= * ** *= / /= % %= & && &&& &= | || |= ^ ^= ! != == ~ ? , ; ( ) [ ] { } @ ` \\".split(),
    b'"s"', b'"a\\"b"', b'"\\\\"', b"'c'", b"'\\''", b"L'x'", b'u8"x"', b"u8'x'", b'U"x"', b'"x"_s', b"'a'_c", b"''", b'""',
    b'R"(a)"', b'R"x(a)" b)x"', b'u8R"(\n)"', b'R""(")""', b'LR"+(a  b)+"', b'R"a b(c)"', b'xR"(a)"', b'R"(', b')"', b'"', b"'",
    b'R"12345678901234567(a)12345678901234567"', b'R"1234567890123456(a)1234567890123456"', b"don't",
    b"/* c */", b"/**/", b"/*/ */", b"/* // */", b"// c\n", b"//* c */\n", b"/*", b"*/", b"//", b"// a\\\nb\n", b"// a\\ \nb\n",
    b"// a\\\r\nb\r\n", b"/* ' */", b"/* \" */", b"// '\n", b"/\\\n/ c\n", b"/\\\n* c */", b"/* c *\\\n/",
    b"??=", b"??/", b"??/\n", b"??'", b"??(", b"???", b"??!", b"?\\\n?=",
    b"\xff", b"\xc2\xa0", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\0", b"\x01", b"\x7f", b"\r", b"\x1a",
)  # fmt: skip
_BETWEEN = (
    b"",
    b"",
    b"",
    b" ",
    b" ",
    b"\n",
    b"\n",
    b"\t",
    b"\f",
    b"\v",
    b"\\\n",
    b"\\\n",
    b"\\\r\n",
    b"\\ \n",
    b" \\\n ",
    b"\r\n",
)
_TAME = tuple(word for word in _WORDS if re.fullmatch(rb"[ -\[\]-~]+", word) and b"??" not in word)


def soups(seed: int, count: int) -> list[bytes]:
    """Give texts; the same seed gives the same. A third of them has no splices and no odd bytes."""
    generator = random.Random(seed)
    return [_soup(generator, tame=number % 3 == 0) for number in range(count)]


def _soup(generator: random.Random, *, tame: bool) -> bytes:
    words = _TAME if tame else _WORDS
    parts = []
    for _ in range(generator.randint(1, 14)):
        word = generator.choice(words)
        if not tame and generator.random() < 0.08 and len(word) > 1:
            cut = generator.randrange(1, len(word))
            word = word[:cut] + generator.choice((b"\\\n", b"\\\r\n", b"\\\t\n", b"\\\n\\\n")) + word[cut:]
        parts += (word, generator.choice((b"", b" ", b"\n", b"\t", b"\f") if tame else _BETWEEN))
    return b"".join(parts)
