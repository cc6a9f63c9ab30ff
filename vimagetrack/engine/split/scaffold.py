"""Scaffolds: the definitions that a step needs and that the monolith, which knows only the end, has not.

A milestone with ``scaffold`` writes its macros into a file of the tree, as one marked block; a later layer
takes it back. What the block says is the plan's alone: the lines of the tables that define what the milestone
brings, with their conditionals, so that every state gets its own. After the milestone has landed the base
has the block, and it is known again by its marks and by every byte between them; what somebody has edited is
text like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from vimagetrack.engine.diff.model import Diff, DiffWarning, FileDiff, FileOp
from vimagetrack.engine.errors import PlanError
from vimagetrack.engine.lex.ctokens import tokenize
from vimagetrack.engine.lex.directives import Directive, directives
from vimagetrack.engine.null.kernel import Language
from vimagetrack.engine.null.state import State
from vimagetrack.engine.null.table import Table
from vimagetrack.engine.plan import Layer, Plan
from vimagetrack.engine.split.opaque import is_framed, is_piece
from vimagetrack.engine.split.steps import Layers

#: What warnings of scaffolds are called, and the rule of the changes that they make.
CODE = "scaffold"
_OPENS = (b"if", b"ifdef", b"ifndef")
_CONDITIONALS = (*_OPENS, b"elif", b"else", b"endif")


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One logical line of a block, with its line end; ``names`` are the macros for whose sake it stands.

    A definition stands for its own name, a conditional for all that are defined between #if and #endif, a
    mark for all. ``number`` counts the lines of the milestone's whole block.
    """

    number: int
    text: bytes
    names: frozenset[bytes]


@dataclass(frozen=True)
class Block:
    """What a milestone's scaffold writes: whole, or cut down to some names."""

    position: int
    slug: str
    lines: tuple[BlockLine, ...]

    @cached_property
    def names(self) -> frozenset[bytes]:
        """Collect the macros that it defines, in any state."""
        return frozenset().union(*(line.names for line in self.lines))

    def only(self, names: Collection[bytes]) -> Block:
        """Cut it down to some macros; conditionals without any of them go too."""
        kept = (
            BlockLine(line.number, line.text, line.names.intersection(names))
            for line in self.lines
            if not line.names.isdisjoint(names)
        )
        return Block(self.position, self.slug, tuple(kept))

    def text(self, eol: bytes = b"\n") -> bytes:
        """Write it, with a file's own line ends."""
        return b"".join(line.text.replace(b"\n", eol) for line in self.lines)

    def table(self, state: State) -> Table:
        """Read it as a table: what it defines in a state."""
        return Table.parse(self.text(), state)


@dataclass(frozen=True, slots=True)
class Found:
    """A block that stands in a text, as the plan has it: half-open byte offsets."""

    block: Block
    start: int
    end: int


def find(block: Block, text: bytes) -> Found | None:
    """Find a milestone's block in a text; None where it is not there, or not as the plan has it.

    Names may be missing, with all their lines: a later step may have taken them back. Anything else that
    is missing, added or changed makes it somebody's own text.
    """
    if not block.lines:
        return None
    first, last = (block.lines[at].text.rstrip(b"\n") for at in (0, -1))
    start, end = text.find(first), text.find(last)
    if start < 0 or end < start or text.count(first) != 1 or text.count(last) != 1:
        return None
    eol = b"\r\n" if text.startswith(b"\r\n", start + len(first)) else b"\n"
    end += len(last) + len(eol)
    piece = text[start:end]
    own = block.only(defined(piece))
    at_line_start = start == 0 or text[start - 1 : start] == b"\n"
    return Found(own, start, end) if at_line_start and own.text(eol) == piece else None


def defined(text: bytes) -> frozenset[bytes]:
    """Collect the names that a text defines, in any of its conditionals."""
    if b"define" not in text:
        return frozenset()
    tokens = tokenize(text)
    return frozenset(tokens[d.words[0]] for d in directives(tokens) if d.name == b"define" and d.words)


