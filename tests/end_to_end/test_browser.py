"""A newcomer's first three commands, in a browser, with the command of the README."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import pytest

from tests.browser import browsing, needs_chromium
from tests.house import POEM, ROOT, first_line, program

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator, Page

pytestmark = [pytest.mark.slow, needs_chromium]


async def test_a_newcomer_trains_generates_and_looks_at_the_models(tmp_path: Path) -> None:
    """`run_bot.py` without a token; then everything by mouse and keyboard."""
    text = tmp_path / "Tyger.txt"
    text.write_text(POEM, encoding="utf-8")
    arguments = (str(ROOT / "run_bot.py"), "--port", "0", "--data", str(tmp_path / "data"))
    async with program(*arguments, CHARWGU_MINIMUM_MINUTES="0.1", DISCORD_TOKEN="") as bot:
        line = await first_line(bot)
        assert line.startswith("Sandbox: http://127.0.0.1:")

        async with browsing(line.removeprefix("Sandbox: ")) as page:
            await page.get_by_role("button", name="Try /train").click()
            await page.locator("input[type=file]").first.set_input_files(text)
            await page.get_by_role("button", name="Add option minutes").click()
            await page.keyboard.type("0.1")
            await page.keyboard.press("Enter")
            found = message(page, f"{len(POEM):,} characters")
            await found.get_by_text("Only you can see this").wait_for()
            trained = message(page, "has learned to write")
            await trained.wait_for(timeout=60_000)
            assert await trained.get_by_role("button", name="Cancel", exact=True).count() == 0

            await type_command(page, "/generate")
            text_message = message(page, "temperature 0.8")
            await text_message.get_by_role("button", name="Continue", exact=True).click()
            await message(page, "temperature 0.8").nth(1).wait_for()

            await type_command(page, "/models")
            await message(page, "bits per character").get_by_label("Look at a model").wait_for()

        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 20) == 0


async def type_command(page: Page, name: str) -> None:
    await page.get_by_label("Message #bots").click()
    await page.keyboard.type(name)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")


def message(page: Page, text: str) -> Locator:
    """The messages with this text in them."""
    return page.get_by_role("listitem", name="Message from char-wgu").filter(has_text=text)


async def test_a_channel_is_chosen_and_read_in_the_browser(tmp_path: Path) -> None:
    """The sandbox offers channels by itself, and the tavern's talk can be seen there."""
    arguments = (str(ROOT / "run_bot.py"), "--port", "0", "--data", str(tmp_path / "data"))
    async with program(*arguments, DISCORD_TOKEN="") as bot:
        line = await first_line(bot)

        async with browsing(line.removeprefix("Sandbox: ")) as page:
            await page.get_by_role("button", name="tavern").click()
            await page.get_by_role("listitem", name="Message from Ines").first.wait_for()
            await page.get_by_label("Message #tavern").click()
            await page.keyboard.type("/train")
            await page.keyboard.press("Enter")
            await page.get_by_role("button", name="Remove file").click()
            await page.get_by_role("button", name="Add option channel").click()
            await page.get_by_label("channel", exact=True).select_option(label="#tavern")
            await page.get_by_role("button", name="Send command").click()
            told = message(page, "learn from this channel")
            await told.get_by_role("button", name="Leave me out").click()
            own = message(page, "is left out in this server")
            await own.get_by_role("button", name="Take me in again").wait_for()
            await message(page, "The channel's history: ").wait_for()

        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), 20) == 0
