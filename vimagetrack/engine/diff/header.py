"""Read the header lines of one file's section, git's extended ones and the plain pair of names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vimagetrack.engine.diff import names
from vimagetrack.engine.diff.binary import read_payload
from vimagetrack.engine.diff.source import Source
from vimagetrack.engine.errors import ParseError

NULL = b"/dev/null"

_EXTENDED = re.compile(
    rb"(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|"
    rb"rename old|rename new|similarity index|dissimilarity index|index) (.+)"
)
_DATE = re.compile(
    rb"\d{4}-\d\d-\d\d|\d\d?-\d\d?-\d\d+ \d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +[A-Z0-9]|"
    rb"\d\d? [A-Z][a-z][a-z] \d{4}|\((?:revision \d|working copy|nonexistent)"
)
_REVISION = re.compile(rb"\((?:revision [0-9]+|working copy|nonexistent)\)$")
_EMPTY_BLOBS = (
    b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
_USUAL = re.compile(
    rb"diff --git a/([A-Za-z0-9_][A-Za-z0-9_.+-]*+(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*+)*+) b/\1\n"
    rb"index [0-9a-f]{4,40}\.\.[0-9a-f]{4,40} (100644|100755)\n--- a/\1\n\+\+\+ b/\1\n(?=@@ -)"
)
_MODE = re.compile(r"[0-7]{5,6}")
_INDEX = re.compile(rb"([0-9a-f]{1,64})\.\.([0-9a-f]{1,64})(?: ([0-7]{5,6}))?")


@dataclass(slots=True)
class Name:
    """A name as a header line has it: its bytes unquoted, what stands behind it, and the raw token."""

    text: bytes
    stamp: bytes
    token: bytes

    @property
    def absent(self) -> bool:
        """Say whether the line means that there is no file on this side."""
        return self.text == NULL or b"(nonexistent)" in self.stamp


@dataclass(slots=True)
class Head:
    """The header of a section, while it is being read; positions as in ``Source``."""

    start: int
    index: int
    pos: int = 0
    next_index: int = 0
    git: bytes | None = None
    extended: dict[str, bytes] = field(default_factory=dict)
    old: Name | None = None
    new: Name | None = None
    label: bytes = b""
    binary: bool = False
    usual: tuple[str, str] | None = None
    """Path and mode, where ``read_usual`` has understood the header at one glance."""
    notes: list[tuple[str, str]] = field(default_factory=list)

    def advance(self, pos: int, lines: int = 1) -> None:
        """Take so many lines, up to that position, as read."""
        self.pos = pos
        self.next_index += lines


def read_usual(source: Source, head: Head) -> bool:
    """Read the most usual header of all, a changed file with a plain name; says whether it was that.

    Only an abbreviation: ``read_git`` comes to the same, in ten times the time.
    """
    match = _USUAL.match(source.data, head.pos, head.pos + 2048)
    if match is None:
        return False
    name = match[1]
    if len(name) > names.MAX_COMPONENT:
        return False
    head.usual = name.decode(), match[2].decode()
    head.old, head.new = Name(b"a/" + name, b"", b"a/" + name), Name(b"b/" + name, b"", b"b/" + name)
    head.advance(match.end(), 4)
    return True


def read_git(source: Source, head: Head) -> None:
    """Read from a ``diff --git`` line on, up to the first hunk or the section's end."""
    line, after = source.line(head.pos, head.next_index)
    head.git = line[len(b"diff --git ") :]
    head.advance(after)
    data = source.data
    while match := _extended_line(source, head):
        key, value = match[1].decode(), match[2]
        if key in head.extended:
            raise fault(f"the header says '{key}' twice", "header-twice", head.next_index)
        head.extended[key] = value
        head.advance(source.line(head.pos, head.next_index)[1])
    if data.startswith(b"--- ", head.pos):
        read_pair(source, head)
    if data.startswith(b"Binary files ", head.pos):
        head.binary = True
        head.advance(source.line(head.pos, head.next_index)[1])
    if data.startswith(b"GIT binary patch", head.pos):
        head.binary = True
        pos, index = read_payload(source, head.pos, head.next_index)
        head.pos, head.next_index = pos, index
    if head.pos == len(data) and not data.endswith(b"\n"):
        raise fault("the diff ends in the middle of a header line", "truncated", head.next_index - 1)


