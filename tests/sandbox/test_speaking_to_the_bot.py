"""What the bot hears of messages that mention it, and what people see of its replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.sandbox import rest
from bot.sandbox.people import APPLICATION, BOT, MAX, TAVERN, WRITING_GROUP
from bot.sandbox.permissions import Permission
from tests.sandbox.conftest import new_client
from tests.sandbox_driver import Person

if TYPE_CHECKING:
    import aiohttp

    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client

pytestmark = pytest.mark.slow

BOTS = f"/api/v10/channels/{WRITING_GROUP + 12}/messages"
COMMANDS = f"/api/v10/applications/{APPLICATION}/commands"
MENU = "Continue this text"


@pytest.fixture
def listening(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A bot that hears of messages, but sees only what is meant for it."""
    return new_client(sandbox, monkeypatch, guild_messages=True)


async def test_content_comes_with_a_mention_and_with_a_reply_that_pings(
    listening: Client, ada: Person
) -> None:
    """The rest, what is answered among it, comes without."""
    async with listening.connected():
        plain = await ada.say("bots", "not for the bot")
        assert (await listening.hear()).content == ""
        await ada.say("bots", f"<@{BOT}> hello", reply_to=plain)
        mention = await listening.hear()
        posted = await mention.reply("Hello!")
        await listening.hear()
        await ada.say("bots", "and you?", reply_to=ada.messages[str(posted.id)])
        pinging = await listening.hear()
        await ada.say("bots", "silent", reply_to=ada.messages[str(posted.id)], ping=False)
        silent = await listening.hear()

    assert mention.content == f"<@{BOT}> hello"
    assert mention.type is pinging.type is silent.type is discord.MessageType.reply
    assert mention.reference.resolved.content == ""
    assert (pinging.content, pinging.reference.resolved.content) == ("and you?", "Hello!")
    assert [user.id for user in pinging.mentions] == [BOT]
    assert (silent.content, silent.mentions) == ("", [])


async def test_a_message_comes_with_its_author_as_a_member(
    listening: Client, sandbox: Sandbox
) -> None:
    async with listening.connected(), Person.enter(sandbox.world.base, MAX) as member:
        await member.say("bots", f"<@{BOT}> hello")
        message = await listening.hear()

    assert isinstance(message.author, discord.Member)
    assert message.author.display_name == "Max"
    assert not message.author.guild_permissions.manage_guild


async def test_a_reply_is_shown_as_one_and_pings_only_if_it_is_told_to(
    listening: Client, ada: Person
) -> None:
    async with listening.connected():
        said = await ada.say("bots", f"<@{BOT}> hello")
        message = await listening.hear()
        await message.reply("Hello!", mention_author=False)
        reply = await ada.wait_for(lambda entry: entry["content"] == "Hello!")

        assert (reply["type"], reply["mentions"]) == (19, [])
        assert reply["referenced_message"]["id"] == said["id"]
        await ada.delete(said)
        async with message.channel.typing():
            reference = message.to_reference(fail_if_not_exists=False)
            await message.channel.send("Still there?", reference=reference)
        late = await ada.wait_for(lambda entry: entry["content"] == "Still there?")
        assert late["type"] == 0
        with pytest.raises(discord.HTTPException):
            await message.reply("Gone")


async def test_a_reply_needs_the_history(
    bot_http: aiohttp.ClientSession, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await ada.say("bots", "hello")
    allowed = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
    monkeypatch.setattr(rest, "permissions_in", lambda *_: allowed)
    body = {"content": "Hello!", "message_reference": {"message_id": said["id"]}}

    answer = await bot_http.post(BOTS, json=body)

    assert (answer.status, (await answer.json())["code"]) == (400, 160002)


async def test_the_menu_of_a_message_hands_the_message_over(client: Client, ada: Person) -> None:
    """With its text, whatever the bot may read otherwise; the answer tells where it came from."""

    @client.tree.context_menu(name=MENU)
    async def read(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.send_message(f"{message.author.display_name}: {message.content}")

    async with client.connected():
        said = await ada.say("tavern", "Once upon a time")
        answer = await ada.menu(said, MENU)

    assert answer.message is not None
    assert answer.message["content"] == "Ada: Once upon a time"
    assert answer.message["type"] == 23
    assert answer.message["channel_id"] == str(TAVERN)
    metadata = answer.message["interaction_metadata"]
    assert (metadata["name"], metadata["target_message_id"]) == (MENU, said["id"])


async def test_a_command_of_a_menu_has_no_description(bot_http: aiohttp.ClientSession) -> None:
    good = {"type": 3, "name": MENU}

    assert (await bot_http.put(COMMANDS, json=[good])).status == 200
    refused = await bot_http.put(COMMANDS, json=[good | {"description": "Continue"}])

    assert refused.status == 400
    assert "description" in (await refused.json())["errors"]["0"]


async def test_a_menu_is_labeled_in_the_language_of_the_server(
    bot_http: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    command = {"type": 3, "name": MENU, "name_localizations": {"de": "Diesen Text fortsetzen"}}
    await bot_http.put(COMMANDS, json=[command])

    async with Person.enter(sandbox.world.base, MAX) as member:
        labels = {
            guild["name"]: [each["label"] for each in guild["commands"]]
            for guild in member.state["guilds"]
            if guild["commands"]
        }

    assert [MENU] in labels.values()
    assert ["Diesen Text fortsetzen"] in labels.values()
