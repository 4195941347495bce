"""Discord shows each person the commands in the language of their program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import Locale, app_commands

from bot.client import Client
from bot.commands import wording
from bot.words import ENGLISH, attributes, closest, languages

if TYPE_CHECKING:
    from bot.settings import Settings


@pytest.fixture
async def tree(settings: Settings) -> app_commands.CommandTree[Any]:
    """All commands with all their options."""
    permitted = settings.model_copy(update={"channel_history_permitted": True})
    return Client(permitted, None).tree  # type: ignore[arg-type]  # nothing is kept here


async def described(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """The commands and their options, as Discord is told about them."""
    words = wording.Wording()
    slash = discord.AppCommandType.chat_input
    commands = [
        await each.get_translated_payload(tree, words) for each in tree.get_commands(type=slash)
    ]
    return [*commands, *(option for command in commands for option in command["options"])]


async def test_everything_is_described_in_every_language_that_the_bot_speaks(
    tree: app_commands.CommandTree[Any],
) -> None:
    foreign = {locale.value for locale in Locale if closest(locale.value) != ENGLISH}

    for part in await described(tree):
        assert part["description_localizations"].keys() == foreign
        for text in part["description_localizations"].values():
            assert 5 < len(text) <= 100
            assert text != part["description"]
    assert {locale.partition("-")[0] for locale in foreign} | {ENGLISH} == {*languages()}


async def test_names_are_the_same_in_every_language(tree: app_commands.CommandTree[Any]) -> None:
    """Texts tell people what to type."""
    assert not any(part.get("name_localizations") for part in await described(tree))


async def test_a_name_in_the_menu_of_a_message_is_in_each_language(
    tree: app_commands.CommandTree[Any],
) -> None:
    """Nobody types it."""
    menus = tree.get_commands(type=discord.AppCommandType.message)
    payloads = [await each.get_translated_payload(tree, wording.Wording()) for each in menus]

    assert [payload["name"] for payload in payloads] == ["Continue this text"]
    for payload in payloads:
        foreign = {locale.value for locale in Locale if closest(locale.value) != ENGLISH}
        assert payload["name_localizations"].keys() == foreign
        assert all(0 < len(name) <= 32 for name in payload["name_localizations"].values())


async def test_no_option_is_described_that_does_not_exist(
    tree: app_commands.CommandTree[Any],
) -> None:
    for command in tree.get_commands(type=discord.AppCommandType.chat_input):
        assert isinstance(command, app_commands.Command)
        options = {option.name for option in command.parameters}
        assert {*attributes(f"command-{command.name}")} == options


async def test_other_words_are_told_to_discord(settings: Settings, monkeypatch: Any) -> None:
    """The hash that decides about it has the descriptions of all languages in it."""
    bot = Client(settings, None)  # type: ignore[arg-type]  # nothing is kept here
    before = await bot.tree.hash()

    monkeypatch.setattr(wording, "closest", lambda _: ENGLISH)

    assert await bot.tree.hash() != before
