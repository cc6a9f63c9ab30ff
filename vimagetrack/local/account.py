"""Under which account PostgreSQL runs: ours, but never root, which it refuses.

As root it gets an account that exists already; none is added, no folder but the database's own changes
hands, and no folder is widened. Where that account could not pass the folders on the way (a checkout below
/root), it keeps root's power over files and nothing else.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who owns and runs the database; `reach`: keep the power to pass folders closed to this account."""

    uid: int
    gid: int
    reach: bool

    @property
    def launch_options(self) -> list[str]:
        """Give the options of launch.py that change to this account; none when it is already ours."""
        if self.uid == os.geteuid():
            return []
        options = ["--uid", str(self.uid), "--gid", str(self.gid)]
        return [*options, "--reach"] if self.reach else options


def choose_account(database: Path, programs: Path) -> Account:
    """Choose for the database's folder, which may not exist yet, and the folder of the server's programs."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), reach=False)
    uid, gid = _owner(database) or _owner(database.parent) or _spare()
    ways = (database.parent, programs)
    return Account(uid=uid, gid=gid, reach=not all(_open_way(way, uid) for way in ways))


def _owner(folder: Path) -> tuple[int, int] | None:
    """Give a folder's owner, if that is an account other than root (initdb refuses a uid without a name)."""
    try:
        found = folder.stat()
        pwd.getpwuid(found.st_uid)
    except (FileNotFoundError, KeyError):
        return None
    return (found.st_uid, found.st_gid) if found.st_uid else None


def _spare() -> tuple[int, int]:
    """Give an account that owns nothing: nobody; else the last one that is not root."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        entry = max(pwd.getpwall(), key=lambda each: each.pw_uid)
    return entry.pw_uid, entry.pw_gid


def _open_way(folder: Path, uid: int) -> bool:
    """Tell whether `uid` may pass every folder down to this one; unsure means no, which always works."""
    return all(_may_pass(place.stat(), uid) for place in (folder, *folder.parents))


def _may_pass(found: os.stat_result, uid: int) -> bool:
    bit = stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH
    return bool(found.st_mode & bit)
