# ruff: noqa: E501
from __future__ import annotations

import pytest

from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.lex.directives import directives, places


def found(text: bytes) -> list[tuple[bytes, list[bytes], bytes]]:
    tokens = tokenize(text)
    return [
        (d.name, [tokens[i] for i in d.words], b"".join(tokens[d.first : d.last])) for d in directives(tokens)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"#define A b\n", [(b"define", [b"A", b"b"], b"#define A b\n")]),
        (b"x\n  #  if A\ny", [(b"if", [b"A"], b"  #  if A\n")]),
        (b"/* c */ #undef A // d\n", [(b"undef", [b"A"], b"/* c */ #undef A // d\n")]),
        (b"#define A \\\n b\nc", [(b"define", [b"A", b"b"], b"#define A \\\n b\n")]),
        (b"#define A /* 1\n2 */ b\n", [(b"define", [b"A", b"b"], b"#define A /* 1\n2 */ b\n")]),
        (b"x #define A\n", []),
        (b'"a\n#b"\n', [(b"b", [b'"'], b'#b"\n')]),
        (b"#\n# 33 \"f\"\n%:if X", [(b"", [], b"#\n"), (b"", [b"33", b'"f"'], b"# 33 \"f\"\n"), (b"if", [b"X"], b"%:if X")]),
        (b"#define A #b ## c\n", [(b"define", [b"A", b"#", b"b", b"##", b"c"], b"#define A #b ## c\n")]),
    ],
)  # fmt: skip
def test_directive_lines(text: bytes, expected: list[tuple[bytes, list[bytes], bytes]]) -> None:
    assert found(text) == expected


def test_places_are_those_of_the_token() -> None:
    assert list(places([b"a", b";", b";", b"b", b";"], b";")) == [1, 2, 4]
    assert list(places([b"a"], b";")) == []
