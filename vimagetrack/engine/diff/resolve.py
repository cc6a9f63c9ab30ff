"""Understand the names of a section: prefixes, absent sides, renames, and what the operation is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from vimagetrack.engine.diff import names
from vimagetrack.engine.diff.gitline import operands
from vimagetrack.engine.diff.header import Head, Name, blobs, fault, modes, says_no_text
from vimagetrack.engine.diff.model import DiffWarning, FileDiff, FileOp
from vimagetrack.engine.diff.sections import Draft
from vimagetrack.engine.errors import ParseError

_EPOCH = re.compile(
    rb"(?:1970-01-01|1969-12-31) [0-9]{2}:[03]0:00|Jan +0?1 [0-9]{2}:00:00 1970|\(revision 0\)"
)
_DEPOT = re.compile(rb"//[^#]++#[0-9]+")
_COPIES = (".orig", ".old", ".bak", ".new", ".mine", "~", ",v", ".rej")


@dataclass(slots=True)
class Names:
    """What a section's names came to; ``prefixes`` is what was cut off the two."""

    old: str | None
    new: str | None
    prefixes: tuple[str, str] = ("", "")
    notes: list[tuple[str, str]] = field(default_factory=list)


def resolve(drafts: list[Draft]) -> tuple[list[FileDiff], list[DiffWarning]]:
    """Turn drafts into files, in order, with the warnings that their names and operations deserve.

    A name that stands alone (its other side is ``/dev/null``) loses the prefix that the other
    sections of the same diff have.
    """
    pairs = [_pair(draft) for draft in drafts]
    prefixes = {pair.prefixes for pair in pairs if pair is not None}
    files: list[FileDiff] = []
    warnings: list[DiffWarning] = []
    for draft, pair in zip(drafts, pairs, strict=True):
        understood = pair or _alone(draft.head, prefixes)
        if draft.head.label:
            _heed_label(understood, draft.head)
        file = _file(draft, understood)
        files.append(file)
        if draft.head.usual is not None and not draft.head.notes:
            continue
        understood.notes += (*draft.head.notes, *_check_operation(draft.head, file, last=draft is drafts[-1]))
        lineno = file.diff_lineno
        for code, text in understood.notes:
            warnings.append(DiffWarning(path=file.path, diff_lineno=lineno, code=code, text=text))
    return files, warnings


def _pair(draft: Draft) -> Names | None:
    """Understand a section whose header gives both names; None where only one side has any."""
    head = draft.head
    if head.usual is not None:
        return Names(head.usual[0], head.usual[0], ("a", "b"))
    if head.git is not None:
        return _git(head)
    assert head.old is not None
    assert head.new is not None
    if head.old.absent and head.new.absent:
        raise fault("both sides of a section are /dev/null", "no-name", head.index)
    if head.old.absent or head.new.absent:
        return None
    return _plain(draft, head.old, head.new)


def _git(head: Head) -> Names:
    left, right = operands(head)
    old, new = checked(left, head), checked(right, head)
    said = head.extended
    if any(key.startswith("rename ") for key in said) and any(key.startswith("copy ") for key in said):
        raise fault("the header speaks of a rename and of a copy", "header", head.index)
    for verb in ("rename", "copy"):
        if f"{verb} from" in said or f"{verb} to" in said:
            return _moved(head, verb, old, new)
    if "rename old" in said or "rename new" in said:
        raise fault(
            "the header speaks of 'rename old', as no git of the last fifteen years does",
            "header",
            head.index,
        )
    (old_prefix, old_rest), (new_prefix, new_rest) = names.split_prefix(old), names.split_prefix(new)
    if old == new:
        found = Names(old, new)
    elif old_rest == new_rest and old_prefix != new_prefix:
        found = Names(old_rest, new_rest, (old_prefix, new_prefix))
    else:
        message = f"the names {names.shown(old)} and {names.shown(new)} differ without a rename"
        raise fault(message, "names-differ", head.index)
    if head.git is not None and head.git.count(b" " + names.encode(new_prefix) + b"/") > 1:
        found.notes.append(
            ("name-ambiguous", "the 'diff --git' line can be cut into two names in several ways")
        )
    return _with_absent(head, found)


