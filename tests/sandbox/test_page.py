"""The page in a real browser: type a command, pick a file, press, choose, fill in, look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands

from bot.sandbox.people import ADA, MAX, WRITING_GROUP
from tests.browser import browsing, needs_chromium

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Page

    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client
    from tests.sandbox_driver import Person

pytestmark = [pytest.mark.slow, needs_chromium]

Interaction = discord.Interaction[Any]
HOSTILE = "<img src=x onerror=alert(1)> **bold** ||hidden|| `code`"


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page as Ada sees it."""
    async with browsing(sandbox.world.base) as page:
        yield page


async def type_command(page: Page, text: str) -> None:
    await page.get_by_label("Message #bots").fill(text)


class Name(discord.ui.Modal, title="Rename"):
    """One text input, with a label of its own."""

    name: discord.ui.Label[Any] = discord.ui.Label(
        text="New name", component=discord.ui.TextInput(max_length=10)
    )

    async def on_submit(self, interaction: Interaction) -> None:
        """Answer privately."""
        assert isinstance(self.name.component, discord.ui.TextInput)
        answer = f"Called {self.name.component.value}"
        await interaction.response.send_message(answer, ephemeral=True)


class Card(discord.ui.View):
    """A menu and two buttons."""

    @discord.ui.select(
        placeholder="Choose a model",
        options=[discord.SelectOption(label="Hamlet"), discord.SelectOption(label="Macbeth")],
    )
    async def pick(self, interaction: Interaction, select: discord.ui.Select[Any]) -> None:
        """Show the choice in the message."""
        await interaction.response.edit_message(content=f"Chosen: {select.values[0]}")

    @discord.ui.button(label="Rename")
    async def rename(self, interaction: Interaction, _: discord.ui.Button[Any]) -> None:
        """Show a modal."""
        await interaction.response.send_modal(Name())

    @discord.ui.button(label="Broken")
    async def broken(self, interaction: Interaction, _: discord.ui.Button[Any]) -> None:
        """Never answer."""


def add_commands(client: Client) -> None:
    @client.tree.command(description="Train a model on a text")
    async def train(
        interaction: Interaction,
        file: discord.Attachment,
        minutes: app_commands.Range[float, 0.5, 60.0] = 3.0,
    ) -> None:
        text = (await file.read()).decode()
        await interaction.response.send_message(f"{file.filename}, {len(text)}, {minutes}")

    @client.tree.command(description="Join files")
    async def join(
        interaction: Interaction, file: discord.Attachment, file2: discord.Attachment | None = None
    ) -> None:
        contents = [(await given.read()).decode() for given in (file, file2) if given]
        await interaction.response.send_message(" and ".join(contents))

    @client.tree.command(description="Use a model")
    async def use(interaction: Interaction, model: str) -> None:
        await interaction.response.send_message(f"Using {model}", view=Card())

    @use.autocomplete("model")
    async def suggest(_: Interaction, text: str) -> list[app_commands.Choice[str]]:
        names = ["Hamlet", "Macbeth"]
        return [app_commands.Choice(name=name, value=name) for name in names if text in name]

    @client.tree.command(description="Say it")
    async def hostile(interaction: Interaction) -> None:
        await interaction.response.send_message(HOSTILE)


async def test_newcomer_types_a_command_and_attaches_a_file(
    client: Client, page: Page, tmp_path: Path
) -> None:
    add_commands(client)
    async with client.connected():
        await page.get_by_role("button", name="Try /train").wait_for()
        await type_command(page, "/tr")
        await page.get_by_role("option", name="/train").wait_for()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Send command").click()
        await page.get_by_text("This option is required. Specify a value.").wait_for()

        poem = tmp_path / "my poem.txt"
        poem.write_text("O rose")
        await page.set_input_files("#option-file", poem)
        await page.get_by_role("button", name="Add option minutes").click()
        await page.keyboard.type("99")
        await page.keyboard.press("Enter")
        await page.get_by_text("Enter a number between 0.5 and 60.").wait_for()
        await page.get_by_label("minutes", exact=True).fill("2")
        await page.keyboard.press("Enter")

        await page.get_by_text("my_poem.txt, 6, 2.0").wait_for()
        await page.get_by_text("Ada used /train").wait_for()
        assert await page.get_by_role("button", name="Try /train").count() == 0


