"""Find out what the transition headers hold in each layer, and which names may not be believed.

The headers make the tables, the tables decide which edits of a header are null, and those make the headers:
so a guess is made, the headers alone are split under it, and what that gives is the next guess, until it
stands. What does not come to stand is not believed: those headers are left out, and their names stand for
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vimagetrack.engine.diff.model import DiffWarning, FileDiff, FileOp
from vimagetrack.engine.errors import TableError
from vimagetrack.engine.plan import Plan
from vimagetrack.engine.split.edits import apply
from vimagetrack.engine.split.filesplit import FileSplit, Shape
from vimagetrack.engine.split.guess import guessed
from vimagetrack.engine.split.steps import Layers
from vimagetrack.engine.split.tables import NO_HEADERS, HeaderTables, HeaderTexts, is_readable
from vimagetrack.engine.split.windows import Window, windows

#: So often the headers are split again; two are the rule, one more where the kernel refuses an edit.
_ROUNDS = 4

#: Give the layers under some texts of the headers; the second argument are names not to believe.
LayersOf = Callable[[HeaderTexts, frozenset[bytes]], Layers]
#: Split the file of an index under some layers.
SplitOne = Callable[[int, Layers], FileSplit]


@dataclass(frozen=True, slots=True)
class Touched:
    """A transition header that the monolith touches: its place in the diff and its whole texts, None where
    there is no file.
    """

    index: int
    file: FileDiff
    window: Window

    @property
    def ends(self) -> tuple[bytes | None, bytes | None]:
        """Give the text of the base and the final one."""
        created, deleted = self.file.op is FileOp.CREATE, self.file.op is FileOp.DELETE
        return None if created else self.window.old, None if deleted else self.window.new


@dataclass(frozen=True, slots=True)
class Settled:
    """The layers with the headers as they came to stand, and what is to be said of them."""

    layers: Layers
    warnings: tuple[DiffWarning, ...] = ()


class Headers:
    """The plan's transition headers in one monolith."""

    def __init__(
        self, plan: Plan, files: Sequence[FileDiff], base: Mapping[str, bytes], whole: Mapping[int, bool]
    ) -> None:
        """Collect what is known; ``whole`` says of a file's index that its only hunk shows all of it.

        Raises ApplyError where the diff does not fit the base.
        """
        self.plan = plan
        wanted = plan.project.headers
        self.warnings: list[DiffWarning] = []
        self.contested: frozenset[bytes] = frozenset()
        self.undecided: frozenset[bytes] = frozenset()
        self.touched: dict[str, Touched] = {}
        unknown = set()
        for index, file in enumerate(files):
            for path in wanted:
                if path not in (file.old_path, file.new_path):
                    continue
                found = _touched(index, file, base.get(path), whole_hunk=whole.get(index, False))
                if found:
                    self.touched[path] = found
                else:
                    unknown.add(path)
        self.untouched = {
            path: base[path]
            for path in wanted
            if path in base and path not in self.touched and path not in unknown
        }
        self._leave_out_what_is_seen_to_come(base, files)
        self._leave_out_what_is_no_table()

    def _leave_out_what_is_seen_to_come(self, base: Mapping[str, bytes], files: Sequence[FileDiff]) -> None:
        """Drop created headers whose names the old texts include already, or may ask for."""
        created = [path for path, found in self.touched.items() if found.file.op is FileOp.CREATE]
        if not created:
            return
        texts = [*base.values(), *(hunk.body for file in files for hunk in file.hunks)]
        shown = [*base.values(), *(hunk.old_text for file in files for hunk in file.hunks)]
        for path in created:
            name = path.rpartition("/")[2].encode("utf-8", "surrogateescape")
            include = re.compile(
                rb"^[ \t]*#[ \t]*(?:include|import)\w*[^\n]*" + re.escape(name), re.MULTILINE
            )
            if any(b"__has_include" in text for text in texts) or any(map(include.search, shown)):
                del self.touched[path]

    def _leave_out_what_is_no_table(self) -> None:
        """Drop, where the headers are the table, those that cannot be read as one; say which are missing."""
        if self.plan.has_table:
            return
        for path in self.plan.project.headers:
            if path not in self.touched and path not in self.untouched:
                self._warn(path, "its whole text is not known: give the base")
                continue
            texts = self.touched[path].ends if path in self.touched else (self.untouched[path],)
            if not all(is_readable(text or b"", self.plan.states) for text in texts):
                self._warn(path, "it has a directive that is no part of a table")
                self.touched.pop(path, None)
                self.untouched.pop(path, None)

    def _warn(self, path: str, why: str) -> None:
        text = f"{path} brings no definitions into the table: {why}"
        self.warnings.append(DiffWarning(path=path, diff_lineno=None, code="no-table", text=text))

    def _said(self) -> Iterator[DiffWarning]:
        """Give all warnings; the names that headers define in two ways with them."""
        yield from self.warnings
        for name in sorted(self.contested):
            text = (
                f"{name.decode()} is defined in two ways by the transition headers, or twice by one: "
                "every use of it is undecided"
            )
            yield DiffWarning(path=None, diff_lineno=None, code="name-contested", text=text)
        for name in sorted(self.undecided):
            text = f"the transition headers ask for {name.decode()}, which no state names: taken as undefined"
            yield DiffWarning(path=None, diff_lineno=None, code="table-unknown", text=text)

    def settle(self, layers_of: LayersOf, split_one: SplitOne) -> Settled:
        """Split the touched headers until their texts stand; give the layers with them."""
        try:
            return self._settled(layers_of, split_one)
        except TableError as error:
            if self.plan.has_table:
                raise
            self._warn(self.plan.project.headers[0], f"together the headers are no table ({error})")
            return Settled(layers_of(NO_HEADERS, frozenset()), tuple(self.warnings))

    def _settled(self, layers_of: LayersOf, split_one: SplitOne) -> Settled:
        plain = Layers(self.plan)
        guesses = {path: guessed(path, t.window, t.ends, plain) for path, t in self.touched.items()}
        texts = self._texts(plain, guesses)
        for _ in range(_ROUNDS):
            layers = self._layers(layers_of, texts)
            if not self.touched:
                return Settled(layers, tuple(self._said()))
            splits = {path: split_one(touched.index, layers) for path, touched in self.touched.items()}
            count = len(plain.steps)
            shown = {path: _as_split(self.touched[path], split, count) for path, split in splits.items()}
            found = self._texts(plain, shown)
            if found == texts:
                return Settled(layers, tuple(self._said()))
            texts = found
        names = frozenset[bytes]().union(*(self._defined(touched) for touched in self.touched.values()))
        for path in self.touched if not self.plan.has_table else ():
            self._warn(path, "what it holds in each layer does not come to stand")
        kept = HeaderTexts({path: texts.texts[path] for path in self.untouched})
        return Settled(self._layers(layers_of, kept, names), tuple(self._said()))

    def _layers(
        self, layers_of: LayersOf, texts: HeaderTexts, names: frozenset[bytes] = frozenset()
    ) -> Layers:
        """Give the layers under some texts; names that headers define in two ways are not believed."""
        if self.plan.has_table or not texts.texts:
            return layers_of(texts, frozenset())
        tables = HeaderTables(self.plan, {}, texts)
        self.contested, self.undecided = tables.contested(), tables.undecided()
        return layers_of(texts, names | self.contested)

    def _texts(self, layers: Layers, of_touched: Mapping[str, tuple[bytes | None, ...]]) -> HeaderTexts:
        count = len(layers.steps) + 1
        found: dict[str, tuple[bytes | None, ...]] = {}
        for path in self.plan.project.headers:
            if path in of_touched:
                found[path] = of_touched[path]
            elif path in self.untouched:
                found[path] = (self.untouched[path],) * count
        return HeaderTexts(found)

    @staticmethod
    def _defined(touched: Touched) -> frozenset[bytes]:
        return frozenset(name for text in touched.ends if text for name in _DEFINED.findall(text))


_DEFINED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


def _touched(index: int, file: FileDiff, base: bytes | None, *, whole_hunk: bool) -> Touched | None:
    """Give a header that the diff changes, creates or deletes; None where its text is not known whole."""
    if file.binary or file.op not in (FileOp.MODIFY, FileOp.CREATE, FileOp.DELETE):
        return None
    if not file.hunks:
        return Touched(index, file, Window(base, base, 1, 1, (), whole=True)) if base is not None else None
    whole = whole_hunk or file.op is not FileOp.MODIFY
    known = windows(file, base, whole_hunk=whole)
    return Touched(index, file, known[0]) if len(known) == 1 and known[0].whole else None


def _as_split(touched: Touched, split: FileSplit, steps: int) -> tuple[bytes | None, ...]:
    """Give the texts of a header in all layers, as its split makes them."""
    old, new = touched.ends
    if split.shape is Shape.PIECE or not split.edits:
        at = split.layer_files[0].step if split.layer_files else steps
        return tuple(old if index <= at else new for index in range(steps + 1))
    window, edits = touched.window, split.edits[0]
    return tuple(apply(window.old, window.new, edits, step=index - 1) for index in range(steps + 1))
