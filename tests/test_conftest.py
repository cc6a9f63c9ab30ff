"""The rules of the test suite itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).with_name("conftest.py")
TOY = """
import pytest
def test_skipped():
    pytest.skip("no such thing here")
@pytest.mark.xfail(reason="known")
def test_known():
    assert False
"""


def run_toy(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "conftest.py").write_text(
        CONFTEST.read_text().replace('scope="session", autouse=True', 'scope="session"')
    )
    (tmp_path / "test_toy.py").write_text(TOY)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:django",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, str(tmp_path)],
        check=False,
        env={**os.environ, "VT_NO_SKIP": "", **env},
        capture_output=True,
        text=True,
    )


def test_a_skip_is_a_skip_by_default(tmp_path):
    done = run_toy(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 skipped, 1 xfailed" in done.stdout


def test_a_skip_fails_where_skipping_is_forbidden(tmp_path):
    done = run_toy(tmp_path, VT_NO_SKIP="1")
    assert done.returncode == 1, done.stdout
    assert "1 failed, 1 xfailed" in done.stdout
    assert "no such thing here" in done.stdout
