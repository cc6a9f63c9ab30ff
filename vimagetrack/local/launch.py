"""Become a child process: own session, end with the supervisor, another account where asked; then exec.

Run by path, as `python -I launch.py --parent PID --signal N [--uid N --gid N [--reach]] -- COMMAND...`, so
that it works from folders and under accounts from which the package could not be imported. Standard library
only. It is a program, and not code between fork and exec, since that may deadlock once the parent has
threads.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def prctl(*arguments: int) -> None:
    """Call prctl(2); OSError where the kernel refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [*arguments, 0, 0, 0, 0][:5]
    if libc.prctl(*(ctypes.c_ulong(number) for number in padded)) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def keep_only_reach() -> None:
    """Keep, of root's powers, the one to pass folders that the new account could not.

    Its effect is that no folder has to be widened. Effective, permitted and inheritable hold this bit only.
    """
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(*[1 << CAP_DAC_OVERRIDE] * 3, 0, 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def become(uid: int, gid: int, *, reach: bool) -> None:
    """Leave root for good; with `reach`, keep access to files (see `keep_only_reach`)."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    if reach:
        # Else the kernel drops all powers with the account, and access(2), by which the programs look
        # for each other, judges without them.
        prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setresuid(uid, uid, uid)
    if reach:
        keep_only_reach()


def end_with(parent: int, signum: int) -> None:
    """Ask the kernel for `signum` when the parent dies; leave at once if it is already dead.

    A change of account clears this, so it comes after that. Elsewhere than on Linux the next run tidies up.
    """
    if not sys.platform.startswith("linux"):
        return
    prctl(PR_SET_PDEATHSIG, signum)
    if os.getppid() != parent:
        sys.exit("The supervisor is gone.")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--reach", action="store_true")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    os.setsid()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(signum, signal.SIG_DFL)
    if options.uid is not None:
        os.umask(0o077)
        become(options.uid, options.gid, reach=options.reach)
    end_with(options.parent, options.signal)
    os.execv(options.command[0], options.command)


if __name__ == "__main__":
    main()
