"""Parse a diff without losing a byte, or say what, where and what to do.

The steps: refuse what is no diff; index the lines; cut into sections; understand names; check the
sections together; flag what a reviewer must be told; ask ``unidiff`` for a second opinion.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from vimagetrack.engine.diff.checks import check_files
from vimagetrack.engine.diff.contents import flag_contents
from vimagetrack.engine.diff.foreign import refuse_outright, refuse_without_sections
from vimagetrack.engine.diff.mail import check_mail, explain
from vimagetrack.engine.diff.model import Diff, DiffWarning
from vimagetrack.engine.diff.resolve import resolve
from vimagetrack.engine.diff.second_opinion import check_second_opinion
from vimagetrack.engine.diff.sections import Sections, read_sections
from vimagetrack.engine.diff.source import Source, read_source
from vimagetrack.engine.errors import ParseError


def parse(data: bytes, *, second_opinion: bool = True) -> Diff:
    """Parse git's and plain unified diffs, alone or in mails; ``emit`` gives the same bytes back.

    Raises ParseError for everything whose bytes cannot all be accounted for. It is safe to refuse
    too much, never to read over a change. ``second_opinion=False`` leaves unidiff out, for measuring.
    """
    refuse_outright(data)
    with _without_collector():
        sections, source = _sections(data)
        files, notes = resolve(sections.drafts)
        warnings = [*sections.warnings, *notes, *check_mail(files, sections.trailer), *check_files(files)]
        spans = [(draft.head.start, draft.head.pos) for draft in sections.drafts]
        warnings += flag_contents(data, files, spans, source.odd)
        if second_opinion:
            check_second_opinion(sections.drafts, files)
        warnings.sort(key=_by_place)
        return Diff(files=tuple(files), trailer=sections.trailer, warnings=tuple(warnings))


def _sections(data: bytes) -> tuple[Sections, Source]:
    source = read_source(data)
    try:
        sections = read_sections(source)
    except ParseError as error:
        raise explain(error, data) from None
    if not sections.drafts:
        raise refuse_without_sections(source, named=bool(sections.warnings))
    return sections, source


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, over hunks that all stay.

    It costs a third of the time from 50 MB up, and parsing makes no cycles. Two threads may overlap:
    whoever found it running lets it run again, and it is never left off.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _by_place(warning: DiffWarning) -> tuple[int, str, str]:
    return warning.diff_lineno or 0, warning.code, warning.text
