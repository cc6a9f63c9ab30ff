from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from reviews.pictures import BarRow, FileMeat, bar, in_words, kinds_chart, treemap
from reviews.treemap import Box, squarify
from vimagetrack.look.badges import Tone


def numbers(picture: str, attribute: str) -> list[float]:
    return [float(v) for v in re.findall(rf' {attribute}="([\d.]+)%"', picture)]


def test_a_bar_keeps_the_order_of_kinds_whatever_the_sizes() -> None:
    picture = bar({Tone.MEAT: 900, Tone.NULL: 10, Tone.UNDECIDED: 5})
    tones = re.findall(r'class="f-(\w+)"', picture)
    assert tones == ["track", "null", "undecided", "meat"]
    assert 'aria-label="915 lines: 10 proved null, 5 undecided, 900 meat"' in picture


def test_undecided_is_hatched_and_never_green() -> None:
    picture = bar({Tone.UNDECIDED: 1})
    assert "f-null" not in picture
    assert "url(#hatch)" in picture


def test_no_lines_draw_an_empty_track() -> None:
    assert in_words({}) == "no changed lines"
    assert "f-track" in bar({})


def test_the_chart_escapes_what_a_plan_calls_its_milestones() -> None:
    picture = kinds_chart([BarRow(title="<b>&", note='"<i>', lines={Tone.MEAT: 3})])
    ElementTree.fromstring(picture)
    assert "<b>" not in picture


def test_squares_fill_the_box_in_proportion() -> None:
    weights = [60.0, 30.0, 20.0, 5.0, 1.0]
    boxes = squarify(weights, Box(x=0, y=0, width=1000, height=440))
    assert sum(b.width * b.height for b in boxes) == pytest.approx(440_000)
    assert boxes[0].width * boxes[0].height == pytest.approx(440_000 * 60 / 116)


def test_the_map_names_every_file_or_counts_it() -> None:
    files = [FileMeat(path=f"sys/net/f{i}.c", lines=50 - i, meat=i) for i in range(20)]
    files += [FileMeat(path="sys/kern/<x>.c", lines=30, meat=30)]
    picture = treemap(files)
    ElementTree.fromstring(picture)
    assert "other 12 files" in picture
    assert "sys/kern/&lt;x&gt;.c: 30 changed lines, 30 of 30 meat" in picture
    assert max(numbers(picture, "x")) <= 100


def test_no_file_draws_an_empty_map() -> None:
    ElementTree.fromstring(treemap([]))