class Scaffolds:
    """The blocks of a plan, by the file that they stand in. Depends on the plan alone."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layers = Layers(plan)
        self._known: dict[int, dict[bytes, int]] = {}
        self.blocks: Mapping[str, tuple[Block, ...]] = {
            path: tuple(filter(lambda block: block.lines, map(self._block, places)))
            for path, places in _places(plan).items()
        }

    def of(self, path: str) -> tuple[Block, ...]:
        """Give the blocks that the plan has for a file, in landing order."""
        return self.blocks.get(path, ())

    def is_open(self, block: Block) -> bool:
        """Say whether a block's milestone has not landed, and has a layer that can write it."""
        return any(step.position == block.position for step in self.layers.steps)

    def without(self, path: str, text: bytes) -> bytes:
        """Take the blocks that the plan has for a file out of its text.

        They say what the tables say: their names are in force by the plan, and in use by nobody's hand.
        """
        for block in self.of(path):
            found = find(block, text)
            if found is not None:
                text = text[: found.start] + text[found.end :]
        return text

    def open_paths(self) -> Iterator[str]:
        """List the files into which some layer has to write."""
        return (path for path, blocks in self.blocks.items() if any(map(self.is_open, blocks)))

    def warnings(self) -> Iterator[DiffWarning]:
        """Tell of the milestones whose scaffold has nothing to write."""
        written = {block.position for blocks in self.blocks.values() for block in blocks}
        for path, places in _places(self.plan).items():
            for milestone in (self.plan.milestones[at] for at in places if at not in written):
                text = (
                    f"The scaffold of {milestone.slug} is empty: no table defines what that milestone brings"
                )
                yield DiffWarning(path=path, diff_lineno=None, code=CODE, text=text)

    def landed_helpers(self, block: Block) -> frozenset[bytes]:
        """Give the helpers of a block that a milestone has brought which has landed: the tree has them."""
        closed = (m for m in self.plan.milestones[: block.position] if m.is_closed)
        names = {_bytes(name) for milestone in closed for name in milestone.defined_names}
        return frozenset(names & (block.names - self._brought(block.position)))

    def _block(self, position: int) -> Block:
        wanted = self._wanted(position)
        lines: list[tuple[bytes, frozenset[bytes]]] = []
        for index in range(position + 1):
            mine = frozenset(name for name, source in wanted.items() if source == index)
            if mine:
                lines += definition_lines(self.plan.milestones[index].table, mine)
        slug = self.plan.milestones[position].slug
        return Block(position, slug, tuple(_marked(slug, lines)))

    def _brought(self, position: int) -> set[bytes]:
        """Give what a milestone brings into force or defines anew."""
        own = {_bytes(name) for name in self.plan.milestones[position].defined_names}
        return {
            name
            for name in self._in_force(position)
            if self.layers.place_of(name) == position
            or (name in own and 0 <= self.layers.place_of(name) <= position)
        }

    def _in_force(self, position: int) -> set[bytes]:
        return {name for state in self.plan.states for name in self.layers.table(position, state).names}

    def _wanted(self, position: int) -> dict[bytes, int]:
        """Map what a block has to define to the milestone whose table has it last."""
        if position not in self._known:
            self._known[position] = self._find_wanted(position)
        return self._known[position]

    def _find_wanted(self, position: int) -> dict[bytes, int]:
        own = {_bytes(name) for name in self.plan.milestones[position].defined_names}
        brought = self._brought(position)
        tables = [self.layers.table(position, state) for state in self.plan.states]
        reached = {word for table in tables for name in brought for word in table.reached(name)}
        reached &= self._in_force(position)
        before = {
            name
            for index, milestone in enumerate(self.plan.milestones[:position])
            if milestone.scaffold or milestone.layer is Layer.ANNOUNCE
            for name in (self._wanted(index) if milestone.scaffold else map(_bytes, milestone.defined_names))
        }
        wanted = brought | {name for name in reached if name in own or name not in before}
        return {name: source for name in wanted if (source := self._source(name, position)) >= 0}

    def _source(self, name: bytes, position: int) -> int:
        """Find the last table up to a milestone that defines a name; -1 where none does (a family's)."""
        text = name.decode("utf-8", "surrogateescape")
        having = (i for i in range(position, -1, -1) if text in self.plan.milestones[i].defined_names)
        return next(having, -1)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _places(plan: Plan) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for position, milestone in enumerate(plan.milestones):
        if milestone.scaffold and milestone.layer is not Layer.ANNOUNCE:
            places.setdefault(milestone.scaffold, []).append(position)
    return places


