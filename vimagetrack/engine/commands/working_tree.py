"""A copy of the user's tree, in which layers are laid one after the other. The tree is never written."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from vimagetrack.engine.diff.apply import apply_file
from vimagetrack.engine.diff.binary import apply_binary
from vimagetrack.engine.diff.model import FileDiff, FileOp
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.errors import ApplyError, EngineError
from vimagetrack.engine.plan.match import match_path

#: What no compiler reads; a precompiled header would hide the text that it was made from.
LEFT_OUT = frozenset({".git", ".hg", ".svn", ".bzr", "CVS"})
PRECOMPILED = (".gch", ".pch")

#: The files that a patch touches, by path: their bytes, None where there is none.
Texts = dict[str, bytes | None]


class WorkingTree:
    """A tree in a temporary folder; both sides of a layer stand in it, one after the other, at one path."""

    def __init__(self, source: Path, folder: Path) -> None:
        """Copy a tree. Raises EngineError where the copy would stand inside of it, OSError where it cannot
        be read.
        """
        self.source = source.resolve()
        if folder.resolve().is_relative_to(self.source):
            raise EngineError(
                f"the folder for temporary files, {folder.parent}, is inside of the tree",
                hint="Set TMPDIR to a folder outside of it.",
            )
        self.root = folder
        shutil.copytree(self.source, folder, symlinks=True, ignore=_left_out)
        for path in self._links():
            self._keep_inside(path)
        #: Counts what was laid: equal numbers are equal trees.
        self.version = 0

    def _links(self) -> Iterator[Path]:
        for folder, names, files in os.walk(self.root):
            yield from (Path(folder, name) for name in (*names, *files) if Path(folder, name).is_symlink())

    def _keep_inside(self, link: Path) -> None:
        """Let an absolute link into the tree lead into the copy: nothing else would see the layers."""
        target = link.readlink()
        if target.is_absolute() and target.is_relative_to(self.source):
            link.unlink()
            link.symlink_to(self.root / target.relative_to(self.source))

    def text(self, path: str) -> bytes | None:
        """Give a file's bytes; None where there is no regular file."""
        found = self.root / path
        return found.read_bytes() if found.is_file() and not found.is_symlink() else None

    def matching(self, patterns: Iterable[str]) -> list[str]:
        """List the regular files that one of the patterns names, sorted."""
        patterns = list(patterns)
        if not patterns:
            return []
        found = []
        for folder, _, files in os.walk(self.root):
            for name in files:
                path = Path(folder, name)
                shown = path.relative_to(self.root).as_posix()
                if any(match_path(pattern, shown) for pattern in patterns) and not path.is_symlink():
                    found.append(shown)
        return sorted(found)

    def put(self, texts: Texts) -> Texts:
        """Write files (None: no file), and give what stood there before."""
        before = {path: self.text(path) for path in texts}
        for path, text in texts.items():
            self._write(path, text)
        self.version += 1
        return before

    def _write(self, path: str, text: bytes | None) -> None:
        place = self.root / path
        if place.is_symlink() or not place.parent.resolve().is_relative_to(self.root.resolve()):
            raise ApplyError("the patch writes through a link", path=path, hint="Give a tree without it.")
        if text is None:
            place.unlink(missing_ok=True)
            return
        times = place.stat() if place.exists() else None
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
        if times:  # a __TIMESTAMP__ is no part of what a layer changes
            os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))

    def after(self, patch: bytes) -> Texts:
        """Give what a patch makes of the files that it touches; writes nothing.

        Raises ApplyError where the tree is not the one that the patch was made for.
        """
        made: Texts = {}
        for file in parse(patch, second_opinion=False).files:
            old_path = file.old_path or file.path
            old = made[old_path] if old_path in made else self.text(old_path)
            if file.op is FileOp.RENAME:
                made[old_path] = None
            made[file.path] = _applied(file, old)
        return made


def _applied(file: FileDiff, old: bytes | None) -> bytes | None:
    if file.op is FileOp.DELETE:
        return None
    if file.binary:
        try:
            return apply_binary(file.header, old or b"")
        except ApplyError:
            return old  # what only says that it differs cannot be applied; no compiler reads it either
    return apply_file(file, old)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Leave out what no compiler reads, and what is no file: reading a pipe would never end."""
    found = {name for name in names if name in LEFT_OUT or name.endswith(PRECOMPILED)}
    for name in names:
        mode = Path(folder, name).lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
            found.add(name)
    return found
