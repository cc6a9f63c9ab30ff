from __future__ import annotations

import pytest

from milestones.tables import match_files, wanted_files
from vimagetrack.engine.errors import PlanError

PLAN = """
[[milestone]]
table_files = ["headers/net/vnet.h", "headers/sys/vimage.h"]
[[milestone]]
table_files = ["headers/net/vnet.h"]
"""


def test_files_are_wanted_once_in_order() -> None:
    assert wanted_files(PLAN) == ("headers/net/vnet.h", "headers/sys/vimage.h")


@pytest.mark.parametrize(
    "toml", ["[[milestone", "milestone = 3", "[milestone]", "[[milestone]]\ntable_files = 3", "x = [" * 5000]
)
def test_what_is_no_plan_wants_nothing(toml: str) -> None:
    assert wanted_files(toml) == ()


def test_a_file_is_found_by_its_last_part_or_whole_path() -> None:
    matched = match_files(wanted_files(PLAN), {"vnet.h": b"1", "headers/sys/vimage.h": b"2", "README": b"3"})
    assert matched.files == {"headers/net/vnet.h": b"1", "headers/sys/vimage.h": b"2"}
    assert matched.unused == ("README",)


def test_a_name_that_could_be_two_files_is_not_guessed() -> None:
    with pytest.raises(PlanError, match=r'called "vnet.h".*a/vnet.h and b/vnet.h'):
        match_files(["a/vnet.h", "b/vnet.h"], {"vnet.h": b""})
