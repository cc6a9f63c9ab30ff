"""From bytes to rows: whole or not at all, once however often, and with words where not."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from milestones.services import change_plan, register_mirror
from reviews.ingest import pipeline, rows
from reviews.models import (
    ChangeText,
    Chunk,
    ChunkContent,
    ChunkVersion,
    Layer,
    LayerFile,
    LayerPatch,
    Placement,
    Proof,
    Revision,
    Series,
    Split,
)
from reviews.services import BaseClaim
from reviews.store import read_blob
from reviews.tasks import ingest
from tests.cast import (
    BEFORE,
    LATER,
    MONOLITH,
    PATH,
    PLAN,
    REGENERATED,
    WINDOWED,
    Cast,
    account,
    make_cast,
    tar_of,
    work_off,
)
from vimagetrack.engine.errors import EngineError, SplitError, TableError
from vimagetrack.engine.plan import parse_plan
from vimagetrack.events.models import Event
from vimagetrack.jobs.models import Job, JobStage

OF_A_SPLIT = (
    Split,
    Layer,
    LayerPatch,
    LayerFile,
    Proof,
    ChangeText,
    Chunk,
    ChunkContent,
    ChunkVersion,
    Placement,
)


def rows_digest() -> str:
    """Digest every row that an ingest writes, but for ids' gaps and times."""
    found: list[Any] = []
    for model in OF_A_SPLIT:
        columns = [f.attname for f in model._meta.concrete_fields if f.attname not in ("id", "created_at")]
        columns = [name for name in columns if not name.endswith("_id")]
        found += [model.__name__, sorted(map(repr, model.objects.values_list(*columns)))]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def change(cast: Cast, toml: str) -> None:
    change_plan(
        actor=cast.alice, project=cast.project, plan=parse_plan(toml), toml=toml, reason="", now=LATER
    )


# What is stored


def test_a_revision_becomes_layers_chunks_and_proofs(cast: Cast) -> None:
    revision = cast.ingest()
    assert (revision.status, revision.refusal, revision.base_kind) == ("complete", "", "full-context")
    assert Series.objects.get().current == revision
    split = Split.objects.current().get()
    assert (split.number, split.files, split.whole, split.totals["meat"]["added"]) == (1, 1, True, 1)
    macros, jail = split.layers.all()
    assert (str(macros), macros.verdict, macros.kinds["null-macro"]["added"]) == ("01-macros", "proved", 1)
    assert (str(jail), jail.verdict, list(jail.kinds)) == ("02-jail", "", ["meat"])
    null, meat = ChunkVersion.objects.of_split(split)
    assert [(one.kind, one.position, one.area) for one in (null, meat)] == [
        ("null-macro", 1, "kern"),
        ("meat", 1, "kern"),
    ]
    assert (null.content.verdict, null.content.paths, meat.content.verdict) == ("proved", [PATH], "undecided")


def test_a_change_keeps_its_lines_and_its_proof(cast: Cast) -> None:
    cast.ingest()
    placed = Placement.objects.get(kind="null-macro")
    assert (placed.old_lineno, placed.new_lineno, placed.states) == (7, 7, ["default"])
    assert (bytes(placed.text.before), bytes(placed.text.after)) == (
        b"\treturn (hostname);\n",
        b"\treturn (V_hostname);\n",
    )
    assert placed.proof is not None
    assert (placed.proof.verdict, placed.proof.state) == ("proved", "default")
    file = LayerFile.objects.get(before_sha256=placed.proof.before_sha256)
    assert bytes(file.path) == PATH.encode()


def test_patches_and_report_can_be_read_without_the_engine(cast: Cast) -> None:
    cast.ingest()
    split = Split.objects.get()
    patches = {one.name: read_blob(one.blob) for one in LayerPatch.objects.all()}
    assert list(patches) == ["01-macros.patch", "02-jail.patch"]
    assert b"+\treturn (V_hostname);\n" in patches["01-macros.patch"]
    report = json.loads(read_blob(split.report))
    assert report["input_sha256"] == split.input_sha256 == hashlib.sha256(MONOLITH).hexdigest()
    assert len(report["changes"]) == 2


def test_a_tree_makes_windows_whole_and_names_the_base_like_full_context(cast: Cast) -> None:
    alone = cast.ingest(WINDOWED)
    with_tree = cast.ingest(WINDOWED, base=BaseClaim.of_tree(tar_of({PATH: BEFORE, "other.c": b""})))
    full = cast.ingest(MONOLITH)
    assert [Split.objects.get(revision=one).whole for one in (alone, with_tree, full)] == [False, True, True]
    assert (alone.base_kind, alone.base_digest) == ("none", "")
    assert with_tree.base_digest == full.base_digest != ""


