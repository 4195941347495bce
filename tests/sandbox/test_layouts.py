"""Layouts as the bot builds them, over discord.py and the sandbox, and on its page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.errors import NoModelError
from bot.runs.card import News, run_card
from bot.sandbox.people import WRITING_GROUP
from bot.views.base import PressButton
from bot.views.layouts import card, line, picture, rows, text
from bot.views.posts import ChannelPosts
from tests.bot.a_run import RUNNING
from tests.browser import browsing, needs_chromium
from tests.sandbox.conftest import new_client
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

TARGET = "0123456789abcdef" * 2
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360f8ff1f0003010200a7c4c4a30000000049454e44ae426082"
)
"""A picture of one pixel."""


class Echo(PressButton, prefix="test:echo"):
    """Says what it acts on."""

    label = "button-use"

    async def press(self, interaction: Any) -> None:
        """Answer."""
        await interaction.response.send_message(f"It acts on {self.target}")


class Aside(PressButton, prefix="test:aside"):
    """Puts another layout in the place of its message."""

    label = "button-keep"

    async def press(self, interaction: Any) -> None:
        """Edit."""
        await interaction.response.edit_message(view=card(text("Another card")))


class Refuse(PressButton, prefix="test:refuse"):
    """Refuses."""

    label = "button-delete"

    async def press(self, interaction: Any) -> None:  # noqa: ARG002  # refuses everybody
        """Raise."""
        raise NoModelError


Section = discord.ui.Section[Any]
CONTROLS = (Echo, Aside, Refuse)


def layout() -> discord.ui.LayoutView:
    return card(
        text("## A card\nwith **bold** words"),
        Section("-# Beside a button", accessory=Aside.on(TARGET)),
        line(),
        text("```\na text\n```"),
        picture("curve.png", "A curve"),
        *rows(Echo.on(TARGET), Refuse.on(TARGET)),
        color=0x5865F2,
    )


async def send(client: Client) -> None:
    channel = client.get_partial_messageable(WRITING_GROUP + 12)
    await channel.send(view=layout(), file=discord.File(io.BytesIO(PIXEL), "curve.png"))


async def test_buttons_of_a_layout_outlive_the_bots_process(
    sandbox: Sandbox, client: Client, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a row and beside a text; an error is answered, and the card can be replaced."""
    async with client.connected():
        await send(client)
    again = new_client(sandbox, monkeypatch)
    again.add_dynamic_items(*CONTROLS)
    sent = await ada.wait_for(lambda m: "A card" in text_of(m))

    async with again.connected():
        echo = await ada.press(sent, "Use")
        refused = await ada.press(sent, "Delete")
        aside = await ada.press(sent, "Keep")

    assert text_of(echo.message or {}) == f"It acts on {TARGET}"
    assert text_of(refused.message or {}) == str(NoModelError())
    assert not aside.failed
    assert text_of(ada.messages[sent["id"]]) == "Another card"


async def test_an_ordinary_message_of_an_older_version_becomes_a_card(
    client: Client, ada: Person
) -> None:
    """As a restart with a newer version finds it, in the middle of a run."""
    run_card_of_older = "**poems** is about to train."
    async with client.connected():
        channel = client.get_partial_messageable(WRITING_GROUP + 12)
        sent = await channel.send(run_card_of_older)
        posts = ChannelPosts(client, Path)

        await posts.edit(WRITING_GROUP + 12, sent.id, run_card(News(run=RUNNING)))

        shown = await ada.wait_for(lambda m: m["id"] == str(sent.id) and m["flags"])
    assert "### Ann goes on" in text_of(shown)
    assert run_card_of_older not in text_of(shown)


@pytest.mark.slow
@needs_chromium
async def test_the_page_shows_a_layout(sandbox: Sandbox, client: Client, ada: Person) -> None:
    """Its picture is loaded, nothing is shown twice, and what looks like a button is one."""
    client.add_dynamic_items(*CONTROLS)
    async with client.connected(), browsing(sandbox.world.base) as page:
        await send(client)
        shown = page.locator(".container")
        await shown.get_by_role("heading", name="A card").wait_for()
        image = shown.get_by_role("img", name="A curve")
        await image.wait_for()

        assert await page.get_by_role("img", name="A curve").count() == 1
        assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
        await shown.get_by_role("button", name="Use").click()
        await page.get_by_text(f"It acts on {TARGET}").wait_for()
        await shown.get_by_role("button", name="Keep").click()
        await page.get_by_text("Another card").wait_for()
        assert await page.get_by_role("heading", name="A card").count() == 0
