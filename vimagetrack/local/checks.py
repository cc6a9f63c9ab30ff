"""Every check, one after the other, each under a banner; a failed one does not hide the next."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from vimagetrack.local.home import PROJECT

TEST = {"DJANGO_SETTINGS_MODULE": "vimagetrack.settings.test"}
PROD = {
    "DJANGO_SETTINGS_MODULE": "vimagetrack.settings.prod",
    "VIMAGETRACK_SECRET_KEY": "only-to-look-at-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz",
    "VIMAGETRACK_HOSTS": "vimagetrack.example",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A module of Python to run, with its arguments and what is set for it."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    def passes(self) -> bool:
        """Run it in the project's folder; its words go straight to the terminal."""
        done = subprocess.run(
            [sys.executable, *self.command], check=False, cwd=PROJECT, env={**os.environ, **self.env}
        )
        return done.returncode == 0


CHECKS = (
    Check(name="lint", command=("-m", "ruff", "check", ".")),
    Check(name="format", command=("-m", "ruff", "format", "--check", ".")),
    Check(name="types", command=("-m", "mypy")),
    Check(name="migrations", command=("manage.py", "makemigrations", "--check", "--dry-run"), env=TEST),
    Check(name="settings", command=("manage.py", "check", "--fail-level", "WARNING"), env=TEST),
    Check(name="deployment", command=("manage.py", "check", "--deploy", "--fail-level", "WARNING"), env=PROD),
    Check(name="tests", command=("-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "not long")),
)


def main() -> int:
    """Run all; give 1 if any failed, and say which."""
    started = time.monotonic()
    failed = [check.name for check in CHECKS if not _passes(check)]
    words = f"FAILED: {', '.join(failed)}" if failed else f"all {len(CHECKS)} checks passed"
    print(f"\nmake test: {words} ({time.monotonic() - started:.0f} s)", flush=True)
    return 1 if failed else 0


def _passes(check: Check) -> bool:
    print(f"\n===== {check.name}: {' '.join(check.command)}", flush=True)
    started = time.monotonic()
    passed = check.passes()
    print(
        f"----- {check.name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True
    )
    return passed


if __name__ == "__main__":
    sys.exit(main())
