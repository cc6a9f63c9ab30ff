"""Nobody is kept out: axe finds nothing on any page, wide and light, narrow and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests.browser.conftest import Walk
from tests.cast import work_off
from vimagetrack import playground

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/new/",
    "/p/demo/",
    "/p/demo/plan/",
    "/p/demo/plan/edit/",
    "/p/demo/m/macros/",
    "/p/demo/upload/",
    "/p/demo/revisions/",
    "/p/demo/s/main/v2/",
    "/p/demo/chunks/",
    "/nothing/",
)


def build() -> None:
    playground.build_demo(password="julian", now=timezone.now())
    work_off()


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing(walk: Walk, theme: str, width: int) -> None:
    walk.apart(build)
    walk.page.emulate_media(color_scheme=theme)
    walk.page.set_viewport_size({"width": width, "height": 900})
    found = violations(walk, ["/login/"])
    walk.sign_in("julian", "julian")
    pages = [*PAGES, *(chunk for kind in ("null-macro", "meat") for chunk in first_chunk(walk, kind))]
    assert [*found, *violations(walk, pages)] == []


def first_chunk(walk: Walk, kind: str) -> list[str]:
    """Give both views of the first chunk of a kind."""
    walk.page.goto(f"{walk.url}/p/demo/chunks/?kind={kind}")
    address = walk.page.get_attribute("main tbody th a", "href")
    return [f"{address}", f"{address}?view=unified"]


def violations(walk: Walk, pages: list[str]) -> list[str]:
    found = []
    for page in pages:
        walk.page.goto(walk.url + page)
        broken = Axe().run(walk.page).response["violations"]
        found += [f"{page}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in broken]
    return found
