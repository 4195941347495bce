"""Writing and looking after models with mouse and keyboard alone, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.people import ADA, MAX
from tests.browser import browsing, needs_chromium
from tests.end_to_end.test_browser import message, type_command
from tests.end_to_end.test_models import PIXEL
from tests.house import House, add_model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Page

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture
async def page(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[Page]:
    """The page of a server with twelve models."""
    async with House.open(tmp_path) as house:
        for number in range(11):
            await add_model(
                house, tiny_checkpoint, "Writing Group", f"poem {number:02}", MAX, curve=PIXEL
            )
        await add_model(house, tiny_checkpoint, "Writing Group", "Verse", ADA, curve=PIXEL)
        await house.start()
        async with browsing(house.base) as page:
            yield page
    assert "Traceback" not in house.log.read_text()


async def test_a_text_is_written_hotter_and_from_another_prompt(page: Page) -> None:
    await type_command(page, "/generate")
    first = message(page, "temperature 0.8").first
    await first.get_by_role("button", name="Hotter").click()
    hotter = message(page, "temperature 1 ·")
    await hotter.get_by_role("button", name="Edit prompt").click()
    await page.get_by_role("textbox", name="Prompt").fill("Tyger, tyger")
    await page.get_by_role("button", name="Submit").click()

    edited = message(page, "Tyger, tyger")
    await edited.get_by_text("temperature 1 ·").wait_for()
    await edited.get_by_role("button", name="Continue", exact=True).click()
    await message(page, "temperature 1 ·").nth(2).wait_for()


async def test_a_model_is_found_looked_at_and_used(page: Page) -> None:
    await type_command(page, "/models")
    listed = message(page, "12 models · newest first · page 1 of 2")
    await listed.get_by_role("button", name="Search").click()
    await page.get_by_label("A part of the name").fill("07")
    await page.get_by_role("button", name="Submit").click()
    found = message(page, "1 model with “07” in the name")
    await found.get_by_label("Look at a model").click()
    await page.get_by_role("option", name="poem 07").click()

    card = message(page, "Trained by")
    await card.get_by_alt_text("The loss curve of poem 07").wait_for()
    await card.get_by_role("button", name="Use", exact=True).click()

    used = message(page, "This server writes with poem 07 now.")
    await used.wait_for()
    assert await used.get_by_role("button", name="Use", exact=True).is_disabled()


async def test_a_model_is_exported_and_imported(page: Page, tmp_path: Path) -> None:
    await type_command(page, "/models")
    listed = message(page, "12 models")
    await listed.get_by_label("Look at a model").click()
    await page.get_by_role("option", name="Verse").click()
    card = message(page, "Trained by")
    await card.get_by_role("button", name="Export").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Verse.safetensors", exact=True).click()
    file = tmp_path / "Verse.safetensors"
    await (await waiting.value).save_as(file)

    await page.get_by_label("Message #bots").fill("/models")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Add option import").click()
    await page.locator("input[type=file]").first.set_input_files(file)
    await page.keyboard.press("Enter")

    await message(page, "Verse 2 is imported.").get_by_text("Imported by").wait_for()
