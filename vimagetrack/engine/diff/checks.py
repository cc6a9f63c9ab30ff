"""Look at all sections together: what a diff may not do, and what a reviewer must be told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from vimagetrack.engine.diff import names
from vimagetrack.engine.diff.model import DiffWarning, FileDiff, FileOp
from vimagetrack.engine.errors import ParseError

SYMLINK, SUBMODULE = "120000", "160000"
_USUAL = (None, "100644", "100755", "10644", "10755", SYMLINK, SUBMODULE)


def check_files(files: list[FileDiff]) -> Iterator[DiffWarning]:
    """Refuse sections that contradict each other; yield what is to be flagged."""
    _refuse_twice(files)
    _refuse_beyond(files)
    for file in files:
        for code, text in (*_operations(file), *_name_oddities(file)):
            yield _warn(file, code, text)
    yield from _alike(files)
    yield from _cycles(files)


def _warn(file: FileDiff, code: str, text: str) -> DiffWarning:
    return DiffWarning(path=file.path, diff_lineno=file.diff_lineno, code=code, text=text)


def _refuse_twice(files: list[FileDiff]) -> None:
    """Refuse a second section for the same file: it would change what the first one showed.

    A deletion and a creation of the same name are one change of type, as git writes it.
    """
    written: dict[str, FileDiff] = {}
    taken: dict[str, FileDiff] = {}
    for file in files:
        if file.new_path is not None:
            _claim(written, file.new_path, file)
        if file.old_path is not None and file.op is not FileOp.COPY:
            _claim(taken, file.old_path, file)


def _claim(claims: dict[str, FileDiff], path: str, file: FileDiff) -> None:
    first = claims.setdefault(path, file)
    if first is not file:
        raise ParseError(
            f"the diff has two sections for the same file, the first at diff line {first.diff_lineno}",
            code="duplicate-file",
            path=path,
            diff_lineno=file.diff_lineno,
            hint="Send one diff from the base to the end: git diff BASE END, not a series of patches.",
        )


def _refuse_beyond(files: list[FileDiff]) -> None:
    """Refuse a file below what is a file or a link itself after the diff."""
    ends = {file.new_path: file for file in files if file.new_path is not None}
    # With slashes sorted before everything else, what lies below a name follows right behind it.
    paths = sorted(ends, key=lambda path: path.replace("/", "\0"))
    for path, below in itertools.pairwise(paths):
        if below.startswith(path + "/"):
            kind = "symbolic link" if ends[path].new_mode == SYMLINK else "file"
            raise ParseError(
                f"the diff writes below '{names.shown(path)}', which it makes a {kind}",
                code="beyond-link",
                path=below,
                diff_lineno=ends[below].diff_lineno,
                hint="No tree can hold both: make the diff again.",
            )


def _operations(file: FileDiff) -> Iterator[tuple[str, str]]:
    """Yield what the section does beside lines of text, or what lines do not show."""
    kinds = {file.old_mode, file.new_mode}
    if SUBMODULE in kinds:
        yield "submodule", "a submodule moves: what it brings is not in this diff"
    if SYMLINK in kinds:
        yield "symlink", "the file is a symbolic link"
    if not kinds.issubset(_USUAL):
        yield "mode-unusual", f"the mode is unusual: {file.old_mode or '-'} -> {file.new_mode or '-'}"
    if file.binary:
        yield "binary", "the file is binary: its change cannot be read"
    if file.old_path is not None and file.new_path is not None and file.old_mode != file.new_mode:
        yield "mode", f"the mode changes from {file.old_mode or '?'} to {file.new_mode or '?'}"
    if file.op is FileOp.DELETE:
        yield "deleted", "the file is deleted"
    if file.op is FileOp.RENAME:
        yield "renamed", f"the file is renamed from {names.shown(file.old_path or '')}"
    if file.op is FileOp.COPY:
        yield "copied", f"the file is copied from {names.shown(file.old_path or '')}"


def _name_oddities(file: FileDiff) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys((file.old_path, file.new_path)):
        for code, text in names.oddities(name) if name is not None else ():
            yield code, f"the name {text}"


def _alike(files: list[FileDiff]) -> Iterator[DiffWarning]:
    """Flag names, of files or of the folders above them, that some file system takes for one.

    A link and a folder that are one there have written outside of trees.
    """
    tree: dict[tuple[int, str], tuple[int, str]] = {}
    """A node's number and a folded component give the next node's number and how it was spelled first."""
    folders = {"": 0}
    for file in files:
        above, _, last = file.path.rpartition("/")
        other = None
        if above not in folders:
            node = 0
            for component in above.split("/"):
                node, first = tree.setdefault((node, names.fold(component)), (len(tree) + 1, component))
                other = other or (first if first != component else None)
            folders[above] = node
        _, first = tree.setdefault((folders[above], names.fold(last)), (len(tree) + 1, last))
        other = other or (first if first != last else None)
        if other is not None:
            text = f"some file systems take a part of the name for the same as {names.shown(other)}"
            yield _warn(file, "names-alike", text)


def _cycles(files: list[FileDiff]) -> Iterator[DiffWarning]:
    """Flag files that take each other's place; git accepts it, and order matters."""
    written = {file.new_path for file in files if file.op in (FileOp.RENAME, FileOp.COPY, FileOp.CREATE)}
    gone = {file.old_path for file in files if file.op is FileOp.DELETE}
    for file in files:
        if file.op is FileOp.RENAME and file.old_path in written:
            yield _warn(
                file, "rename-cycle", f"another file takes the old name {names.shown(file.old_path or '')}"
            )
        if file.op in (FileOp.CREATE, FileOp.RENAME) and file.new_path in gone:
            yield _warn(file, "type-change", "the file is deleted and made again by the same diff")