def test_a_commit_of_the_mirror_is_a_base(cast: Cast, tmp_path: Path) -> None:
    mirror, head = mirror_of({PATH: BEFORE}, tmp_path)
    register_mirror(
        actor=account("root", superuser=True), project=cast.project, folder=str(mirror), now=LATER
    )
    revision = cast.ingest(WINDOWED, base=BaseClaim.of_commit(head[:12]))
    assert (revision.status, revision.base_kind, revision.base_id) == ("complete", "commit", head)
    assert Split.objects.get().whole
    assert revision.base_digest == cast.ingest().base_digest


def mirror_of(files: dict[str, bytes], folder: Path) -> tuple[Path, str]:
    """Commit files and mirror them; give the bare repository and the commit."""
    work, bare = folder / "work", folder / "mirror.git"
    for path, text in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(text)
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "base"]):
        subprocess.run(["git", "-C", str(work), *command], check=True)
    subprocess.run(["git", "clone", "-q", "--mirror", str(work), str(bare)], check=True)
    asked = ["git", f"--git-dir={bare}", "rev-parse", "HEAD"]
    return bare, subprocess.run(asked, check=True, capture_output=True).stdout.decode().strip()


def test_events_tell_what_happened(cast: Cast) -> None:
    cast.ingest()
    assert list(Event.objects.values_list("category", flat=True)) == [
        "project-created",
        "revision-received",
        "split-completed",
    ]


# Refused


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00word/document.xml" + bytes(range(256)) * 20, ""),
        (MONOLITH[:-20], "diff line"),
        (MONOLITH.replace(b"sys/kern/kern_jail.c", b"../../etc/passwd"), "etc/passwd"),
        (MONOLITH.replace(b"@@ -1,15", b"@@ -1,1x"), ""),
        (b"nothing of a diff\n" * 1000, ""),
    ],
    ids=["word", "truncated", "passwd", "header", "prose"],
)
def test_a_bad_diff_is_refused_with_a_sentence_and_leaves_no_row(cast: Cast, data: bytes, words: str) -> None:
    revision = cast.ingest(data)
    assert (revision.status, revision.is_finished) == ("refused", True)
    assert revision.refusal
    assert words in revision.refusal_words
    assert revision.refusal_hint
    assert Job.objects.about(revision).get().state == "done"
    assert Event.objects.get(category="revision-refused").payload["words"]
    assert not any(model.objects.exists() for model in OF_A_SPLIT)


def test_a_base_that_does_not_fit_is_refused(cast: Cast) -> None:
    other = BEFORE.replace(b"hostname", b"domainname")
    revision = cast.ingest(base=BaseClaim.of_tree(tar_of({PATH: other})))
    assert (revision.status, PATH in revision.refusal_words) == ("refused", True)


def test_a_refused_revision_does_not_hide_the_current_one(cast: Cast) -> None:
    good = cast.ingest()
    cast.ingest(b"no diff\n")
    assert Series.objects.get().current == good
    assert list(Revision.objects.current_of(cast.project)) == [good]


# Once, however often


def test_a_job_done_twice_ends_in_the_same_rows(cast: Cast) -> None:
    revision = cast.ingest()
    once = rows_digest()
    job = Job.objects.about(revision).get()
    Job.objects.filter(pk=job.pk).update(state="queued")
    ingest(job.pk)
    assert rows_digest() == once
    assert Event.objects.filter(category="split-completed").count() == 1


