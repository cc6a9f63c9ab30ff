"""A child becomes what it should: its own session, its own account, ended with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil

from tests.local.machine import alive, wait_for
from vimagetrack.local.child import LAUNCH, Child

AS_ROOT = os.geteuid() == 0
OTHER = ["--uid", "65534", "--gid", "65534"] if AS_ROOT else []
REACH = ["--reach"] if AS_ROOT else []


def launch(*command: str, options: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    start = [sys.executable, "-I", "-S", str(LAUNCH), "--parent", str(os.getpid()), "--signal", "15"]
    return subprocess.run(
        [*start, *(options or []), "--", *command], capture_output=True, text=True, check=False, timeout=20
    )


def test_a_closed_folder_is_reached_also_for_access(tmp_path):
    """access(2) judges without root's powers unless told otherwise; initdb looks for its server by it."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("")
    look = f"import os, sys; sys.exit(not os.access({str(closed / 'file')!r}, os.R_OK))"
    assert launch(sys.executable, "-c", look, options=[*OTHER, *REACH]).returncode == 0


def test_root_is_left_for_good():
    if not AS_ROOT:
        assert launch("/usr/bin/id", "-u").stdout.strip() == str(os.geteuid())
        return
    assert launch("/usr/bin/id", "-u", options=OTHER).stdout.strip() == "65534"
    done = launch("/usr/bin/python3", "-c", "import os; os.setuid(0)", options=[*OTHER, *REACH])
    assert "PermissionError" in done.stderr


def test_a_child_whose_parent_is_gone_does_not_start():
    start = [sys.executable, "-I", "-S", str(LAUNCH), "--parent", "1", "--signal", "15", "--", "/bin/true"]
    done = subprocess.run(start, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 1
    assert done.stderr.strip() == "The supervisor is gone."


def test_a_child_ends_with_its_parent():
    parent = (
        "import os, signal, sys, time; from vimagetrack.local.child import Child; "
        "c = Child(name='x', command=['/bin/sleep', '60'], env={}, stop_signal=signal.SIGTERM, grace_s=1); "
        "c.start(); print(c.pid, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(process.stdout.readline()))
    wait_for(lambda: "sleep" in child.cmdline()[0], "the launcher has become the program")
    process.kill()
    process.communicate()
    wait_for(lambda: not alive([child]), "the child is gone", patience_s=5)


def test_what_a_child_leaves_in_its_group_goes_with_it():
    script = "import subprocess; subprocess.Popen(['/bin/sleep', '61'])"
    child = Child(
        name="x", command=[sys.executable, "-c", script], env={}, stop_signal=signal.SIGTERM, grace_s=1
    )
    child.start()
    group = child.pid
    wait_for(lambda: child.ended() is not None, "it has ended")
    time.sleep(0.1)
    assert not [p for p in psutil.process_iter() if p.pid != group and _group(p) == group and alive([p])]


def test_one_that_does_not_listen_is_killed_after_its_grace():
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    )
    child = Child(
        name="deaf",
        command=[sys.executable, "-u", "-c", script],
        env={},
        stop_signal=signal.SIGTERM,
        grace_s=0.3,
    )
    child.start()
    time.sleep(0.5)
    child.ask_to_stop()
    assert child.wait_stopped() is False
    assert child.ended() == -signal.SIGKILL


def _group(process: psutil.Process) -> int:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return 0
