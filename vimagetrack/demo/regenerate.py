"""Make the demo's diffs anew from a final tree, as the diff's authors would.

    python -m vimagetrack.demo.regenerate unfold 1 DIR    the final tree of v1 into DIR, to be edited
    python -m vimagetrack.demo.regenerate fold 1 DIR      DIR becomes v1: its diff and its digests are written

A third regeneration is ``unfold 2``, edit, ``fold 3``, and a number more in ``VERSIONS``. Needs git.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from vimagetrack.demo import BASE, FOLDER

# Whoever runs this may have any configuration; the diff must not depend on it.
_SETTINGS = ("-c", "core.autocrlf=false", "-c", "user.name=demo", "-c", "user.email=demo@localhost")
_DIFF = ("diff", "--cached", "--binary", "--full-index", "--no-color", "--find-renames=50%", "--unified=3")


def unfold(version: int, target: Path) -> None:
    """Write the final tree of a regeneration into a folder that does not exist yet."""
    shutil.copytree(BASE, target)
    patch = FOLDER / f"monolith-v{version}.diff"
    git(target, "apply", "--whitespace=nowarn", str(patch))


def fold(version: int, final: Path) -> None:
    """Write the diff from the base to a final tree, and the digests of the tree."""
    (FOLDER / f"monolith-v{version}.diff").write_bytes(make_diff(final))
    (FOLDER / f"final-v{version}.sha256").write_text(digest_lines(final))


def make_diff(final: Path, base: Path = BASE) -> bytes:
    """Return the git diff from a base to a final tree, whatever the user's configuration says."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name) / "tree"
        shutil.copytree(base, work)
        git(work, "init", "-q")
        git(work, "add", "-A", "-f")
        git(work, "commit", "-q", "-m", "base")
        for path in work.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(final, work, dirs_exist_ok=True)
        git(work, "add", "-A", "-f")
        return git(work, *_DIFF)


def digest_lines(tree: Path) -> str:
    """Return one line a file, as sha256sum writes them, sorted by path."""
    paths = sorted(path for path in tree.rglob("*") if path.is_file() and ".git" not in path.parts)
    lines = [
        f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(tree).as_posix()}\n" for p in paths
    ]
    return "".join(lines)


def git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder, blind to anybody's configuration and to any repository around it."""
    environment = dict(os.environ, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
    # a repository around the folder must not take part: `git apply` would then look at its index
    environment["GIT_CEILING_DIRECTORIES"] = str(folder.parent)
    command = ["git", *_SETTINGS, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True).stdout


def main(arguments: list[str]) -> int:
    """Do what the module's first lines say; 2 for anything else."""
    match arguments:
        case ["unfold", number, folder] if number.isdigit():
            unfold(int(number), Path(folder))
        case ["fold", number, folder] if number.isdigit():
            fold(int(number), Path(folder))
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
