"""A real browser before a real server; the worker's jobs are done in a thread of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from vimagetrack.local.shots import ARGUMENTS
from vimagetrack.people.services import person_for

T = TypeVar("T")


@dataclass(kw_only=True)
class Walk:
    """A page, the address of the site, and what the browser complained of."""

    page: Page
    url: str
    pool: ThreadPoolExecutor
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    def apart(self, work: Callable[[], T]) -> T:
        """Do database work in a thread of its own: Playwright's loop runs in this one."""

        def closing() -> T:
            try:
                return work()
            finally:
                connection.close()

        return self.pool.submit(closing).result(timeout=120)

    def sign_in(self, name: str, password: str) -> None:
        self.page.goto(f"{self.url}/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", password)
        with self.page.expect_navigation():
            self.page.click("main button")

    def download(self, selector: str) -> bytes:
        """Press a link that gives a file, and read the file."""
        with self.page.expect_download() as caught:
            self.page.click(selector)
        path = caught.value.path()
        return path.read_bytes()


@pytest.fixture
def walk(chromium: str, live_server: LiveServer, queued: list[Any], settings: Any) -> Iterator[Walk]:
    """Open a browser with an account of alice's, and nothing else on the site."""
    with ThreadPoolExecutor(max_workers=1) as pool, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        found = Walk(page=page, url=live_server.url, pool=pool)
        page.on("console", found.hear)
        page.on("pageerror", lambda error: found.complaints.append(f"{page.url}: {error}"))
        found.apart(lambda: person_for(user=User.objects.create_user("alice", password="alice")))
        yield found
        browser.close()
