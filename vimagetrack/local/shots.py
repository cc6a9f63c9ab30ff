"""Take pictures of every page, narrow and wide, light and dark: ``python -m vimagetrack.local.shots``.

Talks to a running server where ``--url`` names one, else runs the demo's site on the database that the
environment names. Ends with 1 when a page is missing or too wide, or when the browser complains, above all of
the content security policy.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from vimagetrack.local.errors import LocalError
from vimagetrack.local.stage import ROOT, Site, own_site

WIDTHS: Final = {"wide": 1440, "narrow": 390}
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
#: A picture ends here: below it a page repeats itself.
TALLEST: Final = 1_800
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
NAMES: Final = {
    "plan/": "plan-show",
    "plan/edit/": "plan-edit",
    "upload/": "revision-upload",
    "revisions/": "revision-list",
    "chunks/": "chunk-list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One page: the name of its pictures, its address, and the status with which it answers."""

    name: str
    address: str
    status: int = 200


@dataclass(slots=True, kw_only=True)
class Camera:
    """A browser before a site; ``complaints`` are what went wrong, in the order in which it did."""

    browser: Browser
    site: Site
    out: Path
    only: str
    complaints: list[str] = field(default_factory=list)
    count: int = 0

    @contextmanager
    def window(self, width: str, theme: Literal["light", "dark"]) -> Iterator[Page]:
        """Open a window of its own, signed in, so that nothing is remembered from the last."""
        narrow = width == "narrow"
        context = self.browser.new_context(
            viewport={"width": WIDTHS[width], "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            has_touch=narrow,
            is_mobile=narrow,
        )
        page = context.new_page()
        page.on("console", self.listener())
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        try:
            yield page
        finally:
            context.close()

    def listener(self) -> Callable[[ConsoleMessage], None]:
        """Give a plain function: Playwright marks what it calls, and a slotted object takes no marks."""

        def listen(message: ConsoleMessage) -> None:
            self.hear(message)

        return listen

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the browser says of the policy, and errors of scripts."""
        meant = "Failed to load resource" in message.text  # pages that are meant to be 404
        if "Content Security Policy" in message.text or (message.type == "error" and not meant):
            self.complaints.append(f"{message.location.get('url', '?')}: {message.text}")

    def sign_in(self, page: Page) -> None:
        """Sign in by the form, as a person does."""
        page.goto(f"{self.site.url}/login/")
        page.fill("#id_username", self.site.user)
        page.fill("#id_password", self.site.password)
        with page.expect_navigation():
            page.click("main button")
        if "/login/" in page.url:
            raise LocalError(f"{self.site.user} cannot sign in at {self.site.url}: name another with --user.")

    def take(self, page: Page, shot: Shot, suffix: str) -> None:
        """Take one picture, whole up to a height."""
        if not re.search(self.only, shot.name):
            return
        response = page.goto(self.site.url + shot.address, wait_until="load")
        if response is None or response.status != shot.status:
            self.complaints.append(f"{shot.address}: {response.status if response else 'no answer'}")
        page.wait_for_timeout(150)  # for what a late script would complain of
        root = "document.documentElement"
        width, wide = page.evaluate(f"{root}.clientWidth"), page.evaluate(f"{root}.scrollWidth")
        if wide > width:
            self.complaints.append(f"{shot.address}: {wide - width} px wider than the window of {width}")
        height = max(min(page.evaluate(f"{root}.scrollHeight"), TALLEST), 400)
        data = page.screenshot(
            clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True, animations="disabled"
        )
        (self.out / f"{shot.name}-{suffix}.png").write_bytes(self.smaller(data))
        self.count += 1

    def smaller(self, data: bytes) -> bytes:
        """Give the picture with at most 256 colours, where that is smaller."""
        page = self.browser.new_page()
        script = Path(__file__).with_name("png.js").read_text(encoding="utf-8")
        source = base64.b64encode(data).decode("ascii")
        made = base64.b64decode(page.evaluate(script[script.index("async") :], source))
        page.close()
        return min(made, data, key=len)


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; gives the exit code."""
    parser = argparse.ArgumentParser(prog="shots", description=__doc__)
    parser.add_argument("--url", default="", help="of a running server; default: one of our own")
    parser.add_argument("--user", default="julian")
    parser.add_argument("--password", default=os.environ.get("VIMAGETRACK_DEMO_PASSWORD", ""))
    parser.add_argument("--project", default="demo", help="slug of the project to show")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", default="", help="a regular expression on the names of pages")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        with site_of(options) as site:
            return photograph(site, options)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


@contextmanager
def site_of(options: Any) -> Iterator[Site]:
    """Give the site that was named, else one of our own."""
    if options.url:
        yield Site(url=options.url.rstrip("/"), user=options.user, password=options.password)
        return
    with own_site() as site:
        yield site


def photograph(site: Site, options: Any) -> int:
    """Take all pictures; gives the exit code."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        camera = Camera(browser=browser, site=site, out=options.out, only=options.only)
        if site.environment is not None:
            prepare(camera, f"/p/{options.project}/")
        take_all(camera, f"/p/{options.project}/")
        browser.close()
    for line in camera.complaints:
        print(line, file=sys.stderr)
    size = sum(file.stat().st_size for file in options.out.glob("*.png"))
    print(f"{camera.count} pictures in {options.out}, {size / 1e6:.1f} MB")
    return 1 if camera.complaints else 0


def chromium() -> str:
    """Find the system's Chromium; the wheel of Playwright brings none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise LocalError("There is no Chromium here: `make browser` installs one.")


def prepare(camera: Camera, root: str) -> None:
    """Picture a revision that waits, let the worker read, and send a diff that is cut."""
    waiting = Shot(name="revision-detail-waiting", address=f"{root}s/main/v2/")
    for width in WIDTHS:
        for theme in THEMES:
            with camera.window(width, theme) as page:
                camera.sign_in(page)
                camera.take(page, waiting, f"{width}-{theme}")
    camera.site.work()
    with camera.window("wide", "light") as page:
        camera.sign_in(page)
        until_read(page, camera.site.url + waiting.address)
        monolith = (ROOT / "vimagetrack" / "demo" / "monolith-v2.diff").read_bytes()
        page.goto(f"{camera.site.url}{root}upload/")
        cut = {"name": "vimage-v3.diff", "mimeType": "text/x-diff", "buffer": monolith[:41_007]}
        page.set_input_files("#diff", cut)  # type: ignore[arg-type]  # a plain dict is a file
        page.click("button[type=submit]")
        page.wait_for_url("**/s/main/v3/")
        until_read(page, f"{camera.site.url}{root}s/main/v3/")


def until_read(page: Page, address: str) -> None:
    """Wait until a revision's page has loaded itself again and polls no more."""
    page.goto(address)
    try:
        page.wait_for_selector("[hx-get]", state="detached", timeout=120_000)
        page.wait_for_selector("main .head .badge:not(:has(.spin))", timeout=20_000)
    except PlaywrightTimeout:
        raise LocalError(f"{address} is not read after two minutes: does the worker run?") from None


def take_all(camera: Camera, root: str) -> None:
    """Take every page in every width and theme."""
    shots: list[Shot] = []
    for width in WIDTHS:
        for theme in THEMES:
            suffix = f"{width}-{theme}"
            with camera.window(width, theme) as page:
                camera.take(page, Shot(name="session-new", address="/login/"), suffix)
                camera.sign_in(page)
                shots = shots or list(find_pages(page, camera.site.url, root))
                for shot in shots:
                    camera.take(page, shot, suffix)


def find_pages(page: Page, url: str, root: str) -> Iterator[Shot]:
    """List the pages, found by following the links that a reader follows."""
    yield Shot(name="project-list", address="/")
    yield Shot(name="project-create", address="/new/")
    yield Shot(name="project-detail", address=root)
    yield from (Shot(name=name, address=root + tail) for tail, name in NAMES.items())
    page.goto(url + root)
    steps = links(page, f"{root}m/")
    yield from (
        Shot(name=f"milestone-detail-{step.rstrip('/').rpartition('/')[2]}", address=step)
        for step in (steps[1:2] + steps[3:5] or steps)
    )
    yield from revision_pages(page, url, root)
    yield from chunk_pages(page, url, root)
    yield Shot(name="not-found", address=f"{root}c/nothing/", status=404)


def revision_pages(page: Page, url: str, root: str) -> Iterator[Shot]:
    """Find a revision in each state."""
    page.goto(f"{url}{root}revisions/")
    seen = set()
    for row in page.query_selector_all("main tbody tr:has(th)"):
        link, word = row.query_selector("th a"), row.query_selector(".badge")
        state = word.inner_text().split(",")[0].strip().replace(" ", "-") if word else ""
        address = link.get_attribute("href") if link else None
        if address and state not in seen:
            seen.add(state)
            yield Shot(name=f"revision-detail-{state}", address=address)


def chunk_pages(page: Page, url: str, root: str) -> Iterator[Shot]:
    """Find a chunk of each kind; of meat both views."""
    for kind in ("null-macro", "vocabulary", "cosmetic", "opaque", "meat"):
        page.goto(f"{url}{root}chunks/?kind={kind}")
        found = links(page, f"{root}c/")
        if found:
            yield Shot(name=f"chunk-detail-{kind}", address=found[-1])
            if kind == "meat":
                yield Shot(name="chunk-detail-meat-unified", address=f"{found[-1]}?view=unified")


def links(page: Page, prefix: str) -> list[str]:
    """List the addresses on a page that begin with ``prefix``, in order, each once."""
    anchors = page.query_selector_all(f'main a[href^="{prefix}"]')
    found = [anchor.get_attribute("href") or "" for anchor in anchors]
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    sys.exit(main())
