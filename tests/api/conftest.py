"""A small world for the API's tests: alice leads, bob reads, charlie is a stranger; two projects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from milestones.models import Milestone, PlanVersion, Project
from reviews.models import (
    Blob,
    ChangeText,
    Chunk,
    ChunkContent,
    ChunkVersion,
    Layer,
    LayerPatch,
    Placement,
    Proof,
    Revision,
    Series,
    Split,
)
from reviews.store import blob_row, store_bytes
from vimagetrack.jobs.models import Job
from vimagetrack.people.models import Membership, Person, Role, Scope
from vimagetrack.people.services import create_token

NOW = datetime(2008, 6, 9, 12, 0, tzinfo=UTC)
PLAN = """[project]
name = "VIMAGE"
slug = "{slug}"
public = {public}

[[milestone]]
slug = "macros"
title = "Macros that change nothing"
due_on = 2008-06-15
layer = "null"
macros = ["V_*"]
table = "#define V_hostname hostname"

[[milestone]]
slug = "jail"
title = "Jail"
due = "2008-07"
layer = "meat"
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """What the tests ask about."""

    alice: Person
    bob: Person
    charlie: Person
    private: Project
    public: Project
    revision: Revision  # of the private project, complete
    chunk: ChunkVersion
    job: Job


@pytest.fixture
def world(db: None, store: Callable[[bytes], Blob]) -> World:
    """Make the world by rows, not by the pipeline: the doors are tried, not what stands behind them."""
    alice, bob, charlie = (make_person(handle) for handle in ("alice", "bob", "charlie"))
    private, public = make_project("vimage", alice, bob), make_project("open", alice, bob, public=True)
    revision = make_revision(private, alice, store(b"--- a/x\n+++ b/x\n"))
    make_revision(public, alice, revision.blob)
    chunk = make_split(private, revision, store)
    job = Job.objects.create(
        kind="reviews.ingest", project=private, subject_kind="revision", subject_id=revision.pk, key="k",
        state=Job.State.DONE, error="a secret path: /srv/secret", due_at=NOW, created_at=NOW,
    )  # fmt: skip
    return World(
        alice=alice, bob=bob, charlie=charlie, private=private, public=public, revision=revision, chunk=chunk,
        job=job,
    )  # fmt: skip


def make_person(handle: str) -> Person:
    user = get_user_model().objects.create_user(handle, password="x")
    return Person.objects.create(handle=handle, user=user)


def make_project(slug: str, lead: Person, reader: Person, *, public: bool = False) -> Project:
    project = Project.objects.create(
        slug=slug, name=slug.title(), visibility="public" if public else "private", created_at=NOW
    )
    for role in (Role.LEAD, Role.ADMIN):
        Membership.objects.create(project=project, person=lead, role=role)
    Membership.objects.create(project=project, person=reader, role=Role.READER)
    toml = PLAN.format(slug=slug, public=str(public).lower())
    PlanVersion.objects.create(
        project=project, number=1, source=toml, toml=toml, sha256="0" * 64, author=lead, at=NOW
    )
    common: dict[str, Any] = {"project": project}
    Milestone.objects.create(
        slug="macros", title="Macros that change nothing", position=1, layer="null", due_kind="day",
        due_on=date(2008, 6, 15), owner=lead, **common,
    )  # fmt: skip
    Milestone.objects.create(
        slug="jail",
        title="Jail",
        position=2,
        layer="meat",
        due_kind="month",
        due_on=date(2008, 7, 1),
        **common,
    )
    return project


def make_revision(project: Project, actor: Person, blob: Blob) -> Revision:
    series = Series.objects.create(project=project, slug="main", created_at=NOW)
    revision = Revision.objects.create(
        series=series, number=1, blob=blob, status="complete", uploaded_by=actor, received_at=NOW,
        filename="mono.diff",
    )  # fmt: skip
    series.current = revision
    series.save(update_fields=["current"])
    return revision


def make_split(project: Project, revision: Revision, store: Callable[[bytes], Blob]) -> ChunkVersion:
    split = Split.objects.create(
        revision=revision, plan_version=project.plan_version, number=1, engine="1", kernel_version="1",
        state="current", input_sha256=revision.blob.sha256, plan_sha256="0" * 64,
        totals={"meat": {"added": 1}}, report=store(b'{"schema": 1}'), created_at=NOW,
    )  # fmt: skip
    milestone = project.milestones.get(slug="macros")
    layer = Layer.objects.create(
        split=split, milestone=milestone, position=1, slug="macros", layer="null", files=1, added=1,
        removed=1, verdict="proved", states=["default"],
        kinds={"null-macro": {"changes": 1, "added": 1, "removed": 1}},
    )  # fmt: skip
    LayerPatch.objects.create(layer=layer, position=1, name="01-macros.patch", blob=store(b"patch one\n"))
    proof = Proof.objects.create(
        before_sha256="1" * 64, after_sha256="2" * 64, definitions_sha256="3" * 64, state="default",
        kernel_version="1", verdict="proved",
    )  # fmt: skip
    text = ChangeText.objects.create(
        fingerprint="f" * 64, content_digest="c" * 64, path=b"sys/net/if.c", path_text="sys/net/if.c",
        func="if_alloc", before=b"\tname = hostname;\xff\n", after=b"\tname = V_hostname;\xff\n",
    )  # fmt: skip
    newest = None
    for position, (kind, verdict) in enumerate([("null-macro", "proved"), ("meat", "undecided")], 1):
        content = ChunkContent.objects.create(
            digest=str(position) * 64, paths=["sys/net/if.c"] if position == 1 else ["sys/kern/kern_100%.c"],
            changes=1, added=1, removed=1, verdict=verdict, patch=b"chunk patch\n",
        )  # fmt: skip
        Placement.objects.create(
            content=content, text=text, proof=proof, position=1, fingerprint="f" * 64, neighbourhood="n" * 64,
            kind=kind, part="whole", verdict=verdict, rule="expansion",
            old_lineno=1, old_count=1, new_lineno=1, new_count=1,
            before_lineno=1, before_count=1, after_lineno=1, after_count=1,
        )  # fmt: skip
        chunk = Chunk.objects.create(project=project, series=revision.series, uid=f"uid{position}")
        version = ChunkVersion.objects.create(
            project=project, split=split, chunk=chunk, content=content, milestone=milestone, layer=layer,
            kind=kind, position=position, title=f"Chunk {position}", area="net" if position == 1 else "",
        )  # fmt: skip
        newest = newest or version
    assert newest is not None
    return newest


@pytest.fixture
def ask(world: World) -> Callable[..., APIClient]:
    """Give a client: ask(None), ask(world.alice) by session, ask(world.alice, "read") by token."""

    @cache  # a new client loads all middleware anew, which costs more than a request
    def make(person: Person | None = None, *scopes: str, project: Project | None = None) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        if person is not None and scopes:
            _, text = create_token(
                person=person, scopes=[Scope(s) for s in scopes], project=project, now=NOW, label="t"
            )
            client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        elif person is not None:
            client.force_login(person.user)
        return client

    return make


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Callable[[bytes], Blob]:
    """Keep bytes in a store of this test's own."""
    settings.BLOB_DIR = tmp_path / "blobs"

    def keep(data: bytes) -> Blob:
        return blob_row(store_bytes(data), now=NOW)

    return keep
