"""The sandbox's page in a real browser, for tests."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, ConsoleMessage, Page

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed on this machine"
)


@asynccontextmanager
async def browsing(base: str) -> AsyncIterator[Page]:
    """The page as Ada sees it first; whatever the browser complains about fails the test."""
    complaints: list[str] = []

    def on_console(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(line.text)

    async with chromium() as browser:
        page = await browser.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", on_console)
        await page.goto(base)
        await page.get_by_label("Message #bots").wait_for()
        yield page
    assert complaints == []


@asynccontextmanager
async def chromium(*options: str) -> AsyncIterator[Browser]:
    """A browser without a window."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 - only where it is used

    always = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*always, *options]
        )
        yield browser
        await browser.close()
