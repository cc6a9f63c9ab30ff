"""Take pictures of every page, narrow and wide, light and dark: ``python -m vimagetrack.local.shots``.

Talks to a running server, else starts one on the database that the environment names. Ends with 1 when a page
is missing, answers with an error, or makes the browser complain of the content security policy.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent.parent
OUT: Final = ROOT / "docs" / "screenshots"
WIDTHS: Final = {"wide": 1440, "narrow": 390}
THEMES: Final = ("light", "dark")
#: A picture ends here: below it a page repeats itself.
TALLEST: Final = 2_000
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One page: the name of its pictures, its address, and the status with which it answers."""

    name: str
    address: str
    status: int = 200


@dataclass(slots=True)
class Complaints:
    """What went wrong, in the order in which it did."""

    lines: list[str]

    def console(self, message: ConsoleMessage) -> None:
        """Keep what the browser says of the policy, and errors of scripts."""
        text = message.text
        expected = "Failed to load resource" in text  # pages that are meant to be 404
        if "Content Security Policy" in text or (message.type == "error" and not expected):
            self.lines.append(f"{message.location.get('url', '?')}: {text}")


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; gives the exit code."""
    parser = argparse.ArgumentParser(prog="shots", description=__doc__)
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--user", default="alice")
    parser.add_argument("--password", default=os.environ.get("VIMAGETRACK_DEMO_PASSWORD", "alice"))
    parser.add_argument("--project", default="", help="slug; default: the first with a complete revision")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--only", default="", help="a regular expression on the names of pages")
    options = parser.parse_args(arguments)
    with server(options.url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        complaints = Complaints([])
        count = take_all(browser, options, complaints)
        browser.close()
    for line in complaints.lines:
        print(line, file=sys.stderr)
    print(f"{count} pictures in {options.out}, {folder_size(options.out) / 1e6:.1f} MB")
    return 1 if complaints.lines else 0


def chromium() -> str:
    """Find the system's Chromium; the wheel of Playwright brings none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("There is no Chromium here: `make browser` installs one.")


@contextmanager
def server(url: str) -> Iterator[None]:
    """Use the server that answers at ``url``, else run one there until the pictures are taken."""
    if answers(url):
        yield
        return
    port = url.rsplit(":", 1)[-1].strip("/")
    command = [sys.executable, str(ROOT / "manage.py"), "runserver", "--noreload", f"127.0.0.1:{port}"]
    environment = {**os.environ, "VIMAGETRACK_DEBUG": "0"}  # our own error pages, not the framework's
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            if answers(url):
                break
            time.sleep(0.2)
        else:
            raise SystemExit(f"No server answers at {url}, and none could be started: try `make run` first.")
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def answers(url: str) -> bool:
    """Tell whether a server of ours is there."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def take_all(browser: Browser, options: Any, complaints: Complaints) -> int:
    """Take all pictures; gives how many."""
    options.out.mkdir(parents=True, exist_ok=True)
    shots: list[Shot] = []
    count = 0
    for width in WIDTHS:
        for theme in THEMES:
            page = new_page(browser, WIDTHS[width], theme, complaints)
            sign_in_page = Shot(name="session-new", address="/login/")
            count += take(page, options, sign_in_page, f"{width}-{theme}", complaints)
            sign_in(page, options)
            shots = shots or list(find_pages(page, options))
            for shot in shots:
                count += take(page, options, shot, f"{width}-{theme}", complaints)
            page.context.close()
    return count


def new_page(browser: Browser, width: int, theme: Any, complaints: Complaints) -> Page:
    """Open a window of its own, so that nothing is remembered from the last."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        reduced_motion="reduce",
        has_touch=width < 600,
        is_mobile=width < 600,
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.console(message))  # noqa: PLW0108 - it sets attributes
    page.on("pageerror", lambda error: complaints.lines.append(f"{page.url}: {error}"))
    return page


def sign_in(page: Page, options: Any) -> None:
    """Sign in by the form, as a person does."""
    page.goto(f"{options.url}/login/")
    page.fill("#id_username", options.user)
    page.fill("#id_password", options.password)
    page.click("main button")
    if "/login/" in page.url:
        raise SystemExit(f"{options.user} cannot sign in at {options.url}: name another with --user.")


