"""The report: written piece by piece it is what it is as a whole."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module

import pytest

from tests.bench import monolith
from vimagetrack.engine.output import chunk_files, patch_files, pieces, report_json
from vimagetrack.engine.plan import parse_plan
from vimagetrack.engine.split import SplitResult, split

reports = import_module("vimagetrack.engine.split.report")  # the package has a function of that name


@pytest.fixture(scope="module")
def result() -> SplitResult:
    data = b"".join(file.section for file in monolith.files(0.05))
    return split(data, parse_plan(monolith.PLAN.encode()), second_opinion=False)


@pytest.mark.parametrize("at_once", [1, 7, 200])
def test_pieces_join_to_the_report(
    result: SplitResult, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_AT_ONCE", at_once)
    whole = json.dumps(result.report(), separators=(",", ":")).encode() + b"\n"
    assert len(result.changes) > 20
    assert report_json(result) == whole


def test_no_piece_is_the_whole(result: SplitResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_AT_ONCE", 10)
    pieces = list(reports.written(result))
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 4


def test_an_empty_list_is_one(result: SplitResult) -> None:
    empty = replace(result, changes=(), chunks=(), layer_files=())
    assert json.loads(report_json(empty)) == json.loads(json.dumps(empty.report()))


def test_odd_paths_are_escaped(result: SplitResult) -> None:
    odd = replace(result, changes=(replace(result.changes[0], path="a\udcff.c"),))
    assert b"a\\udcff.c" in report_json(odd)


def test_patches_and_chunks_are_made_of_the_layers_own_bytes(result: SplitResult) -> None:
    """As large as the monolith: there is one copy of them, and one more only while it is asked for."""
    layers = {id(row.patch) for row in result.layer_files}
    assert {
        id(part) for stone in result.milestones for _, parts in stone.sections for part in parts
    } == layers
    shared = [id(part) in layers for chunk in result.chunks for part in chunk.sections]
    assert any(shared)


def test_files_come_in_pieces_as_they_are_as_a_whole(result: SplitResult) -> None:
    found = {name: b"".join(parts) for name, parts in pieces(result, chunks=True)}
    assert found["report.json"] == report_json(result)
    assert found.items() > patch_files(result).items()
    assert found.items() > chunk_files(result).items()
    assert set(found) - set(patch_files(result)) - set(chunk_files(result)) == {"report.json", "digests.tsv"}
    assert list(dict(pieces(result, chunks=False)))[-2:] == ["report.json", "digests.tsv"]
