"""Laws that tie one split to another: what must hold when the question is put in another way.

Small trees are generated; the demo and the corpus have the same laws put to them, the corpus when there is
time. Where a law holds as far as the rules allow only, the test says where it does not.
"""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from tests.engine.split.tools import read_plan, unfold
from vimagetrack import demo
from vimagetrack.engine.diff.emit import PatchHunk, file_patch
from vimagetrack.engine.diff.model import FileDiff, body_lines
from vimagetrack.engine.diff.parse import parse
from vimagetrack.engine.null.kernel import Outcome
from vimagetrack.engine.output import patch_files
from vimagetrack.engine.plan import Layer, Plan, parse_plan
from vimagetrack.engine.split import PROVABLE, SplitResult, split
from vimagetrack.engine.split.judge import Judge, prover_for
from vimagetrack.engine.split.opaque import is_piece, language_of
from vimagetrack.engine.split.recompose import SparseText
from vimagetrack.engine.split.run import known_layers
from vimagetrack.engine.split.windows import Window, windows

LONG_AGO = date(2008, 1, 1)
PLAN = parse_plan(
    b"""
[project]
name = "Laws"
slug = "laws"
assume = ["closed-world", "line-numbers", "mixed-declarations", "warnings-not-errors", "bare-blocks"]
[[milestone]]
slug = "names"
title = "Names"
layer = "null"
macros = ["V_*"]
table = '''
#define V_host host
#define V_size size
#define V_list (list)
'''
[[milestone]]
slug = "calls"
title = "Calls"
layer = "null"
table = '''
#define INIT(x)
#define EACH(x)
#define GET(x) x
'''
[[milestone]]
slug = "rest"
title = "The rest"
layer = "meat"
"""
)

#: Statements, each with what a monolith may make of it: null, null of the other milestone, mixed, meat.
STATEMENTS = (
    ("use(host);", "use(V_host);"),
    ("size = size + host;", "V_size = V_size + V_host;"),
    ("list = 0;", "V_list = 0;"),
    ("use(size);", "INIT(a);\n\tuse(size);"),
    ("use(1);", "use(GET(1));"),
    ("use(host, 1);", "use(V_host, 2);"),
    ("a = host;", "a = host - 1;"),
    ("use(list);", "use(V_list); /* seen */"),
    ("a = size * 2;", "INIT(b);\n\ta = V_size * 3;"),
    ("if (a)\n\t\tuse(host);", "if (a)\n\t\tuse(V_host);\n\telse\n\t\tuse(0);"),
    ("use(a);", "use(a);"),
    ("b = 0;", "b = 0;"),
    ("use(b);", "use( b );"),
    ("a = b;", ""),
)


@dataclass(frozen=True)
class Case:
    """A tree before and after, and the plan."""

    base: Mapping[str, bytes]
    final: Mapping[str, bytes]
    plan: Plan

    def diff(self, context: int = 3) -> bytes:
        return b"".join(
            section(path, self.base[path], self.final[path], context)
            for path in self.base
            if self.base[path] != self.final[path]
        )


def generated(seed: int, *, files: int = 3) -> Case:
    """Make a small tree of functions and its monolith."""
    draw = random.Random(seed)
    base: dict[str, bytes] = {}
    final: dict[str, bytes] = {}
    for number in range(files):
        old, new = (
            ["int host, size, *list;", "void use();", ""],
            ["int host, size, *list;", "void use();", ""],
        )
        for function in range(draw.randrange(1, 4)):
            head = [f"int f{number}_{function}(int a, int b)", "{"]
            old, new = old + head, new + head
            for _ in range(draw.randrange(2, 9)):
                before, after = draw.choice(STATEMENTS)
                old += [f"\t{before}"]
                new += [f"\t{after}"] if after else []
            tail = ["\treturn (a);", "}", ""]
            old, new = old + tail, new + tail
        base[f"sys/f{number}.c"] = "\n".join(old).encode() + b"\n"
        final[f"sys/f{number}.c"] = "\n".join(new).encode() + b"\n"
    return Case(base, final, PLAN)


