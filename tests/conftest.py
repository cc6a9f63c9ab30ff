"""What all tests share: outside material, a database when nobody lends one, and no silent skips."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# No test may fail because a machine is slow: figures are measured by `make bench`.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

PROJECT = Path(__file__).resolve().parent.parent
NO_SKIP = os.environ.get("VT_NO_SKIP") == "1"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Give the folder with the corpus, the cases and the mail: $SHARED_DIR, or beside the project."""
    folder = Path(os.environ.get("SHARED_DIR") or PROJECT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(
            f"{folder} is not there: the corpus and the soundness cases are kept outside the project."
        )
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of a Chromium of the system."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("There is no Chromium here: `make browser` installs one.")
    return found


@pytest.fixture(scope="session", autouse=True)
def _home() -> Iterator[None]:
    """Give the data folder of this test process, and remove it afterwards."""
    from django.conf import settings

    settings.HOME.mkdir(mode=0o700, exist_ok=True)
    yield
    shutil.rmtree(settings.HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Lend a database to a bare `pytest`: an embedded server, started by the first test that asks for one.

    `make test` starts one for all processes and names it in DATABASE_URL; then this only names the databases.
    """
    from django.db import connections

    if not os.environ.get("DATABASE_URL"):
        request.getfixturevalue("embedded_server")
    suffix = getattr(request.config, "workerinput", {}).get("workerid", "")
    settings = connections["default"].settings_dict
    name = f"test_{settings['NAME']}"
    settings["TEST"]["NAME"] = f"{name}_{suffix}" if suffix else name


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[str]:
    """Start an embedded PostgreSQL for this process and point Django at it; give its address."""
    from django.db import connections

    from vimagetrack.local.lend import temporary_server
    from vimagetrack.settings.env import database_entry

    with temporary_server() as url:
        entry = database_entry(url, statement_timeout_ms=30_000)
        connections["default"].settings_dict.update({**entry, "CONN_MAX_AGE": 0})
        yield url
        connections.close_all()


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, int | str]]]:
    """Catch what `vimagetrack.queue` would send, in order, as (task name, ids)."""
    from vimagetrack import queue

    sent: list[tuple[str, dict[str, int | str]]] = []
    monkeypatch.setattr(queue, "send", lambda name, ids: sent.append((name, ids)))
    return sent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    return _forbid_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report: Any = yield
    return _forbid_skip(report)


def _forbid_skip(report: Any) -> Any:
    """Turn a skip into a failure where VT_NO_SKIP=1 says that nothing may be left out."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"VT_NO_SKIP=1 forbids skipping, and this was to be skipped: {reason}"
    return report
