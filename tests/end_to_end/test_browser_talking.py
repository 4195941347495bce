"""Speaking to the bot with mouse and keyboard alone, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.people import ADA, WRITING_GROUP
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory
from tests.browser import browsing, needs_chromium
from tests.end_to_end.test_browser import message
from tests.house import House, add_model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Locator, Page

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture
async def page(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[Page]:
    """#bots of a server with a model, where talking is on."""
    async with House.open(tmp_path) as house:
        await add_model(house, tiny_checkpoint, "Writing Group", "Verse", ADA)
        channel = int(house.ada.channel("bots"))
        async with Database.open(DataDirectory(house.data).catalog) as database:
            await Catalog(database).change_guild_settings(WRITING_GROUP, talk_channels=(channel,))
        await house.start()
        async with browsing(house.base) as page:
            yield page
    assert "Traceback" not in house.log.read_text()


async def test_the_bot_is_mentioned_and_replied_to(page: Page) -> None:
    """A mention is completed from its beginning; a reply may keep quiet."""
    field = page.get_by_label("Message #bots")
    await field.press_sequentially("@ch")
    await page.get_by_role("option", name="char-wgu").wait_for()
    await page.keyboard.press("Enter")
    await field.press_sequentially("hello")
    await page.keyboard.press("Enter")

    said = message_of_ada(page, "@char-wgu hello")
    assert await said.locator(".mention").inner_text() == "@char-wgu"
    reply = page.locator(".message:has(.badge)", has=page.locator(".used"))
    await reply.wait_for()
    assert "Ada" in await reply.locator(".used").inner_text()

    await reply.hover()
    await reply.get_by_role("button", name="Reply").click()
    assert await page.get_by_role("button", name="@ ON").get_attribute("aria-pressed") == "true"
    await page.get_by_role("button", name="@ ON").click()
    await page.get_by_role("button", name="@ OFF").wait_for()
    await field.press_sequentially("no ping")
    await page.keyboard.press("Enter")
    quiet = message_of_ada(page, "no ping")
    await quiet.wait_for()
    assert await quiet.get_attribute("data-pings") == ""


async def test_a_message_is_written_on_from_its_menu(page: Page) -> None:
    field = page.get_by_label("Message #bots")
    await field.fill("The quick brown fox")
    await page.keyboard.press("Enter")
    said = message_of_ada(page, "The quick brown fox")
    await said.hover()
    await said.get_by_role("button", name="Continue this text").click()

    answer = message(page, "temperature 0.8")
    await answer.wait_for()
    used = await answer.locator(".used .mention").inner_text()
    assert used == "Continue this text"
    assert await answer.get_by_role("button", name="Continue", exact=True).count() == 1
    assert await answer.get_by_role("button", name="Again").count() == 0
    assert (await answer.locator("pre").inner_text()).startswith("The quick brown fox")


def message_of_ada(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem", name="Message from Ada").filter(has_text=text)
