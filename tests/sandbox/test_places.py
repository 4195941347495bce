"""Direct messages, and channels that the bot loses."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
import pytest

from bot.sandbox.people import ADA, MAX, WRITING_GROUP
from tests.sandbox_driver import Person, RefusedByPageError, text_of

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client


async def test_a_direct_message_reaches_the_one_person(
    sandbox: Sandbox, client: Client, ada: Person
) -> None:
    async with Person.enter(sandbox.world.base, MAX) as other, client.connected():
        channel = await client.create_dm(discord.Object(ADA))
        await channel.send("for you alone")

        told = await ada.wait_for(lambda m: text_of(m) == "for you alone")
        await asyncio.sleep(0)
        assert told["id"] not in other.messages


@pytest.mark.parametrize(
    ("access", "code", "may_edit"),
    [("gone", 10003, False), ("barred", 50001, False), ("silent", 50013, True)],
)
async def test_a_channel_is_taken_away_and_given_back(
    client: Client, ada: Person, access: str, code: int, may_edit: bool
) -> None:
    """Where it may not speak, the bot may still edit what it has said."""
    async with client.connected():
        channel = client.get_partial_messageable(WRITING_GROUP + 12)
        said = await channel.send("said before")
        await ada.leave_bot("bots", access)

        with pytest.raises(discord.HTTPException) as refused:
            await channel.send("said after")
        assert refused.value.code == code
        if may_edit:
            await said.edit(content="edited")
        else:
            with pytest.raises(discord.HTTPException):
                await said.edit(content="edited")
        await ada.leave_bot("bots", "full")
        await channel.send("said again")


async def test_only_an_administrator_takes_channels_away(sandbox: Sandbox) -> None:
    async with Person.enter(sandbox.world.base, MAX) as person:
        with pytest.raises(RefusedByPageError):
            await person.leave_bot("bots", "gone")