def test_a_store_that_lost_the_race_finds_the_winner(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run computed all, for it looked before the first had stored."""
    revision = cast.ingest()
    once = rows_digest()
    monkeypatch.setattr(pipeline, "find_split", lambda *_: None)
    job = Job.objects.about(revision).get()
    Job.objects.filter(pk=job.pk).update(state="queued")
    ingest(job.pk)
    job.refresh_from_db()
    assert (job.state, rows_digest()) == ("done", once)
    assert JobStage.objects.filter(stage="split").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_end_in_the_same_rows(queued: object) -> None:
    cast = make_cast()
    revision = cast.send()
    job = Job.objects.about(revision).get()
    start = threading.Barrier(2)

    def run() -> None:
        try:
            start.wait(10)
            pipeline.run(job)
        finally:
            connections.close_all()

    Job.objects.filter(pk=job.pk).update(state="running", attempt=0, lease_until=LATER)
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    twice = rows_digest()
    assert Split.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE reviews_split, reviews_chunkcontent, reviews_changetext, reviews_proof CASCADE"
        )
        cursor.execute("TRUNCATE reviews_chunk CASCADE")
    pipeline.run(job)
    assert rows_digest() == twice


@pytest.mark.parametrize("broken", ["merge_contents", "chunk_ids", "promote", "note_split"])
def test_a_fault_while_storing_leaves_nothing_and_the_next_run_mends_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    revision = cast.send()
    with monkeypatch.context() as patch:
        patch.setattr(rows, broken, _break)
        ingest(Job.objects.about(revision).get().pk)
    revision.refresh_from_db()
    assert revision.status == "ingesting"
    assert not any(model.objects.exists() for model in OF_A_SPLIT)
    work_off()
    revision.refresh_from_db()
    assert revision.status == "complete"


def _break(*args: object, **kwargs: object) -> None:
    raise RuntimeError("cut the power")


def test_three_failures_park_and_say_so_and_a_retry_mends(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "run_split", _break)
        revision = cast.ingest()
    assert (revision.status, "did not foresee" in revision.refusal_words) == ("failed", True)
    assert Job.objects.about(revision).get().state == "parked"
    assert cast.ingest() == revision
    revision.refresh_from_db()
    assert revision.status == "complete"


def test_a_broken_law_parks_at_once_and_does_not_blame_the_diff(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlawful(*_: object) -> None:
        raise SplitError("the patches do not give what the monolith gives", path="a.c")

    monkeypatch.setattr(pipeline, "run_split", unlawful)
    revision = cast.ingest()
    assert revision.status == "failed"
    assert "a fault of the engine, not of the diff" in revision.refusal_words
    assert Job.objects.about(revision).get().failures == 1


# Regenerations and plans


def test_a_regeneration_keeps_uids_and_stores_nothing_twice(cast: Cast) -> None:
    first = cast.ingest()
    texts = ChangeText.objects.count()
    second = cast.ingest(REGENERATED)
    assert Series.objects.get().current == second
    null = [ChunkVersion.objects.get(split__revision=one, kind="null-macro") for one in (first, second)]
    assert null[0].chunk == null[1].chunk
    assert null[0].content == null[1].content
    assert ChangeText.objects.count() == texts + 1


def test_a_late_older_revision_does_not_become_current(cast: Cast) -> None:
    first, second = cast.send(), cast.send(REGENERATED)
    for revision in (second, first):
        ingest(Job.objects.about(revision).get().pk)
    assert Series.objects.get().current == second


def test_a_new_plan_makes_a_new_split_of_the_current_revision(cast: Cast) -> None:
    revision = cast.ingest()
    uid = Chunk.objects.get(versions__kind="meat").uid
    change(cast, PLAN.replace('title = "Jail and vimage framework"', 'title = "Jail"'))
    work_off()
    old, new = Split.objects.filter(revision=revision).order_by("number")
    assert (old.state, new.state, new.number) == ("superseded", "current", 2)
    assert new.plan_version == cast.project.plan_version
    assert ChunkVersion.objects.get(split=new, kind="meat").chunk.uid == uid


def test_a_plan_changed_before_the_worker_came_is_the_one_that_counts(cast: Cast) -> None:
    revision = cast.send()
    change(cast, PLAN + "# changed\n")
    Job.objects.filter(kind="reviews.resplit").update(state="done")  # even if that job came late
    work_off()
    revision.refresh_from_db()
    assert revision.status == "complete"
    assert Split.objects.get().plan_version == cast.project.plan_version


@pytest.mark.parametrize("error", [SplitError("no"), TableError("a table that is none")])
def test_a_new_plan_that_cannot_split_leaves_the_old_split(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, error: EngineError
) -> None:
    revision = cast.ingest()
    change(cast, PLAN + "# changed\n")

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "run_split", refuse)
    work_off()
    revision.refresh_from_db()
    assert revision.status == "complete"
    assert Split.objects.current().get().plan_version.number == 1
    assert Job.objects.about(revision).first().state == "parked"


def test_progress_is_seen_from_outside_while_it_runs(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int]] = []
    report = pipeline.Reporter.__call__

    def watched(self: pipeline.Reporter, stage: str, done: int, total: int, lines: int = 0) -> None:
        report(self, stage, done, total, lines)
        seen.append(Job.objects.values_list("stage", "done", "total").get())

    monkeypatch.setattr(pipeline.Reporter, "__call__", watched)
    cast.ingest()
    stages = list(dict.fromkeys(stage for stage, _, _ in seen))
    assert stages == [stage for stage in pipeline.STAGES if stage in stages]
    assert (stages[0], stages[-1]) == ("base", "store")
    assert len(stages) > 3
