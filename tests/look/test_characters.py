from __future__ import annotations

import pytest

from vimagetrack.look.characters import attribute, paragraphs, visible


def test_ascii_is_only_escaped() -> None:
    text = "".join(map(chr, range(0x20, 0x7F))) + "\t\n"
    shown = visible(text, code=True)
    assert "odd" not in shown
    assert (
        shown.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
        == text
    )


def test_markup_never_comes_through() -> None:
    assert visible("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("character", "label"),
    [
        ("\u202e", "U+202E"),
        ("\u2066", "U+2066"),
        ("\u200b", "U+200B"),
        ("\u00ad", "U+00AD"),
        ("\ufeff", "U+FEFF"),
        ("\u00a0", "U+00A0"),
        ("\u2028", "U+2028"),
        ("\u3164", "U+3164"),
        ("\ufe0f", "U+FE0F"),
        ("\U000e0041", "U+E0041"),
        ("\x0c", "FF"),
        ("\r", "CR"),
        ("\x00", "NUL"),
        ("\x1b", "ESC"),
        ("\x85", "U+0085"),
        ("\udce9", "\\xE9"),
        ("\ud800", "U+D800"),
    ],
)
def test_what_cannot_be_seen_is_boxed(character: str, label: str) -> None:
    shown = visible(f"a{character}b")
    assert character not in shown
    assert f">{label}</span>" in shown
    shown.encode()  # a lone surrogate would raise here, in the middle of an answer


def test_letters_outside_ascii_are_named_in_code_and_left_alone_in_prose() -> None:
    assert visible("Žarko é") == "Žarko é"
    assert "cyrillic small letter a" in visible("p\u0430ge", code=True)


def test_bytes_that_are_not_utf8_are_boxed() -> None:
    assert visible(b"caf\xe9") == 'caf<span class="odd" title="a byte that is not UTF-8">\\xE9</span>'


def test_an_attribute_holds_no_markup() -> None:
    assert attribute('a"b\u202e<') == "a&quot;b\\u202e&lt;"


def test_prose_is_set_anew_and_escaped() -> None:
    assert paragraphs("a <b>\nb\n\n* c\n* d\n") == "<p>a &lt;b&gt; b</p><p>* c<br>* d</p>"
    assert paragraphs(" \n\n") == ""
