"""/settings and /help in a browser: menus of channels and roles, and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import browsing, needs_chromium
from tests.end_to_end.test_browser import message, type_command

if TYPE_CHECKING:
    from tests.house import House

pytestmark = [pytest.mark.slow, needs_chromium]

STICKING_OUT = """() => [...document.querySelectorAll("main, main *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.outerHTML.slice(0, 80))"""
"""What of messages and commands ends beyond the window's right edge."""


async def test_a_server_is_set_up_by_mouse_and_keyboard(library: House) -> None:
    """What is chosen is shown chosen; several channels are sent once the menu closes."""
    async with browsing(library.base) as page:
        await type_command(page, "/settings")
        card = message(page, "What this server has chosen")
        await card.get_by_role("button", name="Everywhere").click()
        for channel in ("#general", "#bots"):
            await card.get_by_role("option", name=channel).click()
        await page.keyboard.press("Tab")
        await card.get_by_role("button", name="Everywhere: #general, #bots").wait_for()
        await card.get_by_role("button", name="Everybody").click()
        await card.get_by_role("option", name="Moderator").click()
        await page.get_by_label("Message #bots").click()
        await card.get_by_role("button", name="Everybody: Moderator").wait_for()

        await card.get_by_role("button", name="Words").click()
        await page.get_by_label("One word or phrase a line").fill("tiger\n*lamb*")
        await page.get_by_role("button", name="Submit").click()
        await message(page, "Words never written: 2").wait_for()

        await card.get_by_role("button", name="Everywhere: ").click()
        for channel in ("#general", "#bots"):
            await card.get_by_role("option", name=channel).click()
        await page.get_by_label("Message #bots").click()
        await card.get_by_role("button", name="Everywhere", exact=True).wait_for()


async def test_nothing_sticks_out_of_a_phone(library: House) -> None:
    """The widest card there is, and the command with most options; people and channels stay."""
    async with browsing(library.base) as page:
        await page.set_viewport_size({"width": 390, "height": 800})
        await type_command(page, "/settings")
        await message(page, "What this server has chosen").wait_for()
        await page.get_by_label("Message #bots").fill("/train")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Add option minutes").wait_for()

        assert await page.evaluate(STICKING_OUT) == []
        await page.get_by_role("radio", name="Mo").click()
        await page.get_by_role("button", name="general").click()
        await page.get_by_label("Message #general").wait_for()
