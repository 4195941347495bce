"""The messages of Discord's channels, a page at a time.

discord.py waits where Discord limits the rate, and asks again after a fault of Discord's; what
it gives up is told apart here: a channel that is gone or closed, and a bad day.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord

from bot.errors.channels import ChannelClosedError, ChannelGoneError, ChannelUnavailableError
from bot.patience import FAILURES
from training.corpora.messages import Author, Message

PAGE = 100
"""Messages that Discord gives at a time."""

NEEDED = ("view_channel", "read_message_history", "send_messages")
"""What the bot has to be allowed in a channel that it reads, as discord.py calls it."""

WRITTEN_BY_PEOPLE = frozenset({discord.MessageType.default, discord.MessageType.reply})

if TYPE_CHECKING:
    from typing import TypeAlias

    Place: TypeAlias = discord.abc.GuildChannel | discord.Thread


class ChannelMessages:
    """Implements `bot.channels.readings.Channels`."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def page(self, guild_id: int, channel_id: int, before: int | None) -> list[Message]:
        """Return up to a hundred messages of a channel, newest first; see `Channels`.

        A request that has begun comes to its end, canceled or not: where one is cut short while
        it waits for Discord's global limit, discord.py lets nobody ask anything ever after.
        """
        return await asyncio.shield(self._page(guild_id, channel_id, before))

    async def _page(self, guild_id: int, channel_id: int, before: int | None) -> list[Message]:
        channel = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        start = None if before is None else discord.Object(before)
        try:
            messages = [as_read(m) async for m in channel.history(limit=PAGE, before=start)]
            if not messages:
                self._check_open(guild_id, channel_id)
        except discord.NotFound as error:
            raise ChannelGoneError from error
        except discord.Forbidden as error:
            raise ChannelClosedError from error
        except FAILURES as error:
            raise ChannelUnavailableError(f"{type(error).__name__}: {error}") from error
        return messages

    def _check_open(self, guild_id: int, channel_id: int) -> None:
        """Without the permission Discord answers with no messages, as at a channel's beginning."""
        guild = self._client.get_guild(guild_id)
        channel = None if guild is None else guild.get_channel_or_thread(channel_id)
        if channel is not None and {"view_channel", "read_message_history"} & {*lacking(channel)}:
            raise ChannelClosedError


def may_post(allowed: discord.Permissions, channel: object) -> bool:
    """Whether who is allowed this in a channel may post there; in a thread its own right counts."""
    in_thread = isinstance(channel, discord.Thread)
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    return allowed.view_channel and may_send


def lacking(channel: Place) -> tuple[str, ...]:
    """The permissions that the bot needs in a channel and does not have."""
    allowed = channel.permissions_for(channel.guild.me)
    in_thread = isinstance(channel, discord.Thread)
    needed = (*NEEDED[:-1], "send_messages_in_threads") if in_thread else NEEDED
    return tuple(name for name in needed if not getattr(allowed, name))


def as_read(message: discord.Message) -> Message:
    """A message as the readers of corpora know it. Webhooks count as bots."""
    author = message.author
    return Message(
        content=message.content,
        author=Author(str(author.id), author.name, author.display_name),
        id=message.id,
        is_bot=author.bot or message.webhook_id is not None,
        is_system=message.type not in WRITTEN_BY_PEOPLE,
        mentions={str(person.id): person.display_name for person in message.mentions},
    )