def _with_absent(head: Head, found: Names) -> Names:
    """Take a side away that the header says is not there."""
    created, deleted = "new file mode" in head.extended, "deleted file mode" in head.extended
    if created and deleted:
        raise fault("the header both creates and deletes the file", "header", head.index, found.new)
    no_old, no_new = head.old is not None and head.old.absent, head.new is not None and head.new.absent
    if (head.old is not None and created and not no_old and not _EPOCH.search(head.old.stamp)) or (
        head.new is not None and deleted and not no_new
    ):
        raise fault(
            "the header and its '---' and '+++' lines disagree about which side exists",
            "header",
            head.index,
            found.new,
        )
    if no_old and no_new:
        raise fault("both sides of a section are /dev/null", "no-name", head.index)
    if created or no_old:
        found.old = None
    if deleted or no_new:
        found.new = None
    return found


def _moved(head: Head, verb: str, left: str, right: str) -> Names:
    try:
        source, target = (_value(head.extended[f"{verb} {end}"]) for end in ("from", "to"))
    except KeyError:
        raise fault(f"the header has only one half of a {verb}", "header", head.index) from None
    except names.NameFault as error:
        raise fault(f"the name of a {verb} {error}", "name-quoting", head.index) from None
    for name, full in ((source, left), (target, right)):
        if full != name and not full.endswith("/" + name):
            message = (
                f"the {verb} speaks of {names.shown(name)}, the 'diff --git' line of {names.shown(full)}"
            )
            raise fault(message, "names-differ", head.index)
        refuse_bad(name, head)
    if source == target:
        raise fault(f"a {verb} has the same name on both sides", "header", head.index, source)
    return Names(
        source, target, (left.removesuffix(source).rstrip("/"), right.removesuffix(target).rstrip("/"))
    )


def _value(text: bytes) -> str:
    text = text.rstrip(b"\r")
    return names.decode(names.unquote(text)[0] if text.startswith(b'"') else text)


def _plain(draft: Draft, left: Name, right: Name) -> Names:
    """Find the one file that two plain names speak of, and say so where they leave a choice."""
    head = draft.head
    old, new = _plain_name(left, head), _plain_name(right, head)
    if _DEPOT.match(left.stamp.strip()) and not right.text.startswith(b"//"):
        new = old  # Perforce names the file in the depot on the left, a copy on somebody's disk on the right
    old, new = checked_text(old, head), checked_text(new, head)
    found = _same(old, new, head)
    if left.text.startswith(b"/") and not left.text.startswith(b"//"):
        found.notes.append(
            ("name-rooted", "the name begins at the root of its repository and is taken without it")
        )
    if draft.hunks[0].old_count == 0 and len(draft.hunks) == 1 and draft.hunks[0].old_start == 0:
        found.old = None
    elif _EPOCH.search(right.stamp) and draft.hunks[0].new_count == 0 and len(draft.hunks) == 1:
        found.new = None
    return found


def _plain_name(name: Name, head: Head) -> str:
    """Decode a name; a depot path of Perforce and a path from svn's root lose their slashes."""
    text = name.text
    if text.startswith(b"//") and _in_depot(head):
        text = text[2:]
    elif head.label == text and text.startswith(b"/") and name.stamp.startswith(b"("):
        text = text[1:]
    return names.decode(text)


def _in_depot(head: Head) -> bool:
    """Say whether the left name carries a revision of Perforce."""
    return head.old is not None and _DEPOT.match(head.old.stamp.strip()) is not None


def _same(old: str, new: str, head: Head) -> Names:
    if old == new:
        return Names(old, new)
    (old_prefix, old_rest), (new_prefix, new_rest) = names.split_prefix(old), names.split_prefix(new)
    if old_rest == new_rest:
        return Names(checked_text(new_rest, head), new_rest, (old_prefix, new_prefix))
    both = old_prefix and new_prefix and old_prefix != new_prefix
    for one, other in ((old, new), (old_rest, new_rest)) if both else ((old, new),):
        short, long = sorted((one, other), key=len)
        if long.startswith(short) and long[len(short) :] in _COPIES:
            return Names(short, short)
    chosen = new_rest if (old_prefix, new_prefix) == ("a", "b") else new
    note = f"the sides name different files, {names.shown(old)} and {names.shown(new)}, without a rename"
    return Names(chosen, chosen, notes=[("names-differ", note)])


