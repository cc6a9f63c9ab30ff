"""The house holds: imports point down, the engine is pure, nothing grows too large (rules: house.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import house

ROOT = Path(__file__).resolve().parent.parent


def plant(root: Path, path: str, text: str) -> Path:
    """Write one file of a toy tree, with the packages above it."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    for folder in file.relative_to(root).parents:
        if str(folder) != ".":
            (root / folder / "__init__.py").touch()
    file.write_text(text)
    return root


def findings(root: Path) -> list[str]:
    return [str(finding) for finding in house.inspect_tree(root)]


def test_our_house_is_in_order():
    found = findings(ROOT)
    assert not found, "\n" + "\n".join(found)


def test_the_rules_see_our_packages():
    names = {module.name for module in house.modules(ROOT)}
    assert {"vimagetrack.engine.errors", "vimagetrack.local.supervisor", "milestones", "reviews"} <= names


def test_functions_are_short_in_the_middle():
    assert house.median_function_lines(ROOT) <= house.MOST_MEDIAN_LINES


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("vimagetrack/engine/x.py", "import os", "x.py:1: os: the engine has no clock"),
        ("vimagetrack/engine/x.py", "def f():\n    import time", "x.py:2: time: the engine has no clock"),
        ("vimagetrack/engine/x.py", "from django.db import models", "django.db.models: the engine knows"),
        ("vimagetrack/engine/x.py", "from vimagetrack import queue", "vimagetrack.queue: the engine knows"),
        ("vimagetrack/engine/split/x.py", "import unidiff", "unidiff: the engine knows"),
        ("vimagetrack/engine/diff/x.py", "import rapidfuzz", "rapidfuzz: the engine knows"),
        ("vimagetrack/engine/x.py", "open('f')", "open(): the engine takes values"),
        ("vimagetrack/engine/x.py", "date.today()", "today(): the engine takes values"),
        (
            "reviews/ingest/x.py",
            "from vimagetrack.engine.commands import inputs",
            "the commands belong to the command line",
        ),
        ("vimagetrack/engine/x.py", "import vimagetrack.engine.commands", "belong to the command line"),
        ("reviews/models/chunks.py", "from reviews import services", "records must not know services"),
        ("reviews/models/chunks.py", "from ..services import x", "records must not know services"),
        ("reviews/querysets.py", "from reviews.views.x import y", "records must not know doors"),
        ("reviews/ingest/run.py", "import reviews.api.x", "services must not know doors"),
        (
            "vimagetrack/jobs/services.py",
            "from vimagetrack.jobs import admin",
            "services must not know doors",
        ),
        ("milestones/views/x.py", "from reviews.models import Chunk", "milestones must not know reviews"),
        (
            "vimagetrack/people/x.py",
            "import milestones.models",
            "vimagetrack.people must not know milestones",
        ),
        (
            "vimagetrack/jobs/x.py",
            "if TYPE_CHECKING:\n    from reviews.models import Split",
            "must not know reviews",
        ),
        ("vimagetrack/events/x.py", "from reviews import models", "vimagetrack.events must not know reviews"),
        (
            "reviews/services.py",
            "from vimagetrack.local import home",
            "must not know how one machine runs it",
        ),
        ("vimagetrack/local/x.py", "from reviews import models", "the supervisor must not know"),
        ("reviews/x.py", "from django.dispatch import receiver", "no signals"),
        (
            "reviews/x.py",
            "from django.db.models.signals import post_save\npost_save.connect(f)",
            "x.py:2: post_save.connect: no signals",
        ),
        ("reviews/utils.py", "", "a name that says what is inside"),
        ("reviews/x.py", "\n" * 401, "401 lines: 400 at most"),
        ("reviews/x.py", "def f():\n" + "    a()\n" * 60, "f has 61 lines: 60 at most"),
    ],
)
def test_a_broken_rule_is_reported_with_its_place(tmp_path, path, text, said):
    found = findings(plant(tmp_path, path, text))
    assert len(found) == 1, found
    assert said in found[0]
    assert re.match(rf"{re.escape(path)}:\d+: ", found[0])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("vimagetrack/engine/__main__.py", "import sys, os\nprint(open('f').read())"),
        ("vimagetrack/engine/commands/x.py", "import subprocess\nprint(open('f').read())"),
        (
            "vimagetrack/engine/diff/parse.py",
            "import unidiff\nfrom vimagetrack.engine.errors import ParseError",
        ),
        ("vimagetrack/engine/split/align.py", "from rapidfuzz.distance import Indel\nimport re"),
        ("vimagetrack/engine/plan.py", "from datetime import date\ndate.fromisoformat('2008-06-15')"),
        ("reviews/views/x.py", "from reviews import services\nfrom milestones.models import Project"),
        ("reviews/services.py", "from milestones import services\nfrom vimagetrack.engine import split"),
        ("milestones/services.py", "from vimagetrack.people.models import Person"),
        ("reviews/x.py", 'def f():\n    """\n' + "    words\n" * 70 + '    """\n    return 1\n'),
        ("vimagetrack/people/x.py", "if TYPE_CHECKING:\n    from milestones.models import Project"),
        ("reviews/x.py", "import psycopg\npsycopg.connect('')"),
    ],
)
def test_what_is_allowed_is_not_reported(tmp_path, path, text):
    assert findings(plant(tmp_path, path, text)) == []


def test_the_median_is_of_all_functions(tmp_path):
    plant(tmp_path, "reviews/x.py", "def f():\n" + "    a()\n" * 20 + "def g():\n    a()\n")
    assert house.median_function_lines(tmp_path) == 11.5