def section(path: str, before: bytes, after: bytes, context: int) -> bytes:
    """Write one file's section with some lines of context."""
    old, new = body_lines(before), body_lines(after)
    hunks = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(context):
        lines: list[tuple[bytes, bytes]] = []
        for tag, i, j, k, m in group:
            if tag == "equal":
                lines += ((b" ", line) for line in old[i:j])
            else:
                lines += ((b"-", line) for line in old[i:j])
                lines += ((b"+", line) for line in new[k:m])
        first = group[0]
        start = first[1] + (any(sign != b"+" for sign, _ in lines))
        hunks.append(
            PatchHunk(
                old_start=start,
                new_start=first[3] + (any(sign != b"-" for sign, _ in lines)),
                lines=tuple(lines),
            )
        )
    return file_patch(old_path=path, new_path=path, old_mode=None, new_mode=None, hunks=hunks)


SEEDS = range(12)
#: More of the same, when there is time.
MANY = [pytest.param(seed, marks=pytest.mark.long) if seed >= 12 else seed for seed in range(60)]


def at_once(case: Case, **more: object) -> SplitResult:
    return split(case.diff(), case.plan, base=case.base, second_opinion=False, **more)


# --- a null patch, split again, has no meat


def layers_of(case: Case, result: SplitResult) -> Iterator[tuple[str, dict[str, bytes], bytes]]:
    """Lay the patches one after the other; give each with the tree before it."""
    tree = dict(case.base)
    for name, patch in patch_files(result).items():
        yield name, dict(tree), patch
        for file in parse(patch, second_opinion=False).files:
            if file.binary:
                continue
            old = tree.get(file.old_path or "", b"")
            text = SparseText([Window(old, old, 1, 1, (), whole=True)])
            text.apply_file(file)
            if file.old_path and file.old_path != file.new_path:
                tree.pop(file.old_path, None)
            if file.new_path:
                tree[file.new_path] = text.texts[0]


def earlier_landed(plan: Plan, position: int) -> Plan:
    """Give the plan as it is once everything before a milestone has landed."""
    return replace(
        plan,
        milestones=tuple(
            replace(one, landed_on=one.landed_on or LONG_AGO) if index < position else one
            for index, one in enumerate(plan.milestones)
        ),
    )


def lines_of(result: SplitResult, name: str) -> dict[str, set[int]]:
    """Give the lines that the null changes of one patch touch, in the layer's own two texts."""
    slug = re.fullmatch(r"\d\d-(.*?)(?:\.1-null)?\.patch", name)[1]
    found: dict[str, set[int]] = {}
    for change in result.changes:
        if change.milestone == slug and change.kind in PROVABLE:
            for side, (first, count) in (("before", change.layer_before), ("after", change.layer_after)):
                found.setdefault(f"{side} {change.old_path or change.path}", set()).update(
                    range(first, first + count)
                )
    return found


def has_no_meat(case: Case, result: SplitResult) -> int:
    """Split every null patch again, on its own layer, with all before it landed; count them."""
    null = {
        name: milestone.position - 1
        for milestone in result.milestones
        for name, _ in milestone.patches
        if milestone.layer == Layer.NULL or name.endswith(".1-null.patch")
    }
    for name, tree, patch in layers_of(case, result):
        if name in null:
            again = split(patch, earlier_landed(case.plan, null[name]), base=tree, second_opinion=False)
            other = [change for change in again.changes if change.kind not in PROVABLE]
            assert other == [], name
            assert lines_of(again, name) == lines_of(result, name)
            assert list(patch_files(again)) == [name]
    return len(null)


@pytest.mark.parametrize("seed", MANY)
def test_a_null_patch_split_again_has_no_meat_and_the_same_lines(seed: int) -> None:
    case = generated(seed)
    if case.diff():
        has_no_meat(case, at_once(case))


# --- the reversed monolith mirrors


def reversed_plan(plan: Plan) -> Plan:
    """Have every definition in force from the start, as landed; one null milestone takes the macros out."""
    first, last = plan.milestones[0], plan.milestones[-1]
    given = b"".join(one.table for one in plan.milestones)
    landed = replace(
        first, slug="before", layer=Layer.ANNOUNCE, table=given, macros=("*",), landed_on=LONG_AGO
    )
    away = replace(first, slug="away", layer=Layer.NULL, table=b"", macros=())
    return replace(plan, milestones=(landed, away, replace(last, slug="meat", layer=Layer.MEAT, table=b"")))


