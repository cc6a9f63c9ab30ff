"""What a split is made of: values only, in the order in which the report prints them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from vimagetrack.engine.null.kernel import Outcome

if TYPE_CHECKING:
    from vimagetrack.engine.diff.model import DiffWarning


class Kind(StrEnum):
    """What a change is; the order is that of every bar and table."""

    NULL_MACRO = "null-macro"
    COSMETIC = "cosmetic"
    VOCABULARY = "vocabulary"
    OPAQUE = "opaque"
    MEAT = "meat"


#: Kinds that the kernel has to prove before a layer may carry them.
PROVABLE = frozenset({Kind.NULL_MACRO, Kind.COSMETIC, Kind.VOCABULARY})


class Part(StrEnum):
    """Whether a change has its lines for itself, or is one half of lines that are split inside."""

    WHOLE = "whole"
    NULL = "null"
    MEAT = "meat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a split is; ``done`` and ``total`` count files, ``lines`` changed lines so far."""

    stage: str
    done: int
    total: int
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRecord:
    """One verdict of the kernel on one file's layer in one state.

    It belongs to texts, not to a split: equal digests, definitions, state and kernel give the
    same record, so it can be stored once and checked again by anybody. ``definitions`` names the
    table's macros that the text reaches; ``definitions_sha256`` is over all that the verdict depends on
    besides the texts (``engine.null.premises``); the digests are sha256 of the kernel's token streams.
    """

    state: str
    verdict: Outcome
    rule: str
    reason: str
    assumptions: tuple[str, ...]
    rules: tuple[str, ...]
    definitions: tuple[str, ...]
    definitions_sha256: str
    before_digest: str
    after_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One contiguous edit of one layer.

    ``old`` and ``new`` are (first line, count) in the monolith's own two texts, ``layer_before``
    and ``layer_after`` the same in the layer's; a count of 0 names the line before the gap.
    ``before`` and ``after`` are the touched lines in the layer's own two texts.
    """

    path: str
    milestone: str
    kind: Kind
    old: tuple[int, int]
    new: tuple[int, int]
    part: Part
    verdict: Outcome
    states: tuple[str, ...]
    rule: str
    reason: str
    macros: tuple[str, ...]
    fingerprint: str
    neighbourhood: str
    function: str
    layer_before: tuple[int, int]
    layer_after: tuple[int, int]
    assumptions: tuple[str, ...]
    before: bytes
    after: bytes
    hazards: tuple[str, ...] = ()
    chunk: str | None = None
    straggler_of: str | None = None
    old_path: str | None = None

    @property
    def added(self) -> int:
        """Count the lines that the change adds in its own layer."""
        return self.layer_after[1]

    @property
    def removed(self) -> int:
        """Count the lines that the change removes in its own layer."""
        return self.layer_before[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerFile:
    """One file of one milestone's layer: its patch and, where it claims to be null, its proofs.

    The digests are of the layer's own two texts as far as they are known (the windows joined,
    where the base is not).
    """

    path: str
    milestone: str
    #: Index of the layer in landing order; a mixed milestone has two.
    step: int
    before_sha256: str
    after_sha256: str
    patch: bytes
    added: int
    removed: int
    proofs: tuple[ProofRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The unit of review; ``order`` is 1-based in its milestone, ``changes`` index the split's."""

    id: str
    milestone: str
    kind: Kind
    area: str
    order: int
    title: str
    files: tuple[str, ...]
    added: int
    removed: int
    changes: tuple[int, ...]
    #: The patch, file by file; those of whole layers are the layers' own.
    sections: tuple[bytes, ...]
    #: Why it is longer than a chunk should be; empty where it is not.
    oversize: str = ""

    @property
    def patch(self) -> bytes:
        """Join the sections; made anew each time, since a split holds many."""
        return b"".join(self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneProof:
    """What may be said of a whole milestone: its weakest verdict, with all that it leans on."""

    verdict: Outcome | None
    states: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneResult:
    """A milestone's share of the monolith; ``position`` is its 1-based place in the plan."""

    slug: str
    position: int
    layer: str
    #: Its patches by name, each file by file; the bytes are those of the layers.
    sections: tuple[tuple[str, tuple[bytes, ...]], ...]
    files: int
    added: int
    removed: int
    proof: MilestoneProof

    @property
    def patches(self) -> tuple[tuple[str, bytes], ...]:
        """Join the sections of each patch; made anew each time, since they are as large as the monolith."""
        return tuple((name, b"".join(sections)) for name, sections in self.sections)

    @property
    def patch_names(self) -> tuple[str, ...]:
        """Name the patches."""
        return tuple(name for name, _ in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFinding:
    """An identifier that a layer uses and a later one defines; line numbers are of the new text."""

    identifier: str
    used_in: str
    used_path: str
    used_lineno: int
    defined_in: str
    defined_path: str
    defined_lineno: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamDigest:
    """Digests of the kernel's token stream of one file in one layer and state."""

    path: str
    layer: str
    state: str
    md5: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitResult:
    """Everything that a split found, in an order that depends on bytes and plan alone."""

    engine: str
    kernel: str
    input_sha256: str
    plan_sha256: str
    table_sha256: dict[str, dict[str, str]]
    warnings: tuple[DiffWarning, ...]
    order: tuple[OrderFinding, ...]
    files: int
    milestones: tuple[MilestoneResult, ...]
    changes: tuple[Change, ...]
    chunks: tuple[Chunk, ...]
    layer_files: tuple[LayerFile, ...]
    digests: tuple[StreamDigest, ...] = ()
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Whether every text was known whole; windows make proofs weaker, never wrong.
    whole: bool = True

    def report(self) -> dict[str, object]:
        """Give ``report.json`` as plain values."""
        from vimagetrack.engine.split.report import report  # it needs these values

        return report(self)