def take(page: Page, options: Any, shot: Shot, suffix: str, complaints: Complaints) -> int:
    """Take one picture, whole up to a height; gives 1, or 0 where it was not asked for."""
    if not re.search(options.only, shot.name):
        return 0
    response: Response | None = page.goto(options.url + shot.address, wait_until="networkidle")
    if response is None or response.status != shot.status:
        complaints.lines.append(f"{shot.address}: {response.status if response else 'no answer'}")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    width = page.evaluate("document.documentElement.clientWidth")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        complaints.lines.append(f"{shot.address}: {wide - width} px wider than the window of {width}")
    clip = {"x": 0, "y": 0, "width": width, "height": max(height, 400)}
    target = options.out / f"{shot.name}-{suffix}.png"
    page.screenshot(path=target, clip=clip, full_page=True)  # type: ignore[arg-type]  # a plain dict is one
    return 1


def find_pages(page: Page, options: Any) -> Iterator[Shot]:
    """List the pages, found by following the links that a reader follows."""
    yield Shot(name="project-list", address="/")
    yield Shot(name="project-create", address="/new/")
    slug = options.project or first_project(page, options)
    root = f"/p/{slug}/"
    yield Shot(name="project-detail", address=root)
    for name in ("plan", "plan/edit", "upload", "revisions", "chunks"):
        yield Shot(name=NAMES[name], address=f"{root}{name}/")
    page.goto(options.url + root)
    steps = links(page, f"{root}m/")
    yield from (Shot(name=f"milestone-detail-{i}", address=step) for i, step in enumerate(steps[:3], 1))
    yield from revision_pages(page, options, root)
    yield from chunk_pages(page, options, root)
    yield Shot(name="not-found", address=f"{root}c/nothing/", status=404)


NAMES: Final = {
    "plan": "plan-show",
    "plan/edit": "plan-edit",
    "upload": "revision-upload",
    "revisions": "revision-list",
    "chunks": "chunk-list",
}


def first_project(page: Page, options: Any) -> str:
    """Give the first project on the list that has chunks, else the first."""
    page.goto(options.url + "/")
    slugs = [link.split("/")[2] for link in links(page, "/p/") if link.count("/") == 3]
    for slug in slugs:
        page.goto(f"{options.url}/p/{slug}/chunks/")
        if links(page, f"/p/{slug}/c/"):
            return slug
    if not slugs:
        raise SystemExit("There is no project to show: `make run` makes the demo's.")
    return slugs[0]


def revision_pages(page: Page, options: Any, root: str) -> Iterator[Shot]:
    """Find a complete revision, and a refused one where there is one."""
    page.goto(f"{options.url}{root}revisions/")
    seen = set()
    for row in page.query_selector_all("main tbody tr:has(th)"):
        link = row.query_selector("th a")
        word = row.query_selector(".badge")
        state = word.inner_text().split(",")[0].strip().replace(" ", "-") if word else ""
        address = link.get_attribute("href") if link else None
        if address and state not in seen:
            seen.add(state)
            yield Shot(name=f"revision-detail-{state}", address=address)


def chunk_pages(page: Page, options: Any, root: str) -> Iterator[Shot]:
    """Find a chunk of each kind; of meat both views."""
    for kind in ("null-macro", "vocabulary", "cosmetic", "opaque", "meat"):
        page.goto(f"{options.url}{root}chunks/?kind={kind}")
        found = links(page, f"{root}c/")
        if found:
            yield Shot(name=f"chunk-detail-{kind}", address=found[0])
            if kind == "meat":
                yield Shot(name="chunk-detail-meat-unified", address=f"{found[0]}?view=unified")


def links(page: Page, prefix: str) -> list[str]:
    """List the addresses on a page that begin with ``prefix``, in order, each once."""
    anchors = page.query_selector_all(f'main a[href^="{prefix}"]')
    found = [anchor.get_attribute("href") or "" for anchor in anchors]
    return list(dict.fromkeys(found))


def folder_size(folder: Path) -> int:
    """Add up the bytes of the pictures."""
    return sum(file.stat().st_size for file in folder.glob("*.png"))


if __name__ == "__main__":
    sys.exit(main())
