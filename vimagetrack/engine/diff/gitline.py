"""Cut the two names out of a ``diff --git`` line, which sets nothing between them but a blank."""

from __future__ import annotations

from vimagetrack.engine.diff import names
from vimagetrack.engine.diff.header import Head, fault


def operands(head: Head) -> tuple[bytes, bytes]:
    """Return the two names as they stand there, unquoted, with their prefixes.

    Where the section has ``---`` and ``+++`` lines, or says a rename, the line must agree with them.
    Raises ParseError otherwise: a reviewer and an applier would see two different files.
    """
    text = (head.git or b"").rstrip(b"\r")
    pair = _quoted(text, head) if b'"' in (text[:1], text[-1:]) else _bare(text, head)
    if pair is None:
        raise fault("the 'diff --git' line cannot be cut into two names", "git-line", head.index)
    for said, name in zip((head.old, head.new), pair, strict=True):
        # Subversion writes its revisions behind the name, and a file that is absent by its name.
        if (
            said is not None
            and not said.absent
            and not _same_file(said.text, name)
            and not name.endswith(b"/" + said.text)
        ):
            raise _disagreement(head, said.text, name)
    return pair


def _disagreement(head: Head, said: bytes, name: bytes) -> Exception:
    said_name, line_name = names.shown(names.decode(said)), names.shown(names.decode(name))
    message = f"the 'diff --git' line names {line_name}, the lines below it {said_name}"
    return fault(message, "names-differ", head.index)


def _quoted(text: bytes, head: Head) -> tuple[bytes, bytes] | None:
    try:
        if text.startswith(b'"'):
            left, rest = names.unquote(text)
            if not rest.startswith(b" "):
                return None
        else:
            left, _, rest = text.partition(b' "')
            rest = b' "' + rest
        right, rest = names.unquote(rest[1:]) if rest.startswith(b' "') else (rest[1:], b"")
    except names.NameFault as error:
        raise fault(f"a name of the 'diff --git' line {error}", "name-quoting", head.index) from None
    return None if rest else (left, right)


def _bare(text: bytes, head: Head) -> tuple[bytes, bytes] | None:
    old = head.old.text if head.old is not None and not head.old.absent else None
    new = head.new.text if head.new is not None and not head.new.absent else None
    if old is not None and new is not None and text == old + b" " + new:
        return old, new
    moved = _moved(text, head)
    if moved is not None:
        return moved
    middle = len(text) // 2
    cuts = [middle] if len(text) % 2 and text[middle : middle + 1] == b" " else []
    if not cuts or not _same_file(text[:middle], text[middle + 1 :]):
        cuts = [at for at in _blanks(text) if _same_file(text[:at], text[at + 1 :])]
    if not cuts and text.count(b" ") == 1:
        cuts = [text.index(b" ")]
    return (text[: cuts[0]], text[cuts[0] + 1 :]) if len(cuts) == 1 else None


def _same_file(left: bytes, right: bytes) -> bool:
    return left == right or left.partition(b"/")[2] == right.partition(b"/")[2] != b""


def _blanks(text: bytes) -> list[int]:
    """Return where the first blanks stand; more than a few hundred are no name but an attack."""
    return [at for at, byte in enumerate(text[:1024]) if byte == 32][:256]


def _moved(text: bytes, head: Head) -> tuple[bytes, bytes] | None:
    """Cut the line by the names of a rename or copy, whatever the prefixes are."""
    for verb in ("rename", "copy"):
        source, target = head.extended.get(f"{verb} from"), head.extended.get(f"{verb} to")
        if source is None or target is None:
            continue
        for at in _blanks(text):
            left, right = text[:at], text[at + 1 :]
            if left.endswith(source.rstrip(b"\r")) and right.endswith(target.rstrip(b"\r")):
                return left, right
    return None
