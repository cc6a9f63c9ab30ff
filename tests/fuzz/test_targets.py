"""The targets work, and their laws hold for what fuzzing starts from; no atheris is needed for that."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.fuzz import fuzz_kernel, fuzz_lex, fuzz_parse, seeds


@pytest.mark.parametrize("area", ["lex", "null"])
def test_laws_of_the_lexer(area: str) -> None:
    for text in seeds.bytes_in_tests(area):
        fuzz_lex.check(text)


def test_laws_of_the_parser() -> None:
    for data in seeds.bytes_in_tests("diff"):
        fuzz_parse.check(data)


def test_laws_of_the_kernel() -> None:
    for data in islice(seeds.pairs(), 40):
        fuzz_kernel.check(data)


@pytest.mark.parametrize(
    "line", [b"[]", b"{}", b'{"lang": "c"}', b'{"lang": "c", "before": 1, "after": ""}', b"{"]
)
def test_laws_of_a_line(line: bytes) -> None:
    fuzz_kernel.check(line)


def test_a_broken_law_is_told() -> None:
    with pytest.raises(AssertionError, match="a is b"):
        fuzz_lex.law(holds=False, text="a is b")
