"""Guilds that the bot has left, and guilds with an outage, as the real discord.py sees them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
import pytest

from bot.sandbox.people import FANDOM, MAX, WORKSHOP, WRITING_GROUP
from tests.sandbox_driver import Person, RefusedByPageError

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client


pytestmark = pytest.mark.slow


def next_of(client: Client, event: str) -> asyncio.Future[int]:
    """The guild of the next event of that name."""
    future = asyncio.get_running_loop().create_future()

    async def heard(guild: discord.Guild) -> None:
        future.set_result(guild.id)

    setattr(client, f"on_{event}", heard)
    return future


async def test_a_bot_that_is_taken_out_hears_it_once_and_no_more(
    client: Client, ada: Person
) -> None:
    removed = next_of(client, "guild_remove")
    async with client.connected():
        await ada.keep_bot("Fandom", "gone")

        assert await asyncio.wait_for(removed, 5) == FANDOM
        with pytest.raises(discord.Forbidden):
            await client.get_partial_messageable(FANDOM + 12).send("still there?")
        assert [guild.id for guild in client.guilds] == [WRITING_GROUP, WORKSHOP]

        joined = next_of(client, "guild_join")
        await ada.keep_bot("Fandom", "here")
        assert await asyncio.wait_for(joined, 5) == FANDOM
        await client.get_partial_messageable(FANDOM + 12).send("here again")


async def test_ready_does_not_name_a_guild_that_was_left_meanwhile(
    client: Client, ada: Person
) -> None:
    await ada.keep_bot("Fandom", "gone")

    async with client.connected():
        assert [guild.id for guild in client.guilds] == [WRITING_GROUP, WORKSHOP]


@pytest.mark.slow  # discord.py waits before it connects again
async def test_an_outage_is_told_and_ready_still_names_the_guild(
    client: Client, sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = next_of(client, "guild_unavailable")
    async with client.connected():
        await ada.keep_bot("Fandom", "unavailable")
        assert await asyncio.wait_for(out, 5) == FANDOM
        assert {guild.id: guild.unavailable for guild in client.guilds} == {
            WRITING_GROUP: False,
            FANDOM: True,
            WORKSHOP: False,
        }

        sandbox.gateway.forget()
        await sandbox.gateway.close()
        ready = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(client, "on_ready", lambda: _done(ready), raising=False)
        await asyncio.wait_for(ready, 10)
        assert {guild.id for guild in client.guilds if guild.unavailable} == {FANDOM}


async def _done(future: asyncio.Future[None]) -> None:
    future.set_result(None)


async def test_only_who_manages_a_guild_takes_bots_out(sandbox: Sandbox) -> None:
    async with Person.enter(sandbox.world.base, MAX) as person:
        with pytest.raises(RefusedByPageError):
            await person.keep_bot("Fandom", "gone")
