"""What fuzzing starts from: the tests' own inputs, and where it is there the material beside the project."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from tests.fuzz.harness import PROJECT, SHARED

#: Stands between the texts of one input: a control character, so no compiler takes it for anything else.
BORDER = b"\x1e"
_SWITCHES = {"c": 0, "c++": 1, "S": 2}
_CLOSED_WORLD, _WARNINGS = 2, 128


def bytes_in_tests(area: str) -> Iterator[bytes]:
    """Yield the bytes literals of the engine's tests in an area."""
    for path in sorted((PROJECT / "tests" / "engine" / area).glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Constant) and isinstance(node.value, bytes) and len(node.value) > 3:
                yield node.value


def diffs() -> Iterator[bytes]:
    """Yield small diffs of many dialects, where they are."""
    for path in sorted((SHARED / "parser").rglob("*")):
        if path.is_file() and path.suffix not in (".json", ".tsv", ".md"):
            yield path.read_bytes()


def _cases() -> list[dict[str, object]]:
    path = SHARED / "soundness" / "cases.jsonl"
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.is_file() else []


def lines_of_cases() -> Iterator[bytes]:
    """Yield cases as ``prove --jsonl`` takes them."""
    yield b'{"lang": "c", "before": "a = b;", "after": "a = V_b;", "macros": ["#define V_b b"]}'
    for case in _cases():
        yield json.dumps(case).encode()


def texts_of_cases() -> Iterator[bytes]:
    """Yield the texts of cases for the lexer."""
    for case in _cases():
        for name in ("before", "after"):
            yield str(case[name]).encode("utf-8", "surrogateescape")


def cases() -> Iterator[bytes]:
    """Yield cases in the shape that the kernel's target reads."""
    for case in _cases():
        if case["lang"] in _SWITCHES:
            switches = _SWITCHES[str(case["lang"])] | 8 * (case["line_observers"] == "none")
            granted = _CLOSED_WORLD * bool(case["closed_world"]) | _WARNINGS * (
                not case["warnings_as_errors"]
            )
            macros = "".join(f"{line}\n" for line in case["macros"])
            yield pair(switches, granted, macros, str(case["before"]), str(case["after"]))


def pairs() -> Iterator[bytes]:
    """Yield random pairs of the tests' own generator."""
    from tests.engine.null.pairs import Generator  # late: the target has instrumented the engine by now

    generator = Generator(1)
    for number in range(300):
        made = generator.pair()
        yield pair(8 | 4 * made.whole, number % 256, made.table, made.before, made.after)


def pair(switches: int, granted: int, *texts: str) -> bytes:
    """Write one input of the kernel's target."""
    parts = BORDER.join(text.encode("utf-8", "surrogateescape") for text in texts)
    return bytes((switches, granted)) + parts
