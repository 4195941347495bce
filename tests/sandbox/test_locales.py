"""One of the sandbox's guilds is German, as Discord would say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands
from discord.app_commands import locale_str

from bot.sandbox.people import WORKSHOP

if TYPE_CHECKING:
    from tests.sandbox.conftest import Client
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

GERMAN = {"Write": "Schreib", "A seed": "Ein Seed"}


class Dictionary(app_commands.Translator):
    """Knows a few words of German."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        return GERMAN.get(string.message) if locale is discord.Locale.german else None


async def test_a_german_guild_says_so_and_reads_commands_in_german(
    client: Client, ada: Person
) -> None:
    @client.tree.command(description=locale_str("Write"))
    @app_commands.describe(seed=locale_str("A seed"))
    async def write(interaction: discord.Interaction[Any], seed: int = 1) -> None:
        await interaction.response.send_message(f"{interaction.guild_locale} {seed}")

    await client.tree.set_translator(Dictionary())
    async with client.connected():
        told = client.get_guild(WORKSHOP)
        german = await ada.command(("Schreibwerkstatt", "bots"), "write")
        english = await ada.command(("Fandom", "bots"), "write")
        await ada.wait_for_bot(commands=1)
        shown = {guild["name"]: guild["commands"] for guild in ada.state["guilds"]}

    assert told is not None
    assert told.preferred_locale is discord.Locale.german
    assert german.message is not None
    assert german.message["content"] == "de 1"
    assert english.message is not None
    assert english.message["content"] == "en-US 1"
    [command], [plain] = shown["Schreibwerkstatt"], shown["Fandom"]
    assert (command["description"], command["options"][0]["description"]) == ("Schreib", "Ein Seed")
    assert (plain["description"], plain["options"][0]["description"]) == ("Write", "A seed")