def kinds_of_lines(result: SplitResult, *, swap: bool = False) -> dict[tuple[str, str, int], set[bool]]:
    """Say of every changed line of the monolith whether what has it is proved: by side, path and line."""
    found: dict[tuple[str, str, int], set[bool]] = {}
    for change in result.changes:
        sides = (
            (("new", change.old), ("old", change.new)) if swap else (("old", change.old), ("new", change.new))
        )
        for side, (first, count) in sides:
            for line in range(first, first + count):
                found.setdefault((side, change.path, line), set()).add(change.kind in PROVABLE)
    return found


def turned(diff: bytes) -> bytes:
    """Write a diff the other way round, run by run, so that both have the same lines."""
    sections = []
    for file in parse(diff, second_opinion=False).files:
        hunks = []
        for hunk in file.hunks:
            lines: list[tuple[bytes, bytes]] = []
            for changed, own in groupby(hunk.lines(), key=lambda pair: pair[0] != b" "):
                pairs = list(own)
                if not changed:
                    lines += pairs
                    continue
                lines += ((b"-", line) for sign, line in pairs if sign == b"+")
                lines += ((b"+", line) for sign, line in pairs if sign == b"-")
            hunks.append(PatchHunk(old_start=hunk.new_start, new_start=hunk.old_start, lines=tuple(lines)))
        sections.append(
            file_patch(
                old_path=file.new_path,
                new_path=file.old_path,
                old_mode=file.new_mode,
                new_mode=file.old_mode,
                hunks=hunks,
            )
        )
    return b"".join(sections)


def by_run(diff: bytes, kinds: Mapping[tuple[str, str, int], set[bool]]) -> list[set[bool]]:
    """Say of every run of changed lines whether what has them is proved, each way once."""
    found = []
    for file in parse(diff, second_opinion=False).files:
        for run in (run for hunk in file.hunks for run in hunk.runs()):
            places = [("old", run.old_start_lineno + i) for i in range(len(run.old_lines))]
            places += [("new", run.new_start_lineno + i) for i in range(len(run.new_lines))]
            found.append(set().union(*(kinds.get((side, file.path, line), set()) for side, line in places)))
    return found


@pytest.mark.parametrize("seed", MANY)
def test_the_reversed_monolith_mirrors(seed: int) -> None:
    """A run that is null stays null, with the macros taken out instead, and no run of meat becomes null.

    Not line by line where a run has both: of two alignments that cost the same, the aligner takes the one
    that comes first, which is another one the other way round; and a macro's statement that makes room for
    new meat goes with it (``INIT(a);`` for ``a = b;``), while the one that comes for meat that goes is null.
    """
    case = generated(seed)
    diff = case.diff()
    if not diff:
        return
    there = split(diff, case.plan, base=case.base, second_opinion=False)
    back = split(turned(diff), reversed_plan(case.plan), base=case.final, second_opinion=False)
    ways = by_run(diff, kinds_of_lines(there)), by_run(diff, kinds_of_lines(back, swap=True))
    assert [run for run in zip(*ways, strict=True) if (run[0] == {True}) != (run[1] == {True})] == []
    mixed = [run for run in zip(*ways, strict=True) if run[0] != run[1]]
    assert len(mixed) <= 1


# --- the order of the files in the diff


def shuffled(diff: bytes, seed: int) -> bytes:
    sections = re.split(rb"(?m)^(?=diff --git )", diff)[1:]
    random.Random(seed).shuffle(sections)
    return b"".join(sections)


def what_it_says(result: SplitResult) -> dict[str, object]:
    """Give all of a split that does not hang on the order of its files."""
    return {
        "changes": {
            (change.path, change.milestone, change.fingerprint): replace(change, chunk=None)
            for change in result.changes
        },
        "layers": {
            (row.path, row.step): (row.patch, row.before_sha256, row.after_sha256, row.proofs)
            for row in result.layer_files
        },
        "digests": set(result.digests),
        "milestones": [
            (one.slug, one.layer, one.files, one.added, one.removed, one.proof) for one in result.milestones
        ],
        "totals": result.totals,
        "tables": result.table_sha256,
        "order": {(one.identifier, one.used_in, one.defined_in) for one in result.order},
        "chunked": sum(len(chunk.changes) for chunk in result.chunks),
    }


