"""`make run`, lived through once: up, refused to a second, killed part by part, stopped, up again."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.machine import Run, alive, free_port, try_run, wait_for


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a folder with blanks")


@pytest.fixture(scope="module")
def machine(folder: Path) -> Iterator[Run]:
    run = Run(folder / "home")
    try:
        yield run.start()
    finally:
        run.end()


def everyone(run: Run) -> list:
    return [each for processes in run.family().values() for each in processes]


def test_a_run_can_serve(machine):
    assert machine.get("/readyz") == 200
    assert f"VimageTrack is at http://127.0.0.1:{machine.port}/" in machine.log


def test_a_second_run_on_the_same_folder_is_refused(machine):
    refused = try_run(machine.home, free_port())
    assert refused.returncode == 1
    assert f"Another run (process {machine.pid}) uses this data folder" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_second_run_on_the_same_port_is_refused(machine, tmp_path):
    refused = try_run(tmp_path / "other", machine.port)
    assert refused.returncode == 1
    assert f"Port {machine.port} is taken" in refused.stderr
    assert not (tmp_path / "other" / "database.url").exists()


def test_the_folder_is_private_and_its_parents_are_untouched(machine, folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(machine.home.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)
    assert stat.S_IMODE((machine.home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((machine.home / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("part", ["web", "worker", "database"])
def test_what_is_killed_is_started_again_and_nothing_is_lost(machine, part):
    machine.sql(f"CREATE TABLE kept_{part} AS SELECT 1 AS one")
    before = machine.family()[part]
    before[0].kill()
    wait_for(lambda: not alive(before), f"all of {part} are gone")
    wait_for(lambda: machine.family()[part], f"{part} is there again")
    wait_for(lambda: machine.get("/readyz") == 200, "ready again")
    assert f"{part} ended (killed by SIGKILL)" in machine.log
    assert machine.sql(f"SELECT one FROM kept_{part}") == [(1,)]


def test_a_killed_worker_of_the_web_server_is_replaced(machine):
    wait_for(lambda: len(machine.family()["web"]) >= 3, "the web server has its workers")
    before = {each.pid for each in machine.family()["web"]}
    machine.family()["web"][1].kill()
    wait_for(lambda: {each.pid for each in machine.family()["web"]} - before, "another one is there")
    wait_for(lambda: machine.get("/healthz") == 200, "it answers")


def test_a_killed_supervisor_takes_all_with_it_and_the_next_run_works(machine):
    machine.sql("CREATE TABLE kept_all AS SELECT 1 AS one")
    family = everyone(machine)
    os.kill(machine.pid, signal.SIGKILL)
    machine.process.wait()
    wait_for(lambda: not alive(family), "nothing survives", patience_s=10)
    machine.mark_log()
    machine.start()
    assert machine.sql("SELECT one FROM kept_all") == [(1,)]
    assert machine.get("/readyz") == 200


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_nothing(machine, signum):
    family = everyone(machine)
    address = (machine.home / "database.url").read_text()
    assert machine.stop(signum) == 0
    assert not alive(family)
    assert not (machine.home / "database.url").exists()
    assert not Path(address.partition("host=")[2].strip().replace("%2F", "/")).exists()
    assert f"Stopped ({signum.name})" in machine.log
    machine.mark_log()
    machine.start()
