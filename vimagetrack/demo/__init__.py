"""The demo: a small kernel tree of our own, its monolith in several regenerations, and the landing plan.

Kept are the base tree, whole, and one diff a regeneration. The final trees are not kept: each is the base
with its monolith applied, and ``final_digests`` says what that must give.
"""

from __future__ import annotations

import io
import tarfile
from functools import cache
from pathlib import Path

from vimagetrack.engine.plan import Plan, parse_plan

FOLDER = Path(__file__).parent
BASE = FOLDER / "base"

#: The regenerations of the monolith, oldest first; all stand on the same base.
VERSIONS = (1, 2)


def base_files() -> dict[str, bytes]:
    """Return the whole texts of the base tree by path, sorted."""
    found = sorted(path for path in BASE.rglob("*") if path.is_file())
    return {path.relative_to(BASE).as_posix(): path.read_bytes() for path in found}


def monolith(version: int = 1) -> bytes:
    """Return one regeneration of the diff that does the whole thing."""
    return (FOLDER / f"monolith-v{version}.diff").read_bytes()


def final_digests(version: int = 1) -> dict[str, str]:
    """Return the sha256 of every file that the base has after the monolith, by path."""
    lines = (FOLDER / f"final-v{version}.sha256").read_text().splitlines()
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def plan_toml() -> str:
    """Return the landing plan as its lead wrote it."""
    return (FOLDER / "plan.toml").read_text(encoding="utf-8")


@cache
def plan() -> Plan:
    """Return the landing plan as values."""
    return parse_plan(plan_toml())


def base_tar() -> bytes:
    """Return the base tree as a tar, the same bytes each time."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, text in base_files().items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    return out.getvalue()
