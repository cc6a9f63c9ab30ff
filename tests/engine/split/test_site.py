"""Where a scaffold stands: before the last #endif, as far as that is in sight."""

from __future__ import annotations

import pytest

from tests.engine.split.test_weave import BASE, BLOCK, FINAL, GUARDED, PLAN, headers, run
from tests.engine.split.tools import check_composes, diff_of
from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.output import patch_files
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split


def written(text: bytes) -> bytes:
    """Give a header after the first layer; the monolith leaves it alone."""
    base = {**BASE, "sys/vimage.h": text}
    return headers(run({**FINAL, "sys/vimage.h": text}, base=base), base)["01-macros.patch"]


@pytest.mark.parametrize(
    "text",
    [
        GUARDED,
        b"/* (c) */\n#ifndef G\n#define G\n#endif",
        b"#if !defined(G)\n#define G\nint x;\n#endif /* G */\n\n/* end */\n",
        b"#pragma once\n#ifndef G\n#define G 1\n#ifdef KERNEL\nint x;\n#endif\n#endif\n",
    ],
)
def test_it_stands_before_the_last_endif(text: bytes) -> None:
    at = text.rfind(b"#endif")
    assert written(text) == text[:at] + BLOCK + text[at:]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"int x;\n",
        b"#pragma once\n",
        b"#ifdef KERNEL\nint x;\n#endif\n",
        b"#ifndef G\nint x;\n#endif\n",
        b"#ifndef G\n#define H\n#endif\n",
        b"#if !defined G || 1\n#endif\n",
        b"#include <x.h>\n#ifndef G\n#define G\n#endif\n",
        b"#ifndef G\n#define G\n#endif\nint x;\n",
        b"#ifndef G\n#define G\n#endif\n#ifdef X\n#endif\n",
        b"/*\n#endif\n*/\n",
    ],
)
def test_it_stands_at_the_end_of_a_file_without_a_guard(text: bytes) -> None:
    assert written(text) == text + BLOCK


def test_a_file_without_a_guard_has_to_end_its_last_line() -> None:
    with pytest.raises(PlanError, match=r"no include guard, and no line end at its end. Give it"):
        written(b"int x;")


def test_it_has_the_files_line_ends() -> None:
    text = GUARDED.replace(b"\n", b"\r\n")
    assert written(text) == text.replace(b"#endif /*", BLOCK.replace(b"\n", b"\r\n") + b"#endif /*")


# --- what the diff alone shows

LONG = b"/* line */\n" * 20
SEEN = {**BASE, "sys/vimage.h": GUARDED.replace(b"/* nothing", LONG + b"/* nothing")}


def without_base(old: bytes, new: bytes) -> SplitResult:
    base = {"sys/a.c": BASE["sys/a.c"], "sys/vimage.h": old}
    return split(diff_of(base, {**FINAL, "sys/vimage.h": new}), parse_plan(PLAN))


def test_a_window_that_shows_the_last_endif_will_do(tmp_path) -> None:
    old = SEEN["sys/vimage.h"]
    new = old.replace(b"nothing yet", b"something")
    result = without_base(old, new.replace(b"\n\n#endif", b"\nint x;\n\n#endif"))
    assert not result.whole
    final = {**FINAL, "sys/vimage.h": new.replace(b"\n\n#endif", b"\nint x;\n\n#endif")}
    assert BLOCK in headers(result, SEEN)["01-macros.patch"]
    check_composes(tmp_path, SEEN, final, patch_files(result).values())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # far away from the end
        (b"#define _VIMAGE_H_\n", b"#define _VIMAGE_H_ 1\n"),
        # three lines below the change: there may be more of them
        (b"/* nothing yet */\n\n", b"/* nothing yet */\nint x;\n\n\n"),
    ],
)
def test_where_no_window_surely_shows_the_place_nothing_is_written(old: bytes, new: bytes) -> None:
    text = SEEN["sys/vimage.h"].replace(b"*/\n\n#endif", b"*/\n\n\n\n#endif")
    result = without_base(text, text.replace(old, new))
    (told,) = [warning for warning in result.warnings if warning.code == "scaffold"]
    assert told.text.endswith("no part of the diff surely shows its last #endif. State the base.")
    assert not any(change.rule == "scaffold" for change in result.changes)


def test_a_diff_with_full_context_is_as_good_as_the_base() -> None:
    monolith = diff_of(BASE, FINAL, context=10000)
    result = split(monolith, parse_plan(PLAN))
    assert result.whole
    assert BLOCK in headers(result)["01-macros.patch"]


def test_a_landed_block_in_a_window_is_known_too() -> None:
    old = SEEN["sys/vimage.h"].replace(b"#endif", BLOCK + b"#endif")
    new = SEEN["sys/vimage.h"].replace(b"nothing yet", b"something")
    base = {"sys/a.c": FINAL["sys/a.c"], "sys/vimage.h": old}
    plan = PLAN.replace('scaffold = "sys', 'landed_on = 2008-06-15\nscaffold = "sys')
    result = split(diff_of(base, {**FINAL, "sys/vimage.h": new}), parse_plan(plan))
    assert [change.old[1] for change in result.changes if change.rule == "scaffold"] == [5]