@pytest.mark.parametrize("seed", MANY)
def test_the_order_of_the_files_changes_nothing(seed: int) -> None:
    case = generated(seed, files=4)
    diff = case.diff()
    if diff:
        one = split(diff, case.plan, base=case.base, second_opinion=False)
        two = split(shuffled(diff, seed), case.plan, base=case.base, second_opinion=False)
        assert what_it_says(one) == what_it_says(two)


# --- with a base, and without


def is_not_contradicted(diff: bytes, plan: Plan, base: Mapping[str, bytes]) -> Counter[str]:
    """Judge on whole texts the null layers that windows alone gave: never refuted. Count what is said."""
    patches = patch_files(split(diff, plan, second_opinion=False))
    parsed = parse(diff, second_opinion=False)
    layers = known_layers(parsed, plan, base)
    found: Counter[str] = Counter()
    for file in parsed.files:
        language = language_of(file)
        if is_piece(file) or language is None:
            continue
        known = windows(file, base[file.old_path], whole_hunk=False)
        text, judge = SparseText(known), Judge(known[0], file.path, layers, prover_for(layers, language))
        for step in layers.steps:
            for own in sections_of(patches.get(step.patch_name, b""), file):
                before = text.texts[0]
                text.apply_file(own)
                if step.null:
                    for judgement in judge.verdict_on(before, text.texts[0], step).judgements:
                        assert judgement.outcome is not Outcome.REFUTED, (file.path, judgement.reason)
                        found[judgement.outcome.value] += 1
    return found


def sections_of(patch: bytes, file: FileDiff) -> list[FileDiff]:
    own = parse(patch, second_opinion=False).files if patch else ()
    return [section for section in own if section.old_path in (file.old_path, file.new_path)]


@pytest.mark.parametrize("context", [0, 1, 3])
@pytest.mark.parametrize("seed", MANY)
def test_windows_and_whole_texts_never_contradict(seed: int, context: int) -> None:
    case = generated(seed)
    diff = case.diff(context)
    if diff:
        is_not_contradicted(diff, case.plan, case.base)


# --- the same of the demo and of the corpus


#: The demo without scaffolds: what they write is no part of the monolith, and needs a base.
BARE = parse_plan(demo.plan_toml().replace('scaffold = "sys/sys/vimage.h"\n', ""))


def test_the_demos_null_patches_have_no_meat() -> None:
    case = Case(demo.base_files(), {}, BARE)
    result = split(demo.monolith(), BARE, base=case.base, second_opinion=False)
    assert has_no_meat(case, result) >= 2


def test_the_order_of_the_demos_files_changes_nothing() -> None:
    base = demo.base_files()
    one = split(demo.monolith(), demo.plan(), base=base, second_opinion=False)
    two = split(shuffled(demo.monolith(), 1), demo.plan(), base=base, second_opinion=False)
    assert what_it_says(one) == what_it_says(two)


def test_the_demos_windows_and_whole_texts_never_contradict() -> None:
    found = is_not_contradicted(demo.monolith(), BARE, demo.base_files())
    assert found["proved"] > 20


CORPUS = (
    "freebsd-2008-A-nearpure",
    "lua-likely",
    "git-unused-intro",
    "phpredis-tsrmls-add",
    "bz-2010-curvnet",
    "bz-2010-whirl",
    "osv-rename-notnull",
)


@pytest.mark.long
@pytest.mark.parametrize("name", CORPUS)
def test_the_laws_hold_of_real_monoliths(name: str, shared_dir: Path) -> None:
    folder = shared_dir / "corpus" / name
    plan = read_plan(folder)
    base, final = unfold((folder / "full-context.diff").read_bytes())
    monolith = (folder / "monolith.diff").read_bytes()
    result = split(monolith, plan, base=base, second_opinion=False)
    has_no_meat(Case(base, final, plan), result)
    two = split(shuffled(monolith, 1), plan, base=base, second_opinion=False)
    assert what_it_says(result) == what_it_says(two)
    is_not_contradicted(monolith, plan, base)