def _heed_label(found: Names, head: Head) -> None:
    """Compare with the ``Index:`` line, and prefer it where old cvs cuts the others to the last part."""
    name = found.new or found.old or ""
    label = names.decode(head.label).lstrip("/")
    if name.endswith(label) or label in (found.old, found.new):
        return
    if any(said is not None and said.text == head.label for said in (head.old, head.new)):
        return  # quilt writes one of the names as it stands below, prefix and all
    if label.endswith("/" + name) and head.git is None:
        refuse_bad(label, head)
        found.old, found.new = found.old and label, found.new and label
        text = f"the name is taken from 'Index:', the other lines only say {names.shown(name)}"
        found.notes.append(("index-name", text))
    else:
        text = f"the 'Index:' line names {names.shown(label)}, the lines below it {names.shown(name)}"
        found.notes.append(("names-differ", text))


def _alone(head: Head, prefixes: set[tuple[str, str]]) -> Names:
    """Understand the one name of a plain section whose other side is ``/dev/null``."""
    assert head.old is not None
    assert head.new is not None
    side = 0 if head.new.absent else 1
    name = checked_text(_plain_name((head.old, head.new)[side], head), head)
    prefix, rest = names.split_prefix(name)
    if (
        name != names.decode(head.label)
        and prefix
        and (prefix in {pair[side] for pair in prefixes} or prefix == "ab"[side])
    ):
        name = checked_text(rest, head)
    return Names(None, name) if side else Names(name, None)


def checked(name: bytes, head: Head) -> str:
    """Decode a name of a header and refuse a bad one."""
    return checked_text(names.decode(name), head)


def checked_text(name: str, head: Head) -> str:
    """Return the name tidied; raises ParseError where it must not be used."""
    if name.startswith("/"):
        refuse_bad(name, head)
    first, _, rest = name.partition("/")
    if rest.startswith("/") and first != "." and not first.endswith(":"):
        refuse_bad(rest, head)  # an absolute name behind a prefix
    name = names.tidy(name)
    refuse_bad(name, head)
    return name


def refuse_bad(name: str, head: Head) -> None:
    """Raise ParseError for a name that must not be used."""
    try:
        names.check(name)
    except names.NameFault as error:
        raise ParseError(
            f"the name '{names.shown(name)}' {error}",
            code="bad-name",
            path=names.shown(name) or None,
            diff_lineno=head.index + 1,
            hint="A diff may only name files inside the tree: make it again from the top of the tree.",
        ) from None


def _file(draft: Draft, understood: Names) -> FileDiff:
    head = draft.head
    old_mode, new_mode = modes(head)
    return FileDiff(
        preamble=draft.preamble,
        header=draft.header,
        hunks=draft.hunks,
        trailer=draft.trailer,
        old_path=understood.old,
        new_path=understood.new,
        op=_operation(draft, understood, (old_mode, new_mode)),
        old_mode=old_mode,
        new_mode=new_mode,
        binary=head.binary,
        diff_lineno=head.index + 1,
    )


def _operation(draft: Draft, found: Names, both: tuple[str | None, str | None]) -> FileOp:
    head = draft.head
    if found.old is None:
        return FileOp.CREATE
    if found.new is None:
        return FileOp.DELETE
    if "copy from" in head.extended:
        return FileOp.COPY
    if found.old != found.new:
        return FileOp.RENAME
    if draft.hunks or head.binary:
        return FileOp.MODIFY
    if both[0] == both[1]:
        message = "the section says nothing: no mode, no rename, no hunk"
        raise fault(message, "empty-section", head.index, found.new)
    return FileOp.MODE


def _check_operation(head: Head, file: FileDiff, *, last: bool) -> Iterator[tuple[str, str]]:
    """Refuse a section whose hunks contradict its operation; tell where they seem to be missing."""
    if file.op is FileOp.CREATE and any(hunk.old_count for hunk in file.hunks):
        raise fault(
            "the section creates a file and has lines of its old text", "header", head.index, file.path
        )
    if file.op is FileOp.DELETE and any(hunk.new_count for hunk in file.hunks):
        raise fault(
            "the section deletes a file and has lines of its new text", "header", head.index, file.path
        )
    if file.hunks or file.binary or says_no_text(head):
        return
    if blobs(head) is None and "similarity index" not in head.extended:
        return
    message = "the header promises a change of text and no hunk follows"
    if not last:
        yield "text-missing", message
        return
    raise ParseError(
        message,
        code="truncated",
        path=file.path,
        diff_lineno=head.next_index,
        hint="The diff is cut, or was made without the text (git diff -D): make it again, whole.",
    )
