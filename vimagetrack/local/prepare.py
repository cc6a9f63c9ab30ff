"""Bring the database up to date and load the demo once; stdout is for the person, stderr for the log.

Runs as a process of its own, since the supervisor itself never imports Django.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

import django
from django.core.management import call_command


def main() -> None:
    """Migrate, load the demo, and write its accounts to stdout."""
    django.setup()
    with redirect_stdout(sys.stderr):
        call_command("migrate", interactive=False, verbosity=0)
    load_demo()
    tell_accounts()


def load_demo() -> None:
    """Load the demo unless it was loaded before; a demo that was deleted stays deleted."""
    from vimagetrack.local.home import find_home

    mark = find_home().demo_mark
    if not mark.exists():
        with redirect_stdout(sys.stderr):
            call_command("load_demo", verbosity=0)
        mark.touch()


def tell_accounts() -> None:
    """Write the demo's accounts, at each start, for whoever forgot them."""
    from vimagetrack.playground import demo_accounts

    print(demo_accounts())


if __name__ == "__main__":
    main()
