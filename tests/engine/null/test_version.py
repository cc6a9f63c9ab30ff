"""A stored proof names the kernel that made it, so a kernel that may judge otherwise has another version."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from vimagetrack.engine import lex, null
from vimagetrack.engine.null import KERNEL_CODE, KERNEL_VERSION


def code_digest() -> str:
    """Digest the trusted code, file by file."""
    made = sha256()
    for package in (lex, null):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            if path != Path(str(null.__file__)):
                name = path.relative_to(folder.parent).as_posix()
                made.update(f"{name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return made.hexdigest()[:16]


def test_a_changed_kernel_has_another_version() -> None:
    """Where this fails: raise KERNEL_VERSION, unless words alone changed, and write the digest beside it."""
    assert code_digest() == KERNEL_CODE, f"version {KERNEL_VERSION} is of other code: {code_digest()}"
