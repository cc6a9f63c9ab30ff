"""The two services of one machine, as commands: the web server and the worker."""

from __future__ import annotations

import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from vimagetrack.local.child import Child
from vimagetrack.local.home import Home
from vimagetrack.local.leftovers import MARK
from vimagetrack.local.port import HOST

WEB_WORKERS = 2
WEB_THREADS = 4
AS_ROOT = "You're running the worker with superuser privileges"  # its jobs are JSON: ids and nothing else
WORKER_STATEMENT_TIMEOUT_MS = 600_000  # an ingest copies a whole split at once; a page never does


def environment(home: Home, database_url: str) -> dict[str, str]:
    """Give what every service and command of ours gets; what the person set has precedence."""
    given = {
        "DJANGO_SETTINGS_MODULE": "vimagetrack.settings.dev",
        "VIMAGETRACK_DEBUG": "0",  # pages as a visitor sees them; set it to 1 to see tracebacks
        "PYTHONUNBUFFERED": "1",
        **os.environ,
    }
    return given | {"DATABASE_URL": database_url, "VIMAGETRACK_HOME": str(home.folder)}


def supervised(env: Mapping[str, str], home: Home) -> dict[str, str]:
    """Mark the environment, so that the next run knows what a killed one left."""
    return {**env, MARK: str(home.folder)}


def web(env: Mapping[str, str], port: int) -> Child:
    """Give the web server; one of its workers that dies is started again by itself."""
    options = ["--interface", "wsgi", "--no-ws", "--host", HOST, "--port", str(port)]
    crew = ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)]
    care = ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    return Child(
        name="web",
        command=[sys.executable, "-m", "granian", *options, *crew, *care, "vimagetrack.wsgi:application"],
        env=env,
        stop_signal=signal.SIGTERM,
        grace_s=10,
    )


def worker(env: Mapping[str, str]) -> Child:
    """Give the worker; threads, since the engine brings its own processes where they pay off."""
    options = ["--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"]
    silence = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child(
        name="worker",
        command=[
            *(sys.executable, "-W", f"ignore:{AS_ROOT}", "-m", "celery", "--quiet"),
            *("-A", "vimagetrack.celery", "worker", *options, *silence),
        ],
        env={"VIMAGETRACK_STATEMENT_TIMEOUT_MS": str(WORKER_STATEMENT_TIMEOUT_MS), **env},
        stop_signal=signal.SIGTERM,
        grace_s=25,
    )


def answers(port: int) -> bool:
    """Tell whether the web server answers for its own life."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
