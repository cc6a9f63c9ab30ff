from __future__ import annotations

import re

import pytest

from reviews.render.rows import hunk_rows
from reviews.render.tables import Gutter, Mark, View, bodies, row_html
from vimagetrack.engine.diff.model import Hunk

BODY = b" int x;\n-\tfoo(hostname);\n+\tfoo(V_hostname);\n+\tbar(</td>);\n }\n"
GUTTERS = (Gutter(anchor="f1c1", number=1, tone="null", title="Change 1: proved null"),)


def hunk(body: bytes, *, old: tuple[int, int], new: tuple[int, int]) -> Hunk:
    header = f"@@ -{old[0]},{old[1]} +{new[0]},{new[1]} @@ foo()\n".encode()
    return Hunk(
        header=header,
        old_start=old[0],
        old_count=old[1],
        new_start=new[0],
        new_count=new[1],
        body=body,
        diff_lineno=3,
    )


def written(body: bytes, view: View, *, mark: Mark = Mark.NULL, path: str = "a.c") -> list[str]:
    found = hunk(body, old=(7, 3), new=(9, 4))
    rows = hunk_rows(found, found.runs(), path=path, first_run=0)
    return list(row_html(rows, view=view, mark=mark, gutters=GUTTERS))


def test_side_by_side_has_both_numbers_and_a_void_where_a_side_has_no_line() -> None:
    rows = written(BODY, View.SPLIT)
    assert len(rows) == 4
    assert '<td class="no o">7</td>' in rows[0]
    assert '<td class="no n">9</td>' in rows[0]
    assert 'foo(<del class="nul">hostname</del>);' in rows[1]
    assert 'foo(<ins class="nul">V_hostname</ins>);' in rows[1]
    assert 'id="f1c1"' in rows[1]
    assert 'id="f1c1"' not in rows[2]
    assert '<td class="no o void">' in rows[2]
    assert "</td>);" not in rows[2]


def test_unified_writes_the_old_lines_of_a_change_before_its_new_ones() -> None:
    rows = written(BODY, View.UNIFIED, mark=Mark.MEAT)
    signs = [re.search(r'class="(ctx|drow|arow)"', row)[1] for row in rows]
    assert signs == ["ctx", "drow", "arow", "arow", "ctx"]
    assert 'foo(<ins class="meat">V_hostname</ins>);' in rows[2]


@pytest.mark.parametrize("view", list(View))
def test_every_line_of_the_hunk_is_on_the_page_once(view: View) -> None:
    text = "".join(written(BODY, view))
    assert text.count("bar(&lt;/td&gt;)") == 1
    assert len(re.findall(r'class="ln[^"]*\bd\b', text)) == 1
    assert len(re.findall(r'class="ln[^"]*\ba\b', text)) == 2


def test_a_side_without_its_last_newline_says_so() -> None:
    rows = written(b" a\n-b\n\\ No newline at end of file\n+b\n", View.UNIFIED)
    assert "no newline" in rows[1]
    assert "no newline" not in rows[2]


def test_a_new_file_is_numbered_from_one() -> None:
    found = hunk(b"+a\n+b\n", old=(0, 0), new=(1, 2))
    rows = hunk_rows(found, found.runs(), path="n.c", first_run=0)
    assert [row.new.lineno for row in rows if row.new] == [1, 2]


@pytest.mark.parametrize("path", ["a.c", "a.sh"])
def test_form_feeds_and_bidi_marks_are_seen_as_what_they_are(path: str) -> None:
    text = "".join(written("-\x0c\n+/* \u202e */\n".encode(), View.SPLIT, path=path))
    assert ">FF</span>" in text
    assert ">U+202E</span>" in text
    assert "\u202e" not in text


def test_a_body_has_a_hundred_rows() -> None:
    assert bodies(["<tr></tr>"] * 250).count("<tbody>") == 3


def test_nothing_on_a_row_needs_an_inline_style_or_script() -> None:
    text = "".join(written(BODY, View.SPLIT))
    assert "style=" not in text
    assert "<script" not in text
