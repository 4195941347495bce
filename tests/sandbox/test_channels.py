"""The history of a channel in the sandbox, and Discord's bad days."""

from __future__ import annotations

import asyncio
import json
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from bot.channels.messages import ChannelMessages, lacking
from bot.errors.channels import ChannelClosedError, ChannelGoneError, ChannelUnavailableError
from bot.sandbox import rest
from bot.sandbox.errors import Fault
from bot.sandbox.people import ADA, APPLICATION, BOT, MAX, TAVERN, WRITING_GROUP
from bot.sandbox.permissions import Permission
from bot.sandbox.tavern import DICE, FEED, INES, MESSAGES, history
from bot.sandbox.trouble import too_many_requests, unavailable
from tests.sandbox.conftest import new_client
from tests.sandbox_driver import Person, RefusedByPageError
from tests.trouble import EVERYTHING, meeting, refusing, saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.slow

HISTORY = f"/api/v10/channels/{TAVERN}/messages"
COMMANDS = f"/api/v10/applications/{APPLICATION}/commands"


@pytest.fixture
async def messages(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ChannelMessages]:
    """The bot's own way to messages, over the real discord.py."""
    client = new_client(sandbox, monkeypatch, message_content=True)
    async with client.connected():
        yield ChannelMessages(client)


def test_the_tavern_is_the_same_in_every_sandbox() -> None:
    """Its messages come one after another, and none of them is stored anywhere."""
    first, second = [[message.payload for message in history()] for _ in range(2)]

    assert first == second
    ids = [int(payload["id"]) for payload in first]
    assert len(ids) == MESSAGES
    assert ids == sorted(set(ids))
    assert [first[n]["timestamp"][:7] for n in (0, -1)] == ["2024-01", "2024-07"]
    authors = {payload["author"]["id"] for payload in first}
    assert {str(ADA), str(MAX), str(DICE.id), str(FEED.id)} < authors
    assert len(authors) == 7
    assert {payload["type"] for payload in first} == {0, 6, 7, 19}


async def test_a_history_is_given_in_pages_before_and_after_a_message(sandbox: Sandbox) -> None:
    ids = [message.payload["id"] for message in history()]
    headers = {"Authorization": "Bot any"}
    async with aiohttp.ClientSession(sandbox.world.base, headers=headers) as session:

        async def page(**query: Any) -> list[str]:
            async with session.get(HISTORY, params=query) as response:
                return [message["id"] for message in await response.json()]

        assert await page(limit=100) == ids[:-101:-1]
        assert await page(limit=100, before=ids[-100]) == ids[-101:-201:-1]
        assert await page(limit=2, after=ids[0]) == [ids[2], ids[1]]
        assert await page(limit=100, before=ids[0]) == []


async def test_the_bot_reads_everything_and_tells_people_from_bots(
    messages: ChannelMessages,
) -> None:
    """Newest first, each once, with the names of those who are mentioned."""
    read, before = [], None
    while page := await messages.page(WRITING_GROUP, TAVERN, before):
        assert len(page) == 100
        read += page
        before = page[-1].id

    assert [message.id for message in read] == [message.id for message in reversed(history())]
    for message, told in zip(reversed(read), history(), strict=True):
        payload = told.payload
        assert message.content == payload["content"]
        assert message.is_bot == (payload["author"]["id"] in {str(DICE.id), str(FEED.id)})
        assert message.is_system == (payload["type"] in {6, 7})
        expected = {user["id"]: user["global_name"] for user in payload["mentions"]}
        assert message.mentions == expected
    assert {m.author.shown for m in read if m.author and not m.is_bot} == {
        *("Ada", "Mo", "Max", "Ines", "Tom")
    }


