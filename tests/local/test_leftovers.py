"""What a killed run leaves is ended by what it carries, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.local.machine import alive, ask, wait_for
from vimagetrack.local import leftovers, services
from vimagetrack.local.home import Home
from vimagetrack.local.postgres import Server


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(folder=tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def server(home) -> Iterator[Server]:
    server = Server(folder=home.database, durable=False)
    server.make_ready()
    server.start(os.environ)
    yield server
    server.stop()


def sleeper(**env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], env={**os.environ, **env})


def test_only_services_of_this_folder_are_ended(home):
    mine = sleeper(VIMAGETRACK_SUPERVISED=str(home.folder))
    other = sleeper(VIMAGETRACK_SUPERVISED=str(home.folder) + "-2")
    try:
        wait_for(lambda: leftovers.end_services(home.folder) == 1, "one is found")
        mine.wait(timeout=5)
        assert other.poll() is None
    finally:
        for each in (mine, other):
            each.kill()
            each.wait()


def test_a_database_that_outlived_its_owner_is_stopped(home, server):
    pid = server.child.pid
    assert leftovers.end_database(home.database) >= 5
    assert server.child.ended() == 0  # in order: a fast shutdown, no recovery at the next start
    assert not alive([p for p in leftovers._others() if p.pid == pid])


def test_orphans_of_a_killed_database_are_ended(home, server):
    family = [each for each in leftovers._others() if leftovers._works_in(each, home.database)]
    for each in family:
        each.suspend()  # so that they cannot notice that their head is gone
    os.kill(server.child.pid, signal.SIGKILL)
    wait_for(lambda: server.child.process.poll() is not None, "the head is dead")
    leftovers.end_database(home.database)
    assert not alive(family)
    server.restart()
    assert ask(server.url, "SELECT 1") == [(1,)]


def test_a_stale_file_that_names_a_living_process_is_no_obstacle(home):
    server = Server(folder=home.database, durable=False)
    server.make_ready()
    other = sleeper()
    try:
        (home.database / "postmaster.pid").write_text(
            f"{other.pid}\n{home.database}\n1\n5432\n/tmp\n\n0 0\nready\n"
        )
        again = Server(folder=home.database, durable=False)
        again.make_ready()
        again.start(os.environ)
        again.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_the_mark_reaches_the_services(home):
    env = services.supervised(services.environment(home, "postgresql:///x"), home)
    assert services.web(env, 1).env[leftovers.MARK] == str(home.folder)
    assert services.worker(env).env[leftovers.MARK] == str(home.folder)
