from __future__ import annotations

import pytest

from tests.engine.diff.tools import git, plain, refused
from vimagetrack.engine.diff import second_opinion
from vimagetrack.engine.diff.emit import emit
from vimagetrack.engine.diff.parse import parse


def test_a_disagreement_refuses_the_file_with_both_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    real = second_opinion.PatchSet.from_string
    monkeypatch.setattr(
        second_opinion.PatchSet,
        "from_string",
        lambda text, **rest: real(text.replace("+V_foo", " V_foo").replace("1,2 +1,2", "1,3 +1,2"), **rest),
    )
    error = refused(git(b"x"), "second-opinion", "ours 1 hunks, +1 -1 lines")
    assert "unidiff" in error.message
    assert error.path == "x"
    assert emit(parse(git(b"x"), second_opinion=False)) == git(b"x")


def test_an_error_of_the_other_parser_is_a_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    real = second_opinion.PatchSet.from_string
    monkeypatch.setattr(
        second_opinion.PatchSet, "from_string", lambda text, **rest: real("@@ -1 +1 @@\n" + text, **rest)
    )
    refused(git(b"x"), "second-opinion", "an error, Unexpected hunk")


def test_another_name_is_a_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    real = second_opinion.PatchSet.from_string
    monkeypatch.setattr(
        second_opinion.PatchSet, "from_string", lambda text, **rest: real(text.replace("b/x", "b/y"), **rest)
    )
    refused(git(b"x"), "second-opinion", "names 'a/x' and 'b/x'")


def test_the_lines_that_unidiff_cannot_take_never_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = second_opinion.PatchSet.from_string

    def listen(text: str, **rest: bool) -> object:
        seen.append(text)
        return real(text, **rest)

    monkeypatch.setattr(second_opinion.PatchSet, "from_string", listen)
    prose = b"Binary files " + b" and " * 1000 + b"\n"
    parse(
        prose
        + git(b"y", b"index 1..2", body=b"")
        + b"Binary files "
        + b" and " * 1000
        + b"\n"
        + prose
        + plain()
    )
    assert seen == [plain().decode()]
