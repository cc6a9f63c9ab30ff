# ruff: noqa: E501
from __future__ import annotations

import pytest

from vimagetrack.engine.lex.ctokens import TokenKind, kind_of, tokenize
from vimagetrack.engine.null.condition import ConditionError, evaluate
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table

TABLE = Table.parse(
    b"#define ONE 1\n#define F(a) (a + ONE)\n#define LOOP LOOP\n#define BAD(a) a ## +\n",
    State(name="s", define=(("_KERNEL", "1"),), undefine=("VIMAGE",)),
)


def value(text: str) -> int | None:
    words = [token for token in tokenize(text.encode()) if kind_of(token) > TokenKind.COMMENT]
    return evaluate(words, TABLE, TABLE.is_defined)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1), ("0x1F", 31), ("010", 8), ("0b11", 3), ("1L", 1), ("5 - 2 - 1", 2), ("2 + 3 * 4", 14), ("-7 / 2", -3),
        ("-7 % 2", -1), ("1 << 4 >> 2", 4), ("~0", -1), ("!0", 1), ("+3", 3), ("1 ? 2 : 3", 2), ("0 ? 2 : 3", 3),
        ("3 & 1 | 4 ^ 1", 5), ("1 < 2", 1), ("2 <= 1", 0), ("1 == 1", 1), ("1 != 1", 0), ("2 > 1", 1), ("1 >= 2", 0),
        ("'a'", 97), ("(1)", 1), ("defined ONE", 1), ("defined(VIMAGE)", 0), ("_KERNEL", 1), ("VIMAGE", 0), ("F(2)", 3),
        ("0 && defined X", 0), ("defined X && 0", 0), ("1 || defined X", 1), ("defined X || 1", 1), ("defined X ? 2 : 2", 2),
        ("0 && X", None), ("X && 0", None), ("1 || X", None), ("X || 1", None), ("X ? 2 : 2", None), ("0 && X(1)", None), ("0 && (X)", None),
        ("0 && VIMAGE(1)", None), ("0 && __COUNTER__", None), ("0 && 'ab'", 0), ("!defined X", None), ("defined X + 1", None),
        ("X", None), ("defined X", None), ("X && 1", None), ("0 || X", None), ("X ? 1 : 2", None), ("1 ? -1 : 0u", None), ("0 ? X : 1", None), ("!X", None), ("X + 1", None),
        ("1u", None), ("0xFFFFFFFFFFFFFFFF", None), ("1 / 0", None), ("1 % 0", None), ("1 << 99", None), ("-1 >> 1", None),
        ("LOOP", None), ("__has_include(<a.h>)", None), ("'ab'", None), ("BAD(1)", None), ("4611686018427387903 * 2", None),
        ("99999999999999999999999999999", None), ("defined VIMAGE && defined X", 0),
    ],
)  # fmt: skip
def test_values(text: str, expected: int | None) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "(1", "(1 2)", "1 ? 2", "1 ? 2 ;", "defined", "defined (X", "defined 1", "1 2", "1.5", "09", "*", "(" * 99, "!" * 99]
    + ["1 ? " * 60 + "1"],
)  # fmt: skip
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(ConditionError):
        value(text)