def _marked(slug: str, lines: Collection[tuple[bytes, frozenset[bytes]]]) -> Iterator[BlockLine]:
    """Number the lines, between their marks."""
    names = frozenset[bytes]().union(*(own for _, own in lines))
    marks = [
        (f"/* VimageTrack scaffold of milestone {slug}: {word} */\n".encode(), names)
        for word in ("begin", "end")
    ]
    for number, (text, own) in enumerate([marks[0], *lines, marks[1]] if names else []):
        yield BlockLine(number, text, own)


def definition_lines(table: bytes, wanted: frozenset[bytes]) -> list[tuple[bytes, frozenset[bytes]]]:
    """Take the lines of a table that define some names, and the conditionals around them."""
    tokens = tokenize(table)
    lines: list[tuple[bytes, set[bytes]]] = []
    groups: list[set[bytes]] = []
    for directive in directives(tokens):
        if directive.name in _OPENS:
            groups.append(set())
        if directive.name in _CONDITIONALS and groups:
            lines.append((_spelt(tokens, directive), groups[-1]))
        if directive.name == b"endif" and groups:
            groups.pop()
        if directive.name == b"define" and directive.words and tokens[directive.words[0]] in wanted:
            name = tokens[directive.words[0]]
            lines.append((_spelt(tokens, directive), {name}))
            for group in groups:
                group.add(name)
    return [(text, frozenset(names)) for text, names in lines if names]


def _spelt(tokens: list[bytes], directive: Directive) -> bytes:
    text = b"".join(tokens[directive.first : directive.last]).replace(b"\r\n", b"\n")
    return text.removesuffix(b"\n") + b"\n"


# --- the files that take part


def is_addition(file: FileDiff) -> bool:
    """Say whether a section was made by ``additions``: the monolith leaves the file alone."""
    return not file.header and not file.hunks


def additions(
    diff: Diff, scaffolds: Scaffolds, base: Mapping[str, bytes]
) -> tuple[tuple[FileDiff, ...], list[DiffWarning]]:
    """Make a section for every file that only a scaffold touches; say which are not known.

    Raises PlanError where a scaffold has no place: the file is no C, or the monolith creates, deletes,
    renames, copies or replaces it.
    """
    made, notes = [], []
    for path in sorted(scaffolds.open_paths()):
        touching = [file for file in diff.files if path in (file.old_path, file.new_path)]
        slugs = ", ".join(block.slug for block in scaffolds.of(path) if scaffolds.is_open(block))
        _check_place(path, slugs, touching)
        if not touching and path not in base:
            notes.append(unwritten(slugs, path, "the monolith does not touch it"))
        elif not touching:
            made.append(_addition(path))
    return tuple(made), notes


def unwritten(slugs: str, path: str, why: str) -> DiffWarning:
    """Say that a scaffold is not written, since the text of its file is not known."""
    text = (
        f"The scaffold of {slugs} is not written: this file's text is not known, and {why}. State the base."
    )
    return DiffWarning(path=path, diff_lineno=None, code=CODE, text=text)


def _check_place(path: str, slugs: str, touching: Iterable[FileDiff]) -> None:
    if Language.of_path(path) is None:
        raise refusal(slugs, path, "that file is no C", "Name a header.")
    for file in touching:
        if file.op is FileOp.CREATE:
            hint = "Commit it without content first, with the announcement; then the steps can fill it."
            raise refusal(slugs, path, "only the monolith creates that file", hint)
        if is_piece(file) or is_framed(file):
            words = "deletes that file" if file.op is FileOp.DELETE else "moves, copies or replaces that file"
            raise refusal(slugs, path, f"the monolith {words}", "Name a header that stays what it is.")


def refusal(slugs: str, path: str, why: str, hint: str) -> PlanError:
    """Say that a scaffold cannot stand where the plan wants it."""
    return PlanError(f"the scaffold of {slugs} cannot be written into {path}: {why}", hint=hint)


def _addition(path: str) -> FileDiff:
    return FileDiff(
        preamble=b"",
        header=b"",
        hunks=(),
        trailer=b"",
        old_path=path,
        new_path=path,
        op=FileOp.MODIFY,
        old_mode=None,
        new_mode=None,
        binary=False,
        diff_lineno=1,
    )
