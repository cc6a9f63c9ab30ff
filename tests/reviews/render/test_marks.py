from __future__ import annotations

from reviews.render.lines import cut, text_of
from reviews.render.marks import differences, pair_up


def cells(text: bytes) -> list[list[bytes]]:
    return cut(text, path="a.c")


def marked(text: bytes, spans: tuple[tuple[int, int], ...]) -> list[bytes]:
    (line,) = cells(text)
    return [text_of(line[start:stop]) for start, stop in spans]


def test_a_renamed_global_is_the_one_token_that_differs() -> None:
    old, new = b"\tfoo(hostname, 0);", b"\tfoo(V_hostname, 1);"
    (old_line,), (new_line,) = cells(old), cells(new)
    old_spans, new_spans = differences(old_line, new_line)
    assert marked(old, old_spans) == [b"hostname", b"0"]
    assert marked(new, new_spans) == [b"V_hostname", b"1"]


def test_spans_with_only_blanks_between_them_are_one() -> None:
    old, new = b"x = a + b; y();", b"x = c - d; y();"
    (old_line,), (new_line,) = cells(old), cells(new)
    assert marked(new, differences(old_line, new_line)[1]) == [b"c - d"]


def test_lines_that_share_nearly_nothing_are_not_marked_inside() -> None:
    (old_line,), (new_line,) = cells(b"return (0);"), cells(b"struct vnet *owner = ifp->if_vnet;")
    assert differences(old_line, new_line) == ((), ())


def test_an_inserted_line_finds_its_place_between_pairs() -> None:
    old = cells(b"\tipstat.ips_cantforward++;\n")
    new = cells(b"\tV_note(owner);\n\tipstat.ips_cantforward++; /* counted */\n")
    assert [(pair.old_index, pair.new_index) for pair in pair_up(old, new)] == [(None, 0), (0, 1)]


def test_every_line_is_in_exactly_one_pair() -> None:
    old = cells(b"a(1);\nb(2);\nc(3);\nd(4);\n")
    new = cells(b"b(2, x);\nq();\nd(4, y);\n")
    pairs = pair_up(old, new)
    assert [p.old_index for p in pairs if p.old_index is not None] == [0, 1, 2, 3]
    assert [p.new_index for p in pairs if p.new_index is not None] == [0, 1, 2]
