"""Read old texts from a project's registered bare git repository, through git itself.

The arguments are fixed; what a user said is checked to be hexadecimal and goes to standard input. No hook,
no configuration but the repository's own, no network.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator

from vimagetrack.display import to_bytes
from vimagetrack.errors import DomainError, TemporaryFailure, TooLarge

SECONDS = 120
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def resolve_commit(mirror: str, commit: str) -> str:
    """Give the full id of a commit that the mirror has; DomainError else."""
    if not mirror:
        raise _refusal(
            "This project has no registered mirror to read a commit from",
            "Send a tar of the touched files, or a diff with full context.",
        )
    if not _COMMIT.fullmatch(commit):
        raise _refusal("A commit is named by 7 to 64 hexadecimal digits", "`git rev-parse HEAD` gives them.")
    name, kind, *_ = (*_git(mirror, "--batch-check", f"{commit}^{{commit}}\n".encode()).split(), b"", b"")
    if kind != b"commit":
        raise _refusal(f"The mirror has no commit {commit}", "Fetch into the mirror first, or send a tar.")
    return name.decode()


def read_commit(mirror: str, commit: str, paths: Collection[str], *, limit: int) -> dict[str, bytes]:
    """Give the texts of those of the paths that the commit has; TooLarge instead of more than the limit."""
    asked = sorted(path for path in paths if "\n" not in path)  # git reads a name to the end of its line
    request = b"".join(b"%s:%s\n" % (commit.encode(), to_bytes(path)) for path in asked)
    if sum(_sizes(_git(mirror, "--batch-check", request))) > limit:
        raise TooLarge(f"The touched files of {commit[:12]} hold more than {limit:,} bytes", field="base")
    return dict(_texts(asked, _git(mirror, "--batch", request)))


def _sizes(answer: bytes) -> Iterator[int]:
    for line in answer.split(b"\n"):
        if b" blob " in line:
            yield int(line.rsplit(b" ", 1)[1])


def _texts(paths: list[str], answer: bytes) -> Iterator[tuple[str, bytes]]:
    """Cut git's answer: `ID blob SIZE`, the bytes, a newline; or `NAME missing` and the like."""
    start = 0
    for path in paths:
        end = answer.index(b"\n", start)
        words = answer[start:end].rsplit(b" ", 2)
        start = end + 1
        if len(words) != 3 or not words[2].isdigit():
            continue
        size = int(words[2])
        if words[1] == b"blob":
            yield path, answer[start : start + size]
        start += size + 1


def _git(mirror: str, verb: str, request: bytes) -> bytes:
    command = ["git", "-c", "safe.directory=*", f"--git-dir={mirror}", "cat-file", verb]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    try:
        done = subprocess.run(
            command, input=request, capture_output=True, env=environment, cwd="/", timeout=SECONDS, check=True
        )
    except FileNotFoundError as error:
        raise _refusal("This server has no git", "Send a tar of the touched files.") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise TemporaryFailure("The project's mirror could not be read", field="base") from error
    return done.stdout


def _refusal(message: str, hint: str) -> DomainError:
    return DomainError(message, code="bad-base", field="base", hint=hint)