async def test_a_lost_permission_is_not_the_beginning_of_the_channel(
    messages: ChannelMessages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it Discord answers with no messages at all."""
    allowed = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
    monkeypatch.setattr(rest, "permissions_in", lambda *_: allowed)
    monkeypatch.setattr("bot.channels.messages.lacking", lambda _: ("read_message_history",))

    with pytest.raises(ChannelClosedError):
        await messages.page(WRITING_GROUP, TAVERN, None)


async def test_what_the_bot_lacks_in_a_channel_is_known(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(sandbox, monkeypatch)
    async with client.connected():
        places = {str(channel): channel for channel in client.get_all_channels()}

        assert lacking(places["tavern"]) == ()
        assert lacking(places["no-bots"]) == ("send_messages",)
        monkeypatch.setattr(
            discord.TextChannel, "permissions_for", lambda *_: discord.Permissions.none()
        )
        assert lacking(places["tavern"]) == (
            "view_channel",
            "read_message_history",
            "send_messages",
        )


def test_a_thread_has_a_permission_to_write_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = object.__new__(discord.Thread)
    thread.guild = SimpleNamespace(me=None)  # type: ignore[assignment]  # as much as is looked at
    allowed = discord.Permissions(view_channel=True, read_message_history=True, send_messages=True)
    monkeypatch.setattr(discord.Thread, "permissions_for", lambda *_: allowed)

    assert lacking(thread) == ("send_messages_in_threads",)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNKNOWN_CHANNEL, ChannelGoneError),
        (Fault.MISSING_ACCESS, ChannelClosedError),
    ],
)
async def test_a_channel_that_is_gone_or_closed_is_told_from_a_bad_day(
    sandbox: Sandbox, messages: ChannelMessages, fault: Fault, error: type[Exception]
) -> None:
    sandbox.trouble = refusing(fault)

    with pytest.raises(error):
        await messages.page(WRITING_GROUP, TAVERN, None)


async def test_a_bad_day_may_be_waited_out(sandbox: Sandbox, messages: ChannelMessages) -> None:
    sandbox.trouble = saying(unavailable)

    with pytest.raises(ChannelUnavailableError, match="503"):
        await messages.page(WRITING_GROUP, TAVERN, None)


async def test_the_bot_waits_where_discord_limits_the_rate(
    sandbox: Sandbox, messages: ChannelMessages
) -> None:
    """It asks no sooner than it was told, and the loop goes on meanwhile."""
    asked: list[float] = []
    limit = saying(lambda: too_many_requests(0.3))
    sandbox.trouble = meeting(EVERYTHING, limit, note=lambda _: asked.append(time.monotonic()))

    page = asyncio.create_task(messages.page(WRITING_GROUP, TAVERN, None))

    assert len(await page) == 100
    assert asked[1] - asked[0] >= 0.3


async def test_a_reading_that_is_canceled_on_a_bad_day_holds_nobody_back(
    sandbox: Sandbox, messages: ChannelMessages
) -> None:
    """discord.py would never end a global limit in which a request is cut short."""
    limit = saying(lambda: too_many_requests(0.5, everywhere=True))
    sandbox.trouble = meeting(EVERYTHING, limit)
    limits = messages._client.http  # noqa: SLF001 - where discord.py keeps the global limit
    canceled = asyncio.create_task(messages.page(WRITING_GROUP, TAVERN, None))
    while limits._global_over.is_set():  # noqa: ASYNC110, SLF001 - discord.py tells nobody
        await asyncio.sleep(0.01)

    canceled.cancel()
    await asyncio.gather(canceled, return_exceptions=True)
    page = await asyncio.wait_for(messages.page(WRITING_GROUP, TAVERN, None), 5)

    assert canceled.cancelled()
    assert len(page) == 100


async def test_a_channel_option_takes_what_its_user_can_see(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what that person may do there; a kind of channel that does not exist is refused."""
    options = [
        {"type": 7, "name": "channel", "description": "C", "channel_types": [0, 11]},
        {"type": 7, "name": "voice", "description": "V", "channel_types": [2]},
    ]
    headers = {"Authorization": "Bot any"}
    async with aiohttp.ClientSession(sandbox.world.base, headers=headers) as session:
        command = {"name": "read", "description": "R", "options": options}
        await session.put(COMMANDS, json=[command])
    delivered: list[dict[str, Any]] = []
    monkeypatch.setattr(sandbox.gateway, "dispatch_interaction", delivered.append)

    async with Person.enter(sandbox.world.base, MAX) as member:
        await member.command("bots", "read", channel=str(TAVERN))
        with pytest.raises(RefusedByPageError, match="no text channels"):
            await member.command("bots", "read", voice=str(TAVERN))
        with pytest.raises(RefusedByPageError, match="not in this server"):
            await member.command("bots", "read", channel="7")

    resolved = delivered[0]["data"]["resolved"]["channels"][str(TAVERN)]
    allowed = Permission(int(resolved["permissions"]))
    assert resolved["name"] == "tavern"
    assert Permission.READ_MESSAGE_HISTORY in allowed
    assert Permission.MANAGE_GUILD not in allowed


async def test_somebody_who_is_no_longer_there_can_be_answered(
    sandbox: Sandbox, ada: Person
) -> None:
    """They hear of nothing, but the answer stands below what they said."""
    said = next(m for m in sandbox.world.messages(TAVERN) if m.author_id == INES.id)

    answer = await ada.say("tavern", "I miss you", reply_to=said.payload)

    assert answer["message_reference"]["message_id"] == said.payload["id"]
    assert answer["mentions"] == []


async def test_what_every_sandbox_begins_with_is_not_written_down(
    sandbox: Sandbox, ada: Person, tmp_path: Path
) -> None:
    await ada.say("tavern", "anybody here?")
    async with sandbox.keeper.saved:
        await asyncio.wait_for(sandbox.keeper.saved.wait(), 5)

    kept = json.loads((tmp_path / "discord" / f"channel-{TAVERN}.json").read_bytes())

    assert [message["content"] for message in kept] == ["anybody here?"]
    assert len(sandbox.world.messages(TAVERN)) == MESSAGES + 1
    assert BOT not in {message.author_id for message in sandbox.world.messages(TAVERN)}