async def test_several_files_are_attached_each_to_its_option(
    client: Client, page: Page, tmp_path: Path
) -> None:
    add_commands(client)
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"text {name}")
    async with client.connected():
        await page.get_by_role("button", name="Try /train").wait_for()
        await type_command(page, "/join")
        await page.get_by_role("option", name="/join").wait_for()
        await page.keyboard.press("Enter")
        await page.set_input_files("#option-file", tmp_path / "one")
        await page.get_by_role("button", name="Add option file2").click()
        await page.set_input_files("#option-file2", tmp_path / "two")
        await page.get_by_role("button", name="Send command").click()

        await page.get_by_text("text one and text two").wait_for()


async def test_autocomplete_menu_button_and_modal_work_by_keyboard(
    client: Client, page: Page
) -> None:
    add_commands(client)
    async with client.connected():
        await page.get_by_role("button", name="Try /train").wait_for()
        await type_command(page, "/use model:")
        await page.keyboard.type("Mac")
        await page.get_by_role("option", name="Macbeth").wait_for()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await page.get_by_text("Using Macbeth").wait_for()

        await page.get_by_role("button", name="Choose a model").press("Enter")
        await page.get_by_role("option", name="Hamlet").press("Enter")
        await page.get_by_text("Chosen: Hamlet").wait_for()

        await page.get_by_role("button", name="Rename").press("Enter")
        await page.get_by_role("dialog").get_by_label("New name").fill("Ophelia")
        await page.keyboard.press("Enter")
        private = page.get_by_role("listitem").filter(has_text="Called Ophelia")
        await private.get_by_text("Only you can see this").wait_for()
        await private.get_by_role("button", name="Dismiss message").click()
        await private.wait_for(state="detached")

        await page.get_by_role("button", name="Broken").click()
        await page.get_by_text("This interaction failed").wait_for()


async def test_the_list_of_commands_closes_with_its_field_and_not_later(
    client: Client, page: Page
) -> None:
    """Closed a moment later, it would vanish under somebody who came back and typed on."""
    add_commands(client)
    async with client.connected():
        await page.get_by_role("button", name="Try /train").wait_for()
        await type_command(page, "/use")
        await page.get_by_role("option", name="/use").wait_for()

        leave = "field => (field.blur(), document.querySelector('.suggestions').hidden)"
        assert await page.get_by_label("Message #bots").evaluate(leave)


async def test_text_is_text_and_marks_are_marks(client: Client, page: Page) -> None:
    add_commands(client)
    async with client.connected():
        await page.get_by_role("button", name="Try /train").wait_for()
        await type_command(page, "/hostile")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        message = page.get_by_role("listitem").filter(has_text="onerror")
        await message.wait_for()

        assert await message.locator("img").count() == 0
        assert await message.locator(".content strong").inner_text() == "bold"
        assert await message.locator(".content code").inner_text() == "code"
        spoiler = message.get_by_role("button", name="Spoiler")
        await spoiler.click()
        assert await spoiler.get_attribute("aria-expanded") == "true"


async def test_message_changes_live_and_each_person_sees_their_own(
    sandbox: Sandbox, ada: Person, page: Page
) -> None:
    await page.get_by_role("radio", name="Max").click()
    await page.get_by_text("Welcome to #bots!").wait_for()
    said = await ada.say("bots", f"hello <@{MAX}>")
    await page.get_by_text("hello @Max").wait_for()
    shown = page.locator(f'[data-message-id="{said["id"]}"]')
    assert str(MAX) in (await shown.get_attribute("data-pings") or "")

    await ada.delete(said)
    await shown.wait_for(state="detached")
    await page.get_by_role("button", name="Fandom").click()
    await page.get_by_label("Message #bots").fill("a canon question")
    await page.keyboard.press("Enter")
    await ada.wait_for(lambda message: message["content"] == "a canon question")
    await page.reload()
    await page.get_by_text("a canon question").wait_for()
    await page.goto(f"{sandbox.world.base}/#{ADA}/{WRITING_GROUP + 13}")
    await page.get_by_label("Message #no-bots").wait_for()


async def test_page_finds_back_after_the_sandbox_was_gone(sandbox: Sandbox, page: Page) -> None:
    await page.get_by_text("char-wgu is offline").wait_for()
    await sandbox.live.close()
    await page.get_by_text("Reconnecting…").wait_for()
    await page.get_by_text("char-wgu is offline").wait_for()