def _extended_line(source: Source, head: Head) -> re.Match[bytes] | None:
    if source.firsts[head.next_index : head.next_index + 1] not in (b"o", b"n", b"d", b"c", b"r", b"s", b"i"):
        return None
    if source.data.startswith(b"diff ", head.pos):
        return None
    return _EXTENDED.fullmatch(source.line(head.pos, head.next_index)[0])


def read_pair(source: Source, head: Head) -> None:
    """Read the ``---`` and ``+++`` lines."""
    line, after = source.line(head.pos, head.next_index)
    head.old = read_name(line[4:], head.next_index)
    if not source.data.startswith(b"+++ ", after):
        raise fault("a '---' line has no '+++' line after it", "header-pair", head.next_index)
    head.advance(after)
    line, after = source.line(head.pos, head.next_index)
    head.new = read_name(line[4:], head.next_index)
    head.advance(after)


def read_name(text: bytes, index: int) -> Name:
    """Take a name apart from the date or revision behind it: at a tab, else at what looks like one."""
    if text.startswith(b'"'):
        try:
            name, stamp = names.unquote(text)
        except names.NameFault as error:
            message = f"the name {names.shown(names.decode(text))} {error}"
            raise fault(message, "name-quoting", index) from None
        return Name(name, stamp, text[: len(text) - len(stamp)])
    name, tab, stamp = text.partition(b"\t")
    if not tab:  # git closes a name that holds blanks with a tab: then nothing in it is a date
        name, stamp = _blank_stamp(name)
    return Name(name, stamp, name)


def _blank_stamp(text: bytes) -> tuple[bytes, bytes]:
    """Cut a date, a revision or a depot name that blanks set off, as old tools write them."""
    if b"  //" in text:
        name, _, stamp = text.partition(b"  ")
        return name, stamp
    revision = _REVISION.search(text)
    if revision is not None and revision.start():
        return text[: revision.start()].rstrip(b" "), revision[0]
    for match in _DATE.finditer(text):
        if match.start() and text[match.start() - 1 : match.start()] == b" ":
            return text[: match.start()].rstrip(b" "), text[match.start() :]
    return text, b""


def says_no_text(head: Head) -> bool:
    """Say whether the header itself explains that no hunk follows: an empty file, a pure rename.

    Without such a proof, names and no hunk are what a cut leaves.
    """
    ids = blobs(head)
    if ids is None:
        return head.extended.get("similarity index", b"").strip() == b"100%"
    if "new file mode" in head.extended:
        return is_empty_blob(ids[1])
    if "deleted file mode" in head.extended:
        return is_empty_blob(ids[0])
    return ids[0] == ids[1]


def is_empty_blob(blob: bytes) -> bool:
    """Say whether an abbreviated id is that of the empty file."""
    return any(empty.startswith(blob) for empty in _EMPTY_BLOBS)


def blobs(head: Head) -> tuple[bytes, bytes] | None:
    """Return the two abbreviated ids of the ``index`` line, None without one."""
    match = _INDEX.fullmatch(head.extended.get("index", b""))
    return (match[1], match[2]) if match else None


def modes(head: Head) -> tuple[str | None, str | None]:
    """Return the modes before and after, as written; None where the header does not say."""
    if head.usual is not None:
        return head.usual[1], head.usual[1]
    said = head.extended
    match = _INDEX.fullmatch(said.get("index", b""))
    both = match[3].decode() if match and match[3] else None
    before = _mode(head, "old mode") or _mode(head, "deleted file mode")
    after = _mode(head, "new mode") or _mode(head, "new file mode")
    if before is None and "new file mode" not in said:
        before = both
    if after is None and "deleted file mode" not in said:
        after = both
    return before, after


def _mode(head: Head, key: str) -> str | None:
    if key not in head.extended:
        return None
    mode = head.extended[key].decode("latin-1").strip()
    if not _MODE.fullmatch(mode):
        raise fault(f"'{key}' is not followed by an octal mode", "mode", head.index)
    return mode


def fault(message: str, code: str, index: int, path: str | None = None) -> ParseError:
    """Refuse a header; ``index`` counts lines from 0."""
    return ParseError(
        message, code=code, path=path, diff_lineno=index + 1, hint="Make the diff again with its tool."
    )
