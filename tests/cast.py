"""The people, plan and monolith that the records' tests share."""

from __future__ import annotations

import difflib
import io
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from milestones.models import Project
from milestones.services import create_project
from reviews.models import Revision
from reviews.services import receive_revision
from reviews.tasks import ingest, resplit_project
from vimagetrack.engine.plan import parse_plan
from vimagetrack.jobs.models import Job
from vimagetrack.people.models import Membership, Person, Role
from vimagetrack.people.services import person_for

NOW = datetime(2008, 6, 9, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

PLAN = """\
[project]
name = "FreeBSD VIMAGE"
slug = "vimage"
public = false
assume = ["closed-world"]

[[milestone]]
slug = "macros"
title = "Macros that change nothing"
due_on = 2008-06-15
settle_days = 14
layer = "null"
macros = ["V_*"]
table = "#define V_hostname hostname"

[[milestone]]
slug = "jail"
title = "Jail and vimage framework"
due = "2008-07"
layer = "meat"

[[area]]
name = "kern"
paths = ["sys/kern/**"]
reviewers = ["rwatson"]
owners = ["julian@example.org"]
"""

BEFORE = b"""\
int hostname;

int
name(void)
{

	return (hostname);
}

int
jail(int id)
{

	return (id);
}
"""

PATH = "sys/kern/kern_jail.c"


def diff(before: bytes, after: bytes, *, path: str = PATH, context: int = 1000) -> bytes:
    """Write a unified diff of one file, by default with full context."""
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{path}".encode(),
        f"b/{path}".encode(),
        n=context,
    )
    return b"".join(lines)


def tar_of(files: dict[str, bytes]) -> bytes:
    """Pack files as an upload brings them."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    return raw.getvalue()


AFTER = BEFORE.replace(b"(hostname)", b"(V_hostname)").replace(b"(id)", b"(id + 1)")
MONOLITH = diff(BEFORE, AFTER)
#: The same without context enough to know the file.
WINDOWED = diff(BEFORE, AFTER, context=1)
#: The same with one more line of meat: the next regeneration.
REGENERATED = diff(BEFORE, AFTER.replace(b"\treturn (id + 1)", b"\tid++;\n\treturn (id + 1)"))


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who plays: alice leads and administers, bob reads, charlie has an account and nothing else."""

    alice: Person
    bob: Person
    charlie: Person
    project: Project

    def send(self, data: bytes = MONOLITH, **more: object) -> Revision:
        """Let alice send a revision."""
        return receive_revision(
            actor=self.alice,
            project=self.project,
            source=data,
            filename="vimage.diff",
            now=NOW,
            **more,  # type: ignore[arg-type]
        )

    def ingest(self, data: bytes = MONOLITH, **more: object) -> Revision:
        """Let alice send a revision, and the worker do its jobs."""
        revision = self.send(data, **more)
        work_off()
        revision.refresh_from_db()
        return revision


def account(handle: str, *, superuser: bool = False) -> Person:
    """Make a person with an account."""
    user = User.objects.create_user(handle, password=handle, is_superuser=superuser)
    return person_for(user=user)


def make_cast() -> Cast:
    """Make the three people and their private project."""
    alice, bob, charlie = (account(handle) for handle in ("alice", "bob", "charlie"))
    project = create_project(actor=alice, plan=parse_plan(PLAN), toml=PLAN, now=NOW)
    Membership.objects.create(project=project, person=bob, role=Role.READER)
    return Cast(alice=alice, bob=bob, charlie=charlie, project=project)


def work_off() -> None:
    """Do what is queued, as the worker does, until nothing is."""
    tasks = {"reviews.ingest": ingest, "reviews.resplit": resplit_project}
    while (job := Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first()) is not None:
        Job.objects.filter(pk=job.pk).update(due_at=NOW)
        tasks[job.kind](job.pk)
