from __future__ import annotations

import pytest

from reviews.models import ChunkVersion
from tests.browsing import Browse, few_queries, text_of
from tests.cast import BEFORE, PATH, REGENERATED, Cast, diff
from vimagetrack.display import to_display


def chunk(kind: str) -> ChunkVersion:
    return ChunkVersion.objects.filter(kind=kind).select_related("chunk", "content").latest("pk")


def address(kind: str, tail: str = "/") -> str:
    return f"/p/vimage/c/{chunk(kind).chunk.uid}{tail}"


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", {"null-macro", "meat"}),
        ("kind=meat", {"meat"}),
        ("milestone=macros", {"null-macro"}),
        ("verdict=proved", {"null-macro"}),
        ("path=sys/kern/", {"null-macro", "meat"}),
        ("path=sys/kern/kern_jail.c&kind=null-macro", {"null-macro"}),
        ("path=sys/net/", set()),
        ("kind=nonsense", {"null-macro", "meat"}),
        ("page=99", {"null-macro", "meat"}),
    ],
)
def test_filters_keep_what_they_say(browse: Browse, cast: Cast, query: str, kinds: set[str]) -> None:
    cast.ingest()
    client = browse("bob")
    with few_queries():
        answer = client.get(f"/p/vimage/chunks/?{query}")
    page = answer.content.decode()
    shown = {kind for kind in ("null-macro", "meat") if address(kind) in page}
    assert shown == kinds
    assert (f"{len(kinds)} of {len(kinds)} shown" if kinds else "No chunk matches.") in text_of(answer)


def test_before_the_first_split_there_is_none(browse: Browse) -> None:
    assert "No chunk yet." in text_of(browse("bob").get("/p/vimage/chunks/"))


def test_a_null_chunk_says_its_proof_in_one_sentence(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    with few_queries():
        answer = client.get(address("null-macro"))
    said = text_of(answer)
    assert "This change compiles to the same tokens in default , under the definitions" in said
    assert "1 of 1 change shown, nothing hidden" in said
    page = answer.content.decode()
    assert '<ins class="nul">V_hostname</ins>' in page
    assert "Null dimmed" in said
    assert "<ins>V_hostname</ins>" in client.get(address("null-macro", "/?plain")).content.decode()


def test_a_meat_chunk_says_that_nothing_of_it_is_proved(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    answer = browse("bob").get(address("meat"))
    assert "a human must read it" in text_of(answer)
    assert '<ins class="meat">' in answer.content.decode()
    assert "is-null" not in answer.content.decode().split("<main")[1]


def test_both_views_have_every_line(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    side = client.get(address("meat")).content.decode()
    unified = client.get(address("meat", "/?view=unified")).content.decode()
    assert '<table class="diff split">' in side
    assert '<table class="diff uni">' in unified
    for page in (side, unified):
        assert page.count('class="ln') >= 2


def test_one_walks_from_chunk_to_chunk(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    client = browse("bob")
    first = client.get(address("null-macro")).content.decode()
    assert f'data-key="]" href="{address("meat")}"' in first
    assert 'data-key="["' not in first
    assert f'data-key="[" href="{address("null-macro")}"' in client.get(address("meat")).content.decode()


def test_a_version_stays_what_it_was(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    uid = chunk("meat").chunk.uid
    cast.ingest(REGENERATED)
    client = browse("bob")
    old = client.get(f"/p/vimage/c/{uid}.v1/").content.decode()
    assert "id++" not in old
    assert "id++" in client.get(address("meat", ".v2/")).content.decode()
    assert client.get(f"/p/vimage/c/{uid}.v9/").status_code == 404
    assert client.get("/p/vimage/c/nothing/").status_code == 404


def test_a_chunk_leaves_as_a_patch(browse: Browse, cast: Cast) -> None:
    cast.ingest()
    answer = browse("bob").get(address("meat", ".v1.patch"))
    assert answer.content == bytes(chunk("meat").content.patch)
    assert answer["Content-Type"] == "text/x-diff"


def test_what_is_above_the_limit_is_said_and_can_be_had(
    browse: Browse, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [diff(BEFORE, BEFORE.replace(b"(id)", b"(id + 1)"), path=f"sys/kern/f{i}.c") for i in range(3)]
    cast.ingest(b"".join(files))
    monkeypatch.setattr("reviews.views.chunks.ROWS_SHOWN", 3)
    client = browse("bob")
    answer = client.get(address("meat"))
    assert "1 of 3 changes shown. Show all" in text_of(answer)
    assert "0 of 1 change shown" in text_of(answer)
    assert "3 of 3 changes shown, nothing hidden" in text_of(client.get(address("meat", "/?all")))


HOSTILE = "sys/kern/<img src=x onerror=alert(1)>\u202e.c"


def test_hostile_text_is_shown_and_never_runs(browse: Browse, cast: Cast) -> None:
    line = '/* \u202e <script>alert(1)</script> */ x = "</td><b>";\x0c'.encode()
    revision = cast.ingest(diff(BEFORE, BEFORE + line + b"\n", path=HOSTILE))
    assert revision.status in ("complete", "refused")
    client = browse("bob")
    pages = ["", "revisions/", "s/main/v1/", "chunks/"]
    if revision.status == "complete":
        pages += [
            address("meat").removeprefix("/p/vimage/"),
            address("meat", "/?view=unified").removeprefix("/p/vimage/"),
        ]
    for page in pages:
        text = client.get(f"/p/vimage/{page}").content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "\u202e" not in text
        assert "</td><b>" not in text


def test_a_path_that_is_no_utf8_is_shown(browse: Browse, cast: Cast) -> None:
    path = b"sys/kern/caf\xe9.c".decode("utf-8", "surrogateescape")
    data = diff(BEFORE, BEFORE.replace(b"(id)", b"(id + 1)")).replace(
        PATH.encode(), path.encode("utf-8", "surrogateescape")
    )
    cast.ingest(data)
    client = browse("bob")
    assert to_display(path) in text_of(client.get("/p/vimage/chunks/"))
    assert "\\xE9" in client.get(address("meat")).content.decode()


def test_a_chunk_that_is_too_long_says_so_and_is_not_rendered(
    browse: Browse, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One change of four million lines took the web worker to 4 GB before."""
    cast.ingest()
    monkeypatch.setattr("reviews.views.chunks.MOST_LINES", 1)
    client, page = browse("bob"), address("meat")
    with few_queries():
        answer = client.get(page)
    assert "Too long for a page: 0 of 2 lines shown." in text_of(answer)
    assert '<ins class="meat">' not in answer.content.decode()
    assert "nothing hidden" not in text_of(answer)
